from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from parcours.demo.check import free_port
from tests.e2e.conftest import Judge
from tests.e2e.desk import CLAIRE, Desk
from tests.e2e.hands import link, sign_in
from tests.e2e.house import House
from tests.e2e.screens.registry import SCREENS
from tests.e2e.site import Site

LOCALES: Final = (("fr", "fr-FR"), ("en", "en-GB"))
WIDE, NARROW = 1366, 320
HEIGHTS: Final = {WIDE: 768, NARROW: 640}
SHOTS: Final = {
    ("sign_in", "fr", "light", WIDE),
    ("home", "fr", "light", WIDE),
    ("choice", "fr", "light", WIDE),
    ("choice", "en", "dark", WIDE),
    ("choice", "fr", "light", NARROW),
    ("fields", "en", "light", WIDE),
    ("by_hand", "fr", "light", WIDE),
    ("palette", "en", "light", WIDE),
    ("amend", "fr", "light", WIDE),
    ("wrap_up", "fr", "light", WIDE),
    ("wrap_up", "en", "dark", NARROW),
    ("care_choice", "fr", "light", NARROW),
    ("care_question", "en", "dark", WIDE),
}
"""The pictures that `make screenshots` keeps."""


@pytest.fixture(scope="module")
def sites() -> Iterator[list[Site]]:
    """Give another site for each language."""
    sites = [Site(), Site()]
    yield sites
    for site in sites:
        site.close()


@pytest.fixture(scope="module")
def house(sites: list[Site], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a demonstration where nobody has begun anything yet, that lets the other sites in."""
    told = {"PARCOURS_EMBED_ORIGINS": ",".join(site.origin for site in sites)}
    house = House(tmp_path_factory.mktemp("screens"), free_port(), told=told)
    yield house
    house.kill()


@pytest.fixture(scope="module")
def desks(house: House, sites: list[Site], browser: Browser) -> Iterator[list[Desk]]:
    """Sign Ana and Diane in, in browsers of each language."""
    made, contexts = [], []
    for (language, locale), site in zip(LOCALES, sites, strict=True):
        own = [browser.new_context(locale=locale, timezone_id="Europe/Paris") for _ in range(3)]
        contexts += own
        page, stranger, supervisor = (context.new_page() for context in own)
        sign_in(page, house)
        sign_in(supervisor, house, "Diane Moreau")
        over = link(house, "livraison.suivi", language=language, expires_in_s=1)
        made.append(Desk(house, language, page, stranger, supervisor, site, str(over["url"])))
    yield made
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", list(SCREENS))
def test_a_screen_has_no_barrier_in_any_language_light_or_width(
    desks: list[Desk], name: str, barriers: Judge, shots: Path | None
) -> None:
    screens: list[Page | Frame] = []
    for desk in desks:
        for page in (desk.page, desk.stranger, desk.supervisor):
            page.set_viewport_size({"width": WIDE, "height": HEIGHTS[WIDE]})
        screen, whole = SCREENS[name](desk)
        expect(whole).to_be_visible()
        screens.append(screen)
    pages = [screen.page if isinstance(screen, Frame) else screen for screen in screens]

    found = []
    for width in (WIDE, NARROW):
        for theme in ("light", "dark"):
            for desk, page in zip(desks, pages, strict=True):
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                if shots is not None and (name, desk.language, theme, width) in SHOTS:
                    _keep(page, shots / f"{name}-{desk.language}-{theme}-{width}.png")
            # The dark theme changes colours and nothing else.
            broken = barriers(*screens, only_colours=theme == "dark")
            found += [f"{theme}, {width} px: {one}" for one in broken]
        for screen in screens:
            scrolled = screen.evaluate("() => document.documentElement.scrollWidth - innerWidth")
            found += [f"{width} px: it scrolls sideways by {scrolled} px"] if scrolled > 0 else []

    assert found == []


def test_the_commands_stay_on_one_line_on_a_wide_screen(desks: list[Desk]) -> None:
    for desk in desks:
        page = desk.page
        page.set_viewport_size({"width": WIDE, "height": HEIGHTS[WIDE]})
        desk.open("livraison.suivi", CLAIRE)
        bar = page.locator("nav .finish")
        expect(bar).to_be_visible()

        tops = page.evaluate(
            "() => [...document.querySelectorAll('nav:has(> .finish) > *')]"
            ".map((one) => Math.round(one.getBoundingClientRect().top))"
        )

        assert max(tops) - min(tops) <= 2


def _keep(page: Page, path: Path) -> None:
    """Keep a picture without what changes from one moment to the next: the caret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, caret="hide", animations="disabled")
    smaller = shutil.which("pngquant")
    if smaller is not None:
        fewer = [smaller, "--force", "--strip", "--ext", ".png", "--speed", "1", "128", str(path)]
        subprocess.run(fewer, check=True)
