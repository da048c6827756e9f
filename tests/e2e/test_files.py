"""A file sent for a question: by an advisor who loses the network, and by a customer."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e.hands import link, sign_in
from tests.e2e.house import House
from tests.e2e.libraries import with_files
from tests.e2e.site import WIDGET, Site

PNG = b"\x89PNG\r\n\x1a\n" + b"a parcel, dented"
PICTURE: FilePayload = {"name": "box.png", "mimeType": "image/png", "buffer": PNG}
PAPER: FilePayload = {"name": "bill.png", "mimeType": "image/png", "buffer": b"not a picture"}
HEAVY: FilePayload = {"name": "heavy.png", "mimeType": "image/png", "buffer": PNG * 200}


@pytest.fixture(scope="module", autouse=True)
def journey(house: House) -> None:
    """Publish a journey that asks for files."""
    house.publish(with_files())


def kept(house: House, session: str) -> Any:
    """Return the picture that answers the first question."""
    events = house.ask("GET", f"/v1/sessions/{session}/events?limit=100", actor="advisor:ana")
    return [
        event["values"]["photo"] for event in events["items"] if "photo" in event.get("values", {})
    ]


def test_a_file_that_the_network_held_back_goes_once_it_returns(house: House, page: Page) -> None:
    session = house.begin("with.files")
    sign_in(page, house, at=f"/s/{session}")
    chooser = page.get_by_label("Choose a file")
    expect(chooser).to_be_visible()

    page.context.set_offline(True)
    chooser.set_input_files(PICTURE)
    expect(page.get_by_text("The file could not be sent")).to_be_visible()
    expect(page.get_by_role("button", name="Send box.png again")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("box.png · ")).to_be_visible()
    page.reload()
    expect(page.get_by_text("box.png · ")).to_be_visible()
    page.locator("#step form .main").click()

    expect(page.get_by_role("heading", level=1, name="The papers")).to_be_visible()
    (picture,) = kept(house, session)
    assert (picture["name"], picture["size"]) == ("box.png", len(PNG))


def refused_then_sent(place: Page | Locator) -> None:
    """Send a file too large, one that is not what it says, and one that is right."""
    chooser = place.get_by_label("Choose a file")
    chooser.set_input_files(HEAVY)
    expect(place.get_by_text("The file is too large")).to_be_visible()
    chooser.set_input_files(PAPER)
    expect(place.get_by_text("is not what its type says")).to_be_visible()
    chooser.set_input_files(PICTURE)
    expect(place.get_by_text("box.png").first).to_be_visible()
    place.get_by_role("button", name="Continue").click()
    expect(place.get_by_text("Papers").first).to_be_visible()


def test_a_customer_is_told_which_file_is_wrong_and_sends_another(house: House, page: Page) -> None:
    page.goto(f"{house.url}{link(house, 'with.files')['url']}")

    refused_then_sent(page)


def test_a_customer_sends_a_file_from_another_site_s_page(
    house: House, crm: Site, page: Page
) -> None:
    token = link(house, "with.files", origin=crm.origin)["token"]
    crm.page = WIDGET.format(base=house.url, token=token)
    page.goto(crm.origin)

    refused_then_sent(page.locator("journey-runner"))
