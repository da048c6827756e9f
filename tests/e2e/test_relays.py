"""What one advisor passes on arrives at another's, with what is known."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.desk import CLAIRE
from tests.e2e.hands import sign_in, walk
from tests.e2e.house import House


def test_a_transfer_by_key_arrives_at_a_colleagues_who_goes_on_with_what_is_known(
    house: House, page: Page, browser: Browser
) -> None:
    session = house.begin("livraison.suivi")
    walk(house, session, CLAIRE)
    sign_in(page, house, at=f"/s/{session}")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    other = browser.new_context()
    try:
        there = other.new_page()
        sign_in(there, house, "Bruno Leroy")
        expect(there.get_by_role("heading", name="My open sessions")).to_be_visible()
        page.keyboard.press("t")
        expect(page.get_by_role("button", name="Store seller")).to_be_focused()
        page.keyboard.press("5")
        expect(page.get_by_text("You asked for a transfer to Network operations.")).to_be_visible()
        expect(page.get_by_role("button", name="Take it back")).to_be_visible()

        # It comes to the page that was open, with who and what it is about.
        waits = there.get_by_role("link", name="Waiting for my teams and my customers: 1")
        expect(waits).to_be_visible()
        row = there.get_by_role("button", name=re.compile("Delivery.*Transfer", re.DOTALL)).first
        expect(row).to_contain_text("claire.dubois@example.org")
        expect(row).to_contain_text("Asked by Ana Martin.")
        row.click()
        expect(there.get_by_text("Where this contact stands")).to_be_visible()
        expect(there.get_by_text("asked for. By Ana Martin.")).to_be_visible()
        there.get_by_role("button", name="Take the session").click()
        expect(there.get_by_role("button", name="Nothing arrived")).to_be_visible()
        expect(waits).to_be_hidden()
        there.keyboard.press("1")
        expect(there.get_by_role("heading", level=1)).to_have_text("Which order")
    finally:
        other.close()

    view = house.ask("GET", f"/v1/sessions/{session}", actor="advisor:bruno")
    by = {line["title"]: line["by"] for line in view["history"]}
    assert (by["Postcode"], by["What the customer says"]) == ("advisor:ana", "advisor:bruno")
