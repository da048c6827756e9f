"""An action that fails is tried again, with the same key, as often as its step says and no more."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from connectors.port import Outcome
from runtime.errors import StorageLost
from runtime.idempotency import Answer
from runtime.outbox.outbox import Outbox
from runtime.outbox.retries import INTERACTIVE
from runtime.store import actions as a
from runtime.verify import verify
from runtime.wiring import Service
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.fakes import Fake
from tests.runtime.library import FILES
from tests.runtime.test_outbox import settled
from tests.runtime.walks import assert_sound, reply, seen, step, to_order

TRIED_THRICE = {
    **FILES,
    "journeys/parcel.yaml": FILES["journeys/parcel.yaml"].replace(
        "    do: oms.get_order\n", "    do: oms.get_order\n    retries: 2\n"
    ),
}
LATE = Outcome("succeeded", {"status": "late"})
DOWN = Outcome("failed", reason="down", again=True)


class Faltering(Fake):
    """A connector that answers what it is given, one a call, and keeps every key."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.keys: list[str] = []

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        del operation, inputs, timeout_ms
        self.keys.append(key)
        return self.outcomes.pop(0)


async def pending(service: Service, files: Mapping[str, str] = TRIED_THRICE) -> Answer:
    """Come to the action, the first attempt at it made."""
    await service.revisions.publish(AUTHOR, files)
    answer = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
    await service.outbox.drain_now()
    return answer


async def later(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let the longest pause between two attempts pass, and make what is due; return how many."""
    now: int = outbox.now() + 2 * INTERACTIVE.base
    monkeypatch.setattr(outbox, "_clock", lambda: now)
    taken = await outbox.take()
    await outbox.drain_now()
    return taken


def test_a_failure_is_tried_again_with_the_same_key_and_nobody_notices(
    open_shop: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        oms = Faltering(DOWN, LATE)
        async with open_shop({"oms": oms}) as service:
            waiting = await pending(service)
            assert seen(waiting)["status"] == "pending"
            assert await later(service.outbox, monkeypatch) == 1
            assert step(await service.sessions.view(ANA, waiting.session)) == "reassure"
            assert len(oms.keys) == 2
            assert len(set(oms.keys)) == 1
            assert await settled(service, waiting.session) == [("succeeded", None)]
            assert await later(service.outbox, monkeypatch) == 0
            await assert_sound(service, "acme", waiting.session)
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_the_pause_before_the_next_attempt_is_not_cut_short(
    open_shop: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        oms = Faltering(DOWN, LATE)
        async with open_shop({"oms": oms}) as service:
            await pending(service)
            due = (await service.store.read(a.NEXT_EFFECT))[0][0]
            monkeypatch.setattr(service.outbox, "_ahead", 0)
            monkeypatch.setattr(service.outbox, "_clock", lambda: due - 1)
            assert await service.outbox.take() == 0
            monkeypatch.setattr(service.outbox, "_clock", lambda: due)
            assert await service.outbox.take() == 1
            await service.outbox.drain_now()
            assert len(oms.keys) == 2

    asyncio.run(play())


def test_after_the_last_attempt_the_advisor_is_led_through_it_by_hand(
    open_shop: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        oms = Faltering(DOWN, DOWN, DOWN)
        async with open_shop({"oms": oms}) as service:
            waiting = await pending(service)
            assert await later(service.outbox, monkeypatch) == 1
            assert await later(service.outbox, monkeypatch) == 1
            assert await later(service.outbox, monkeypatch) == 0
            view = seen(await service.sessions.view(ANA, waiting.session))
            assert (view["status"], view["step"]["id"]) == ("active", "order")
            assert len(oms.keys) == 3
            assert await settled(service, waiting.session) == [("failed", "down")]
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_what_an_attempt_may_have_done_is_not_denied_by_the_last_one(
    open_shop: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyed = FILES["connectors.yaml"].replace("effect: read", "effect: keyed")
    silent = Outcome("unknown", reason="silent", again=True)
    gone = Outcome("failed", reason="gone", sent=False)

    async def play() -> None:
        async with open_shop({"oms": Faltering(silent, gone)}) as service:
            waiting = await pending(service, {**TRIED_THRICE, "connectors.yaml": keyed})
            assert await later(service.outbox, monkeypatch) == 1
            assert await settled(service, waiting.session) == [("unknown", "silent")]

    asyncio.run(play())


def test_an_outcome_the_disk_did_not_take_is_found_out_again(
    open_shop: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        oms = Faltering(LATE, LATE)
        async with open_shop({"oms": oms}) as service:
            with monkeypatch.context() as patch:

                async def lost(*_: object) -> None:
                    raise StorageLost

                patch.setattr(service.outbox, "_settle", lost)
                waiting = await pending(service)
            assert seen(await service.sessions.view(ANA, waiting.session))["status"] == "pending"
            assert await service.outbox.recover(alone=True) == 1
            assert await service.outbox.take() == 1
            await service.outbox.drain_now()
            assert step(await service.sessions.view(ANA, waiting.session)) == "reassure"
            assert len(set(oms.keys)) == 1
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())
