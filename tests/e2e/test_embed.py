"""A customer in another site's page: the widget and the frame, then an advisor who goes on."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.house import House
from tests.e2e.libraries import thirty_steps
from tests.e2e.site import FRAME, WIDGET, Site

PATIENCE_MS = 20_000


@pytest.fixture(scope="module", autouse=True)
def journey(house: House) -> None:
    """Publish what the customers of these tests walk."""
    house.publish(thirty_steps())


def token(house: House, **more: Any) -> str:
    """Return a link's token, asked for by the other site's server."""
    body = {"journey": "thirty.steps", "language": "en", **more}
    return str(house.ask("POST", "/v1/links", body, actor="bot:crm")["token"])


def heard(page: Page, line: str) -> None:
    """Expect the page to have been told something."""
    expect(page.locator("#heard li", has_text=line).first).to_be_visible(timeout=PATIENCE_MS)


def test_a_customer_in_the_widget_asks_for_a_person_who_goes_on_at_that_very_step(
    house: House, crm: Site, page: Page, browser: Browser
) -> None:
    crm.page = WIDGET.format(base=house.url, token=token(house, origin=crm.origin))
    page.goto(crm.origin)
    runner = page.locator("journey-runner")
    heard(page, "step s1")
    for number in (1, 2):
        runner.get_by_text("Yes", exact=True).first.click()
        submit = runner.get_by_role("button", name="Continue")
        if submit.count():
            submit.first.click()
        heard(page, f"step s{number + 1}")
    runner.get_by_role("button", name="Talk to a person").click()
    expect(runner.get_by_text("A person takes over")).to_be_visible(timeout=PATIENCE_MS)

    console = browser.new_context(locale="en-GB")
    try:
        desk = console.new_page()
        desk.goto(house.url + "/sign-in")
        desk.get_by_role("button", name="Ana Martin").click()
        desk.get_by_role("button", name=re.compile("Thirty steps.*Hand-over", re.DOTALL)).click()
        desk.get_by_role("button", name="Take the session").click()
        expect(desk.get_by_role("heading", level=1)).to_have_text("Step 3", timeout=PATIENCE_MS)
    finally:
        console.close()


def test_the_frame_tells_its_page_where_it_is(house: House, crm: Site, page: Page) -> None:
    crm.page = FRAME.format(base=house.url, token=token(house, origin=crm.origin))
    page.goto(crm.origin)

    heard(page, "ready")
    heard(page, "step s1")
    page.frame_locator("iframe").get_by_text("Yes", exact=True).first.click()
    submit = page.frame_locator("iframe").get_by_role("button", name="Continue")
    if submit.count():
        submit.first.click()
    heard(page, "step s2")
    heard(page, "resize")


def test_a_site_nobody_allowed_gets_neither_widget_nor_frame(house: House, page: Page) -> None:
    stranger = Site()
    try:
        given = token(house)
        stranger.page = WIDGET.format(base=house.url, token=given)
        page.goto(stranger.origin)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("() => customElements.get('journey-runner') === undefined")

        stranger.page = FRAME.format(base=house.url, token=given)
        with page.expect_console_message(lambda one: "frame-ancestors" in one.text):
            page.goto(stranger.origin)
        expect(page.locator("#heard li")).to_have_count(0)
    finally:
        stranger.close()


def test_a_token_that_is_unknown_says_so_in_the_widget(house: House, crm: Site, page: Page) -> None:
    crm.page = WIDGET.format(base=house.url, token="pe_" + "0" * 64)
    page.goto(crm.origin)

    heard(page, "error link.unknown")


@pytest.mark.parametrize("inside", [WIDGET, FRAME], ids=["widget", "frame"])
def test_a_token_whose_time_is_over_says_so_and_how_to_get_another(
    house: House, crm: Site, page: Page, inside: str
) -> None:
    crm.page = inside.format(base=house.url, token=token(house, expires_in_s=1))
    until = time.monotonic() + 20
    page.goto(crm.origin)
    while page.locator("#heard li", has_text="error link.expired").count() == 0:
        assert time.monotonic() < until, "the link does not expire"
        page.reload()
        expect(page.locator("#heard li").first).to_be_attached(timeout=PATIENCE_MS)

    shown = page.locator("journey-runner") if inside is WIDGET else page.frame_locator("iframe")
    expect(shown.get_by_role("alert")).to_contain_text("This link has expired")
    expect(shown.get_by_role("alert")).to_contain_text("Ask whoever sent it for a new one")
