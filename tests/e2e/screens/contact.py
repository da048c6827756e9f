"""Screens of a contact: its steps, its dialogs, its wrap-up."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import expect

from tests.e2e.desk import CARD, CLAIRE, SLOW_LINE, TESTING, Desk, Shown
from tests.e2e.hands import send
from tests.e2e.libraries import every_type_at_once

PREFERENCES: Final = re.compile("Preferences|Préférences")


def choice(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", CLAIRE)
    return page, page.locator(".option").nth(2)


def long_choice(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", CLAIRE | {"complaint": "not_received"})
    return page, page.locator(".option").nth(5)


def typed(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", {})
    return page, page.locator("#step form input").first


def several_at_once(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", {})
    line = page.locator("#step").get_by_role("textbox").last
    line.fill("69003, claire.dubois@example.org, zzyzx")
    return page, line


def wrong_answer(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", {})
    page.locator("#step form input").first.fill("not an address")
    page.locator("#step form .main").click()
    return page, page.locator("#step [role=alert]").first


def fields(desk: Desk) -> Shown:
    page = desk.open("internet.panne", CLAIRE)
    return page, page.get_by_role("radio").last


def pending(desk: Desk) -> Shown:
    desk.sessions.clear()
    page = desk.open("internet.panne", SLOW_LINE | TESTING)
    return page, page.locator(".turning")


def by_hand(desk: Desk) -> Shown:
    page = desk.open("internet.panne", SLOW_LINE | TESTING, then="take_over")
    return page, page.locator(".procedure")


def late_answer(desk: Desk) -> Shown:
    page = desk.open("internet.panne", SLOW_LINE | TESTING, then="take_over")
    offer = page.locator(".notice", has=page.locator("strong")).first
    expect(offer).to_be_visible(timeout=20_000)
    return page, offer


def recap(desk: Desk) -> Shown:
    taken = desk.house.begin("livraison.suivi", actor="bot:chat", language=desk.language)
    for actor, command in (("bot:chat", "hand_over"), ("advisor:ana", "accept")):
        view = desk.house.ask("GET", f"/v1/sessions/{taken}", actor=actor)
        send(desk.house, view, {"type": command}, actor=actor)
    page = desk.go(f"/s/{taken}")
    return page, page.locator("#step dl").first


def earlier(desk: Desk) -> Shown:
    desk.session("livraison.suivi", CARD | {"paid": True, "rating": 5, "time_useful": True})
    page = desk.open("livraison.suivi", CLAIRE)
    page.locator("aside .line").first.click()
    return page, page.locator("aside section section ol li").last


def waiting(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", CARD | {"paid": False})
    return page, page.locator(".state")


def palette(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", CLAIRE)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").last.fill("re")
    return page, page.get_by_role("option").nth(3)


def help_of_keys(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", CLAIRE)
    expect(page.locator(".option").first).to_be_visible()
    page.keyboard.press("?")
    return page, page.get_by_role("dialog")


def preferences(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", CLAIRE)
    page.locator("header .menu summary").click()
    page.locator(".menu").get_by_text(PREFERENCES).click()
    return page, page.get_by_role("dialog")


def transfer(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", CLAIRE)
    expect(page.locator(".option").first).to_be_visible()
    page.keyboard.press("t")
    return page, page.get_by_role("dialog").get_by_role("button").nth(2)


def another_request(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", CLAIRE)
    expect(page.locator(".option").first).to_be_visible()
    page.keyboard.press("a")
    return page, page.get_by_role("dialog")


def looking_back(desk: Desk) -> Shown:
    desk.sessions.clear()
    page = desk.open("livraison.suivi", CARD)
    page.locator("aside ol button").nth(2).click()
    return page, page.locator(".back .notice")


def amend(desk: Desk) -> Shown:
    page, banner = looking_back(desk)
    expect(banner).to_be_visible()
    page.locator(".option").last.click()
    return page, page.get_by_role("dialog")


def wrap_up(desk: Desk) -> Shown:
    done = CARD | {"paid": True, "rating": 5, "time_useful": True}
    page = desk.open("livraison.suivi", done)
    return page, page.locator(".axes code").nth(2)


def several_types(desk: Desk) -> Shown:
    desk.house.publish(every_type_at_once())
    page = desk.open("types.at_once", {})
    return page, page.get_by_role("radio").last


def several_types_missing(desk: Desk) -> Shown:
    page, last = several_types(desk)
    expect(last).to_be_visible()
    page.locator("#step form .main").click()
    return page, page.locator("#step [role=alert]").nth(3)


def ended_without_outcome(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", CLAIRE)
    expect(page.locator(".option").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    return page, page.get_by_role("dialog").locator(".choice:enabled").first


def promise(desk: Desk) -> Shown:
    page, more = more_commands(desk)
    expect(more).to_be_visible()
    more.click()
    return page, page.get_by_role("dialog").locator("input").first


def more_commands(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", CLAIRE)
    page.locator("nav details summary").click()
    return page, page.locator("nav details .button:enabled").first


CONTACT: Final = (
    choice,
    long_choice,
    typed,
    several_at_once,
    wrong_answer,
    fields,
    pending,
    by_hand,
    late_answer,
    recap,
    earlier,
    waiting,
    palette,
    help_of_keys,
    preferences,
    transfer,
    another_request,
    looking_back,
    amend,
    wrap_up,
    several_types,
    several_types_missing,
    ended_without_outcome,
    promise,
    more_commands,
)
