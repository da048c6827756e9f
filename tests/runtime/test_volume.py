"""A session holds so many values at most: what is too much is refused, and nothing is lost."""

import asyncio

import pytest

from connectors.port import Outcome
from engine.refusals import Refused
from engine.volume import LARGEST, size
from runtime.idempotency import Answer
from runtime.sessions import StartRequest
from runtime.verify import verify
from runtime.wiring import Service
from tests.runtime.acting import FILES, System
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.test_arrivals import CARRIER, TELLERS, message
from tests.runtime.test_outbox import settled
from tests.runtime.walks import assert_sound, reply, say, seen, step

KIB = 1_024
LONG = {
    **FILES,
    "journeys/long.yaml": """\
parcours: 1
journey: long
title: A long story
steps:
  - id: who
    say: Who is to be paid?
    time: useful
    ask: {to: {type: text, label: Who}}
    declares: move
    qualifies: moves
  - {id: one, ask: {one: {type: text, label: One}}, time: useful}
  - {id: two, ask: {two: {type: text, label: Two}}, time: useful}
  - {id: three, ask: {three: {type: text, label: Three}}, time: useful}
  - {id: four, ask: {four: {type: text, label: Four}}, time: useful}
  - id: pay
    do: bank.pay
    with: {to: to}
    saves: {paid: result}
    acts: moved
    by_hand: {say: Pay them yourself., fills: [paid.receipt]}
  - {id: story, ask: {story: {type: text, label: Story}}, time: useful}
  - id: parcel
    wait: {event: parcel.delivered, timeout: 5 days, with: {order: to}, saves: {delivery: event}}
    then: advisor
  - {id: rest, ask: {rest: {type: text, label: Rest}}, time: useful}
  - {id: done, end: resolved}
""",
}


async def told(service: Service, kib: int) -> Answer:
    """Answer four questions with so much each, and come to the payment."""
    await service.revisions.publish(AUTHOR, LONG)
    at = await service.sessions.start(ANA, StartRequest("long", channel="phone"))
    at = await reply(service, ANA, at, to="F-1")
    for name in ("one", "two", "three", "four"):
        at = await reply(service, ANA, at, **{name: "x" * kib * KIB})
    return at


async def held(service: Service, session: str) -> int:
    return size((await service.sessions.states.get("acme", session)).state)


def test_an_answer_that_would_be_too_much_is_refused_and_a_shorter_one_taken(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        bank = System(bank_pay=Outcome("succeeded", {"receipt": "R-1"}))
        async with open_shop({"*": bank}) as service:
            at = await told(service, 60)
            assert step(at) == "story"

            with pytest.raises(Refused) as refused:
                await reply(service, ANA, at, story="é" * 10 * KIB)

            assert refused.value.code == "session.too-large"
            assert "256 KiB" in refused.value.message["en"]
            now = await service.sessions.view(ANA, at.session)
            assert (step(now), now.version) == ("story", at.version)
            after = await reply(service, ANA, at, story="short")
            assert seen(after)["status"] == "waiting"
            assert await held(service, at.session) <= LARGEST
            await assert_sound(service, "acme", at.session)

    asyncio.run(play())


def test_what_makes_room_is_taken_and_what_brings_nothing_goes_on(open_shop: OpenService) -> None:
    async def play() -> None:
        bank = System(bank_pay=Outcome("succeeded", {"receipt": "R-1"}))
        async with open_shop({"*": bank}) as service:
            at = await told(service, 60)
            visit = next(
                one for one in (await service.sessions.states.get("acme", at.session)).state.path
                if one.step == "one"
            )  # fmt: skip
            body = {"type": "amend", "visit": visit.id, "values": {"one": "short"}}
            at = await say(service, ANA, at, body)
            at = await reply(service, ANA, at, story="x" * 40 * KIB)
            assert seen(at)["status"] == "waiting"
            done = await say(service, ANA, at, {"type": "finish", "outcome": "abandoned"})
            assert seen(done)["status"] == "ended"

    asyncio.run(play())


def test_a_result_that_does_not_fit_is_checked_by_a_person(open_shop: OpenService) -> None:
    async def play() -> None:
        bank = System(bank_pay=Outcome("succeeded", {"receipt": "R" * 30 * KIB}))
        async with open_shop({"*": bank}) as service:
            at = await told(service, 60)

            assert step(at) == "pay"
            assert seen(at)["do"].startswith("It is not known whether this was done")
            assert await settled(service, at.session) == [("unknown", "session.too-large")]
            assert bank.asked("bank.pay") == ["F-1"]
            by_hand = await reply(service, ANA, at, **{"paid.receipt": "R-1"})
            assert step(by_hand) == "story"
            assert [one async for one in verify(service.store)] == []

    asyncio.run(play())


def test_what_another_system_says_beyond_it_wakes_the_session_without_its_content(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        bank = System(bank_pay=Outcome("succeeded", {"receipt": "R-1"}))
        async with open_shop({"*": bank}, tellers=TELLERS) as service:
            asleep = await reply(service, ANA, await told(service, 60), story="short")
            said = message("F-1", "x" * 30 * KIB)
            assert await service.arrivals.take_in(CARRIER, "m-1", said)

            assert await service.arrivals.deliver() == 1
            now = await service.sessions.view(ANA, asleep.session)
            assert step(now) == "rest"
            values = (
                (await service.sessions.states.get("acme", asleep.session))
                .state.runs["main"]
                .values
            )
            assert values.get("delivery") is None
            assert [one async for one in verify(service.store)] == []

    asyncio.run(play())
