"""What an advisor does about actions and the robot, in a real browser and by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.hands import send, sign_in, walk
from tests.e2e.house import House

WIDE: ViewportSize = {"width": 1366, "height": 768}
PATIENCE_MS: Final = 20_000
CLAIRE: Final = {"email": "claire.dubois@example.org", "postcode": "69003"}
SLOW_LINE: Final = CLAIRE | {
    "lights": "steady", "what": "slow", "better": False, "restarted": "same", "cable": "fine",
    "net.line_test": None,
}  # fmt: skip
"""Answers up to the line test, which takes six seconds."""

Opened = Callable[[str, dict[str, Any]], Page]


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """Show pages as a console's screen does, in English."""
    return {"viewport": WIDE, "locale": "en-GB", "timezone_id": "Europe/Paris"}


@pytest.fixture
def opened(house: House, page: Page) -> Iterator[Opened]:
    """Give a function that walks a contact of Ana's as far as told, and shows it to her."""
    page.set_default_timeout(PATIENCE_MS)
    house.renew()

    def show(journey: str, answers: dict[str, Any]) -> Page:
        session = house.begin(journey)
        walk(house, session, answers)
        sign_in(page, house, at=f"/s/{session}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    yield show
    house.mend()


def test_a_slow_system_is_made_up_for_and_its_late_answer_taken_by_one_key(opened: Opened) -> None:
    page = opened("internet.panne", SLOW_LINE)
    expect(page.get_by_role("button", name="Do it by hand")).to_be_visible()
    page.keyboard.press("m")
    expect(page.locator(".procedure")).to_be_visible()
    title = page.get_by_role("heading", level=1).inner_text()
    offer = page.get_by_role("region", name="The system has answered since")

    expect(offer).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".procedure")).to_be_visible()
    page.locator("h1").focus()
    page.keyboard.press("u")

    expect(page.get_by_role("heading", level=1)).not_to_have_text(title)
    expect(offer).to_be_hidden()


def test_a_system_that_failed_is_asked_again_once_it_is_well(house: House, opened: Opened) -> None:
    house.breaks("oms.get_order", "down")
    page = opened("livraison.suivi", CLAIRE | {"complaint": "not_received", "order_id": "F-1055"})
    expect(page.locator(".procedure")).to_be_visible(timeout=PATIENCE_MS)
    house.mend()
    title = page.get_by_role("heading", level=1).inner_text()

    page.locator("h1").focus()
    page.keyboard.press("e")

    expect(page.locator(".procedure")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(title)


def test_what_takes_its_time_is_left_for_later_and_the_talk_goes_on(
    house: House, opened: Opened
) -> None:
    house.breaks("payment.new_link", "slow", seconds=4)
    sent = {"complaint": "not_received", "order_id": "F-1042", "link_by": "sms"}
    page = opened("livraison.suivi", CLAIRE | sent | {"payment.new_link": None})
    expect(page.get_by_role("button", name="Later")).to_be_visible()
    title = page.get_by_role("heading", level=1).inner_text()

    page.keyboard.press("p")

    expect(page.get_by_role("heading", level=1)).not_to_have_text(title)
    expect(page.locator("aside .actions li").first).to_contain_text("under way")
    expect(page.locator("aside .actions li").first).to_contain_text("done", timeout=PATIENCE_MS)


def test_whoever_takes_a_contact_over_reads_five_lines_and_lets_the_robot_go_on(
    house: House, page: Page
) -> None:
    page.set_default_timeout(PATIENCE_MS)
    session = house.begin("livraison.suivi", actor="bot:chat", channel="chat")
    view = walk(house, session, {"email": CLAIRE["email"]}, actor="bot:chat")
    send(house, view, {"type": "hand_over", "to": "advisor"}, actor="bot:chat")
    sign_in(page, house, at=f"/s/{session}")

    page.get_by_role("button", name="Take the session").click()

    recap = page.get_by_role("region", name="Where this contact stands")
    expect(recap.get_by_role("definition")).to_have_count(5)
    # Those lines stand there before the session is taken, too.
    expect(page.get_by_role("button", name="Robot")).to_be_visible()
    expect(page.get_by_label("Postcode", exact=True)).to_be_visible()
    page.locator("h1").focus()
    page.keyboard.press("g")
    expect(page.get_by_text("There is nothing the robot can do here")).to_be_visible()
    expect(recap).to_be_visible()


def test_half_an_answer_is_there_again_after_a_look_back(opened: Opened) -> None:
    page = opened("livraison.suivi", {"email": CLAIRE["email"]})
    page.get_by_label("Postcode").fill("690")
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.get_by_label("E-mail")).to_have_value(CLAIRE["email"])

    page.keyboard.press("Alt+ArrowRight")

    expect(page.get_by_label("Postcode")).to_have_value("690")


def test_the_palette_asks_why_before_it_leaves_a_contact_that_goes_on(opened: Opened) -> None:
    page = opened("livraison.suivi", {"email": CLAIRE["email"]})
    page.keyboard.press("Control+k")
    page.keyboard.type("refund")
    page.get_by_role("option").filter(has_text="Refund").filter(
        has_not_text="To come"
    ).first.click()
    expect(page.get_by_role("dialog", name="Why go to something else?")).to_be_visible()
