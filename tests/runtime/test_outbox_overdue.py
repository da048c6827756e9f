"""A session never waits longer than its step says, whatever became of the worker of its action."""

import asyncio
from collections.abc import Mapping
from typing import Any

from connectors.port import Described, Outcome
from runtime.store.port import statement
from runtime.wiring import Service
from tests.runtime.acting import System, begin
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.test_outbox import Gate, settled
from tests.runtime.walks import assert_sound, reply, say, seen, step, to_order

PAID = Outcome("succeeded", {"receipt": "R-1"})
FOUND = Outcome("succeeded", {"status": "late"})
TIME_IS_OVER = statement("UPDATE effect SET deadline = {now} - 1000 RETURNING id")
"""What the passing of time does to an action whose worker neither ends nor lets go of it."""
LEASE_IS_OVER = statement("UPDATE effect SET lease_until = 0 RETURNING id")
DEADLINES = statement("SELECT deadline, state FROM effect")


async def overdue(service: Service) -> int:
    """Have the time of what is under way be over, and look, as every worker does."""
    assert await service.store.change(TIME_IS_OVER)
    return await service.outbox.recover(alone=False)


def test_an_unsafe_action_is_checked_by_a_person_when_its_time_is_over_and_not_the_lease(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        bank = Gate(PAID)
        async with open_shop({"*": bank}, inline_ms=1) as service:
            waiting = await begin(service, "pay", to="Max")
            await bank.called.wait()
            assert await service.outbox.recover(alone=False) == 0, "its worker lives, in time"
            assert await overdue(service) == 1

            now = await service.sessions.view(ANA, waiting.session)
            assert seen(now)["do"].startswith("It is not known whether this was done")
            assert await settled(service, waiting.session) == [("unknown", "interrupted")]
            bank.open.set()
            await service.outbox.drain_now()
            after = await service.sessions.view(ANA, waiting.session)
            assert (step(after), seen(after)["fields"][0]["suggested"]) == ("pay", "R-1")
            assert len(bank.keys) == 1
            await assert_sound(service, "acme", waiting.session)

    asyncio.run(play())


def test_a_look_up_that_takes_too_long_surely_changed_nothing(open_shop: OpenService) -> None:
    async def play() -> None:
        oms = Gate(FOUND)
        async with open_shop({"oms": oms}, inline_ms=1) as service:
            waiting = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            await oms.called.wait()
            await overdue(service)

            assert await settled(service, waiting.session) == [("failed", "interrupted")]
            now = await service.sessions.view(ANA, waiting.session)
            assert seen(now)["status"] == "active"
            oms.open.set()
            await service.outbox.drain_now()

    asyncio.run(play())


def test_what_may_be_repeated_is_not_once_its_time_is_over(open_shop: OpenService) -> None:
    async def play() -> None:
        trips = Gate(Outcome("succeeded", {}))
        async with open_shop({"*": trips}, inline_ms=1) as service:
            waiting = await begin(service, "trip", where="rome")
            await trips.called.wait()
            await overdue(service)

            assert await settled(service, waiting.session) == [("unknown", "interrupted")]
            assert await service.outbox.take() == 0
            trips.open.set()
            await service.outbox.drain_now()
            assert len(trips.keys) == 1

    asyncio.run(play())


def test_its_probe_is_asked_while_the_person_is_led_already_and_its_answer_offered(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        bank = Hangs(bank_find=PAID)
        bank.described = {"bank.pay": Described({}, {}, probe="bank.find")}
        async with open_shop({"*": bank}, inline_ms=1) as service:
            waiting = await begin(service, "pay", to="Max")
            await bank.called.wait()
            await overdue(service)
            now = await service.sessions.view(ANA, waiting.session)
            assert (step(now), seen(now)["status"]) == ("pay", "active")
            bank.open.set()
            await service.outbox.drain_now()
            after = await service.sessions.view(ANA, waiting.session)
            assert seen(after)["fields"][0]["suggested"] == "R-1"
            assert set(bank.asked("bank.find")) == {"Max"}
            done = await say(
                service, ANA, after, {"type": "answer", "values": {"paid.receipt": "R-1"}}
            )
            assert step(done) == "more"
            await assert_sound(service, "acme", waiting.session)

    asyncio.run(play())


class Hangs(System):
    """Never says what became of a payment; what it did can be found all the same."""

    def __init__(self, **outcomes: Outcome) -> None:
        super().__init__(**outcomes)
        self.called, self.open = asyncio.Event(), asyncio.Event()

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        outcome = await super().call(operation, inputs, key=key, timeout_ms=timeout_ms)
        if operation == "bank.pay":
            self.called.set()
            await self.open.wait()
            return Outcome("unknown", reason="connector.timeout")
        return outcome


def test_a_worker_that_is_gone_leaves_its_action_the_time_it_had_and_no_more(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        trips = Gate(Outcome("succeeded", {}))
        async with open_shop({"*": trips}, inline_ms=1) as service:
            await begin(service, "trip", where="rome")
            await trips.called.wait()
            ((before, _),) = await service.store.read(DEADLINES)
            await service.store.change(LEASE_IS_OVER)
            assert await service.outbox.recover(alone=False) == 1
            assert [tuple(row) for row in await service.store.read(DEADLINES)] == [
                (before, "ready")
            ]
            trips.open.set()
            await service.outbox.drain_now()

    asyncio.run(play())


def test_any_worker_notices_by_itself(open_shop: OpenService) -> None:
    async def led(service: Service, session: str) -> None:
        async for _ in service.feed.follow("acme", session):
            if seen(await service.sessions.view(ANA, session))["status"] == "active":
                return

    async def play() -> None:
        oms = Gate(FOUND)
        async with open_shop({"oms": oms}, inline_ms=1, background=True) as service:
            waiting = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            await oms.called.wait()
            assert await service.store.change(TIME_IS_OVER)
            async with asyncio.timeout(20):
                await led(service, waiting.session)
            oms.open.set()
            await service.outbox.drain_now()

    asyncio.run(play())
