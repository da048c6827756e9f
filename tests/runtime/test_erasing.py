"""Erasing a person: nothing they said is left anywhere, codes, times and figures stay."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from connectors.port import Outcome
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import ActionUnderWay, Forbidden, NotFound
from runtime.idempotency import Answer
from runtime.post.mail import read_mail
from runtime.store.port import Unit
from runtime.store.ratings import KEEP_RATING
from runtime.store.tables import METADATA, PERSONAL
from runtime.upgrade import connected, is_postgres
from runtime.verify import verify
from runtime.wiring import Service
from tests.runtime.conftest import ANA, OpenService, answers
from tests.runtime.test_outbox import Gate
from tests.runtime.walks import assert_sound, begin, reply, say, seen, to_order

EVE = Actor("acme", "admin", "eve")
ZOE = Actor("acme", "customer", "c-17")
LATE = {"*": answers(oms_get_order=[{"result": {"status": "late"}}])}
SAID = (
    "zoe.durand@example.org", "ZD-998877", "Where is my purple umbrella", "Zoe sounds upset",
    "call Zoe at her sister", "+33612345678", "0612345678", "Zoriginal",
)  # fmt: skip
"""What is typed in the test's walks, none of it a word of the library's."""


async def walked(service: Service) -> Answer:
    """Walk a contact to its end, with something personal in every place that takes it."""
    first = await begin(
        service, ANA, customer={"phone": "0612345678"}, words="Where is my purple umbrella"
    )
    offered = {"type": "provide", "values": {"order_id": "ZD-998877", "colour": "Zoriginal"}}
    await say(service, ANA, first, offered, key="o1")
    asked = await reply(service, ANA, first, email="zoe.durand@example.org")
    noted = {"type": "note", "text": "Zoe sounds upset"}
    await say(service, ANA, asked, noted, key="n1")
    body = {"type": "answer", "values": {"order_id": "ZD-998877"}}
    found = await say(service, ANA, asked, body, key="a1")
    told = await say(service, ANA, found, {"type": "acknowledge"})
    promise = {"type": "promise", "what": "call Zoe at her sister"}
    await say(service, ANA, told, promise, key="p1")
    texts = {"summary": "Zoriginal, upset", "next": "ring +33612345678"}
    await service.wrap_ups.write(ANA, first.session, version=0, texts=texts)
    wrote = b"From: zoe.durand@example.org\nSubject: Zoriginal\n\nWhere is my purple umbrella"
    await service.post.messages.take_mail(ANA, read_mail(wrote))
    over = {"type": "finish", "outcome": "unresolved", "reason": "Zoriginal"}
    return await say(service, ANA, told, over, key="f1")


async def listened_to(service: Service) -> None:
    """Keep a listener's rating of the latest contact, with the name of its recording."""
    contact = (await service.contacts.newest(ANA))[0]["id"]
    unit = Unit()
    tape = "zoe.durand@example.org.wav"
    unit.add(KEEP_RATING, "acme", "smp", contact, "supervisor:sam", "[]", "{}", tape, 1)
    await service.store.commit(unit)


def traces(database: str) -> list[str]:
    """Return what was typed and is still found: in the file's bytes, or in any column."""
    if is_postgres(database):
        found = []
        with connected(database) as connection:
            for table in METADATA.tables.values():
                for row in connection.execute(text(f"SELECT t::text FROM {table.name} t")):
                    found += [word for word in SAID if word in row[0]]
        return found
    path = Path(database)
    whole = b"".join(
        file.read_bytes() for file in sorted(path.parent.iterdir()) if file.name != "store.db.lock"
    )
    return [word for word in SAID if word.encode() in whole]


async def measured(service: Service, session: str) -> dict[str, Any]:
    """Return what figures are made of: codes, times, segments, the path."""
    warm = await service.sessions.states.fresh("acme", session)
    timeline = await service.views.timeline(ANA, warm)
    await service.projector.catch_up()
    contact = timeline["contacts"][0]["contact"]
    return {
        "codes": warm.state.codes,
        "timeline": timeline,
        "ticket": (await service.tickets.newest(ANA))[0],
        "contact": await service.contacts.get(ANA, contact),
        "path": [(v.step, v.how, v.at, v.left_at, v.exit) for v in warm.state.path],
        "status": (warm.state.status, warm.state.outcome),
    }


def test_after_erasing_nothing_typed_is_left_anywhere_and_figures_are_as_they_were(
    open_shop: OpenService, database: str, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            over = await walked(service)
            zoe = (await service.contacts.newest(ANA))[0]["customer"]
            await listened_to(service)
            before = await measured(service, over.session)
            assert set(traces(database)) == set(SAID) - {"0612345678"}
            clock.advance(60_000)

            done = await service.erasing.customer(EVE, "phone:0612345678")

            assert done == {"customer": zoe, "sessions": 1, "erased_at": clock.now()}
            assert traces(database) == []
            assert await measured(service, over.session) == before
            await assert_sound(service, "acme", over.session)
            assert [fault async for fault in verify(service.store)] == []
            view = await service.sessions.view(ANA, over.session)
            assert seen(view)["status"] == "ended"
            assert not [word for word in SAID if word.encode() in view.body]
            left = await service.customers.get(ANA, zoe)
            assert (left["keys"], left["facts"]) == ([], {})
            with pytest.raises(NotFound):
                await service.customers.get(ANA, "phone:0612345678")
        async with open_shop(LATE) as service:
            # Read from the file alone, it loads and folds as before.
            again = await service.sessions.view(ANA, over.session)
            assert again.body == view.body
            await assert_sound(service, "acme", over.session)
        assert traces(database) == []

    asyncio.run(play())


def test_every_place_that_holds_personal_values_is_gone_through() -> None:
    emptied = {"event_payload", "snapshot", "effect", "fact", "idempotency", "customer_key",
               "sent_file", "dead_letter", "launch", "rating", "wrap_up", "message",
               "conversation", "customer_segment"}  # fmt: skip

    assert set(PERSONAL) == emptied, "erase what is new here too, then name it in this test"


def test_a_session_that_goes_on_ends_as_abandoned_and_others_are_not_touched(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            other = await to_order(service, ANA, customer={"number": "c-2"})
            kept = (await service.sessions.view(ANA, other.session)).body
            first = await begin(service, ANA, customer={"number": "c-1"})
            going = await reply(service, ANA, first, email="max.durand@example.org")
            stale = {"type": "answer", "values": {"order_id": "F-1"}}

            await service.erasing.customer(EVE, "number:c-1")

            now = await service.sessions.view(ANA, going.session)
            assert (seen(now)["status"], seen(now)["outcome"]) == ("ended", "abandoned")
            assert b"max.durand" not in now.body
            with pytest.raises(Exception, match="session"):
                await say(service, ANA, going, stale)
            assert (await service.sessions.view(ANA, other.session)).body == kept
            assert (await service.customers.get(ANA, "number:c-2"))["facts"]
            await assert_sound(service, "acme", going.session)

    asyncio.run(play())


def test_a_stored_answer_is_emptied_and_its_retry_does_nothing_more(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            first = await begin(service, ANA, customer={"number": "c-1"})
            body = {"type": "answer", "values": {"email": "zoe.durand@example.org"}}
            await say(service, ANA, first, body, key="k1")
            await service.erasing.customer(EVE, "number:c-1")
            before = (await service.sessions.view(ANA, first.session)).version

            again = await say(service, ANA, first, body, key="k1")

            assert again.is_replay
            assert b"zoe" not in again.body
            assert (await service.sessions.view(ANA, first.session)).version == before

    asyncio.run(play())


def test_while_an_action_is_under_way_erasing_waits_and_done_again_it_finishes(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        gate = Gate(Outcome("succeeded", {"status": "late"}))
        async with open_shop({"oms": gate}, inline_ms=1) as service:
            asked = await to_order(service, ANA, customer={"number": "c-1"})
            pending = await reply(service, ANA, asked, order_id="F-1")
            with pytest.raises(ActionUnderWay):
                await service.erasing.customer(EVE, "number:c-1")
            assert b"zoe@example.org" in (await service.sessions.view(ANA, pending.session)).body
            gate.open.set()
            await service.outbox.drain_now()
            zoe = (await service.erasing.customer(EVE, "number:c-1"))["customer"]
            assert (await service.erasing.customer(EVE, zoe))["customer"] == zoe
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_only_an_administrator_erases_and_only_within_the_tenant(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            await begin(service, ANA, customer={"number": "c-1"})
            with pytest.raises(Forbidden):
                await service.erasing.customer(ANA, "number:c-1")
            with pytest.raises(NotFound):
                await service.erasing.customer(Actor("other", "admin", "x"), "number:c-1")
            assert (await service.customers.get(ANA, "number:c-1"))["keys"]

    asyncio.run(play())
