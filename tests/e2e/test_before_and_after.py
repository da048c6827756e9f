"""What a customer had before, read beside; what an advisor makes of the end, kept for the next."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.hands import send, sign_in, walk
from tests.e2e.house import House

WIDE: ViewportSize = {"width": 1366, "height": 768}
CLAIRE: Final = {"email": "claire.dubois@example.org", "postcode": "69003"}
LATE: Final = CLAIRE | {"complaint": "not_received", "order_id": "F-1055"}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """Show pages as a console's screen does, in English."""
    return {"viewport": WIDE, "locale": "en-GB", "timezone_id": "Europe/Paris"}


def ended(house: House) -> str:
    """Return a session of Claire's that Ana ended without an outcome."""
    house.renew()
    session = house.begin("livraison.suivi")
    view = walk(house, session, LATE)
    send(house, view, {"type": "finish", "outcome": "unresolved"})
    return session


def test_an_earlier_path_is_read_by_keyboard_beside_the_running_contact(
    house: House, page: Page
) -> None:
    page.set_default_timeout(20_000)
    ended(house)
    running = house.begin("livraison.suivi")
    walk(house, running, CLAIRE)
    sign_in(page, house, at=f"/s/{running}")
    expect(page.locator("aside .line").first).to_contain_text("Not resolved")
    expect(page.locator("aside .line").first).to_contain_text("Delivery tracking")
    title = page.get_by_role("heading", level=1).inner_text()

    page.locator("h1").focus()
    page.keyboard.press("v")
    page.keyboard.press("Enter")

    path = page.get_by_role("region", name="Contact of")
    expect(path).to_contain_text("F-1055")
    expect(path.get_by_role("heading")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.keyboard.press("Escape")
    expect(path).to_be_hidden()
    expect(page).to_have_url(f"{house.url}/s/{running}")


def test_a_wrap_up_in_one_s_own_words_outlives_a_refresh_and_a_colleague_reads_it(
    house: House, page: Page, browser: Browser
) -> None:
    page.set_default_timeout(20_000)
    session = ended(house)
    sign_in(page, house, at=f"/s/{session}")
    summary = page.get_by_label("Summary")
    summary.fill("Claire waits until Monday.")
    page.get_by_label("Next").fill("Call her on Monday.")
    page.reload()

    expect(page.get_by_label("Summary")).to_have_value("Claire waits until Monday.")
    expect(page.get_by_label("Next")).to_have_value("Call her on Monday.")
    expect(page.get_by_text("Kept by Ana Martin")).to_be_visible()
    other = browser.new_context(locale="en-GB").new_page()
    sign_in(other, house, "Bruno Leroy", at=f"/s/{session}")
    expect(other.get_by_label("Summary")).to_have_value("Claire waits until Monday.")
    expect(other.get_by_label("Next")).to_have_value("Call her on Monday.")
    other.context.close()
