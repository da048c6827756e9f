"""Contacts, tickets, customers, what is known of them, and where the time went."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from engine.events import ClockJumped
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.customers import normalise
from runtime.errors import Forbidden, NotFound, WrongPhase, WrongReference
from runtime.store import statements as s
from tests.runtime.conftest import ANA, OpenService, answers
from tests.runtime.walks import assert_sound, begin, reply, say, seen, step, to_order

KINDS = {
    "*": answers(
        oms_get_order=[{"when": {"id": "F-1"}, "result": {"status": "lost"}},
                       {"result": {"status": "late"}}],
        oms_resend=[{"result": {"parcel": "P-2"}}],
    )
}  # fmt: skip


def test_a_contact_lives_from_ringing_to_wrapped_up_and_closes_what_it_settled(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> dict[str, Any]:
        async with open_shop(KINDS) as service:
            rung = await service.contacts.open(ANA, channel="phone")
            clock.advance(12_000)
            await service.contacts.pass_to(ANA, rung["id"], "answered")
            first = await begin(service, ANA, contact=rung["id"])
            clock.advance(30_000)
            second = await reply(service, ANA, first, email="zoe@example.org")
            last = await reply(service, ANA, second, order_id="F-1")
            assert seen(last)["outcome"] == "resolved"
            ticket = (await service.tickets.newest(ANA))[0]
            assert (ticket["status"], ticket["motive"]) == ("settled", "parcel")
            clock.advance(5_000)
            await service.contacts.pass_to(ANA, rung["id"], "ended")
            assert (await service.tickets.get(ANA, ticket["id"]))["status"] == "closed"
            clock.advance(7_000)
            await service.contacts.pass_to(ANA, rung["id"], "wrapped_up")
            with pytest.raises(WrongPhase):
                await service.contacts.pass_to(ANA, rung["id"], "answered")
            warm = await service.sessions.admit(ANA, first.session)
            timeline = await service.views.timeline(ANA, warm)
            found: dict[str, Any] = timeline["contacts"][0]
            return found

    ledger = asyncio.run(play())

    assert ledger["duration_ms"] == 12_000 + 30_000 + 5_000 + 7_000
    assert sum(ledger["totals_ms"].values()) == ledger["duration_ms"]
    assert ledger["totals_ms"]["queue"] == 12_000
    assert ledger["totals_ms"]["after_call"] == 7_000
    assert ledger["totals_ms"]["identification"] == 30_000
    edges = [(part["start"], part["end"]) for part in ledger["segments"]]
    assert all(end == start for (_, end), (start, _) in pairwise(edges))


def test_a_session_without_a_contact_has_one_as_long_as_itself(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> list[dict[str, Any]]:
        async with open_shop(KINDS) as service:
            first = await begin(service, ANA)
            clock.advance(20_000)
            second = await reply(service, ANA, first, email="zoe@example.org")
            paused = await say(service, ANA, second, {"type": "pause"})
            clock.advance(3_600_000)
            resumed = await say(service, ANA, paused, {"type": "resume", "channel": "chat"})
            clock.advance(10_000)
            await reply(service, ANA, resumed, order_id="F-1")
            await assert_sound(service, "acme", first.session)
            warm = await service.sessions.admit(ANA, first.session)
            timeline = await service.views.timeline(ANA, warm)
            ticket = (await service.tickets.newest(ANA))[0]
            assert ticket["status"] == "closed"
            return list(timeline["contacts"])

    one, two = asyncio.run(play())

    assert (one["channel"], one["duration_ms"]) == ("phone", 20_000)
    assert (two["channel"], two["duration_ms"]) == ("chat", 10_000)


def test_the_ledger_s_rows_are_those_of_the_timeline(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(KINDS) as service:
            first = await begin(service, ANA)
            clock.advance(20_000)
            second = await reply(service, ANA, first, email="zoe@example.org")
            clock.advance(10_000)
            await reply(service, ANA, second, order_id="F-1")
            contact = (await service.contacts.newest(ANA))[0]["id"]
            assert await service.projector.catch_up() == 1
            assert await service.projector.catch_up() == 0
            warm = await service.sessions.admit(ANA, first.session)
            timeline = (await service.views.timeline(ANA, warm))["contacts"][0]
            rows = await service.store.read(s.SEGMENTS, "acme", contact)
            assert [(row[0], row[1], row[2]) for row in rows] == [
                (part["start"], part["end"], part["category"]) for part in timeline["segments"]
            ]
            assert rows[-1][1] - rows[0][0] == 30_000

    asyncio.run(play())


def test_what_a_customer_said_is_known_next_time_with_its_age_and_taken_back_when_undone(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(KINDS) as service:
            who = {"phone": "06 12 34 56 78"}
            first = await begin(service, ANA, customer=who)
            said = clock.now()
            second = await reply(service, ANA, first, email="zoe@example.org")
            clock.advance(1_000)
            again = await begin(service, ANA, customer={"phone": "+33612345678"})
            known = seen(again)["fields"][0]["known"]
            assert known["value"] == "zoe@example.org"
            assert (known["at"], known["source"]) == (said, "advisor:ana")
            visit = seen(second)["history"][0]["visit"]
            await say(
                service, ANA, second,
                {"type": "amend", "visit": visit, "values": {"email": "zoe@example.com"}},
            )  # fmt: skip
            customer = await service.customers.get(ANA, "phone:0612345678")
            assert customer["facts"]["customer.email"]["value"] == "zoe@example.com"

    asyncio.run(play())


def test_a_ticket_carries_what_is_known_of_it_from_one_session_to_the_next(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop(KINDS) as service:
            first = await to_order(service, ANA, customer={"email": "Zoe@Example.org"})
            await reply(service, ANA, first, order_id="F-2")
            ticket = (await service.tickets.newest(ANA))[0]["id"]
            again = await to_order(service, ANA, ticket=ticket)
            # The order is known in the ticket: it is not asked again.
            assert step(again) == "reassure"
            assert (await service.tickets.get(ANA, ticket))["sessions"] == [
                first.session,
                again.session,
            ]

    asyncio.run(play())


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("phone", "06 12.34-56 78", "+33612345678"),
        ("phone", "0033612345678", "+33612345678"),
        ("phone", "+44 20 7946 0958", "+442079460958"),
        ("email", " Zoe@Example.ORG ", "zoe@example.org"),
        ("number", " c-0042 ", "C-0042"),
    ],
)
def test_a_customer_is_found_however_the_key_is_written(kind: str, given: str, kept: str) -> None:
    assert normalise(kind, given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [("phone", "12"), ("email", "zoe"), ("fax", "0612345678"), ("number", ""), ("number", "a\0")],
)
def test_a_key_that_cannot_be_one_is_refused(kind: str, given: str) -> None:
    with pytest.raises(WrongReference):
        normalise(kind, given)


def test_keys_of_two_customers_are_not_mixed(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await begin(service, ANA, customer={"email": "zoe@example.org"})
            await begin(service, ANA, customer={"phone": "+33612345678"})
            with pytest.raises(WrongReference, match="different customers"):
                await begin(
                    service, ANA, customer={"email": "zoe@example.org", "phone": "+33612345678"}
                )

    asyncio.run(play())


def test_lists_come_newest_first_page_by_page(open_shop: OpenService) -> None:
    async def play() -> tuple[list[str], list[str]]:
        async with open_shop() as service:
            for _ in range(5):
                await begin(service, ANA)
            whole = [one["id"] for one in await service.tickets.newest(ANA)]
            page = [one["id"] for one in await service.tickets.newest(ANA, limit=2)]
            rest = await service.tickets.newest(ANA, before=page[-1])
            return whole, page + [one["id"] for one in rest]

    whole, paged = asyncio.run(play())

    assert whole == sorted(whole, reverse=True)
    assert paged == whole


def test_other_tenants_and_roles_read_none_of_it(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await begin(service, ANA, customer={"email": "zoe@example.org"})
            contact = (await service.contacts.newest(ANA))[0]["id"]
            stranger = Actor("globex", "advisor", "eve")
            assert await service.contacts.newest(stranger) == []
            for read in (
                service.contacts.get(stranger, contact),
                service.customers.get(stranger, "email:zoe@example.org"),
                service.contacts.pass_to(stranger, contact, "ended"),
            ):
                with pytest.raises(NotFound):
                    await read
            with pytest.raises(Forbidden):
                await service.customers.get(Actor("acme", "bot", "b"), "email:zoe@example.org")

    asyncio.run(play())


def test_the_transcript_keeps_what_was_said_in_order(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> list[dict[str, Any]]:
        async with open_shop(KINDS) as service:
            first = await begin(service, ANA, words="where is my parcel?")
            clock.advance(1_000)
            second = await reply(service, ANA, first, email="zoe@example.org")
            clock.advance(1_000)
            await service.sessions.command(
                ANA, first.session, {"type": "note", "text": "calm again"}
            )
            clock.advance(1_000)
            await reply(service, ANA, second, order_id="F-1")
            warm = await service.sessions.admit(ANA, first.session)
            return await service.views.transcript(ANA, warm)

    lines = asyncio.run(play())

    told = [(line["what"], line.get("step") or line.get("text")) for line in lines]
    assert told[:4] == [
        ("said", "where is my parcel?"),
        ("answered", "who"),
        ("noted", "calm again"),
        ("answered", "which"),
    ]
    assert told[-1] == ("ended", "resolved")
    assert lines[1]["shown"] == {"email": "zoe@example.org"}
    assert ClockJumped.KIND not in {what for what, _ in told}
