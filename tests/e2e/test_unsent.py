"""What an advisor wrote without the network leaves from any page, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.e2e.hands import send, sign_in
from tests.e2e.house import House

WIDE: ViewportSize = {"width": 1366, "height": 768}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """Show pages as a console's screen does, in English."""
    return {"viewport": WIDE, "locale": "en-GB", "timezone_id": "Europe/Paris"}


def test_a_wrap_up_written_offline_and_closed_leaves_from_another_page(
    house: House, page: Page, context: BrowserContext
) -> None:
    session = house.begin("livraison.suivi")
    view = house.ask("GET", f"/v1/sessions/{session}", actor="advisor:ana")
    send(house, view, {"type": "finish", "outcome": "unresolved"})
    sign_in(page, house, at=f"/s/{session}")
    summary = page.get_by_label("Summary")
    expect(summary).to_have_value(re.compile("Declared"))
    context.set_offline(offline=True)
    summary.fill("She calls back on Monday.")
    page.get_by_role("button", name="Close the contact").click()
    sign = page.locator("summary", has_text="1 unsent")
    expect(sign).to_be_visible(timeout=10_000)
    page.close()
    context.set_offline(offline=False)

    other = context.new_page()
    with other.expect_response(
        lambda answer: answer.request.method == "PUT" and answer.url.endswith("/wrap-up")
    ):
        other.goto(house.url)

    expect(other.locator("summary", has_text="unsent")).to_be_hidden()
    kept = house.ask("GET", f"/v1/sessions/{session}/wrap-up", actor="advisor:ana")
    assert (kept["summary"], kept["version"]) == ("She calls back on Monday.", 1)
