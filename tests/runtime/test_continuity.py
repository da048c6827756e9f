"""Models of continuity: no pause and no other contact changes one, and nothing known is asked."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.mock import Mock
from engine.model import AXES
from engine.parts import DAY_MS
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.facts import Facts
from runtime.idempotency import Answer
from runtime.ids import CountedIds
from runtime.settings import Settings
from runtime.wiring import Service, open_service
from tests.runtime.conftest import ANA, AUTHOR
from tests.runtime.test_tickets import SHOP
from tests.runtime.walks import assert_sound, begin, say, seen, step

T = TypeVar("T")
BEA = Actor("acme", "advisor", "bea")
SYSTEMS: Final = {
    "*": Mock(
        {
            "operations": {
                "oms.get_order": [
                    {"when": {"id": "late"}, "result": {"status": "late"}},
                    {"when": {"id": "lost"}, "result": {"status": "lost"}},
                    {"when": {"id": "none"}, "refused": "not_found"},
                ],
                "oms.resend": [{"result": {"parcel": "P-2"}}],
            }
        }
    )
}
ORDERS: Final = ("late", "lost", "none")
CHANNELS: Final = ("phone", "chat")
BREAKS: Final = ("pause", "transfer", "hold", "colleague", "hours")


@dataclass(repr=False)
class Shop:
    """One service for all examples: each has sessions, and customers, of its own."""

    runner: asyncio.Runner
    service: Service
    clock: FixedClock
    examples: Iterator[int] = field(default_factory=count)

    def play(self, what: Coroutine[Any, Any, T]) -> T:
        """Return what a play comes to."""
        return self.runner.run(what)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    told = Settings(database=str(tmp_path_factory.mktemp("shop") / "shop.db"), background=False)
    clock, stack = FixedClock(), AsyncExitStack()

    async def opened() -> Service:
        service = await stack.enter_async_context(
            open_service(told, clock=clock, ids=CountedIds(), connectors=SYSTEMS)
        )
        await service.revisions.publish(AUTHOR, SHOP)
        return service

    with asyncio.Runner() as runner:
        yield Shop(runner, runner.run(opened()), clock)
        runner.run(stack.aclose())


def story(order: str, corrected: str | None, *, came: bool) -> list[dict[str, Any]]:
    """Return what a customer says in a contact, in order: commands, none of them about where."""
    said: list[dict[str, Any]] = [
        {"type": "answer", "values": {"email": "zoe@example.org"}},
        {"type": "answer", "values": {"order_id": order}},
    ]
    # What is lost is sent again at once, and the contact is over.
    corrected = None if order == "lost" else corrected
    if corrected is not None:
        said.append({"type": "amend", "question": "order_id", "values": {"order_id": corrected}})
    last = corrected or order
    if last == "none":
        said.append({"type": "answer", "values": {"spelled": "nothing"}})
    if last == "late":
        said += [{"type": "acknowledge"}, {"type": "woken"},
                 {"type": "answer", "values": {"arrived": came}}]  # fmt: skip
    return said


STORIES: Final = st.builds(
    story, st.sampled_from(ORDERS), st.none() | st.sampled_from(ORDERS), came=st.booleans()
)


async def told(shop: Shop, before: Answer, said: dict[str, Any]) -> Answer:
    """Bring the next thing that a customer says."""
    service = shop.service
    if said["type"] == "woken":
        shop.clock.advance(3 * 3_600_000)
        await service.timers.fire()
        return await service.sessions.view(ANA, before.session)
    if said["type"] == "amend":
        state = (await service.sessions.states.get("acme", before.session)).state
        visit = next(one.id for one in state.path if one.step == "which")
        said = {"type": "amend", "visit": visit, "values": said["values"]}
    if "email" in said.get("values", {}):
        said = {**said, "values": {"email": f"{before.session}@example.org"}}
    return await say(service, ANA, before, said)


async def broken(shop: Shop, before: Answer, *, how: str, channel: str) -> Answer:
    """Interrupt a contact where it stands, and go on: elsewhere, later, after somebody else."""
    service, clock = shop.service, shop.clock
    if seen(before)["status"] != "active":
        return before
    match how:
        case "pause":
            put = await say(service, ANA, before, {"type": "pause"})
            clock.advance(DAY_MS)
            return await say(service, ANA, put, {"type": "resume", "channel": channel})
        case "transfer" | "colleague":
            asked = await say(service, ANA, before, {"type": "transfer", "team": "supervisor"})
            taken = await say(service, BEA, asked, {"type": "accept"})
            back = await say(service, BEA, taken, {"type": "transfer", "team": "second"})
            return await say(service, ANA, back, {"type": "accept"})
        case "hold":
            held = await say(service, ANA, before, {"type": "hold"})
            clock.advance(60_000)
            return await say(service, ANA, held, {"type": "unhold"})
        case _:
            clock.advance(DAY_MS // 24)
            return before


async def left(shop: Shop, answer: Answer) -> dict[str, Any]:
    """Return what a session leaves, whoever walked it, where and when."""
    state = (await shop.service.sessions.states.get("acme", answer.session)).state
    codes = [(axis, code) for visit in state.path for axis, code, _ in visit.codes]
    return {
        "outcome": state.outcome,
        "status": state.status,
        "steps": [(visit.step, visit.exit) for visit in state.path],
        "trace": {axis: [code for its, code in codes if its == axis] for axis in AXES},
    }


async def walk(
    shop: Shop, said: Sequence[dict[str, Any]], breaks: Sequence[tuple[str, str] | None] = ()
) -> dict[str, Any]:
    """Return what a whole contact leaves that is interrupted before what is said."""
    answer = await begin(shop.service, ANA)
    for number, one in enumerate(said):
        found = breaks[number % len(breaks)] if breaks else None
        if found is not None:
            answer = await broken(shop, answer, how=found[0], channel=found[1])
        answer = await told(shop, answer, one)
    await assert_sound(shop.service, "acme", answer.session)
    return await left(shop, answer)


EXAMPLES: Final = settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


@EXAMPLES
@given(
    said=STORIES,
    breaks=st.lists(
        st.none() | st.tuples(st.sampled_from(BREAKS), st.sampled_from(CHANNELS)), max_size=6
    ),
)
def test_a_contact_put_down_and_taken_up_elsewhere_leaves_what_an_unbroken_one_does(
    shop: Shop, said: list[dict[str, Any]], breaks: list[tuple[str, str] | None]
) -> None:
    whole = shop.play(walk(shop, said))

    assert whole["outcome"] in {"resolved", "unresolved"}
    assert shop.play(walk(shop, said, breaks)) == whole


def test_two_hundred_sessions_at_once_leave_what_they_leave_in_turn(shop: Shop) -> None:
    dice = random.Random(2026)
    stories = [
        story(dice.choice(("late", *ORDERS[1:] * 2)), dice.choice((None, *ORDERS)), came=True)
        for _ in range(200)
    ]
    order = [one for one, said in enumerate(stories) for _ in said]
    dice.shuffle(order)

    async def at_once() -> list[dict[str, Any]]:
        rests = [iter(said) for said in stories]
        latest = [await begin(shop.service, ANA) for _ in stories]
        for one in order:
            # Hours that one lets go by wake others too: each looks where it stands by then.
            latest[one] = await shop.service.sessions.view(ANA, latest[one].session)
            latest[one] = await told(shop, latest[one], next(rests[one]))
        return [await left(shop, one) for one in latest]

    async def in_turn() -> list[dict[str, Any]]:
        return [await walk(shop, said) for said in stories]

    assert shop.play(at_once()) == shop.play(in_turn())


VISITS: Final = st.tuples(
    st.integers(1, 2), st.sampled_from(ORDERS), st.sampled_from(CHANNELS),
    st.integers(1, 4), st.sampled_from((0, 3_600_000, DAY_MS, 7 * DAY_MS)), st.booleans(),
)  # fmt: skip
"""Who comes, about which order, on which channel, how far they get, how long after the last; and
whether an advisor says that it is the request of the last time."""


@EXAMPLES
@given(visits=st.lists(VISITS, min_size=2, max_size=8))
def test_what_the_request_holds_is_never_asked_again_however_often_somebody_comes(
    shop: Shop, visits: list[tuple[int, str, str, int, int, bool]]
) -> None:
    example = next(shop.examples)
    requests: dict[int, str] = {}

    async def come(who: int, order: str, channel: str, *, far: int, ticket: str | None) -> None:
        answer = await begin(
            shop.service, ANA, customer={"number": f"C-{example}-{who}"}, channel=channel,
            ticket=ticket,
        )  # fmt: skip
        said = {"email": f"{who}.{example}@example.org", "order_id": order}
        for _ in range(far):
            asked = {one["name"] for one in seen(answer)["fields"]}
            # An address is confirmed each time, as its question says; an order is not.
            assert not asked & await held(shop, answer), step(answer)
            values = {name: said[name] for name in asked & said.keys()}
            if not values:
                break
            answer = await say(shop.service, ANA, answer, {"type": "answer", "values": values})
        await assert_sound(shop.service, "acme", answer.session)
        state = (await shop.service.sessions.states.get("acme", answer.session)).state
        requests[who] = str(state.ticket)

    for who, order, channel, far, after, is_same in visits:
        shop.clock.advance(after)
        ticket = requests.get(who) if is_same else None
        shop.play(come(who, order, channel, far=far, ticket=ticket))


async def held(shop: Shop, answer: Answer) -> set[str]:
    """Return the questions whose answer the request of a session holds already.

    None where it is not sure yet that this is the request: its object is what is asked.
    """
    state = (await shop.service.sessions.states.get("acme", answer.session)).state
    if state.attached is not None and state.attached[1] == "object.unsaid":
        return set()
    facts = Facts(shop.service.store)
    known = await facts.known("acme", customer=None, ticket=state.ticket)
    return {"order_id"} if "ticket.order" in known else set()
