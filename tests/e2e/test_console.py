"""An advisor's day in a real browser: any journey by keyboard, and nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.e2e.hands import walk
from tests.e2e.house import House
from tests.e2e.libraries import TYPES, every_type, thirty_steps

PATIENCE_MS = 20_000
WIDE: ViewportSize = {"width": 1366, "height": 768}

Enter = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """Show pages as a console's screen does, in English."""
    return {"viewport": WIDE, "locale": "en-GB", "timezone_id": "Europe/Paris"}


@pytest.fixture
def enter(house: House, page: Page) -> Enter:
    """Give a function that signs somebody in and opens an address of the console."""

    def come(path: str = "/", *, who: str = "Ana Martin", on: Page | None = None) -> Page:
        where = on or page
        where.set_default_timeout(PATIENCE_MS)
        where.goto(house.url + "/sign-in")
        where.get_by_role("button", name=who).click()
        expect(where.get_by_role("heading", name="What does the customer ask?")).to_be_visible()
        if path != "/":
            where.goto(house.url + path)
        return where

    return come


def at(page: Page, title: str | re.Pattern[str]) -> None:
    """Expect a step to be shown."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=PATIENCE_MS)


def kept(house: House, session: str) -> dict[str, list[Any]]:
    """Return what was answered to each question, as often as it was."""
    events = house.ask("GET", f"/v1/sessions/{session}/events?limit=100", actor="advisor:ana")
    found: dict[str, list[Any]] = {}
    for event in events["items"]:
        if event["kind"] == "left":
            for name, value in (event["values"] or {}).items():
                found.setdefault(name, []).append(value)
    return found


def title_of(page: Page) -> str:
    """Return the name of the step that is shown."""
    return page.get_by_role("heading", level=1).inner_text()


def test_whoever_is_not_signed_in_is_asked_who_they_are(house: House, page: Page) -> None:
    page.goto(house.url + "/")

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Ana Martin")).to_have_count(1)


def test_a_contact_goes_from_the_customers_words_to_its_wrap_up_by_keyboard_alone(
    enter: Enter, strangers: list[str]
) -> None:
    page = enter()
    press, write = page.keyboard.press, page.keyboard.type

    write("nothing arrived")
    expect(page.get_by_role("heading", name="What the customer declares")).to_be_visible()
    press("Enter")
    at(page, "E-mail address")
    typed = {"E-mail address": "claire.dubois@example.org", "Postcode": "69003"}
    for _ in range(16):
        title = title_of(page)
        if title == "Wrap-up":
            break
        if title == "Satisfaction":
            # A mark with a digit; the next digit is for the step's other question.
            for key in ("5", "1"):
                press(key)
            press("Enter")
        elif page.locator("#step button.option").count():
            press("1")
        else:
            if title in typed:
                expect(page.locator("#step form input").first).to_be_focused()
                write(typed[title])
            press("Enter")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(title)

    at(page, "Wrap-up")
    expect(page.get_by_text("Resolved").first).to_be_visible()
    for axis in ("Declared", "Found", "Done"):
        expect(page.get_by_text(axis, exact=True).first).to_be_visible()
    assert strangers == []


def test_a_journey_of_thirty_steps_is_walked_by_keyboard_alone(house: House, enter: Enter) -> None:
    house.publish(thirty_steps())
    page = enter("/s/" + house.begin("thirty.steps"))

    for number in range(1, 31):
        at(page, f"Step {number}")
        if number % 3 == 0:
            expect(page.locator("#step form input").first).to_be_focused()
            page.keyboard.type(f"word {number}")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press(str(1 + number % 2))
    at(page, re.compile("^That was it"))
    page.keyboard.press("Enter")

    at(page, "Wrap-up")
    expect(page.get_by_text("word 30").first).to_be_visible()


def written(page: Page, parts: dict[str, str]) -> None:
    """Write the parts of an answer, going from one control to the next with Tab."""
    for _ in range(12):
        label = page.evaluate(
            "() => document.activeElement.labels?.[0]?.innerText ?? document.activeElement.tagName"
        )
        for name, text in parts.items():
            if label.startswith(name):
                page.keyboard.type(text)
        if page.evaluate("() => document.activeElement.type") == "submit":
            return
        page.keyboard.press("Tab")


def test_every_type_of_answer_is_given_by_keyboard_alone(house: House, enter: Enter) -> None:
    house.publish(every_type())
    session = house.begin("every.type")
    page = enter("/s/" + session)
    keys = {
        "choice": ["2"],
        "multiple": ["1", "2", "Enter"],
        "yes_no": ["1"],
        "text": ["=some words", "Enter"],
        "lines": ["=two", "Enter", "=lines", "Tab", "Enter"],
        "number": ["=12,5", "Enter"],
        "money": ["=12.50", "Enter"],
        "date": ["=02/12/2026", "Enter"],
        "period": ["=02/12/2026", "Tab", "=05/12/2026", "Enter"],
        "time": ["=9:30", "Enter"],
        "phone": ["=06 12 34 56 78", "Enter"],
        "email": ["=claire@example.org", "Enter"],
        "identifier": ["=4539 1488 0343 6467", "Enter"],
        "rating": ["4", "Enter"],
        "consent": ["1", "Enter"],
    }
    parts = {
        "Number and street": "12 rue de la Gare",
        "Postcode": "69003",
        "Town": "Lyon",
        "Article": "Lamp",
    }

    for name in TYPES:
        at(page, f"The {name}")
        for key in keys.get(name, []):
            if key.startswith("="):
                page.keyboard.type(key[1:])
            else:
                page.keyboard.press(key)
        if name not in keys:
            written(page, parts)
            page.keyboard.press("Enter")

    at(page, re.compile("^That was it"))
    view = house.ask("GET", f"/v1/sessions/{session}", actor="advisor:ana")
    given = {
        name: value for line in view["history"] for name, value in (line["values"] or {}).items()
    }
    assert given["number"] == {"value": 12.5, "unit": "kg"}
    assert given["money"] == {"amount": "12.50", "currency": "EUR"}
    assert given["date"] == "2026-12-02"
    assert given["period"] == {"from": "2026-12-02", "to": "2026-12-05"}
    assert given["time"] == "09:30"
    assert given["phone"] == "+33612345678"


def test_an_earlier_answer_is_corrected_once_its_consequences_were_shown(
    house: House, enter: Enter
) -> None:
    house.publish(thirty_steps())
    session = house.begin("thirty.steps")
    page = enter("/s/" + session)
    for number in (1, 2):
        at(page, f"Step {number}")
        page.keyboard.press("1")
    at(page, "Step 3")

    page.get_by_role("button", name="Look at or correct: Step 1").click()
    at(page, "Step 1")
    page.keyboard.press("2")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Correct: Step 1")
    expect(dialog).to_contain_text("Nothing else changes.")
    dialog.get_by_role("button", name="Correct", exact=True).click()

    at(page, "Step 3")
    view = house.ask("GET", f"/v1/sessions/{session}", actor="advisor:ana")
    given = {
        name: value for line in view["history"] for name, value in (line["values"] or {}).items()
    }
    assert (given["v1"], given["v2"]) == ("no", "yes")


def test_a_refresh_and_a_killed_service_lose_neither_step_nor_keystroke(
    house: House, enter: Enter
) -> None:
    house.publish(thirty_steps())
    session = house.begin("thirty.steps")
    page = enter("/s/" + session)
    for number in (1, 2):
        at(page, f"Step {number}")
        page.keyboard.press("1")
    at(page, "Step 3")
    page.keyboard.type("half a wo")
    page.reload()
    at(page, "Step 3")
    expect(page.locator("#step form input").first).to_have_value("half a wo")

    house.kill()
    page.locator("#step form input").first.click()
    page.keyboard.press("End")
    page.keyboard.type("rd")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The service does not answer.").first).to_be_visible()
    house.start()

    at(page, "Step 4")
    assert kept(house, session) == {"v1": ["yes"], "v2": ["yes"], "v3": ["half a word"]}


def test_thirty_seconds_offline_lose_nothing(
    house: House, enter: Enter, context: BrowserContext
) -> None:
    house.publish(thirty_steps())
    session = house.begin("thirty.steps")
    walk(house, session, {"v1": "yes", "v2": "yes"})
    page = enter("/s/" + session)
    at(page, "Step 3")
    page.clock.install()

    context.set_offline(offline=True)
    page.keyboard.type("half a word")
    page.keyboard.press("Enter")
    expect(page.get_by_text("one answer waits").first).to_be_visible()
    note = page.get_by_role("textbox", name="Write a note")
    note.click()
    page.keyboard.type("call back")
    page.keyboard.press("Enter")
    # Half a minute of tries that come to nothing, on the page's own clock.
    page.clock.run_for(31_000)
    note.click()
    page.keyboard.type("and again")
    expect(page.get_by_text("2 answers wait").first).to_be_visible()
    context.set_offline(offline=False)

    at(page, "Step 4")
    expect(note).to_have_value("and again")
    expect(page.locator(".notes li", has_text="call back")).to_have_count(1)
    assert kept(house, session)["v3"] == ["half a word"]


def test_whoever_is_signed_out_meanwhile_comes_back_to_the_step_and_their_answer_leaves_once(
    house: House, enter: Enter, context: BrowserContext
) -> None:
    house.publish(thirty_steps())
    session = house.begin("thirty.steps")
    walk(house, session, {"v1": "yes", "v2": "yes"})
    page = enter("/s/" + session)
    at(page, "Step 3")

    context.clear_cookies()
    page.keyboard.type("half a word")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign in again").click()
    page.get_by_role("button", name="Ana Martin").click()

    at(page, "Step 4")
    assert kept(house, session)["v3"] == ["half a word"]


def test_a_journey_withdrawn_meanwhile_says_so_and_who_has_begun_it_finishes_it(
    house: House, enter: Enter
) -> None:
    house.publish(thirty_steps())
    begun = house.begin("thirty.steps")
    page = enter()
    expect(page.get_by_role("button", name="Begin Thirty steps")).to_be_visible()
    house.publish(
        {path.replace("thirty.steps", "other"): text.replace("thirty.steps", "other")
         for path, text in thirty_steps().items()}
    )  # fmt: skip

    page.get_by_role("searchbox").fill("what they said")
    page.get_by_role("button", name="Begin Thirty steps").click()
    expect(page.get_by_role("alert")).to_contain_text("journey")
    expect(page.get_by_role("searchbox")).to_have_value("what they said")
    page.goto(f"{house.url}/s/{begun}")
    at(page, "Step 1")
    page.keyboard.press("1")

    at(page, "Step 2")
    house.publish(thirty_steps())


def test_one_advisor_hands_over_and_another_goes_on_at_that_very_step(
    house: House, enter: Enter, browser: Browser
) -> None:
    house.publish(thirty_steps())
    session = house.begin("thirty.steps")
    page = enter("/s/" + session)
    at(page, "Step 1")
    page.keyboard.press("1")
    at(page, "Step 2")
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("An advisor").click()
    expect(page.get_by_text("Hand-over to").first).to_be_visible()

    other = browser.new_context(viewport=WIDE, locale="en-GB")
    try:
        there = enter(who="Bruno Leroy", on=other.new_page())
        there.get_by_role("button", name=re.compile("Thirty steps.*Hand-over", re.DOTALL)).click()
        there.get_by_role("button", name="Take the session").click()
        expect(there.locator("#step button.option").first).to_be_visible()
        at(there, "Step 2")
        there.keyboard.press("1")
        at(there, "Step 3")
    finally:
        other.close()

    at(page, "Step 3")


def test_a_colleagues_move_is_shown_and_what_was_typed_is_kept(house: House, enter: Enter) -> None:
    house.publish(thirty_steps())
    session = house.begin("thirty.steps")
    page = enter("/s/" + session)
    for number in (1, 2):
        at(page, f"Step {number}")
        page.keyboard.press("1")
    at(page, "Step 3")
    page.keyboard.type("mine")
    view = house.ask("GET", f"/v1/sessions/{session}", actor="advisor:bruno")
    house.ask(
        "POST", f"/v1/sessions/{session}/commands", {"type": "answer", "values": {"v3": "theirs"}},
        actor="advisor:bruno", match=f'"{view["version"]}"',
    )  # fmt: skip

    at(page, "Step 4")
    expect(page.get_by_text("mine").first).to_be_visible()
    expect(page.get_by_text("What you typed is kept").first).to_be_visible()


def test_another_request_opens_a_second_contact_with_what_is_known(
    house: House, enter: Enter
) -> None:
    page = enter("/s/" + house.begin("livraison.suivi"))
    at(page, "E-mail address")
    page.keyboard.type("claire.dubois@example.org")
    page.keyboard.press("Enter")
    at(page, "Postcode")
    page.keyboard.type("69003")
    page.keyboard.press("Enter")
    at(page, "What the customer says")

    page.keyboard.press("a")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Another request of the same customer")
    page.keyboard.type("refund")
    dialog.get_by_role("button", name=re.compile("Refund")).first.click()

    expect(page.get_by_role("navigation", name="Open contacts")).to_contain_text("Refund")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("E-mail address")
