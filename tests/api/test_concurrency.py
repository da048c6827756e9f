"""Several callers at once: exactly one advances, and everyone learns where the session stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx

from tests.api.service import Shop, begin, bring

CLIENTS = 8
REASON = {"type": "answer", "step": "reason", "values": {"reason": "nothing"}}


def at_once(call: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    """Return the answers of several callers who let go at the same moment."""
    barrier = Barrier(CLIENTS)

    def one(number: int) -> httpx.Response:
        barrier.wait()
        return call(number)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, range(CLIENTS)))


def test_two_clients_at_once_get_one_200_and_one_412(any_shop: Shop) -> None:
    with any_shop.client() as client:
        begun = begin(client)
        session = begun.json()["session"]

        answers = at_once(lambda n: bring(client, begun, REASON, Idempotency_Key=f"tab-{n}"))

        assert Counter(a.status_code for a in answers) == {200: 1, 412: CLIENTS - 1}
        won = next(a for a in answers if a.status_code == 200)
        for lost in answers:
            assert lost.headers["etag"] == won.headers["etag"]
            if lost is not won:
                assert lost.json()["view"] == won.json()
        left = [
            event
            for event in client.get(f"/v1/sessions/{session}/events").json()["items"]
            if event["kind"] == "left"
        ]
        assert len(left) == 1


def test_one_request_sent_many_times_at_once_has_one_effect(any_shop: Shop) -> None:
    with any_shop.client() as client:
        begun = begin(client)
        session = begun.json()["session"]

        answers = at_once(lambda _: bring(client, begun, REASON, Idempotency_Key="double-click"))

        assert {a.status_code for a in answers} <= {200, 409}
        assert len({a.content for a in answers if a.status_code == 200}) == 1
        replayed = [a for a in answers if a.headers.get("idempotency-replayed")]
        assert len([a for a in answers if a.status_code == 200]) == len(replayed) + 1
        events = client.get(f"/v1/sessions/{session}/events").json()["items"]
        assert [event["kind"] for event in events].count("left") == 1
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))


def test_one_start_sent_many_times_at_once_begins_one_session(any_shop: Shop) -> None:
    with any_shop.client() as client:
        body = {"journey": "parcel", "channel": "phone"}

        answers = at_once(
            lambda _: client.post("/v1/sessions", json=body, headers={"Idempotency-Key": "go"})
        )

        assert {a.status_code for a in answers} <= {201, 409}
        assert len({a.json()["session"] for a in answers if a.status_code == 201}) == 1
