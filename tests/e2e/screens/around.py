"""Screens around a contact: signing in, home, a call, incidents, addresses of nowhere."""

from __future__ import annotations

import time
from typing import Final

from playwright.sync_api import expect

from tests.e2e.desk import CLAIRE, Desk, Shown
from tests.e2e.hands import PATIENCE_S, send, walk


def sign_in(desk: Desk) -> Shown:
    desk.stranger.goto(f"{desk.house.url}/sign-in")
    return desk.stranger, desk.stranger.get_by_role("button", name="Ana Martin")


def signed_out(desk: Desk) -> Shown:
    desk.stranger.goto(f"{desk.house.url}/sign-in?next=/s/ses_1")
    return desk.stranger, desk.stranger.get_by_role("button", name="Ana Martin")


def sign_in_refused(desk: Desk) -> Shown:
    desk.stranger.goto(f"{desk.house.url}/sign-in?error=sign-in.no-role")
    return desk.stranger, desk.stranger.get_by_role("button", name="Ana Martin")


def home_empty(desk: Desk) -> Shown:
    page = desk.go("/")
    return page, page.locator(".journeys li").first


def home_nothing_found(desk: Desk) -> Shown:
    page = desk.go("/")
    page.get_by_role("searchbox").fill("zzyzx")
    return page, page.locator(".empty", has_text="zzyzx")


def home(desk: Desk) -> Shown:
    desk.session("livraison.suivi", CLAIRE)
    for who in ("bruno", "chloe"):
        other = desk.house.begin("remboursement", actor=f"advisor:{who}", language=desk.language)
        view = desk.house.ask("GET", f"/v1/sessions/{other}", actor=f"advisor:{who}")
        send(desk.house, view, {"type": "hand_over", "to": "advisor"}, actor=f"advisor:{who}")
    page = desk.go("/")
    page.get_by_role("searchbox").fill("rien reçu" if desk.language == "fr" else "nothing arrived")
    expect(page.locator(".results").first).to_be_visible()
    return page, page.locator(".sessions li").nth(1)


def no_such_page(desk: Desk) -> Shown:
    page = desk.go("/s/a.b")
    return page, page.get_by_role("heading", level=1)


def nowhere(desk: Desk) -> Shown:
    desk.stranger.goto(f"{desk.house.url}/nothing/here")
    return desk.stranger, desk.stranger.get_by_role("link")


def no_such_session(desk: Desk) -> Shown:
    page = desk.go("/s/ses_01m8hqdvhnq7nh1s60qb4h294f")
    return page, page.locator(".gone .main")


def home_away(desk: Desk) -> Shown:
    desk.go("/sign-in")
    desk.answers("**/v1/journeys?*", 503, "service.busy")
    desk.page.goto(f"{desk.house.url}/")
    return desk.page, desk.page.get_by_role("alert")


def home_of_a_call(desk: Desk) -> Shown:
    call = f"screens-{desk.language}-{desk.count()}"
    page = desk.go(f"/launch?call_id={call}&from=anonymous")
    expect(page).to_have_url(f"{desk.house.url}/")
    return page, page.locator("#step p[role=status]")


def launch(desk: Desk) -> Shown:
    page = desk.go("/launch?uniqueid=screens-1&phone_number=0612345678&journey=livraison.suivi")
    return page, page.locator("#step button")


def launch_of_nothing(desk: Desk) -> Shown:
    page = desk.go("/launch")
    return page, page.get_by_role("alert")


def menu(desk: Desk) -> Shown:
    page = desk.go("/")
    page.locator("header .menu summary").click()
    return page, page.locator(".menu .button").last


def unreachable(desk: Desk) -> Shown:
    desk.go("/sign-in")
    desk.page.route("**/v1/me", lambda route: route.abort())
    desk.page.goto(f"{desk.house.url}/")
    return desk.page, desk.page.locator("main .main")


def incidents_none(desk: Desk) -> Shown:
    page = desk.supervise("/incidents")
    return page, page.get_by_role("checkbox").last


def incident_refused(desk: Desk) -> Shown:
    page = desk.supervise("/incidents")
    page.locator("#incident-title").fill("Lyon")
    page.locator("form [type=submit]").click()
    return page, page.get_by_role("alert").first


def incidents(desk: Desk) -> Shown:
    desk.incident()
    page = desk.supervise("/incidents")
    return page, page.locator("li.card").last


def _counted(desk: Desk) -> bool:
    told = desk.house.ask("GET", "/v1/measures/contacts", actor="supervisor:diane")
    return bool(told["total"]["value"])


def listening(desk: Desk) -> Shown:
    begun = desk.house.begin("livraison.suivi", language=desk.language)
    view = walk(desk.house, begun, CLAIRE)
    send(desk.house, view, {"type": "finish", "outcome": "unresolved"})
    until = time.monotonic() + PATIENCE_S
    # What is over is counted a moment after.
    while not _counted(desk) and time.monotonic() < until:
        pass
    drawn = {"name": "Lyon", "size": 1, "seed": 1, "by": None}
    sample = desk.house.ask("POST", "/v1/samples", drawn, actor="supervisor:diane")["id"]
    page = desk.supervise("/samples")
    page.locator(f'a[href="/samples/{sample}"]').click()
    expect(page.locator("li[aria-current]")).to_be_focused()
    page.keyboard.press("2")
    return page, page.locator("[aria-pressed=true]").first


AROUND: Final = (
    sign_in,
    signed_out,
    sign_in_refused,
    home_empty,
    home_nothing_found,
    home,
    no_such_page,
    nowhere,
    no_such_session,
    home_away,
    home_of_a_call,
    launch,
    launch_of_nothing,
    menu,
    unreachable,
    incidents_none,
    incident_refused,
    incidents,
    listening,
)
