from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from parcours.demo.check import free_port
from tests.e2e.conftest import Judge
from tests.e2e.desk import Desk
from tests.e2e.hands import link, send
from tests.e2e.hands import sign_in as sign_in_as
from tests.e2e.house import House

WIDE, NARROW = 1366, 320
HEIGHTS: Final = {WIDE: 768, NARROW: 640}
CLAIRE: Final = {"email": "claire.dubois@example.org", "postcode": "69003"}
SLOW_LINE: Final = CLAIRE | {"lights": "steady", "what": "slow", "better": False,
                             "restarted": "same", "cable": "fine"}  # fmt: skip
TESTING: Final = {"net.line_test": None}
"""What keeps a walk in front of the action that takes its time."""
CARD: Final = CLAIRE | {"complaint": "not_received", "order_id": "F-1042", "link_by": "sms"}
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

Screen = Callable[[Desk], tuple[Page, Locator]]
"""Brings a page to a screen; gives the page, and what is there once it is whole."""
SCREENS: dict[str, Screen] = {}


def screen(shown: Screen) -> Screen:
    """Register a screen under its function's name."""
    SCREENS[shown.__name__] = shown
    return shown


@screen
def sign_in(desk: Desk) -> tuple[Page, Locator]:
    desk.stranger.goto(f"{desk.house.url}/sign-in")
    return desk.stranger, desk.stranger.get_by_role("button", name="Ana Martin")


@screen
def signed_out(desk: Desk) -> tuple[Page, Locator]:
    desk.stranger.goto(f"{desk.house.url}/sign-in?next=/s/ses_1")
    return desk.stranger, desk.stranger.get_by_role("button", name="Ana Martin")


@screen
def sign_in_refused(desk: Desk) -> tuple[Page, Locator]:
    desk.stranger.goto(f"{desk.house.url}/sign-in?error=sign-in.no-role")
    return desk.stranger, desk.stranger.get_by_role("button", name="Ana Martin")


@screen
def home_empty(desk: Desk) -> tuple[Page, Locator]:
    page = desk.go("/")
    return page, page.locator(".journeys li").first


@screen
def home_nothing_found(desk: Desk) -> tuple[Page, Locator]:
    page = desk.go("/")
    page.get_by_role("searchbox").fill("zzyzx")
    return page, page.locator(".empty", has_text="zzyzx")


@screen
def home(desk: Desk) -> tuple[Page, Locator]:
    desk.session("livraison.suivi", CLAIRE)
    for who in ("bruno", "chloe"):
        other = desk.house.begin("remboursement", actor=f"advisor:{who}", language=desk.language)
        view = desk.house.ask("GET", f"/v1/sessions/{other}", actor=f"advisor:{who}")
        send(desk.house, view, {"type": "hand_over", "to": "advisor"}, actor=f"advisor:{who}")
    page = desk.go("/")
    page.get_by_role("searchbox").fill("rien reçu" if desk.language == "fr" else "nothing arrived")
    expect(page.locator(".results").first).to_be_visible()
    return page, page.locator(".sessions li").nth(1)


@screen
def choice(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("livraison.suivi", CLAIRE)
    return page, page.locator(".option").nth(2)


@screen
def long_choice(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("livraison.suivi", CLAIRE | {"complaint": "not_received"})
    return page, page.locator(".option").nth(5)


@screen
def typed(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("livraison.suivi", {})
    return page, page.locator("#step form input").first


@screen
def several_at_once(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("livraison.suivi", {})
    line = page.locator("#step").get_by_role("textbox").last
    line.fill("69003, claire.dubois@example.org, zzyzx")
    return page, line


@screen
def wrong_answer(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("livraison.suivi", {})
    page.locator("#step form input").first.fill("not an address")
    page.locator("#step form .main").click()
    return page, page.locator("#step [role=alert]").first


@screen
def fields(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("internet.panne", CLAIRE)
    return page, page.get_by_role("radio").last


@screen
def pending(desk: Desk) -> tuple[Page, Locator]:
    desk.sessions.clear()
    page = desk.open("internet.panne", SLOW_LINE | TESTING)
    return page, page.locator(".turning")


@screen
def by_hand(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("internet.panne", SLOW_LINE | TESTING, then="take_over")
    return page, page.locator(".procedure")


@screen
def late_answer(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("internet.panne", SLOW_LINE | TESTING, then="take_over")
    offer = page.locator(".notice", has=page.locator("strong")).first
    expect(offer).to_be_visible(timeout=20_000)
    return page, offer


@screen
def recap(desk: Desk) -> tuple[Page, Locator]:
    taken = desk.house.begin("livraison.suivi", actor="bot:chat", language=desk.language)
    for actor, command in (("bot:chat", "hand_over"), ("advisor:ana", "accept")):
        view = desk.house.ask("GET", f"/v1/sessions/{taken}", actor=actor)
        send(desk.house, view, {"type": command}, actor=actor)
    page = desk.go(f"/s/{taken}")
    return page, page.locator("#step dl").first


@screen
def waiting(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("livraison.suivi", CARD | {"paid": False})
    return page, page.locator(".state")


@screen
def palette(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("livraison.suivi", CLAIRE)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").last.fill("re")
    return page, page.get_by_role("option").nth(3)


@screen
def help_of_keys(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("livraison.suivi", CLAIRE)
    expect(page.locator(".option").first).to_be_visible()
    page.keyboard.press("?")
    return page, page.get_by_role("dialog")


@screen
def preferences(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("livraison.suivi", CLAIRE)
    page.locator(".menu summary").click()
    page.locator(".menu .button").first.click()
    return page, page.get_by_role("dialog")


@screen
def transfer(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("livraison.suivi", CLAIRE)
    expect(page.locator(".option").first).to_be_visible()
    page.keyboard.press("t")
    return page, page.get_by_role("dialog").get_by_role("button").nth(2)


@screen
def another_request(desk: Desk) -> tuple[Page, Locator]:
    page = desk.open("livraison.suivi", CLAIRE)
    expect(page.locator(".option").first).to_be_visible()
    page.keyboard.press("a")
    return page, page.get_by_role("dialog")


@screen
def looking_back(desk: Desk) -> tuple[Page, Locator]:
    desk.sessions.clear()
    page = desk.open("livraison.suivi", CARD)
    page.locator("aside ol button").nth(2).click()
    return page, page.locator(".back .notice")


@screen
def amend(desk: Desk) -> tuple[Page, Locator]:
    page, banner = looking_back(desk)
    expect(banner).to_be_visible()
    page.locator(".option").last.click()
    return page, page.get_by_role("dialog")


@screen
def wrap_up(desk: Desk) -> tuple[Page, Locator]:
    done = CARD | {"paid": True, "rating": 5, "time_useful": True}
    page = desk.open("livraison.suivi", done)
    return page, page.locator(".axes code").nth(2)


@screen
def no_such_page(desk: Desk) -> tuple[Page, Locator]:
    page = desk.go("/s/a.b")
    return page, page.get_by_role("heading", level=1)


@screen
def nowhere(desk: Desk) -> tuple[Page, Locator]:
    desk.stranger.goto(f"{desk.house.url}/nothing/here")
    return desk.stranger, desk.stranger.get_by_role("link")


@screen
def no_such_session(desk: Desk) -> tuple[Page, Locator]:
    page = desk.go("/s/ses_01m8hqdvhnq7nh1s60qb4h294f")
    return page, page.locator(".gone .main")


@screen
def care_cut(desk: Desk) -> tuple[Page, Locator]:
    desk.stranger.goto(f"{desk.house.url}/care")
    return desk.stranger, desk.stranger.get_by_role("alert")


@screen
def care_unknown(desk: Desk) -> tuple[Page, Locator]:
    desk.stranger.goto("about:blank")
    desk.stranger.goto(f"{desk.house.url}/care#t=pe_{'x' * 43}")
    return desk.stranger, desk.stranger.get_by_role("alert")


@screen
def care_expired(desk: Desk) -> tuple[Page, Locator]:
    page = desk.stranger
    page.goto("about:blank")
    page.goto(desk.house.url + desk.expiring)
    until = time.monotonic() + 20
    while page.get_by_role("alert").count() == 0:
        assert time.monotonic() < until, "the link does not expire"
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page, page.get_by_role("alert")


@screen
def care_question(desk: Desk) -> tuple[Page, Locator]:
    page = desk.care("livraison.suivi")
    return page, page.get_by_role("textbox")


@screen
def care_choice(desk: Desk) -> tuple[Page, Locator]:
    page = desk.care("", session=desk.session("livraison.suivi", CLAIRE))
    return page, page.get_by_role("radio").nth(2)


@screen
def care_person(desk: Desk) -> tuple[Page, Locator]:
    page, radio = care_choice(desk)
    expect(radio).to_be_visible()
    words = "Parler à une personne" if desk.language == "fr" else "Talk to a person"
    page.get_by_role("button", name=words).click()
    desk.sessions.clear()
    words = "Une personne prend" if desk.language == "fr" else "A person takes over"
    return page, page.get_by_role("heading", name=words)


@screen
def care_end(desk: Desk) -> tuple[Page, Locator]:
    done = CARD | {"paid": True, "rating": 5, "time_useful": True}
    page = desk.care("", session=desk.session("livraison.suivi", done))
    words = "C’est terminé" if desk.language == "fr" else "All done"
    return page, page.get_by_role("heading", name=words)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a demonstration where nobody has begun anything yet."""
    house = House(tmp_path_factory.mktemp("screens"), free_port())
    yield house
    house.kill()


@pytest.fixture(scope="module")
def desks(house: House, browser: Browser) -> Iterator[list[Desk]]:
    """Sign Ana in, in a browser of each language."""
    made, contexts = [], []
    for language, locale in (("fr", "fr-FR"), ("en", "en-GB")):
        both = [browser.new_context(locale=locale, timezone_id="Europe/Paris") for _ in range(2)]
        contexts += both
        page, stranger = (context.new_page() for context in both)
        sign_in_as(page, house)
        over = link(house, "livraison.suivi", language=language, expires_in_s=1)
        made.append(Desk(house, language, page, stranger, str(over["url"])))
    yield made
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", list(SCREENS))
def test_a_screen_has_no_barrier_in_any_language_light_or_width(
    desks: list[Desk], name: str, barriers: Judge, shots: Path | None
) -> None:
    pages = []
    for desk in desks:
        for page in (desk.page, desk.stranger):
            page.set_viewport_size({"width": WIDE, "height": HEIGHTS[WIDE]})
        page, whole = SCREENS[name](desk)
        expect(whole).to_be_visible()
        pages.append(page)

    found = []
    for width in (WIDE, NARROW):
        for theme in ("light", "dark"):
            for desk, page in zip(desks, pages, strict=True):
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                if shots is not None and (name, desk.language, theme, width) in SHOTS:
                    _keep(page, shots / f"{name}-{desk.language}-{theme}-{width}.png")
            # The dark theme changes colours and nothing else.
            broken = barriers(*pages, only_colours=theme == "dark")
            found += [f"{theme}, {width} px: {one}" for one in broken]
        for page in pages:
            scrolled = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
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
