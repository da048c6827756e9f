"""A call that rings opens its journey on the advisor's screen, once, and nothing before a key."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.hands import Watch, sign_in
from tests.e2e.house import House

POP = "/launch?uniqueid={call}&phone_number=0612345678&user=6001&journey=livraison.suivi&lead_id=88"


def sessions(house: House) -> int:
    found: dict[str, Any] = house.ask("GET", "/v1/sessions?mine=true&limit=50", actor="advisor:ana")
    return len(found["items"])


def test_a_screen_pop_waits_for_one_key_then_opens_the_same_session_every_time(
    house: House, page: Page, context: BrowserContext
) -> None:
    watch = Watch(context)
    page.goto(f"{house.url}{POP.format(call='pop-1')}")
    page.get_by_role("button", name="Ana Martin").click()
    expect(page.get_by_role("heading", name=re.compile("A call|Un appel"))).to_be_visible()
    # No personal data stays in the address, and nothing is begun before the key.
    assert page.url == f"{house.url}/launch"
    before = sessions(house)

    # The one thing to do is under the key, once the page knows which journey it is.
    expect(page.get_by_role("button", name=re.compile("^(Open|Ouvrir)$"))).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/s/ses_"))
    expect(page.locator("#step").get_by_role("heading", level=1)).to_be_visible()
    first = page.url
    assert sessions(house) == before + 1
    page.goto(f"{house.url}{POP.format(call='pop-1')}")
    page.get_by_role("button", name=re.compile("^(Open|Ouvrir)$")).click()
    expect(page).to_have_url(first)
    assert sessions(house) == before + 1
    assert watch.heard == []


def test_a_call_announced_by_a_server_opens_by_its_address_alone_and_only_once(
    house: House, page: Page
) -> None:
    made = house.ask(
        "POST", "/v1/launches", {"call_id": "srv-1", "journey": "livraison.suivi"},
        actor="robot:acd",
    )  # fmt: skip
    sign_in(page, house)

    page.goto(f"{house.url}{made['url']}")
    expect(page).to_have_url(re.compile(r"/s/ses_"))
    page.goto(f"{house.url}/")
    page.goto(f"{house.url}{made['url']}")

    expect(page.get_by_role("alert")).to_contain_text(re.compile("five minutes|cinq minutes"))
    page.get_by_role("link", name=re.compile("^(Home|Accueil)$")).last.click()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_a_call_that_names_no_journey_is_at_hand_when_one_is_chosen(
    house: House, page: Page
) -> None:
    sign_in(page, house)
    page.goto(f"{house.url}/launch?call_id=plain-1&from=anonymous")

    note = page.get_by_text(re.compile("withheld number|numéro masqué"))
    expect(note).to_be_visible()
    page.get_by_role("searchbox").fill(
        "colis" if page.locator("html[lang=fr]").count() else "parcel"
    )
    page.get_by_role(
        "button", name=re.compile("Delivery tracking|Suivi de livraison")
    ).first.click()

    expect(page).to_have_url(re.compile(r"/s/ses_"))
    session = page.url.rpartition("/")[2]
    view = house.ask("GET", f"/v1/sessions/{session}", actor="advisor:ana")
    launch = house.ask(
        "POST", "/v1/launches:open", {"parameters": {"call_id": "plain-1"}}, actor="advisor:ana"
    )
    contact = house.ask("GET", f"/v1/contacts/{launch['contact']}", actor="advisor:ana")
    assert contact["sessions"] == [session]
    assert view["session"] == session
