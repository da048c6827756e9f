"""Messages to another system: signed, the same id at every attempt, over when it says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from connectors.port import Outcome
from connectors.signatures import Forged, standard
from tests.connectors.contract import Contract, Subject
from tests.connectors.deployed import HERE, call, faults_of, opened
from tests.connectors.systems import Call, System, hang, response, says, system

T = TypeVar("T")
SECRETS = {"hook": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "hook-old": "the-old-one"}
WALL = 1_790_000_000.0
OPERATIONS = """
[crm.operations.order_changed]
type = "order.changed"
input = {order = "text", amount = "money EUR?", note = "text?"}
sensitive = ["note"]
[crm.operations.once]
type = "order.once"
input = {}
effect = "unsafe"
"""


def run(what: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(what)


def table(url: str, more: str = 'old_secret = "secret://hook-old"\n') -> str:
    return f'[crm]\nkind = "webhook"\nurl = "{url}/hooks"\nsecret = "secret://hook"\n' + (
        HERE + more + OPERATIONS
    )


async def by_order(call: Call, writer: asyncio.StreamWriter) -> None:
    """Answer as the message's order says: a status, or nothing at all."""
    order = json.loads(call.body)["data"].get("order", "200")
    if order == "hang":
        await hang(call, writer)
    writer.write(response(status=f"{order} x" if order.isdigit() else "200 OK"))


class TestWebhook(Contract):
    @asynccontextmanager
    async def subject(self) -> AsyncIterator[Subject]:
        async with system(by_order) as found, opened(table(found.url), secrets=SECRETS) as made:
            yield Subject(
                made["crm"],
                succeeds=("crm.order_changed", {"order": "F-1"}),
                fails=("crm.order_changed", {"order": "500"}),
                hangs=("crm.order_changed", {"order": "hang"}),
                secrets=tuple(SECRETS.values()),
            )


def test_a_message_is_signed_with_every_live_secret_and_says_what_is_declared() -> None:
    async def play() -> tuple[System, Outcome]:
        async with (
            system(says()) as found,
            opened(table(found.url), secrets=SECRETS, wall=lambda: WALL) as made,
        ):
            amount = {"amount": "12.50", "currency": "EUR"}
            return found, await call(made, "crm.order_changed", order="F-é", amount=amount)

    found, outcome = run(play())

    [sent] = found.calls
    assert sent.line == "POST /hooks HTTP/1.1"
    assert json.loads(sent.body) == {
        "type": "order.changed",
        "timestamp": "2026-09-21T14:13:20Z",
        "data": {"order": "F-é", "amount": {"amount": "12.50", "currency": "EUR"}},
    }
    for secret in SECRETS.values():
        named = standard(sent.headers, sent.body, secrets=[secret], now_s=int(WALL))
        assert outcome == Outcome("succeeded", {"message": named})
    with pytest.raises(Forged):
        standard(sent.headers, sent.body, secrets=["another"], now_s=int(WALL))


def test_the_id_is_the_same_at_every_attempt_and_the_time_is_its_own() -> None:
    at = [WALL]

    def wall() -> float:
        at[0] += 60
        return at[0]

    async def play() -> System:
        async with (
            system(says()) as found,
            opened(table(found.url), secrets=SECRETS, wall=wall) as made,
        ):
            for key in ("k-1", "k-1", "k-2"):
                await call(made, "crm.order_changed", order="F-1", key=key)
            return found

    calls = run(play()).calls

    ids = [one.headers["webhook-id"] for one in calls]
    assert ids[0] == ids[1] != ids[2]
    assert len({one.headers["webhook-timestamp"] for one in calls}) == 3


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("204", ("succeeded", None, False)),
        ("302", ("unknown", "http.302", False)),
        ("400", ("failed", "http.400", False)),
        ("401", ("failed", "http.401", False)),
        ("429", ("failed", "http.429", True)),
        ("500", ("unknown", "http.500", False)),
        ("503", ("unknown", "http.503", True)),
    ],
)
def test_an_answer_is_told_by_its_class(
    status: str, expected: tuple[str, str | None, bool]
) -> None:
    async def play() -> Outcome:
        async with system(by_order) as found, opened(table(found.url), secrets=SECRETS) as made:
            return await call(made, "crm.order_changed", order=status)

    outcome = run(play())

    assert (outcome.status, outcome.reason, outcome.again) == expected


def test_whoever_says_that_it_is_gone_is_left_alone() -> None:
    async def play() -> tuple[System, list[Outcome]]:
        async with system(by_order) as found, opened(table(found.url), secrets=SECRETS) as made:
            outcomes = [
                await call(made, "crm.order_changed", order=order) for order in ("410", "200")
            ]
        return found, outcomes

    found, outcomes = run(play())

    assert [(one.status, one.reason, one.sent, one.again) for one in outcomes] == [
        ("failed", "webhook.gone", True, False),
        ("failed", "webhook.gone", False, False),
    ]
    assert len(found.calls) == 1


@pytest.mark.parametrize("value", ["x" * 65_536, 3, None, ["F-1"], float("nan")])
def test_what_is_too_large_or_not_as_declared_is_not_sent(value: Any) -> None:
    async def play() -> tuple[System, Outcome]:
        async with system(says()) as found, opened(table(found.url), secrets=SECRETS) as made:
            return found, await call(made, "crm.order_changed", order=value)

    found, outcome = run(play())

    assert outcome == Outcome("failed", reason="connector.input", sent=False)
    assert found.calls == []


def test_an_address_that_may_not_be_reached_is_told_nothing() -> None:
    async def private(_host: str, _port: int) -> list[str]:
        return ["169.254.169.254"]

    async def play() -> Outcome:
        text = table("https://crm.example", "")
        async with opened(text, secrets=SECRETS, resolve=private) as made:
            return await call(made, "crm.once")

    assert run(play()) == Outcome("failed", reason="egress.denied", sent=False)


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("/hooks", "/hooks?x=1", "crm.url"),
        ('"secret://hook"', '"in clear"', "crm.secret"),
        ('"secret://hook"', '"secret://none"', "crm.secret"),
        ('"order.changed"', '"order changed"', "crm.operations.order_changed.type"),
        ('"money EUR?"', '"money"', "crm.operations.order_changed.input"),
        ('["note"]', '["colour"]', "crm.operations.order_changed.sensitive"),
        ('"unsafe"', '"read"', "crm.operations.once.effect"),
        ('effect = "unsafe"', "retries = 3", "crm.operations.once.retries"),
        (OPERATIONS, "", "crm.operations"),
    ],
)
def test_a_table_that_is_wrong_is_told_at_its_key(
    was: str, now: str, expected: str, tmp_path: Path
) -> None:
    text = table("https://crm.example", "")
    assert was in text

    found = faults_of(text.replace(was, now, 1), tmp_path, secrets=SECRETS)

    assert {place for _, place in found} == {expected}


def test_a_secret_that_cannot_sign_is_told_at_start(tmp_path: Path) -> None:
    broken = {**SECRETS, "hook": "whsec_not base64"}

    found = faults_of(table("https://crm.example", ""), tmp_path, secrets=broken)

    assert found == [("deployment.wrong-value", "crm.secret")]
