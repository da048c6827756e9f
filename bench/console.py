"""The console in a browser: a key pressed, the next step painted; and what its bundles weigh."""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.measure import Row, quantile
from parcours.demo.check import free_port
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.e2e.house import House
from tests.e2e.libraries import thirty_steps
from tests.house.sources import ROOT

DIST = ROOT / "web" / "dist"
ROUNDS = 4
"""Walks of thirty steps; the first warms up and is not counted."""
WATCH = """
window.painted = [];
let pressed = 0;
addEventListener('keydown', (event) => { pressed = event.timeStamp; }, true);
let title = '';
new MutationObserver(() => {
  const now = document.querySelector('h1')?.textContent ?? '';
  if (now === title) return;
  title = now;
  const since = pressed;
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (since > 0) window.painted.push(performance.now() - since);
  }));
}).observe(document.body, { childList: true, subtree: true, characterData: true });
"""


def _walk(page: Page, house: House) -> tuple[list[float], list[float]]:
    """Walk thirty steps; return key press to paint, and the answers' own time, in ms."""
    session = house.begin("thirty.steps")
    page.goto(f"{house.url}/s/{session}")
    page.locator("h1", has_text="Step 1").wait_for()
    page.evaluate(WATCH)
    for number in range(1, 31):
        page.get_by_role("heading", name=f"Step {number}", exact=True).wait_for()
        if number % 3 == 0:
            page.locator("#step form input").first.fill("word")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("1")
    page.get_by_role("heading", name="That was it").wait_for()
    painted: list[float] = page.evaluate("() => window.painted")
    answers: list[float] = page.evaluate(
        "() => performance.getEntriesByType('resource')"
        ".filter((one) => one.name.includes('/commands'))"
        ".map((one) => one.responseEnd - one.requestStart)"
    )
    return painted, answers


_ASKED = re.compile(r'"/(assets/[^"]+\.(?:js|css))"')


def _sizes() -> list[Row]:
    scripts = sorted((DIST / "assets").glob("*.js"))
    widget = DIST / "embed" / "journey-runner.js"
    pages: dict[str, tuple[list[Path], float]] = {
        "the widget, gzip": ([widget], 25.0),
        "the console's, the customer's and the frame's scripts together, gzip": (scripts, 150.0),
    }
    for name, file in (("console", "index"), ("customer's page", "care"), ("frame", "embed")):
        # What a page asks for before it shows anything: its own scripts and styles.
        asked = _ASKED.findall((DIST / f"{file}.html").read_text(encoding="utf-8"))
        pages[f"the {name}, scripts and styles, gzip"] = ([DIST / one for one in asked], 150.0)
    return [
        Row(name, sum(len(gzip.compress(one.read_bytes(), 9)) for one in files) / 1024, "kB",
            None, "", most)
        for name, (files, most) in pages.items()
    ]  # fmt: skip


def rows() -> list[Row]:
    """Measure with Debian's Chromium; without a browser, the bundles alone."""
    found = _sizes()
    if CHROMIUM is None or shutil.which(CHROMIUM) is None:
        print("no browser: key presses are not measured")
        return found
    painted: list[float] = []
    answers: list[float] = []
    with tempfile.TemporaryDirectory(prefix="parcours-bench-") as name, sync_playwright() as play:
        house = House(Path(name), free_port())
        try:
            house.publish(thirty_steps())
            browser = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            page = browser.new_context(locale="en-GB").new_page()
            page.goto(house.url + "/sign-in")
            page.get_by_role("button", name="Ana Martin").click()
            page.get_by_role("heading", name="What does the customer ask?").wait_for()
            for turn in range(ROUNDS):
                paints, own = _walk(page, house)
                if turn:
                    painted += paints
                    answers += own
            browser.close()
        finally:
            house.kill()
    return [
        Row(f"key press → next step painted, p95 of {len(painted)}", quantile(painted, 0.95), "ms",
            None, "", 150),
        Row("the same, median", quantile(painted, 0.5), "ms", None, "", 150),
        Row("the service's part as the page sees it, p95", quantile(answers, 0.95), "ms",
            None, "", 30),
        *found,
    ]  # fmt: skip
