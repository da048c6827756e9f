"""What the tests in a browser share: Chromium, a real service, and how pages are judged."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import BrowserContext, Page, Request

from parcours.demo.check import free_port
from tests.e2e.house import House
from tests.house.sources import ROOT

CHROMIUM: Final = os.environ.get("PARCOURS_CHROMIUM") or shutil.which("chromium")
"""The browser: `$PARCOURS_CHROMIUM`, else Debian's. Playwright's own is fetched from elsewhere."""
AXE: Final = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS: Final = (
    # As root, Chromium has no sandbox of its own; the pages are ours and the network is loopback.
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start Debian's Chromium, without a request of its own to anywhere."""
    if CHROMIUM is None:
        pytest.skip("no browser: `apt-get install chromium`, or name one in $PARCOURS_CHROMIUM")
    return {"executable_path": CHROMIUM, "args": list(FLAGS)}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a demonstration that runs for the tests of one module, and may be killed by them."""
    house = House(tmp_path_factory.mktemp("demo"), free_port())
    yield house
    house.kill()


@pytest.fixture
def strangers(context: BrowserContext) -> list[str]:
    """Give the addresses beyond this machine that pages of a test asked for: none, ever."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "http://localhost:", "data:", "blob:")):
            asked.append(request.url)

    context.on("request", note)
    return asked


Judge = Callable[[Page], list[str]]


@pytest.fixture(scope="session")
def barriers() -> Judge:
    """Give what axe finds on a page: one line for each rule that is broken, and where."""
    axe = AXE.read_text(encoding="utf-8")

    def judge(page: Page) -> list[str]:
        page.evaluate(axe)
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['help']} — "
            + "; ".join(json.dumps(node["target"]) for node in one["nodes"][:4])
            for one in found["violations"]
        ]

    return judge


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """Give the folder that `make screenshots` keeps its pictures in; None for a mere test."""
    named = os.environ.get("PARCOURS_SHOTS")
    return None if named is None else Path(named)
