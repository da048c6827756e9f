"""A contact goes on with the request it is about, whoever takes it and whenever it comes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from engine.parts import DAY_MS
from engine.refusals import Refused
from engine.tickets import REASONS
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.idempotency import Answer
from runtime.verdicts import told
from runtime.verify import verify
from runtime.wiring import Service
from tests.runtime.conftest import ANA, AUTHOR, OpenService, answers
from tests.runtime.library import FILES
from tests.runtime.walks import assert_sound, begin, reply, say, step

BOB = Actor("acme", "advisor", "bob")
ZOE = {"number": "C-1"}
MAIL = "zoe@example.org"
SETTINGS = """\
tickets:
  objects: [ticket.order]
  window: 10 days
  contacts: 2
"""
LOST = {
    "*": answers(
        oms_get_order=[{"result": {"status": "lost"}}], oms_resend=[{"result": {"parcel": "P-2"}}]
    )
}
SHOP = {**FILES, "library.yaml": FILES["library.yaml"] + SETTINGS}


async def around(service: Service, answer: Answer) -> dict[str, Any]:
    """Return the ticket of a session, as an advisor sees it beside the walk."""
    warm = await service.sessions.states.fresh("acme", answer.session)
    found = await service.surroundings.around(ANA, warm)
    ticket: dict[str, Any] = found["ticket"]
    return ticket


async def resolved(service: Service, order: str = "F-1") -> Answer:
    """Walk a whole contact to its resolution."""
    answer = await begin(service, ANA, customer=ZOE)
    answer = await reply(service, ANA, answer, email=MAIL)
    return await reply(service, ANA, answer, order_id=order)


def shop(play: Callable[[Service], Awaitable[None]], open_shop: OpenService) -> None:
    """Play in a shop whose requests are about orders."""

    async def played() -> None:
        async with open_shop(LOST) as service:
            await service.revisions.publish(AUTHOR, SHOP)
            await play(service)

    asyncio.run(played())


def test_who_comes_back_for_what_was_closed_opens_it_again(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play(service: Service) -> None:
        first = await resolved(service)
        ticket = await around(service, first)
        assert (ticket["status"], ticket["motive"], ticket["expected"]) == ("closed", "parcel", 2)
        clock.advance(2 * DAY_MS)

        again = await begin(service, BOB, customer=ZOE)
        again = await reply(service, BOB, again, email=MAIL)
        # The order was not said yet, and what was closed waits for it.
        assert (await around(service, again))["why"]["reason"] == "object.unsaid"
        assert step(again) == "which"
        again = await reply(service, BOB, again, order_id="F-1")

        found = await around(service, again)
        assert found["id"] == ticket["id"]
        assert (found["why"]["what"], found["why"]["reason"]) == ("reopen", "again")
        assert found["reopened_at"] == clock.now()
        assert found["sessions"] == [first.session, again.session]
        assert (found["contacts"]["inbound"], found["contacts"]["reiterations"]) == (2, 1)
        assert [one["id"] for one in await service.tickets.newest(ANA)] == [ticket["id"]]
        await assert_sound(service, "acme", again.session)

    shop(play, open_shop)


def test_what_is_known_in_the_open_request_is_not_asked_again(open_shop: OpenService) -> None:
    async def play(service: Service) -> None:
        first = await begin(service, ANA, customer=ZOE)
        first = await reply(service, ANA, first, email=MAIL)
        first = await reply(service, ANA, first, order_id="F-1")
        ticket = (await around(service, first))["id"]
        second = await begin(service, BOB, customer=ZOE, ticket=ticket)
        second = await reply(service, BOB, second, email=MAIL)
        assert step(second) not in {"which", "who"}
        assert (await around(service, second))["id"] == ticket

    shop(play, open_shop)


def test_another_order_is_another_request(open_shop: OpenService) -> None:
    async def play(service: Service) -> None:
        first = await resolved(service)
        second = await resolved(service, "F-2")
        one, other = await around(service, first), await around(service, second)
        assert one["id"] != other["id"]
        assert (other["why"]["what"], other["why"]["reason"]) == ("new", "object.other")
        assert other["status"] == "closed"

    shop(play, open_shop)


def test_after_the_window_it_is_a_new_request(open_shop: OpenService, clock: FixedClock) -> None:
    async def play(service: Service) -> None:
        first = await resolved(service)
        clock.advance(11 * DAY_MS)
        second = await resolved(service)
        assert (await around(service, first))["sessions"] == [first.session]
        assert (await around(service, second))["why"]["reason"] == "window.over"

    shop(play, open_shop)


def test_an_open_session_of_the_request_is_shown_to_be_resumed(open_shop: OpenService) -> None:
    async def play(service: Service) -> None:
        first = await begin(service, ANA, customer=ZOE)
        first = await reply(service, ANA, first, email=MAIL)
        await say(service, ANA, first, {"type": "pause"})
        second = await reply(service, BOB, await begin(service, BOB, customer=ZOE), email=MAIL)
        ticket = await around(service, second)
        paused = next(one for one in ticket["open_sessions"] if one["id"] == first.session)
        assert (paused["status"], paused["step"]) == ("paused", "which")
        # The advisor goes on with it in this very contact.
        contact = (await service.sessions.states.fresh("acme", second.session)).state.contact
        version = (await service.sessions.view(BOB, first.session)).version
        resumed = await service.sessions.command(
            BOB, first.session, {"type": "resume", "contact": contact}, match=version
        )
        assert step(resumed) == "which"

    shop(play, open_shop)


def test_a_mistake_is_corrected_with_one_command_and_what_was_opened_is_closed_again(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play(service: Service) -> None:
        first = await resolved(service)
        closed = await around(service, first)
        clock.advance(DAY_MS)
        second = await resolved(service)
        assert (await around(service, second))["id"] == closed["id"]

        third = await begin(service, ANA, customer=ZOE)
        third = await reply(service, ANA, third, email=MAIL)
        third = await say(service, ANA, third, {"type": "attach", "ticket": closed["id"]})
        assert (await around(service, third))["status"] == "open"
        assert "ticket.order" in (await service.sessions.states.fresh("acme", third.session)
                                  ).state.known  # fmt: skip
        third = await say(service, ANA, third, {"type": "attach", "ticket": "new"})

        corrected = await around(service, third)
        assert (corrected["why"]["what"], corrected["why"]["reason"]) == ("new", "corrected")
        before = await service.tickets.get(ANA, closed["id"])
        assert (before["status"], before["reopened_at"]) == ("closed", None)
        # What was chosen by hand is not decided anew.
        third = await reply(service, ANA, third, order_id="F-1")
        assert (await around(service, third))["id"] == corrected["id"]
        assert [fault async for fault in verify(service.store)] == []

    shop(play, open_shop)


def test_a_request_of_somebody_else_cannot_be_chosen(open_shop: OpenService) -> None:
    async def play(service: Service) -> None:
        theirs = await around(service, await resolved(service))
        mine = await begin(service, ANA, customer={"number": "C-2"})
        for ticket, code in ((theirs["id"], "ticket.other-customer"), ("tkt_no", "ticket.unknown")):
            with pytest.raises(Refused) as refused:
                await say(service, ANA, mine, {"type": "attach", "ticket": ticket})
            assert refused.value.code == code
        with pytest.raises(Refused) as refused:
            await say(service, ANA, mine, {"type": "attach", "ticket": "new"})
        assert refused.value.code == "ticket.same"

    shop(play, open_shop)


def test_two_sessions_of_one_request_at_once_end_in_one_ticket(open_shop: OpenService) -> None:
    async def play(service: Service) -> None:
        both = [await begin(service, one, customer=ZOE) for one in (ANA, BOB)]
        both = list(
            await asyncio.gather(
                *(reply(service, one, start, email=MAIL)
                  for one, start in zip((ANA, BOB), both, strict=True))
            )
        )  # fmt: skip
        both = [
            await reply(service, who, one, order_id="F-1")
            for who, one in zip((ANA, BOB), both, strict=True)
        ]
        found = {(await around(service, one))["id"] for one in both}
        assert len(found) == 1
        assert len(await service.tickets.newest(ANA)) == 1
        assert [fault async for fault in verify(service.store)] == []

    shop(play, open_shop)


def test_transfers_and_side_calls_count_as_contacts_of_the_house(open_shop: OpenService) -> None:
    async def play(service: Service) -> None:
        answer = await begin(service, ANA, customer=ZOE)
        await say(service, ANA, answer, {"type": "consult", "team": "supervisor"})
        await say(service, ANA, answer, {"type": "consult", "team": "supervisor", "on": False})
        await say(service, ANA, answer, {"type": "transfer", "team": "supervisor"})
        counted = (await around(service, answer))["contacts"]
        assert (counted["transfers"], counted["consults"], counted["internal"]) == (1, 1, 2)
        assert (counted["inbound"], counted["reiterations"]) == (1, 0)

    shop(play, open_shop)


def test_every_verdict_is_told_in_both_languages() -> None:
    for reason in REASONS:
        assert told("new", reason, "fr") != told("new", reason, "en")
