"""Screens of a customer: a link's page, a frame and a widget in another site's page."""

from __future__ import annotations

import time
from typing import Final

from playwright.sync_api import expect

from tests.e2e.desk import CARD, CLAIRE, Desk, Shown
from tests.e2e.site import FRAME, WIDGET


def care_cut(desk: Desk) -> Shown:
    desk.stranger.goto(f"{desk.house.url}/care")
    return desk.stranger, desk.stranger.get_by_role("alert")


def care_unknown(desk: Desk) -> Shown:
    desk.stranger.goto("about:blank")
    desk.stranger.goto(f"{desk.house.url}/care#t=pe_{'x' * 43}")
    return desk.stranger, desk.stranger.get_by_role("alert")


def care_expired(desk: Desk) -> Shown:
    page = desk.stranger
    page.goto("about:blank")
    page.goto(desk.house.url + desk.expiring)
    until = time.monotonic() + 20
    while page.get_by_role("alert").count() == 0:
        assert time.monotonic() < until, "the link does not expire"
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page, page.get_by_role("alert")


def care_question(desk: Desk) -> Shown:
    page = desk.care("livraison.suivi")
    return page, page.get_by_role("textbox")


def care_choice(desk: Desk) -> Shown:
    page = desk.care("", session=desk.session("livraison.suivi", CLAIRE))
    return page, page.get_by_role("radio").nth(2)


def care_person(desk: Desk) -> Shown:
    page, radio = care_choice(desk)
    expect(radio).to_be_visible()
    words = "Parler à une personne" if desk.language == "fr" else "Talk to a person"
    page.get_by_role("button", name=words).click()
    desk.sessions.clear()
    words = "Une personne prend" if desk.language == "fr" else "A person takes over"
    return page, page.get_by_role("heading", name=words)


def care_end(desk: Desk) -> Shown:
    done = CARD | {"paid": True, "rating": 5, "time_useful": True}
    page = desk.care("", session=desk.session("livraison.suivi", done))
    words = "C’est terminé" if desk.language == "fr" else "All done"
    return page, page.get_by_role("heading", name=words)


def care_nothing_fits(desk: Desk) -> Shown:
    page, radio = care_choice(desk)
    expect(radio).to_be_visible()
    words = "Rien de tout cela" if desk.language == "fr" else "None of these"
    page.get_by_role("button", name=words).click()
    return page, page.get_by_role("textbox")


def care_wrong_answer(desk: Desk) -> Shown:
    page, box = care_question(desk)
    expect(box).to_be_visible()
    box.fill("not an address")
    page.locator("[type=submit]").first.click()
    return page, page.get_by_role("alert")


def care_later(desk: Desk) -> Shown:
    page, box = care_question(desk)
    expect(box).to_be_visible()
    words = "Reprendre plus tard" if desk.language == "fr" else "later"
    page.get_by_role("button", name=words).click()
    words = "Reprendre maintenant" if desk.language == "fr" else "now"
    return page, page.get_by_role("button", name=words)


def frame(desk: Desk) -> Shown:
    desk.elsewhere(FRAME, desk.session("livraison.suivi", CLAIRE))
    inside = desk.stranger.frames[1]
    return inside, desk.stranger.frame_locator("iframe").get_by_role("radio").nth(2)


def widget(desk: Desk) -> Shown:
    page = desk.elsewhere(WIDGET, desk.session("livraison.suivi", CLAIRE))
    return page, page.locator("journey-runner").get_by_role("radio").nth(2)


def widget_question(desk: Desk) -> Shown:
    page = desk.elsewhere(WIDGET, desk.session("livraison.suivi", {}))
    runner = page.locator("journey-runner")
    expect(runner.get_by_role("textbox")).to_be_visible()
    runner.get_by_role("button", name="Continuer" if desk.language == "fr" else "Continue").click()
    return page, runner.get_by_role("alert")


def widget_unknown(desk: Desk) -> Shown:
    page = desk.elsewhere(WIDGET, None)
    return page, page.locator("journey-runner").get_by_role("alert")


CUSTOMER: Final = (
    care_cut,
    care_unknown,
    care_expired,
    care_question,
    care_choice,
    care_person,
    care_end,
    care_nothing_fits,
    care_wrong_answer,
    care_later,
    frame,
    widget,
    widget_question,
    widget_unknown,
)
