"""Other systems' messages over HTTP: proved, answered at once, of one effect whatever happens."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import httpx
import pytest

from connectors.hooks import DAY, Heard, Teller
from connectors.secret import Secret, Secrets
from connectors.signatures import sign
from runtime.access import Actor
from tests.api.conftest import settings
from tests.api.service import PATIENCE_S, Shop, code_of, key, running
from tests.runtime.test_arrivals import HEARD, WAITING

T = TypeVar("T")
NEW, OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "the-old-one"
ENVIRONMENT = {"PARCOURS_SECRET_NEW": NEW, "PARCOURS_SECRET_OLD": OLD}
LIMIT = 65_536


def secrets() -> tuple[Secret, ...]:
    kept = Secrets(ENVIRONMENT)
    return Secret("new", kept), Secret("old", kept)


def tellers() -> dict[str, Teller]:
    return {
        "carrier": Teller("carrier", "acme", "standard", secrets(), DAY, (HEARD,)),
        "desk": Teller("desk", "acme", "zammad", secrets(), DAY, (Heard("x", {}, {}, {}),)),
    }


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """Give a service that a carrier and a helpdesk tell things, on each database in turn."""
    if request.param == "sqlite":
        database = str(tmp_path_factory.mktemp("shop") / "shop.db")
    else:
        database = request.getfixturevalue("postgres_module_url")
    with running(settings(database), tellers=tellers()) as shop:
        assert shop.service is not None
        wait_for(shop, shop.service.revisions.publish(Actor("acme", "author", "eve"), WAITING))
        made = wait_for(shop, shop.service.keys.create("acme", "advisor", name="ana"))
        shop.keys["acme"] = made.token
        yield shop


def wait_for(shop: Shop, what: Coroutine[Any, Any, T]) -> T:
    assert shop.loop is not None
    return asyncio.run_coroutine_threadsafe(what, shop.loop).result(PATIENCE_S)


def asleep(ana: httpx.Client, order: str) -> str:
    """Walk to the wait for a parcel; return the session."""
    body = {"journey": "delivery", "channel": "phone", "inputs": {"order_id": order}}
    begun = ana.post("/v1/sessions", json=body, headers=key())
    session = begun.json()["session"]
    headers = {**key(), "If-Match": begun.headers["etag"]}
    ana.post(
        f"/v1/sessions/{session}/commands", json={"type": "acknowledge"}, headers=headers
    ).raise_for_status()
    return str(session)


def step(ana: httpx.Client, session: str) -> str | None:
    shown = ana.get(f"/v1/sessions/{session}").json()["step"]
    return None if shown is None else str(shown["id"])


def delivered(order: str) -> bytes:
    return json.dumps({"order": order, "place": "the door"}).encode()


def post(
    client: httpx.Client, body: bytes, headers: dict[str, str], source: str = "carrier"
) -> httpx.Response:
    return client.post(
        f"/v1/hooks/{source}",
        content=body,
        headers={"Content-Type": "application/json", **headers},
    )


def test_a_message_wakes_its_session_once_however_often_it_comes(told: Shop) -> None:
    assert told.service is not None
    with told.client("nobody") as carrier, told.client("acme") as ana:
        mine, other = asleep(ana, "H-1"), asleep(ana, "H-2")
        body, now = delivered("H-1"), int(time.time())

        answers = [
            post(carrier, body, sign([NEW], "h-1", at_s=now + again, body=body))
            for again in range(5)
        ]
        wait_for(told, told.service.arrivals.deliver())

        assert [(one.status_code, one.content) for one in answers] == [(202, b"")] * 5
        assert (step(ana, mine), step(ana, other)) == ("announce", "parcel")
        events = ana.get(f"/v1/sessions/{mine}/events").json()["items"]
        assert len([one for one in events if one["kind"] == "left"]) == 2


def test_a_message_that_comes_first_waits_for_its_session(told: Shop) -> None:
    assert told.service is not None
    with told.client("nobody") as carrier, told.client("acme") as ana:
        body = delivered("H-3")
        assert (
            post(carrier, body, sign([OLD], "h-3", at_s=int(time.time()), body=body)).status_code
            == 202
        )

        session = asleep(ana, "H-3")
        wait_for(told, told.service.arrivals.deliver())

        assert step(ana, session) == "announce"


@pytest.mark.parametrize("off", [-600, -301, 301, 600])
def test_a_stale_message_is_refused_and_has_no_effect(told: Shop, off: int) -> None:
    assert told.service is not None
    with told.client("nobody") as carrier, told.client("acme") as ana:
        order = f"H-stale{off}"
        session, body = asleep(ana, order), delivered(order)

        stale = post(carrier, body, sign([NEW], order, at_s=int(time.time()) + off, body=body))
        wait_for(told, told.service.arrivals.deliver())

        assert code_of(stale) == (401, "hook.stale")
        assert step(ana, session) == "parcel"


def test_a_forged_message_is_refused_and_has_no_effect(told: Shop) -> None:
    assert told.service is not None
    with told.client("nobody") as carrier, told.client("acme") as ana:
        session, body, now = asleep(ana, "H-4"), delivered("H-4"), int(time.time())
        good = sign([NEW], "h-4", at_s=now, body=body)

        for altered, headers in (
            (body, {}),
            (body, sign(["wrong"], "h-4", at_s=now, body=body)),
            (body.replace(b"door", b"dour"), good),
            (body + b" ", good),
            (body, {**good, "webhook-id": "h-5"}),
        ):
            assert code_of(post(carrier, altered, headers)) == (401, "hook.signature")
        wait_for(told, told.service.arrivals.deliver())

        assert step(ana, session) == "parcel"


def test_what_is_too_large_not_json_or_for_nobody_is_told(told: Shop) -> None:
    now = int(time.time())
    with told.client("nobody") as carrier:
        large, broken = b'"' + b"x" * LIMIT + b'"', b'{"order": NaN}'

        assert code_of(post(carrier, large, {})) == (413, "request.too-large")
        chunked = carrier.post(
            "/v1/hooks/carrier",
            content=iter([b"x" * 40_000, b"x" * 40_000]),
            headers={"Content-Type": "application/json"},
        )
        assert code_of(chunked) == (413, "request.too-large")
        signed = sign([NEW], "h-6", at_s=now, body=broken)
        assert code_of(post(carrier, broken, signed)) == (400, "request.malformed")
        many = json.dumps([{"type": "x"}] * 101).encode()
        signed = sign([NEW], "h-7", at_s=now, body=many)
        assert code_of(post(carrier, many, signed)) == (413, "hook.too-many")
        assert code_of(post(carrier, b"{}", {}, "nobody")) == (404, "not-found")
        text = {"Content-Type": "text/plain"}
        assert code_of(post(carrier, b"{}", text)) == (415, "request.media-type")


def test_whoever_forges_again_and_again_is_slowed_and_the_carrier_is_not(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    database = str(tmp_path_factory.mktemp("slow") / "shop.db")
    limited = replace(settings(database), rate_per_s=60)
    with running(limited, tellers=tellers()) as shop, shop.client("nobody") as anybody:
        forged = [post(anybody, b"{}", {}).status_code for _ in range(40)]
        now = int(time.time())
        true = [
            post(anybody, b"{}", sign([NEW], f"m{n}", at_s=now, body=b"{}")).status_code
            for n in range(40)
        ]

    assert set(forged) == {401, 429}
    assert set(true) == {202}
