from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.hands import Watch, link, sign_in
from tests.e2e.house import House
from tests.e2e.libraries import PAYLOADS, poisoned, poisoned_further
from tests.e2e.site import FRAME, WIDGET, Site

EVERYTHING_SHOWN = """() => [
  document.body.innerText,
  document.title,
  ...[...document.querySelectorAll('textarea, input')].map((one) => one.value),
].join('\\n')"""
MADE_BY_A_TEXT = """() => [...document.querySelectorAll(
  'img, iframe, script:not([src]), style, [onerror], [onload], [srcdoc], [href^="javascript:" i], '
  + '[href*="evil.example"], [src*="evil.example"]',
)].map((one) => one.outerHTML)"""


class Shown:
    """What was seen of the payloads on the way: each of them, as the text that it is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seen: set[str] = set()

    def look(self) -> None:
        text = self.page.evaluate(EVERYTHING_SHOWN)
        self.seen |= {payload for payload in PAYLOADS if payload in text}
        assert self.page.evaluate(MADE_BY_A_TEXT) == []


@pytest.fixture(scope="module")
def library(house: House) -> None:
    house.publish(poisoned())


@pytest.fixture
def watch(context: BrowserContext, strangers: list[str]) -> Iterator[Watch]:
    watch = Watch(context)
    yield watch
    assert watch.pwned() == []
    assert watch.dialogs == []
    assert watch.heard == []
    assert strangers == []


def option(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=words).filter(has_text=words)


def step(page: Page, title: str) -> Locator:
    return page.get_by_role("heading", level=1, name=title)


@pytest.mark.usefixtures("library")
def test_an_advisor_reads_hostile_texts_as_texts(house: House, page: Page, watch: Watch) -> None:
    shown = Shown(page)
    sign_in(page, house)

    # Home, its search and the palette.
    page.get_by_role("searchbox").fill("Poisoned <img src=x onerror=window.pwned=1>")
    expect(page.locator(".results, .empty").first).to_be_visible()
    shown.look()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").last.fill("Poisoned")
    expect(page.get_by_role("option").filter(has_text="Poisoned").first).to_be_visible()
    shown.look()
    page.keyboard.press("Enter")

    # A choice; a note; an answer, each with a payload.
    expect(step(page, "Opening")).to_be_visible()
    shown.look()
    note = page.get_by_role("textbox", name="note")
    note.fill(" ".join(PAYLOADS[:4]))
    note.press("Enter")
    expect(page.locator(".notes li").filter(has_text=PAYLOADS[0])).to_be_visible()
    option(page, "First").click()
    expect(step(page, "Words")).to_be_visible()
    shown.look()
    answer = page.locator("#step form input, #step form textarea").first
    answer.fill(" ".join(PAYLOADS[4:]))
    shown.look()
    answer.press("Enter")
    expect(page.get_by_role("radio", name="I agree")).to_be_visible()
    shown.look()

    # A correction and its preview.
    page.get_by_role("complementary").first.get_by_role("button").filter(has_text="First").click()
    expect(page.get_by_text("Second").first).to_be_visible()
    shown.look()
    option(page, "Second").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    shown.look()
    page.get_by_role("dialog").get_by_role("button", name="Correct").click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    # To the end, and what is written of it.
    expect(step(page, "Almost")).to_be_visible()
    page.get_by_role("radio", name="I agree").check()
    page.get_by_role("button", name="Continue").click()
    for title in ("Heard", "That was it"):
        expect(step(page, title)).to_be_visible()
        shown.look()
        page.get_by_role("button", name="Continue").click()
    expect(page.locator(".axes code").first).to_be_visible()
    shown.look()

    assert shown.seen == set(PAYLOADS)
    assert watch.pwned() == []


def test_what_people_type_and_rarer_texts_are_only_texts(
    house: House, page: Page, watch: Watch
) -> None:
    house.publish(poisoned_further())
    said = " ".join(PAYLOADS)
    text = {"text": f"{PAYLOADS[0]} {PAYLOADS[1]}"}
    incident = {"title": PAYLOADS[0], "texts": {"en": text}, "scope": {
        "journeys": ["poisoned.further"], "area": PAYLOADS[2]}}  # fmt: skip
    made = house.ask("POST", "/v1/incidents", incident, actor="supervisor:diane")
    house.ask(
        "POST", f"/v1/incidents/{made['id']}:validate", {"version": 1}, actor="supervisor:diane"
    )
    session = house.begin("poisoned.further", words=said)
    shown = Shown(page)

    # A goal, marks, units, parts; the customer's own words; an incident.
    sign_in(page, house, at=f"/s/{session}")
    expect(page.get_by_role("region", name="Incident under way")).to_be_visible()
    expect(page.get_by_role("radio").last).to_be_visible()
    shown.look()
    assert shown.seen == set(PAYLOADS)

    # Teams; a promise, a question to a team, a reason.
    page.locator("h1").focus()
    page.keyboard.press("q")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(said)
    shown.look()
    dialog.get_by_role("button", name="Team").click()
    expect(page.get_by_text("Consulting Team")).to_be_visible()
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Promise…").click()
    dialog.get_by_role("textbox").first.fill(said)
    dialog.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text(PAYLOADS[3]).first).to_be_visible()
    shown.look()

    # The page where incidents are written.
    page.context.clear_cookies()
    sign_in(page, house, "Diane Moreau", at="/incidents")
    expect(page.locator("li.card").first).to_be_visible()
    shown.look()
    page.get_by_role("button", name="End the incident").click()
    expect(page.get_by_role("button", name="End the incident")).to_have_count(0)
    assert watch.pwned() == []


@pytest.mark.usefixtures("library")
def test_a_customer_reads_hostile_texts_as_texts(house: House, page: Page, watch: Watch) -> None:
    shown = Shown(page)
    made = link(house, "poisoned.texts")

    page.goto(f"{house.url}{made['url']}")
    expect(page.get_by_role("radio").first).to_be_visible()
    shown.look()
    page.get_by_role("button", name="None of these").click()
    page.get_by_role("textbox").fill(" ".join(PAYLOADS))
    shown.look()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("textbox")).to_be_visible()
    shown.look()
    page.get_by_role("textbox").fill(" ".join(PAYLOADS[4:]))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("radio", name="I agree").check()
    shown.look()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("radio", name="I agree")).to_have_count(0)
    shown.look()
    for words in ("Listen", "That was it"):
        expect(page.get_by_text(words).first).to_be_visible()
        shown.look()
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    shown.look()

    assert shown.seen == set(PAYLOADS)
    assert watch.pwned() == []


SHADOW = """() => {
  const root = document.querySelector('journey-runner').shadowRoot;
  return {
    text: [...root.children].map((one) => one.innerText).join('\\n'),
    made: [...root.querySelectorAll(
      'img, iframe, script, [onerror], [onload], [srcdoc], [href], [src]',
    )].map((one) => one.outerHTML),
  };
}"""


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("inside", [WIDGET, FRAME], ids=["widget", "frame"])
def test_hostile_texts_are_only_texts_in_another_site_s_page(
    house: House, crm: Site, page: Page, watch: Watch, inside: str
) -> None:
    token = link(house, "poisoned.texts")["token"]
    crm.page = inside.format(base=house.url, token=token)
    page.goto(crm.origin)
    place = page.locator("journey-runner") if inside is WIDGET else page.frame_locator("iframe")
    seen: set[str] = set()

    def look() -> None:
        if inside is WIDGET:
            found = page.evaluate(SHADOW)
        else:
            frame = page.frames[1]
            found = {
                "text": frame.evaluate(EVERYTHING_SHOWN),
                "made": frame.evaluate(MADE_BY_A_TEXT),
            }
        seen.update(payload for payload in PAYLOADS if payload in found["text"])
        assert found["made"] == []

    expect(place.get_by_role("radio").first).to_be_visible()
    look()
    place.get_by_role("radio").first.check()
    place.get_by_role("button", name="Continue").click()
    expect(place.get_by_role("textbox")).to_be_visible()
    look()
    place.get_by_role("textbox").fill(" ".join(PAYLOADS))
    place.get_by_role("button", name="Continue").click()
    expect(place.get_by_role("radio", name="I agree")).to_be_visible()
    look()
    place.get_by_role("radio", name="I agree").check()
    place.get_by_role("button", name="Continue").click()
    for words in ("Listen", "That was it"):
        expect(place.get_by_text(words).first).to_be_visible()
        look()
        place.get_by_role("button", name="Continue").click()
    expect(place.get_by_role("heading", name="All done")).to_be_visible()

    assert seen == set(PAYLOADS)
    assert watch.pwned() == []


@pytest.mark.usefixtures("library")
def test_an_address_that_is_a_payload_opens_nothing(house: House, page: Page, watch: Watch) -> None:
    sign_in(page, house)

    for address in (
        "/s/%3Cimg%20src=x%20onerror=window.pwned=1%3E",
        "/s/javascript:window.pwned=1",
        "/sign-in?next=javascript:window.pwned=1",
        "/sign-in?next=//evil.example/",
    ):
        page.goto(f"{house.url}{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="Ana Martin").click()

    expect(page.get_by_role("banner")).to_be_visible()
    assert page.url == f"{house.url}/"
    page.goto(f"{house.url}/care#t=<img src=x onerror=window.pwned=1>")
    expect(page.get_by_role("heading", name="This link is not known")).to_be_visible()
    assert watch.pwned() == []
