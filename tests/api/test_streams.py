"""An advisor's screen follows a session as it happens, and misses nothing when it comes back."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx

from api import paging
from tests.api.service import OTHER_TENANT, PATIENCE_S, TENANT, Shop, begin, bring, key

REASON = {"type": "answer", "step": "reason", "values": {"reason": "nothing"}}


def events_of(lines: Iterator[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (id, data) of each event of a stream."""
    number = 0
    for line in lines:
        if line.startswith("id: "):
            number = int(line[4:])
        elif line.startswith("data: "):
            yield number, json.loads(line[6:])


def named(shop: Shop, name: str) -> httpx.Client:
    """Return the client of an advisor of a name of their own."""
    assert shop.service is not None
    assert shop.loop is not None
    making = shop.service.keys.create(TENANT, "advisor", name=name)
    made = asyncio.run_coroutine_threadsafe(making, shop.loop).result(PATIENCE_S)
    return shop.client("nobody", Authorization=f"Bearer {made.token}")


def take(response: httpx.Response, until: int) -> list[tuple[int, dict[str, Any]]]:
    """Return the events of a stream up to a number."""
    taken = []
    for number, event in events_of(response.iter_lines()):
        taken.append((number, event))
        if number >= until:
            break
    return taken


def test_a_follower_hears_of_what_was_and_of_what_comes(any_shop: Shop) -> None:
    with any_shop.client() as advisor, any_shop.client("supervisor") as supervisor:
        begun = begin(advisor)
        path = f"/v1/sessions/{begun.json()['session']}/events"
        first = advisor.get(path).json()["items"][-1]["seq"]
        with supervisor.stream("GET", f"{path}/stream") as stream:
            assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
            bring(advisor, begun, REASON)
            heard = take(stream, first + 1)

        stored = advisor.get(path).json()["items"]
        assert [number for number, _ in heard][: first + 1] == list(range(1, first + 2))
        assert [event for _, event in heard] == stored[: len(heard)]


def test_a_follower_who_comes_back_goes_on_where_it_left(shop: Shop) -> None:
    with shop.client() as advisor:
        begun = begin(advisor)
        path = f"/v1/sessions/{begun.json()['session']}/events"
        bring(advisor, begun, REASON)
        last = advisor.get(path).json()["items"][-1]["seq"]

        with advisor.stream("GET", f"{path}/stream", headers={"Last-Event-ID": "2"}) as stream:
            heard = take(stream, last)

    assert [number for number, _ in heard] == list(range(3, last + 1))


def test_the_events_come_in_pages_without_a_gap(any_shop: Shop) -> None:
    with any_shop.client() as advisor:
        begun = begin(advisor)
        path = f"/v1/sessions/{begun.json()['session']}/events"
        bring(advisor, begun, REASON)
        whole = advisor.get(path, params={"limit": 200}).json()

        paged, cursor = [], None
        while True:
            params: dict[str, Any] = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = advisor.get(path, params=params).json()
            paged += page["items"]
            cursor = page["next"]
            if cursor is None:
                break

    assert whole["next"] is None
    assert paged == whole["items"]
    assert [event["seq"] for event in paged] == list(range(1, len(paged) + 1))


def test_a_cursor_of_another_session_is_refused(shop: Shop) -> None:
    with shop.client() as advisor:
        one, other = (begin(advisor).json()["session"] for _ in range(2))
        page = advisor.get(f"/v1/sessions/{one}/events", params={"limit": 1}).json()

        refused = advisor.get(f"/v1/sessions/{other}/events", params={"cursor": page["next"]})

    assert (refused.status_code, refused.json()["code"]) == (400, "request.bad-cursor")


def test_a_cursor_of_another_tenant_or_with_a_letter_changed_is_refused(any_shop: Shop) -> None:
    with any_shop.client() as advisor:
        for _ in range(2):
            begin(advisor)
        page = advisor.get("/v1/tickets", params={"limit": 1}).json()
        own = page["next"]
        theirs = paging.write(OTHER_TENANT, "tickets", page["items"][0]["id"])
        middle = len(own) // 2
        changed = own[:middle] + ("A" if own[middle] != "A" else "B") + own[middle + 1 :]
        refused = [advisor.get("/v1/tickets", params={"cursor": one}) for one in (theirs, changed)]
        following = advisor.get("/v1/tickets", params={"cursor": own})

    assert {(one.status_code, one.json()["code"]) for one in refused} == {
        (400, "request.bad-cursor")
    }
    assert following.status_code == 200


def test_an_open_screen_hears_within_seconds_that_an_incident_is_said(any_shop: Shop) -> None:
    with any_shop.client() as advisor, any_shop.client("supervisor") as supervisor:
        begun = begin(advisor)
        path = f"/v1/sessions/{begun.json()['session']}"
        last = advisor.get(f"{path}/events").json()["items"][-1]["seq"]
        body = {"title": "Strike", "texts": {"en": {"text": "On strike."}}}
        made = supervisor.post("/v1/incidents", json=body, headers=key()).json()["id"]
        resumed = {"Last-Event-ID": str(last)}
        with advisor.stream("GET", f"{path}/events/stream", headers=resumed) as stream:
            supervisor.post(f"/v1/incidents/{made}:validate", json={"version": 1})
            began = time.monotonic()
            data = next(line for line in stream.iter_lines() if line.startswith("data: "))

        shown = advisor.get(path).json()["incidents"]
        supervisor.post(f"/v1/incidents/{made}:end", json={"version": 1})

    assert time.monotonic() - began < 10
    assert json.loads(data[6:]) == {"kind": "incidents", "by": None}
    assert [one["text"] for one in shown] == ["On strike."]


def news_of(lines: Iterator[str]) -> dict[str, Any]:
    """Return the next event of a stream."""
    return next(event for _, event in events_of(lines))


def test_a_member_hears_what_waits_for_the_team_until_somebody_takes_it(any_shop: Shop) -> None:
    path = "/v1/waiting/stream"
    with named(any_shop, "paul") as paul, any_shop.client() as ana, any_shop.client("bot") as bot:
        assert bot.get(path).status_code == 403
        with paul.stream("GET", path) as stream, ana.stream("GET", path) as apart:
            lines, nothing = stream.iter_lines(), news_of(apart.iter_lines())
            assert news_of(lines) == nothing == {"kind": "snapshot", "items": [], "more": False}
            begun = begin(ana)
            bring(ana, begun, {"type": "transfer", "team": "seller"})
            asked = news_of(lines)
            session = begun.json()["session"]
            assert (asked["kind"], asked["item"]["id"]) == ("asked", session)
            assert asked["item"]["asked"]["by"] == "advisor:ana"
            with paul.stream("GET", path) as again:
                assert news_of(again.iter_lines())["items"] == [asked["item"]]

            version = paul.get(f"/v1/sessions/{session}").headers["etag"]
            bring(paul, session, {"type": "accept"}, If_Match=version)
            assert news_of(lines) == {"kind": "gone", "session": session}
