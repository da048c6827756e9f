"""What other systems say resumes the session that waits for it: once, before or after."""

import asyncio
from typing import Any

import pytest

from connectors.hooks import DAY, Heard, Teller
from runtime.awaiting import key_of
from runtime.clock import FixedClock
from runtime.idempotency import Answer
from runtime.sessions import StartRequest
from runtime.store.port import statement
from runtime.verify import verify
from runtime.wiring import Service
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.library import FILES
from tests.runtime.walks import assert_sound, say, seen, step

WAITING = {
    **FILES,
    "journeys/delivery.yaml": """\
parcours: 1
journey: delivery
title: A parcel on its way
inputs:
  order_id: {type: text}
start: true
steps:
  - id: told
    say: It is on its way.
    verbatim: true
    declares: parcel
    qualifies: late
    acts: told
    time: useful
  - id: parcel
    wait:
      event: parcel.delivered
      timeout: 5 days
      with: {order: order_id}
      saves: {delivery: event}
    then: advisor
    on: {timeout: lost}
  - id: where
    decide:
      - {when: known(delivery.place), next: announce}
      - {else: true, next: solved}
  - id: announce
    say: "It is at {delivery.place}."
    verbatim: true
    time: useful
    next: solved
  - {id: lost, end: unresolved}
  - {id: solved, end: resolved}
""",
}
_ALL_PAYLOADS = statement("SELECT payload FROM event_payload")
HEARD = Heard("parcel.delivered", {}, {"order": "order"}, {"place": "place"})
CARRIER = Teller("carrier", "acme", "standard", (), DAY, (HEARD,))
TELLERS = {"carrier": CARRIER}


def message(order: Any = "F-1", place: str = "the door") -> dict[str, Any]:
    return {"order": order, "place": place, "private": "not ours"}


async def asleep(service: Service, order: str = "F-1") -> Answer:
    """Walk to the wait for the parcel."""
    if "delivery" not in str(await service.revisions.live("acme")):
        await service.revisions.publish(AUTHOR, WAITING)
    begun = await service.sessions.start(
        ANA, StartRequest(journey="delivery", channel="phone", inputs={"order_id": order})
    )
    return await say(service, ANA, begun, {"type": "acknowledge"})


async def now(service: Service, before: Answer) -> tuple[str, str | None]:
    """Return a session's status and step."""
    shown = await service.sessions.view(ANA, before.session)
    return str(seen(shown)["status"]), step(shown)


def test_the_session_that_waits_goes_on_with_what_was_declared(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(tellers=TELLERS) as service:
            mine, other = await asleep(service), await asleep(service, "F-2")

            assert await service.arrivals.take_in(CARRIER, "m-1", message())
            assert await service.arrivals.deliver() == 1

            shown = await service.sessions.view(ANA, mine.session)
            assert step(shown) == "announce"
            assert "the door" in str(seen(shown)["say"])
            assert "not ours" not in str(await service.store.read(_ALL_PAYLOADS))
            assert (await now(service, other))[1] == "parcel"
            await assert_sound(service, "acme", mine.session)
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_a_message_sent_five_times_has_one_effect(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(tellers=TELLERS) as service:
            mine = await asleep(service)

            first = [await service.arrivals.take_in(CARRIER, "m-1", message()) for _ in range(5)]
            woken = await service.arrivals.deliver()

            assert (first, woken) == ([True, False, False, False, False], 1)
            again = await asleep(service)
            assert await service.arrivals.deliver() == 0
            assert await now(service, again) == ("waiting", "parcel")
            assert (await now(service, mine))[1] == "announce"

    asyncio.run(play())


def test_what_comes_before_a_session_waits_is_kept_for_it_and_taken_once(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop(tellers=TELLERS) as service:
            await service.arrivals.take_in(CARRIER, "m-1", message(place="the shed"))
            assert await service.arrivals.deliver() == 0

            mine = await asleep(service)
            assert await service.arrivals.deliver() == 1
            shown = await service.sessions.view(ANA, mine.session)
            assert "the shed" in str(seen(shown)["say"])

            later = await asleep(service)
            assert await service.arrivals.deliver() == 0
            assert await now(service, later) == ("waiting", "parcel")

    asyncio.run(play())


def test_what_was_kept_long_enough_is_kept_no_longer(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(tellers=TELLERS) as service:
            await service.arrivals.take_in(CARRIER, "m-1", message())
            await service.arrivals.deliver()
            clock.advance(DAY)
            await service.arrivals.purge()

            mine = await asleep(service)

            assert await service.arrivals.deliver() == 0
            assert await now(service, mine) == ("waiting", "parcel")
            # Its id is remembered beyond a day all the same.
            assert not await service.arrivals.take_in(CARRIER, "m-1", message())
            clock.advance(2 * DAY)
            await service.arrivals.purge()
            assert await service.arrivals.take_in(CARRIER, "m-1", message())

    asyncio.run(play())


def test_every_session_that_waits_for_it_goes_on(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(tellers=TELLERS) as service:
            waiting = [await asleep(service) for _ in range(3)]

            await service.arrivals.take_in(CARRIER, "m-1", message())

            assert await service.arrivals.deliver() == 3
            assert {(await now(service, one))[1] for one in waiting} == {"announce"}

    asyncio.run(play())


def test_what_was_acknowledged_is_brought_after_a_restart(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(tellers=TELLERS) as service:
            mine = await asleep(service)
            await service.arrivals.take_in(CARRIER, "m-1", message())
        async with open_shop(tellers=TELLERS) as service:
            assert await service.arrivals.deliver() == 1
            assert (await now(service, mine))[1] == "announce"

    asyncio.run(play())


def test_the_service_brings_what_comes_by_itself(open_shop: OpenService) -> None:
    async def play() -> str | None:
        async with open_shop(tellers=TELLERS, background=True) as service:
            mine = await asleep(service)
            await service.arrivals.take_in(CARRIER, "m-1", message())
            async for _ in service.feed.follow("acme", mine.session):
                shown = await service.sessions.view(ANA, mine.session)
                if step(shown) == "announce":
                    return step(shown)
        return None

    assert asyncio.run(play()) == "announce"


def test_a_session_given_up_or_out_of_time_is_not_resumed(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(tellers=TELLERS) as service:
            given_up, late = await asleep(service), await asleep(service, "F-2")
            await say(service, ANA, given_up, {"type": "finish", "outcome": "abandoned"})
            clock.advance(5 * DAY)
            await service.timers.fire()

            await service.arrivals.take_in(CARRIER, "m-1", message())
            await service.arrivals.take_in(CARRIER, "m-2", message("F-2"))

            assert await service.arrivals.deliver() == 0
            assert await now(service, given_up) == ("ended", None)
            assert await now(service, late) == ("ended", None)

    asyncio.run(play())


def test_a_message_about_something_else_is_known_by_its_id_and_nothing_more(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop(tellers=TELLERS) as service:
            mine = await asleep(service)
            others: list[Any] = [message(None), message([]), "text", None, [], 3]
            for number, said in enumerate(others):
                assert await service.arrivals.take_in(CARRIER, f"m-{number}", said)

            assert await service.arrivals.deliver() == 0
            assert await now(service, mine) == ("waiting", "parcel")

    asyncio.run(play())


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"order": "1042"}, {"order": 1042}, True),
        ({"order": "1042"}, {"order": 1042.0}, True),
        ({"paid": True}, {"paid": "true"}, True),
        ({"a": "1", "b": "2"}, {"b": "2", "a": "1"}, True),
        ({"order": "F-1"}, {"order": "F-2"}, False),
        ({"order": "F-1"}, {"number": "F-1"}, False),
        ({"order": "F-1"}, {}, False),
        ({"order": "F-1"}, {"order": "F-1", "line": "1"}, False),
    ],
)
def test_what_is_waited_for_is_found_by_its_values(
    first: dict[str, Any], second: dict[str, Any], same: bool
) -> None:
    assert (key_of("e", first) == key_of("e", second)) is same
    assert key_of("e", first) != key_of("f", first)


@pytest.mark.parametrize("value", [None, ""])
def test_a_value_that_is_missing_is_found_by_nothing(value: Any) -> None:
    assert key_of("e", {"order": value}) is None
