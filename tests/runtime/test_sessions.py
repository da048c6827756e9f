"""Sessions from beginning to end, as their actors meet them; on both databases."""

import asyncio
from typing import Any

import pytest

from engine.refusals import Refused
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import (
    Forbidden,
    KeyReused,
    NotFound,
    Stale,
    UnknownJourney,
    VersionNeeded,
    WrongReference,
)
from runtime.sessions import StartRequest
from runtime.verify import verify
from tests.runtime.conftest import ANA, OpenService, answers
from tests.runtime.walks import (
    assert_sound,
    begin,
    keyed,
    reply,
    say,
    seen,
    step,
    to_order,
)

LATE = {"*": answers(oms_get_order=[{"result": {"status": "late"}}])}


def test_an_advisor_walks_to_the_outcome_and_nothing_is_lost(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> tuple[list[Any], dict[str, Any], list[Any]]:
        lost = answers(
            oms_get_order=[{"result": {"status": "lost"}}],
            oms_resend=[{"result": {"parcel": "P-2"}}],
        )
        async with open_shop({"*": lost}) as service:
            first = await begin(service, ANA, words="where is my parcel")
            clock.advance(20_000)
            second = await reply(service, ANA, first, email="zoe@example.org")
            clock.advance(10_000)
            last = await reply(service, ANA, second, order_id="F-1")
            steps = [step(first), step(second), seen(last)["status"], seen(last)["outcome"]]
            await assert_sound(service, "acme", first.session)
            trace = await service.views.trace(ANA, await service.sessions.admit(ANA, first.session))
            return steps, trace, [fault async for fault in verify(service.store)]

    steps, trace, faults = asyncio.run(play())

    assert steps == ["who", "which", "ended", "resolved"]
    assert [code["code"] for code in trace["declaration"]] == ["parcel"]
    assert [code["code"] for code in trace["qualification"]] == ["lost"]
    assert [code["code"] for code in trace["action"]] == ["resent"]
    assert faults == []


def test_of_two_answers_at_once_exactly_one_is_taken_and_the_other_sees_where_it_stands(
    open_shop: OpenService,
) -> None:
    async def play() -> tuple[list[Any], int]:
        async with open_shop() as service:
            first = await begin(service, ANA)
            outcomes = await asyncio.gather(
                *(reply(service, ANA, first, email=f"a{n}@example.org") for n in range(20)),
                return_exceptions=True,
            )
            warm = await service.sessions.admit(ANA, first.session)
            events = await service.views.events(ANA, warm)
            await assert_sound(service, "acme", first.session)
            return outcomes, sum(event["kind"] == "left" for event in events)

    outcomes, left = asyncio.run(play())

    stale = [o for o in outcomes if isinstance(o, Stale)]
    assert (len(outcomes) - len(stale), len(stale), left) == (1, 19, 1)
    assert all(b'"id":"which"' in one.body for one in stale)


def test_the_same_key_gets_the_first_answer_again_byte_for_byte(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            first = await begin(service, ANA)
            body = {"type": "answer", "values": {"email": "zoe@example.org"}}
            once = await say(service, ANA, first, body, key="k1")
            again = await say(service, ANA, first, body, key="k1")
            moved = await say(
                service, ANA, once, {"type": "answer", "values": {"order_id": "F-1"}}, key="k2"
            )
            much_later = await say(service, ANA, first, body, key="k1")
            with pytest.raises(KeyReused):
                await say(service, ANA, moved, {"type": "acknowledge"}, key="k1")
            assert (once.is_replay, again.is_replay, much_later.is_replay) == (False, True, True)
            assert once.body == again.body == much_later.body
            assert once.version == again.version == much_later.version

    asyncio.run(play())


def test_twenty_double_clicks_are_one_answer(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            first = await to_order(service, ANA)
            body = {"type": "answer", "values": {"order_id": "F-1"}}
            found = await asyncio.gather(
                *(say(service, ANA, first, body, key="k1") for _ in range(20))
            )
            assert len({one.body for one in found}) == 1
            assert sum(not one.is_replay for one in found) == 1
            await assert_sound(service, "acme", first.session)

    asyncio.run(play())


def test_five_retried_starts_are_one_session(open_shop: OpenService) -> None:
    async def play() -> tuple[set[str], int]:
        async with open_shop() as service:
            key = keyed("k1", {"journey": "parcel"})
            request = StartRequest(journey="parcel", customer={"email": "Zoe@Example.org"})
            found = await asyncio.gather(
                *(service.sessions.start(ANA, request, key=key) for _ in range(5))
            )
            tickets = await service.tickets.newest(ANA)
            contacts = await service.contacts.newest(ANA)
            assert len(tickets) == len(contacts) == 1
            return {one.session for one in found}, len({one.body for one in found})

    sessions, bodies = asyncio.run(play())

    assert (len(sessions), bodies) == (1, 1)


def test_a_refused_command_records_nothing_and_does_not_use_its_key_up(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await begin(service, ANA)
            wrong = {"type": "answer", "values": {"email": "not an address"}}
            for _ in range(2):
                with pytest.raises(Refused) as refused:
                    await say(service, ANA, first, wrong, key="k1")
                assert "email" in refused.value.fields
            right = {"type": "answer", "values": {"email": "zoe@example.org"}}
            answer = await say(service, ANA, first, right, key="k1")
            assert step(answer) == "which"
            await assert_sound(service, "acme", first.session)

    asyncio.run(play())


def test_a_guarded_command_needs_its_version_and_a_note_does_not(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await begin(service, ANA)
            with pytest.raises(VersionNeeded):
                await service.sessions.command(ANA, first.session, {"type": "pause"})
            note = {"type": "note", "text": "calls from a train"}
            noted = await service.sessions.command(ANA, first.session, note)
            assert noted.version == first.version
            assert step(await reply(service, ANA, first, email="zoe@example.org")) == "which"

    asyncio.run(play())


def test_another_tenant_s_session_is_not_there(open_shop: OpenService) -> None:
    async def play() -> None:
        eve = Actor("globex", "advisor", "eve")
        async with open_shop() as service:
            first = await begin(service, ANA)
            for session in (first.session, "ses_none"):
                with pytest.raises(NotFound) as absent:
                    await service.sessions.view(eve, session)
                assert absent.value.code == "not-found"
                with pytest.raises(NotFound):
                    await service.sessions.command(eve, session, {"type": "hold"})

    asyncio.run(play())


def test_a_customer_meets_only_the_sessions_it_began(open_shop: OpenService) -> None:
    async def play() -> None:
        zoe, max_ = Actor("acme", "customer", "zoe"), Actor("acme", "customer", "max")
        async with open_shop() as service:
            own = await begin(service, zoe)
            assert step(await service.sessions.view(zoe, own.session)) == "who"
            with pytest.raises(NotFound):
                await service.sessions.view(max_, own.session)
            with pytest.raises(Forbidden):
                await service.sessions.command(zoe, own.session, {"type": "hold"})

    asyncio.run(play())


def test_what_is_wrong_in_a_start_is_said_and_nothing_begins(open_shop: OpenService) -> None:
    async def play() -> list[Any]:
        async with open_shop() as service:
            for request, error in (
                ({"journey": "nowhere"}, UnknownJourney),
                ({"journey": "a\x00b"}, WrongReference),
                ({"journey": "parcel", "contact": "ctc_none"}, NotFound),
                ({"journey": "parcel", "ticket": "tkt_none"}, NotFound),
                ({"journey": "parcel", "customer": "cus_none"}, NotFound),
                ({"journey": "parcel", "customer": {"phone": "hello"}}, WrongReference),
                ({"journey": "parcel", "channel": "pigeon"}, Refused),
                ({"journey": "parcel", "language": "xx"}, Refused),
                ({"journey": "parcel", "inputs": {"x": 1}}, Refused),
            ):
                with pytest.raises(error):
                    await service.sessions.start(ANA, StartRequest(**request))
            return await service.tickets.newest(ANA)

    assert asyncio.run(play()) == []


def test_a_session_goes_on_from_its_snapshot_and_the_events_after_it(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await begin(service, ANA)
            for place in range(70):
                note = {"type": "note", "text": f"note {place}"}
                await service.sessions.command(ANA, first.session, note)
            await assert_sound(service, "acme", first.session)
        async with open_shop() as service:
            again = await service.sessions.view(ANA, first.session)
            assert seen(again)["notes"] == 70
            assert step(again) == "who"
            await assert_sound(service, "acme", first.session)
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_an_amended_answer_is_previewed_then_undone_on_the_record(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            waits = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            visit = next(e["visit"] for e in seen(waits)["history"] if e["step"] == "which")
            change = {"visit": visit, "values": {"order_id": "F-2"}}
            before = await service.sessions.view(ANA, waits.session)
            preview = await service.sessions.preview(ANA, waits.session, change)
            assert preview["allowed"] is True
            assert (await service.sessions.view(ANA, waits.session)).body == before.body
            after = await say(service, ANA, waits, {"type": "amend", **change})
            assert step(after) == "reassure"
            await assert_sound(service, "acme", waits.session)

    asyncio.run(play())


def test_the_clock_jumping_is_recorded_with_the_session_it_hit(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> list[Any]:
        async with open_shop() as service:
            first = await begin(service, ANA)
            clock.leap(3_600_000)
            second = await reply(service, ANA, first, email="zoe@example.org")
            clock.leap(-7_200_000)
            await say(service, ANA, second, {"type": "pause"})
            warm = await service.sessions.admit(ANA, first.session)
            return await service.views.events(ANA, warm)

    events = asyncio.run(play())

    assert [e["ms"] for e in events if e["kind"] == "clock_jumped"] == [3_600_000, -7_200_000]
    times = [event["at"] for event in events]
    assert times == sorted(times)


def test_who_follows_a_session_gets_each_event_once_and_in_order(open_shop: OpenService) -> None:
    async def play() -> list[int]:
        async with open_shop() as service:
            first = await begin(service, ANA)
            got: list[int] = []

            async def follow() -> None:
                async for events in service.feed.follow("acme", first.session, after=1):
                    got.extend(seq for seq, _ in events)
                    if len(got) >= 10:
                        return

            follower = asyncio.create_task(follow())
            for place in range(10):
                note = {"type": "note", "text": f"note {place}"}
                await service.sessions.command(ANA, first.session, note)
            await follower
            return got

    got = asyncio.run(play())

    assert got[:10] == list(range(2, 12))
