"""An action in the advisor's turn: its end and the answer that tells of it are one transaction."""

import asyncio
from collections.abc import Callable

from connectors.port import Outcome
from runtime.idempotency import Answer
from runtime.store.actions import SETTLE_EFFECT
from runtime.store.port import LostRace, Unit
from runtime.wiring import Service
from tests.runtime.conftest import ANA, OpenService, answers
from tests.runtime.test_outbox import Gate
from tests.runtime.walks import assert_sound, keyed, say, seen, step, to_order

BODY = {"type": "answer", "values": {"order_id": "F-1"}}


def ends_an_action(unit: Unit) -> bool:
    return any(write is SETTLE_EFFECT for write, _ in unit.writes)


def around(service: Service, before: Callable[[Unit], None], after: Callable[[Unit], None]) -> None:
    """Have functions called as a commit begins, and once it is on disk."""
    commit = service.store.commit

    async def watched(unit: Unit) -> None:
        before(unit)
        await commit(unit)
        after(unit)

    service.store.commit = watched  # type: ignore[method-assign]  # a port, watched


def nothing(_unit: Unit) -> None:
    return


def test_a_turn_with_its_action_and_its_answer_is_two_transactions(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        mock = answers(oms_get_order=[{"result": {"status": "late"}}])
        async with open_shop({"oms": mock}) as service:
            before = await to_order(service, ANA)
            units: list[Unit] = []
            around(service, nothing, units.append)

            answer = await say(service, ANA, before, BODY, key="k1")

            assert step(answer) == "reassure"
            assert [ends_an_action(unit) for unit in units] == [False, True]

    asyncio.run(play())


def test_a_service_that_stops_once_the_action_is_recorded_has_recorded_the_answer_too(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        mock = answers(oms_get_order=[{"result": {"status": "late"}}])
        async with open_shop({"oms": mock}, inline_ms=60_000, drain_s=0) as service:
            before = await to_order(service, ANA)
            request = asyncio.create_task(say(service, ANA, before, BODY, key="k1"))

            def stop(unit: Unit) -> None:
                if ends_an_action(unit):
                    request.cancel()

            around(service, nothing, stop)
            await asyncio.wait([request])
            assert request.cancelled()
        # Where the answer had to be made anew, it would be made at once and say so by being new.
        async with open_shop({"oms": mock}, inline_ms=60_000) as service:
            async with asyncio.timeout(30):
                found = await say(service, ANA, before, BODY, key="k1")
            assert (found.is_replay, step(found)) == (True, "reassure")
            assert found.body == (await service.sessions.view(ANA, before.session)).body
            assert len(mock.calls) == 1
            await assert_sound(service, "acme", before.session)

    asyncio.run(play())


def test_a_service_that_stops_before_the_action_is_recorded_has_recorded_no_answer(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        mock = answers(oms_get_order=[{"result": {"status": "late"}}] * 2)
        async with open_shop({"oms": mock}, inline_ms=60_000, drain_s=0) as service:
            before = await to_order(service, ANA)
            request = asyncio.create_task(say(service, ANA, before, BODY, key="k1"))

            def stop(unit: Unit) -> None:
                if ends_an_action(unit):
                    request.cancel()
                    raise asyncio.CancelledError

            around(service, stop, nothing)
            await asyncio.wait([request])
        async with open_shop({"oms": mock}, inline_ms=1) as service:
            found = await say(service, ANA, before, BODY, key="k1")
            assert (found.is_replay, seen(found)["status"]) == (True, "pending")
            await service.outbox.recover(alone=True)
            await service.outbox.take()
            await service.outbox.drain_now()
            assert step(await service.sessions.view(ANA, before.session)) == "reassure"
            # What was said first stays what was said.
            assert (await say(service, ANA, before, BODY, key="k1")).body == found.body
            assert {key for _, _, key in mock.calls} == {mock.calls[0][2]}
            await assert_sound(service, "acme", before.session)

    asyncio.run(play())


def test_a_lost_race_of_the_ending_turn_loses_no_answer(open_shop: OpenService) -> None:
    async def play() -> None:
        mock = answers(oms_get_order=[{"result": {"status": "late"}}])
        async with open_shop({"oms": mock}) as service:
            before = await to_order(service, ANA)
            lost: list[Unit] = []

            def lose(unit: Unit) -> None:
                if ends_an_action(unit) and not lost:
                    lost.append(unit)
                    raise LostRace

            around(service, lose, nothing)
            answer = await say(service, ANA, before, BODY, key="k1")

            assert (step(answer), len(lost)) == ("reassure", 1)
            assert (await say(service, ANA, before, BODY, key="k1")).body == answer.body

    asyncio.run(play())


def test_where_another_process_answered_first_that_is_the_answer(open_shop: OpenService) -> None:
    async def play() -> None:
        gate = Gate(Outcome("succeeded", {"status": "late"}))
        async with open_shop({"oms": gate}, inline_ms=60_000) as service:
            before = await to_order(service, ANA)
            request = asyncio.create_task(say(service, ANA, before, BODY, key="k1"))
            await gate.called.wait()
            said = Answer(before.session, before.version + 1, b'{"said":"elsewhere"}')
            await service.idempotency.finish(ANA, keyed("k1", BODY), said)
            gate.open.set()

            answer = await request

            assert answer.body == said.body
            assert step(await service.sessions.view(ANA, before.session)) == "reassure"
            assert (await say(service, ANA, before, BODY, key="k1")).body == said.body
            await assert_sound(service, "acme", before.session)

    asyncio.run(play())
