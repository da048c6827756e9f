"""Automated actions: inside the answer when quick, later when not, never lost nor doubled."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import pytest

from connectors.port import Outcome
from engine.events import Settled
from runtime.outbox.keys import key_of, secret_of
from runtime.states import read_events
from runtime.store.port import statement
from runtime.verify import verify
from runtime.wiring import Service
from tests.runtime.conftest import ANA, OpenService, answers
from tests.runtime.fakes import Fake
from tests.runtime.walks import assert_sound, reply, say, seen, step, to_order

AS_BEFORE_KEYS = statement("UPDATE effect SET key = NULL RETURNING id")
FORGET_SECRETS = statement("DELETE FROM service_secret RETURNING name")


class Gate(Fake):
    """A connector that answers when a test lets it, and keeps every call."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.open = asyncio.Event()
        self.called = asyncio.Event()
        self.keys: list[str] = []

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        del operation, inputs, timeout_ms
        self.keys.append(key)
        self.called.set()
        await self.open.wait()
        return self.outcome


class Broken(Fake):
    """A connector with a fault in it."""

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        del inputs, key, timeout_ms
        message = f"{operation} has a bug"
        raise ZeroDivisionError(message)


async def until_step(service: Service, session: str, wanted: str) -> None:
    """Wait until a session stands on a step."""
    async for _ in service.feed.follow("acme", session):
        if step(await service.sessions.view(ANA, session)) == wanted:
            return


async def settled(service: Service, session: str) -> list[tuple[str, str | None]]:
    """Return what became of a session's actions, in order."""
    events = await read_events(service.store, "acme", session)
    return [(event.status, event.reason) for _, event in events if isinstance(event, Settled)]


def test_a_quick_action_is_in_the_very_answer_and_in_its_replay(open_shop: OpenService) -> None:
    async def play() -> None:
        mock = answers(oms_get_order=[{"result": {"status": "late"}}])
        async with open_shop({"oms": mock}) as service:
            before = await to_order(service, ANA)
            body = {"type": "answer", "values": {"order_id": "F-1"}}
            answer = await say(service, ANA, before, body, key="k1")
            assert step(answer) == "reassure"
            assert (await say(service, ANA, before, body, key="k1")).body == answer.body
            assert len(mock.calls) == 1
            assert await service.outbox.states() == {"succeeded": 1}

    asyncio.run(play())


def test_a_slow_action_leaves_the_session_pending_and_comes_back_by_itself(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        gate = Gate(Outcome("succeeded", {"status": "late"}))
        async with open_shop({"oms": gate}, inline_ms=1) as service:
            before = await to_order(service, ANA)
            body = {"type": "answer", "values": {"order_id": "F-1"}}
            pending = await say(service, ANA, before, body, key="k1")
            assert seen(pending)["status"] == "pending"
            gate.open.set()
            await until_step(service, before.session, "reassure")
            # What was answered first stays the answer of that request.
            assert (await say(service, ANA, before, body, key="k1")).body == pending.body
            await assert_sound(service, "acme", before.session)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"refused": "not_found"}, "which_again"),
        ({"failed": True}, "order"),
        ({"unknown": True}, "order"),
        ({"result": {"status": "no such status"}}, "order"),
    ],
)
def test_what_the_other_system_says_is_where_the_advisor_is_led(
    open_shop: OpenService, given: dict[str, Any], shown: str
) -> None:
    async def play() -> None:
        async with open_shop({"oms": answers(oms_get_order=[given])}) as service:
            answer = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            assert step(answer) == shown
            by_hand = seen(answer)["do"]
            assert (by_hand == "Open the order and read its status.") is (shown == "order")
            await assert_sound(service, "acme", answer.session)

    asyncio.run(play())


def test_a_connector_with_a_fault_leaves_its_session_to_the_manual_procedure(
    open_shop: OpenService, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        async with open_shop({"*": Broken()}) as service:
            answer = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            assert seen(answer)["do"] is not None
            assert await settled(service, answer.session) == [("failed", "connector.broke")]

    asyncio.run(play())

    assert "connector_broke" in caplog.text
    [failed] = [one for one in caplog.records if one.message == "action_failed"]
    said = {name: vars(failed)[name] for name in ("operation", "status", "reason", "attempt")}
    assert said == {
        "operation": "oms.get_order", "status": "failed", "reason": "connector.broke", "attempt": 1,
    }  # fmt: skip


def test_an_operation_nobody_configured_is_done_by_hand(open_shop: OpenService) -> None:
    async def play() -> list[tuple[str, str | None]]:
        async with open_shop({}) as service:
            answer = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            assert seen(answer)["do"] is not None
            return await settled(service, answer.session)

    assert asyncio.run(play()) == [("failed", "connector.not-configured")]


def test_an_action_cut_by_a_stop_is_repeated_with_the_same_key_when_it_may_be(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        gate = Gate(Outcome("succeeded", {"status": "late"}))
        async with open_shop({"oms": gate}, inline_ms=1, drain_s=0) as service:
            pending = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            await gate.called.wait()
        gate.open.set()
        async with open_shop({"oms": gate}) as service:
            assert await service.outbox.take() == 1
            await until_step(service, pending.session, "reassure")
            assert len(gate.keys) == 2
            assert len(set(gate.keys)) == 1
            assert pending.session not in gate.keys[0]
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_an_action_that_was_sent_under_its_id_keeps_it(open_shop: OpenService) -> None:
    async def play() -> None:
        gate = Gate(Outcome("succeeded", {"status": "late"}))
        async with open_shop({"oms": gate}, inline_ms=1, drain_s=0) as service:
            pending = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            await gate.called.wait()
            await service.store.change(AS_BEFORE_KEYS)
        gate.open.set()
        async with open_shop({"oms": gate}) as service:
            await service.outbox.take()
            await until_step(service, pending.session, "reassure")

        assert gate.keys[1].startswith(f"{pending.session}/")

    asyncio.run(play())


def test_the_key_of_an_action_follows_from_the_services_secret_and_tells_nothing_else(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await service.store.change(FORGET_SECRETS)
            one, other = await asyncio.gather(
                secret_of(service.store, now=1), secret_of(service.store, now=2)
            )
        assert one == other

    asyncio.run(play())
    secret, asked = b"x" * 32, {"session": "ses_1", "action": "ses_1/main/pay~1.1"}
    key = key_of(secret, "acme", **asked)
    sibling = key_of(secret, "acme", session="ses_1", action="ses_1/main/pay~2.1")

    assert key == key_of(secret, "acme", **asked) != sibling
    # A connector keeps a pace for each session by what comes before the slash.
    assert key.partition("/")[0] == sibling.partition("/")[0]
    assert re.fullmatch("[0-9a-f]{32}/[0-9a-f]{32}", key)
    assert key_of(secret, "other", **asked).partition("/")[0] != key.partition("/")[0]
    assert key_of(b"y" * 32, "acme", **asked) != key


def test_an_unsafe_action_cut_by_a_stop_is_unknown_and_never_sent_twice(
    open_shop: OpenService,
) -> None:
    async def play() -> list[tuple[str, str | None]]:
        gate = Gate(Outcome("succeeded", {"parcel": "P-2"}))
        lost = answers(oms_get_order=[{"result": {"status": "lost"}}])
        kinds = {"oms.get_order": lost, "oms.resend": gate}
        async with open_shop(kinds, inline_ms=50, drain_s=0) as service:
            pending = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            await gate.called.wait()
        async with open_shop(kinds) as service:
            shown = await service.sessions.view(ANA, pending.session)
            assert seen(shown)["do"].startswith("It is not known whether this was done")
            assert seen(shown)["do"].endswith("Send it again by hand.")
            assert len(gate.keys) == 1
            return await settled(service, pending.session)

    assert asyncio.run(play()) == [("succeeded", None), ("unknown", "interrupted")]


def test_the_advisor_may_take_over_from_a_slow_robot_and_its_late_result_moves_nothing(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        gate = Gate(Outcome("succeeded", {"status": "lost"}))
        async with open_shop({"oms": gate}, inline_ms=1) as service:
            pending = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            mine = await say(service, ANA, pending, {"type": "take_over"})
            assert seen(mine)["do"] is not None
            gate.open.set()
            async for _ in service.feed.follow("acme", pending.session):
                if await settled(service, pending.session):
                    break
            now = await service.sessions.view(ANA, pending.session)
            assert step(now) == "order"
            assert now.version == mine.version
            await assert_sound(service, "acme", pending.session)

    asyncio.run(play())
