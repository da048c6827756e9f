"""A log's contacts keep their own times and every event; their time is cut without a gap."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ledger import CATEGORIES, Contact, Observed, segments
from measures.facts.pseudonyms import Pseudonyms
from measures.facts.rows import Maker
from measures.facts.schema import TABLES
from runtime.access import Actor
from runtime.contacts import contact_row
from runtime.errors import Forbidden, WrongReference
from runtime.event_logs import Case, Seen, placed
from runtime.finished import Finished
from runtime.store import statements as s
from tests.runtime.conftest import ANA, OpenService

SAM, ADMIN = Actor("acme", "supervisor", "sam"), Actor("acme", "admin", "root")
T = 1_589_375_000_000
CHAT = Case(
    case="C-1", channel="chat", advisor="w7", customer={"external.chats": "lin"},
    events=[
        Seen(what="user.utter", at=T, by="customer", time="lookup", data={"text": "Hello"}),
        Seen(what="base.item", time="robot_wait", data={"rows": 2}),
        Seen(what="agent.utter", at=T + 60_000, by="advisor", time="useful"),
        Seen(what="user.utter", at=T + 50_000, by="customer", time="useful"),
        Seen(what="user.gone", at=T + 90_000, by="customer"),
    ],
)  # fmt: skip


def test_a_contact_is_brought_once_with_its_own_times_and_every_event(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            [dry] = await service.event_logs.bring(SAM, "chats", [CHAT], dry_run=True)
            [new] = await service.event_logs.bring(SAM, "chats", [CHAT])
            [again] = await service.event_logs.bring(SAM, "chats", [CHAT])
            grown = replace(CHAT, events=[*CHAT.events, Seen(what="user.back")])
            [other] = await service.event_logs.bring(SAM, "chats", [grown])

            assert [one["did"] for one in (dry, new, again, other)] == [
                "new", "new", "unchanged", "conflict",
            ]  # fmt: skip
            assert dry == {**new, "did": "new"}
            assert (new["events"], new["untimed"], new["late"]) == (5, 1, 1)
            assert new["totals_ms"] == {"robot_wait": 60_000, "useful": 30_000}
            shown = await service.contacts.get(ANA, new["contact"])
            assert (shown["offered"], shown["answered"], shown["ended"]) == (T, T, T + 90_000)
            rows = await service.store.read(s.EVENTS, "acme", "contact", new["contact"], 0, 99)
            assert [(row[1], row[2] - T) for row in rows] == [
                ("offered", 0), ("answered", 0), ("observed", 0), ("observed", 0),
                ("observed", 60_000), ("observed", 60_000), ("observed", 90_000),
                ("ended", 90_000),
            ]  # fmt: skip
            assert [row[5] for row in rows if row[5]] == ['{"text":"Hello"}', '{"rows":2}']

    asyncio.run(play())


def test_ledger_and_facts_take_it_in_and_say_the_same(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            [told] = await service.event_logs.bring(SAM, "chats", [CHAT])
            contact = told["contact"]

            assert await service.projector.catch_up() == 1
            rows = await service.store.read(s.CONTACT, "acme", contact)
            _, parts = await service.projector.of_contact("acme", contact_row(rows[0]))
            kept = await service.store.read(s.SEGMENTS, "acme", contact)
            batch = await Finished(service.store).batch("acme", [contact])
            facts = Maker(batch, Pseudonyms(b"x" * 32)).rows()
            wide = dict(zip(TABLES["contact"], facts["contact"][0], strict=True))

            assert [(p.start - T, p.end - T, p.category, p.step, p.flag) for p in parts] == [
                (0, 60_000, "robot_wait", "base.item", None),
                (60_000, 90_000, "useful", "user.utter", "negative"),
            ]
            assert [tuple(row[:3]) for row in kept] == [(p.start, p.end, p.category) for p in parts]
            assert (wide["ms_useful"], wide["ms_robot_wait"], wide["doubtful_ms"]) == (
                30_000, 60_000, 30_000,
            )  # fmt: skip
            assert (wide["channel"], wide["actor_kind"], wide["sessions"]) == ("chat", "advisor", 0)
            assert len(facts["segment"]) == 2

    asyncio.run(play())


def test_what_a_log_says_of_a_person_goes_when_they_are_erased_and_its_times_stay(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            [told] = await service.event_logs.bring(SAM, "chats", [CHAT])

            await service.erasing.customer(ADMIN, "external.chats:lin")

            rows = await service.store.read(s.EVENTS, "acme", "contact", told["contact"], 0, 99)
            assert len(rows) == 8
            assert [row[5] for row in rows if row[5] is not None] == []

    asyncio.run(play())


def test_a_contact_that_cannot_be_one_is_refused_where_it_is_wrong(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            cases = {
                "contacts.0.channel": Case(case="1", channel="pigeon", events=CHAT.events),
                "contacts.0.events": Case(case="1", channel="chat", events=[Seen(what="x")]),
                "contacts.0.events.0.time": Case(
                    case="1", channel="chat", events=[Seen(what="x", at=T, time="fun")]
                ),
                "contacts.0.events.0.at": Case(
                    case="1", channel="chat", events=[Seen(what="x", at=service.clock.now() + 1)]
                ),
                "contacts.0.answered": Case(
                    case="1", channel="chat", answered=9, events=[Seen(what="x", at=T)]
                ),
            }
            for field, case in cases.items():
                with pytest.raises(WrongReference) as refused:
                    await service.event_logs.bring(SAM, "chats", [case])
                assert refused.value.params["field"] == field
            with pytest.raises(Forbidden):
                await service.event_logs.bring(ANA, "chats", [CHAT])

    asyncio.run(play())


_TIMES = st.lists(st.one_of(st.none(), st.integers(0, 2_000_000)), min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(_TIMES.filter(lambda ats: any(at is not None for at in ats)), st.data())
def test_whatever_the_times_of_a_log_its_partition_is_exact(
    ats: list[int | None], data: st.DataObject
) -> None:
    classes = st.sampled_from([None, *CATEGORIES])
    channel = data.draw(st.sampled_from(["chat", "phone", "email"]))
    counted = placed(ats)
    seen = [
        Observed(at if own is None else own, data.draw(classes), str(place))
        for place, (own, at) in enumerate(zip(ats, counted, strict=True))
    ]
    contact = Contact("c", channel, "inbound", counted[0], counted[0], counted[-1])

    parts = segments(contact, (), observed=seen)

    assert counted == sorted(counted)
    assert sum(part.end - part.start for part in parts) == counted[-1] - counted[0]
    assert all(a.end == b.start for a, b in pairwise(parts))
    assert not parts or (parts[0].start, parts[-1].end) == (counted[0], counted[-1])
