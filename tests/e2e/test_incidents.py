"""A supervisor says once what is broken; an advisor's and a customer's open pages say it too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.hands import link
from tests.e2e.house import House

Judge = Callable[[Page], list[str]]

SOON_MS = 10_000
PATIENCE_MS = 20_000
TEXT = "The network is down in Lyon. Next update at {next_update}."
SAID = "The network is down in Lyon. Next update at 23:45 (31 December 2035)."


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """Show pages in English, at the demonstration's own time."""
    return {"viewport": {"width": 1366, "height": 768}, "locale": "en-GB",
            "timezone_id": "Europe/Paris"}  # fmt: skip


def enter(browser: Browser, house: House, who: str, path: str) -> Page:
    """Sign somebody in, in a browser of their own, and open an address."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/Paris")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(house.url + "/sign-in")
    page.get_by_role("button", name=who).click()
    expect(page.get_by_role("heading", name="What does the customer ask?")).to_be_visible()
    page.goto(house.url + path)
    return page


def test_what_a_supervisor_validates_is_said_on_every_open_page_until_it_is_over(
    house: House, browser: Browser, barriers: Judge
) -> None:
    session = house.begin("internet.panne")
    ana = enter(browser, house, "Ana Martin", f"/s/{session}")
    step = ana.get_by_role("heading", level=1).inner_text()
    claire = browser.new_context(locale="en-GB").new_page()
    claire.goto(house.url + link(house, "internet.panne", language="en")["url"])
    expect(claire.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE_MS)

    # A supervisor writes it, and nobody says it yet.
    diane = enter(browser, house, "Diane Moreau", "/incidents")
    diane.get_by_label("Name of the incident").fill("Lyon")
    diane.get_by_label("Text in English", exact=True).fill(TEXT)
    diane.get_by_label("Next update", exact=True).fill("2035-12-31T23:45")
    diane.get_by_label("Area, as people say it").fill("Lyon")
    diane.get_by_role("checkbox", name="Internet outage").check()
    assert barriers(diane) == []
    diane.get_by_role("button", name="Keep the draft").click()
    expect(diane.get_by_text("to be validated: nobody says it yet")).to_be_visible()
    assert house.ask("GET", "/v1/incidents/current?channel=web", actor="bot:web")["items"] == []

    # Validated, every open page says it.
    diane.get_by_role("button", name="Validate this message").click()
    banner = ana.get_by_role("region", name="Incident under way")
    expect(banner).to_contain_text(SAID, timeout=SOON_MS)
    expect(banner).to_contain_text("Version 1, validated by Diane Moreau")
    expect(claire.get_by_text(SAID)).to_be_visible(timeout=SOON_MS)
    [bot] = house.ask("GET", "/v1/incidents/current?language=en", actor="bot:web")["items"]
    assert bot["text"] == SAID
    assert barriers(ana) == []
    assert barriers(claire) == []

    # One key leads to its branch, which tells the customer and comes back.
    ana.locator("body").click(position={"x": 5, "y": 300})
    ana.keyboard.press("i")
    expect(ana.get_by_role("heading", level=1)).not_to_have_text(step)
    expect(banner.get_by_text("Told the customer")).to_be_visible()
    expect(banner.get_by_role("button", name="Told the customer")).to_have_count(0)

    # Over, it is gone from the customer's page, and who has said it is told so.
    diane.get_by_role("button", name="End the incident").click()
    expect(banner).to_contain_text("The incident is over.", timeout=SOON_MS)
    expect(claire.get_by_text(SAID)).to_have_count(0, timeout=SOON_MS)
    ana.get_by_role("button", name="Understood").click()
    expect(banner).to_have_count(0)
    contact = house.ask("GET", f"/v1/sessions/{session}/surroundings", actor="advisor:ana")
    [tag] = house.ask(
        "GET", f"/v1/contacts/{contact['contact']['id']}", actor="advisor:ana"
    )["incidents"]  # fmt: skip
    assert (tag["told_version"], tag["told_by"]) == (1, "advisor:ana")
