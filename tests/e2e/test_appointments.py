"""An advisor's call-backs in a real browser: a free slot is taken, and another one."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.hands import sign_in
from tests.e2e.house import House


def test_a_call_back_takes_a_free_slot_and_is_moved_by_keyboard_alone(
    house: House, page: Page
) -> None:
    session = house.begin("livraison.suivi")
    sign_in(page, house, at=f"/s/{session}")
    page.get_by_text("More", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Promise…").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("We call you back")
    page.keyboard.press("Tab")
    page.keyboard.type("Store")
    slots = page.get_by_role("dialog").get_by_role("radio")
    expect(slots.nth(2)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)

    line = page.get_by_role("listitem").filter(has_text="We call you back")
    line.get_by_role("button", name="Move…").focus()
    page.keyboard.press("Enter")
    expect(line.get_by_role("radio").nth(2)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    with page.expect_response(re.compile("/commands")) as moved:
        page.keyboard.press("Enter")
    assert moved.value.ok

    promise = house.ask("GET", f"/v1/promises/{session}.1", actor="advisor:ana")
    free = house.ask("GET", "/v1/slots?team=seller&limit=1", actor="advisor:ana")["items"]
    assert (promise["team"], promise["moves"]) == ("seller", 1)
    # The first of them has two places: it is still free once.
    assert (promise["begins"], free[0]["left"]) == (free[0]["begins"], 1)
