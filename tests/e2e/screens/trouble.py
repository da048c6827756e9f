"""Screens of a contact that meets something: no network, a refusal, a colleague, an incident."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page, expect

from tests.e2e.desk import CLAIRE, Desk, Shown
from tests.e2e.hands import send


def paused(desk: Desk) -> Shown:
    page = desk.open("remboursement", {}, then="pause")
    return page, page.locator(".state .main")


def handed_over(desk: Desk) -> Shown:
    page = desk.open("remboursement", {}, then="hand_over", to="advisor")
    return page, page.locator(".state")


def offline(desk: Desk) -> Shown:
    page = desk.open("livraison.suivi", CLAIRE)
    expect(page.locator(".option").first).to_be_visible()
    page.context.set_offline(True)
    page.keyboard.press("1")
    # What is on its way would be sent as soon as the network is back.
    desk.sessions.clear()
    return page, page.locator("#step .notice.warn")


def _refusing(desk: Desk, status: int, code: str) -> Page:
    """Open a session whose every command will be refused."""
    page = desk.open("livraison.suivi", CLAIRE)
    desk.answers("**/commands?*", status, code)
    # A page that is there already may still reach the service past what was set since.
    page.reload()
    expect(page.locator(".option").first).to_be_visible()
    return page


def refused(desk: Desk) -> Shown:
    page = _refusing(desk, 409, "command.impossible")
    page.keyboard.press("h")
    return page, page.locator("#step .notice.bad")


def signed_out_meanwhile(desk: Desk) -> Shown:
    page = _refusing(desk, 401, "access.unauthenticated")
    page.keyboard.press("1")
    desk.sessions.clear()
    return page, page.locator("#step .notice.warn .main")


def moved_by_a_colleague(desk: Desk) -> Shown:
    desk.sessions.clear()
    page = desk.open("livraison.suivi", {})
    expect(page.locator("#step form input").first).to_be_focused()
    page.keyboard.type("mine@example.org")
    session = desk.session("livraison.suivi", {})
    view = desk.house.ask("GET", f"/v1/sessions/{session}", actor="advisor:bruno")
    theirs = {"type": "answer", "values": {"email": CLAIRE["email"]}}
    send(desk.house, view, theirs, actor="advisor:bruno")
    desk.sessions.clear()
    return page, page.locator("#step .notice .main")


def incident_under_way(desk: Desk) -> Shown:
    desk.incident()
    page = desk.open("remboursement", {})
    return page, page.locator("#step .notice .said").last


TROUBLE: Final = (
    paused,
    handed_over,
    offline,
    refused,
    signed_out_meanwhile,
    moved_by_a_colleague,
    incident_under_way,
)
