"""What does not hold together in a database is found, named, and nothing else is."""

import asyncio

import pytest
from sqlalchemy import text

from connectors.port import Outcome
from runtime.upgrade import connected
from runtime.verify import Fault, verify
from tests.runtime.conftest import ANA, OpenService, answers
from tests.runtime.test_outbox import Gate
from tests.runtime.walks import begin, reply, say, to_order

LATE = {"*": answers(oms_get_order=[{"result": {"status": "late"}}])}
EFFECT = (
    "INSERT INTO effect SELECT tenant, session, 'never-asked', seq, operation, effect_class,"
    " behind, state, attempt, attempts, not_before, timeout, deadline, lease_until, lease_token,"
    " last_error, inputs, background, after, letter, key FROM effect WHERE session = :session"
)
SNAPSHOT = (
    "UPDATE snapshot SET state = replace(state, 'unresolved', 'resolved') WHERE session = :session"
)
DAMAGE = [
    ("verify.gap", "DELETE FROM event WHERE stream_id = :session AND seq = 2"),
    ("verify.row", "UPDATE session SET seq = seq + 1 WHERE id = :session"),
    ("verify.snapshot", SNAPSHOT),
    ("verify.effect-lost", "DELETE FROM effect WHERE session = :session"),
    ("verify.effect-unknown", EFFECT),
    ("verify.orphan-events", "DELETE FROM session WHERE id = :session"),
]


async def found(open_shop: OpenService) -> list[Fault]:
    """Return the faults of a database."""
    async with open_shop(LATE) as service:
        return [fault async for fault in verify(service.store)]


@pytest.mark.parametrize(("code", "damage"), DAMAGE, ids=[code for code, _ in DAMAGE])
def test_what_somebody_changed_in_the_tables_is_named_with_its_session(
    open_shop: OpenService, database: str, code: str, damage: str
) -> None:
    async def walk() -> str:
        async with open_shop(LATE) as service:
            await to_order(service, ANA)
            told = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            over = {"type": "finish", "outcome": "unresolved"}
            return (await say(service, ANA, told, over)).session

    session = asyncio.run(walk())
    before = asyncio.run(found(open_shop))
    with connected(database) as connection:
        done = connection.execute(text(damage), {"session": session})
        assert done.rowcount >= 1

    faults = asyncio.run(found(open_shop))

    assert before == []
    assert [(fault.code, fault.session) for fault in faults] == [(code, session)]
    assert faults[0].tenant == "acme"
    assert faults[0].detail


def test_a_sleeping_session_without_its_timer_is_named(
    open_shop: OpenService, database: str
) -> None:
    async def walk() -> str:
        async with open_shop(LATE) as service:
            told = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            return (await say(service, ANA, told, {"type": "acknowledge"})).session

    session = asyncio.run(walk())
    with connected(database) as connection:
        connection.execute(text("DELETE FROM timer"))

    faults = asyncio.run(found(open_shop))

    assert [(fault.code, fault.session) for fault in faults] == [("verify.timer-lost", session)]


def test_an_action_that_is_over_while_its_session_waits_for_it_is_named(
    open_shop: OpenService, database: str
) -> None:
    async def walk() -> str:
        gate = Gate(Outcome("succeeded", {"status": "late"}))
        async with open_shop({"oms": gate}, inline_ms=1, drain_s=0) as service:
            return (await reply(service, ANA, await to_order(service, ANA), order_id="F-1")).session

    session = asyncio.run(walk())
    with connected(database) as connection:
        connection.execute(text("UPDATE effect SET state = 'succeeded'"))

    faults = asyncio.run(found(open_shop))

    assert [(fault.code, fault.session) for fault in faults] == [("verify.effect-state", session)]


def test_a_snapshot_of_another_releases_form_is_no_fault(
    open_shop: OpenService, database: str
) -> None:
    async def walk() -> str:
        async with open_shop(LATE) as service:
            first = await begin(service, ANA)
            over = {"type": "finish", "outcome": "unresolved"}
            return (await say(service, ANA, first, over)).session

    session = asyncio.run(walk())
    with connected(database) as connection:
        connection.execute(text("UPDATE snapshot SET state = '{\"format\": 0}'"))

    assert asyncio.run(found(open_shop)) == []

    async def read() -> str:
        async with open_shop(LATE) as service:
            return (await service.sessions.states.get("acme", session)).state.status

    assert asyncio.run(read()) == "ended"
