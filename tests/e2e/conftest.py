"""What the tests in a browser share: Chromium, a real service, and how pages are judged."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, Request

from parcours.demo.check import free_port
from tests.e2e.house import House
from tests.e2e.site import Site
from tests.house.sources import ROOT

CHROMIUM: Final = os.environ.get("PARCOURS_CHROMIUM") or shutil.which("chromium")
"""The browser: `$PARCOURS_CHROMIUM`, else Debian's. Playwright's own is fetched from elsewhere."""
INDEX: Final = ROOT / "web" / "dist" / "index.html"
AXE: Final = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
HERE: Final = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:", "about:")
FLAGS: Final = (
    # As root, Chromium has no sandbox of its own; the pages are ours and the network is loopback.
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No page reaches beyond this machine, not even those of others that the tests go through.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start Debian's Chromium, without a request of its own to anywhere."""
    return {"executable_path": CHROMIUM, "args": list(FLAGS)}


@pytest.fixture(scope="session", autouse=True)
def _pages() -> None:
    """Go no further without a browser and built pages: there is nothing to look at, or with."""
    if CHROMIUM is None:
        pytest.skip("no browser: `apt-get install chromium`, or name one in $PARCOURS_CHROMIUM")
    if not INDEX.is_file():
        pytest.skip("the pages are not built: `make install` without PARCOURS_WITHOUT_WEB")


@pytest.fixture(scope="session")
def crm() -> Iterator[Site]:
    """Give another site, whose pages may hold ours."""
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="session")
def house(crm: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a demonstration that tests share, that lets the other site in, and may be killed."""
    told = {"PARCOURS_EMBED_ORIGINS": crm.origin}
    house = House(tmp_path_factory.mktemp("demo"), free_port(), told=told)
    yield house
    house.kill()


@pytest.fixture
def strangers(context: BrowserContext) -> list[str]:
    """Give the addresses beyond this machine that pages of a test asked for: none, ever."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(HERE):
            asked.append(request.url)

    context.on("request", note)
    return asked


COLOURS: Final = ("color-contrast", "link-in-text-block")
"""The rules whose verdict a page's colours may change, when nothing else of it does."""
RUN: Final = """(only) => {
  window.judged = axe.run(document, {
    resultTypes: ['violations'], preload: false, ...(only === null ? {} : {runOnly: only}),
  });
}"""


class Judge(Protocol):
    """Tells what axe finds on pages."""

    def __call__(self, *pages: Page | Frame, only_colours: bool = False) -> list[str]:
        """Return a line for each rule that is broken, and where."""


@pytest.fixture(scope="session")
def barriers() -> Judge:
    """Give what axe finds on pages: one line for each rule that is broken, and where."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: `make install` without PARCOURS_WITHOUT_WEB")
    axe = AXE.read_text(encoding="utf-8")

    def judge(*pages: Page | Frame, only_colours: bool = False) -> list[str]:
        # All begin before the first is waited for: each page has a process of its own.
        for page in pages:
            if not page.evaluate("() => 'axe' in window"):
                page.evaluate(axe)
            page.evaluate(RUN, list(COLOURS) if only_colours else None)
        return [
            f"{one['id']}: {one['help']} — "
            + "; ".join(json.dumps(node["target"]) for node in one["nodes"][:4])
            for page in pages
            for one in page.evaluate("() => window.judged")["violations"]
        ]

    return judge


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """Give the folder that `make screenshots` keeps its pictures in; None for a mere test."""
    named = os.environ.get("PARCOURS_SHOTS")
    return None if named is None else Path(named)
