"""A journey makes an appointment by itself: slots are offered, one is taken, given back, taken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from authoring.load import load
from connectors.port import Outcome
from engine.events import Requested
from runtime.access import Actor, system_actor
from runtime.appointing import CALL_OFF, FREE, INVITE, NAME, OPERATIONS, TAKE, Appointing
from runtime.fitting import gaps
from runtime.idempotency import Answer
from runtime.outbox.jobs import Job
from runtime.sessions import StartRequest
from runtime.states import read_events
from runtime.wiring import Service
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.posting import Postman, posting
from tests.runtime.test_invitations import invitations
from tests.runtime.walks import assert_sound, reply, say, seen, step

SYSTEM = system_actor("acme")
ZOE = Actor("acme", "customer", "zoe")
TEAMS = """
[seller]
members = ["chloe"]
tenant = "acme"
[seller.slots]
length = "30 min"
organizer = "La Boutique <rdv@boutique.example>"
timezone = "Europe/Paris"
[seller.slots.hours]
thu = ["10:00-11:00"]
"""
LIBRARY = """
parcours: 1
library: shop
title: {fr: Boutique, en: Shop}
languages: [fr, en]
timezone: Europe/Paris
channels: [phone, web]
teams:
  seller: {title: {fr: Vendeurs, en: Sellers}}
"""
CODES = """
parcours: 1
declarations: {visit: {label: {fr: Visite, en: Visit}}}
qualifications: {visit: {label: {fr: Visite, en: Visit}}}
actions: {visit: {label: {fr: Rendez-vous, en: Appointment}}}
"""
CONNECTORS = """
parcours: 1
operations:
  appointments.free:
    title: {fr: Voir les créneaux, en: See the slots}
    effect: read
    input: {team: {type: text, required: true}, limit: {type: number}}
    output:
      slots: {type: list, of: {type: record, fields: {begins: {type: text}, label: {type: text}}}}
    refusals: [none_free]
  appointments.take:
    title: {fr: Prendre un créneau, en: Take a slot}
    effect: keyed
    input:
      team: {type: text, required: true}
      slot: {type: text, required: true}
      what: {type: text, required: true}
    output: {promise: {type: number}, label: {type: text}}
    refusals: [taken, unknown]
  appointments.give_back:
    title: {fr: Rendre un créneau, en: Give a slot back}
    effect: idempotent
    input:
      team: {type: text}
      slot: {type: text}
      what: {type: text}
      result: {type: record, fields: {promise: {type: number}}, required: false}
"""
JOURNEY = """
parcours: 1
journey: visit
title: {fr: Visite, en: Visit}
audience: [advisor, customer, robot]
steps:
  - id: who
    say: {fr: Bonjour, en: Hello}
    ask: {name: {type: text, label: {fr: Nom, en: Name}}}
    next: free
  - id: free
    do: appointments.free
    with: {team: "'seller'", limit: 2}
    saves: {slots: result.slots}
    on: {refused: {none_free: nothing}}
    otherwise: nothing
  - id: when
    say: {fr: Quand ?, en: When?}
    ask:
      slot:
        type: choice
        label: {fr: Créneau, en: Slot}
        options: {from: slots, id: begins, label: label}
    declares: visit
    qualifies: visit
    next: take
  - id: take
    do: appointments.take
    with: {team: "'seller'", slot: slot, what: "'Visite'"}
    saves: {at: result.label}
    effect: keyed
    acts: visit
    on: {refused: {taken: free, unknown: free}}
    compensate: appointments.give_back
    on_amend: compensate
    by_hand: {say: {fr: Notez le rendez-vous, en: Note the appointment}, fills: [at]}
  - {id: said, say: {fr: "À {at}", en: "See you {at}"}, next: sure}
  - id: sure
    say: {fr: Autre chose ?, en: Anything else?}
    ask: {more: {type: yes_no, label: {fr: Autre chose, en: Anything else}}}
    next: done
  - {id: done, end: resolved}
  - {id: nothing, end: unresolved, qualifies: visit}
"""
FILES = {
    "library.yaml": LIBRARY,
    "codes.yaml": CODES,
    "connectors.yaml": CONNECTORS,
    "journeys/visit.yaml": JOURNEY,
}


@pytest.fixture
def teams(tmp_path: Path) -> str:
    """Return the file of a team that gives two slots a week."""
    path = tmp_path / "teams.toml"
    path.write_text(TEAMS, encoding="utf-8")
    return str(path)


async def offered(service: Service, actor: Actor = ZOE, language: str = "en") -> Answer:
    """Begin, and come to the slots that are offered."""
    request = StartRequest("visit", channel="web", language=language)
    first = await service.sessions.start(actor, request)
    return await reply(service, actor, first, name="Zoé")


def options(answer: Answer) -> list[tuple[str, str]]:
    """Return the slots that are offered: when they begin, as written and as said."""
    (field,) = seen(answer)["fields"]
    return [(one["id"], one["label"]) for one in field["options"]]


async def promised(service: Service, session: str) -> list[tuple[str, str]]:
    """Return the promises of a session: whose they are, where they stand."""
    state = (await service.sessions.states.get("acme", session)).state
    return [(one["team"], one["state"]) for one in state.promises]


async def with_slot(service: Service, number: int = 0) -> Answer:
    """Come to the end of the appointment, one of the slots taken."""
    here = await offered(service)
    return await reply(service, ZOE, here, slot=options(here)[number][0])


def serving(service: Service) -> Appointing:
    """Return what makes the appointments of a service, to be asked by hand."""
    own = Appointing()
    own.serve_for(invitations(service))
    return own


Play = Callable[[Service], Awaitable[None]]


@pytest.fixture
def visits(open_shop: OpenService, teams: str) -> Callable[[Play], None]:
    """Give a function that plays something with a service that has the journey."""

    def played(play: Play) -> None:
        async def whole() -> None:
            async with open_shop({NAME: Appointing()}, teams=teams) as service:
                await service.revisions.publish(AUTHOR, FILES)
                await play(service)

        asyncio.run(whole())

    return played


def test_a_customer_chooses_a_slot_in_their_language_and_has_it(
    visits: Callable[[Play], None],
) -> None:
    async def play(service: Service) -> None:
        french = options(await offered(service, language="fr"))
        assert [label for _, label in french] == [
            "jeudi 1er janvier 2026, 10\u00a0h\u00a000",
            "jeudi 1er janvier 2026, 10\u00a0h\u00a030",
        ]
        here = await offered(service)
        assert options(here)[0] == (
            "2026-01-01T10:00:00+01:00", "Thursday 1 January 2026, 10:00"
        )  # fmt: skip
        there = await reply(service, ZOE, here, slot=options(here)[0][0])
        assert "See you Thursday 1 January 2026, 10:00" in str(seen(there))
        assert await promised(service, here.session) == [("seller", "open")]
        assert options(await offered(service))[0][1].endswith("10:30")
        await assert_sound(service, "acme", here.session)

    visits(play)


def test_who_was_slower_is_offered_what_is_left(visits: Callable[[Play], None]) -> None:
    async def play(service: Service) -> None:
        slower = await offered(service)
        first, second = options(slower)
        await with_slot(service)
        again = await reply(service, ZOE, slower, slot=first[0])
        assert (step(again), options(again)[0]) == ("when", second)
        assert await promised(service, slower.session) == []
        there = await reply(service, ZOE, again, slot=second[0])
        assert step(there) == "sure"
        assert await promised(service, slower.session) == [("seller", "open")]
        await assert_sound(service, "acme", slower.session)

    visits(play)


def test_of_two_at_once_one_has_the_slot(visits: Callable[[Play], None]) -> None:
    async def play(service: Service) -> None:
        both = [await offered(service) for _ in range(2)]
        slot = options(both[0])[0][0]
        ended = await asyncio.gather(*(reply(service, ZOE, one, slot=slot) for one in both))
        assert sorted(str(step(one)) for one in ended) == ["sure", "when"]

    visits(play)


def test_a_corrected_choice_gives_its_slot_back(visits: Callable[[Play], None]) -> None:
    async def play(service: Service) -> None:
        there = await with_slot(service)
        chosen = await service.sessions.admit(ZOE, there.session)
        (visit,) = (one.id for one in chosen.state.path if one.step == "when")
        amend = {"type": "amend", "visit": visit, "values": {"slot": "2026-01-01T10:30:00+01:00"}}
        await say(service, ZOE, there, amend)
        await service.outbox.drain_now()
        assert await promised(service, there.session) == [("seller", "dropped"), ("seller", "open")]
        free = (await service.slots.free(SYSTEM, "seller"))["items"]
        assert chosen.state.promises[0]["begins"] == free[0]["begins"]
        await assert_sound(service, "acme", there.session)

    visits(play)


def test_an_action_that_is_tried_again_takes_one_slot(visits: Callable[[Play], None]) -> None:
    async def play(service: Service) -> None:
        there = await with_slot(service)
        events = [one for _, one in await read_events(service.store, "acme", there.session)]
        asked = [one for one in events if isinstance(one, Requested)][-1]
        outcome = await serving(service).serve(job(there.session, asked.effect, TAKE, asked.inputs))
        assert (outcome.status, outcome.result["promise"]) == ("succeeded", 1)
        assert await promised(service, there.session) == [("seller", "open")]

    visits(play)


def test_what_is_no_slot_is_not_taken(visits: Callable[[Play], None]) -> None:
    told = {
        ("nobody", "2026-01-01T10:00:00+01:00"): ("failed", "slot.no-team"),
        ("seller", "2026-01-01T10:07:00+01:00"): ("refused", "unknown"),
        ("seller", "9999-01-01T10:00:00+01:00"): ("refused", "unknown"),
        ("seller", "Thursday"): ("failed", "command.wrong-field"),
        ("seller", "2026-01-01T10:00:00"): ("failed", "command.wrong-field"),
    }

    async def play(service: Service) -> None:
        here = await offered(service)
        own = serving(service)
        said = {}
        for number, (team, slot) in enumerate(told):
            inputs = {"what": "Visite", "team": team, "slot": slot}
            outcome = await own.serve(job(here.session, f"eff_{number}", TAKE, inputs))
            said[team, slot] = (outcome.status, outcome.reason)
        assert said == told
        assert await promised(service, here.session) == []

    visits(play)


def test_days_that_are_none_and_a_week_without_slots_are_said(
    visits: Callable[[Play], None],
) -> None:
    async def play(service: Service) -> None:
        here = await offered(service)
        own = serving(service)
        found = [
            await own.serve(job(here.session, f"eff_{number}", FREE, {"team": "seller", **given}))
            for number, given in enumerate[dict[str, Any]](
                ({"after": "2026-01-02", "days": 3}, {"after": "soon"}, {"days": 900})
            )
        ]
        assert [(one.status, one.reason) for one in found] == [
            ("refused", "none_free"),
            ("failed", "connector.input"),
            ("failed", "connector.input"),
        ]

    visits(play)


def test_the_invitation_goes_out_once_and_is_called_off(open_shop: OpenService, teams: str) -> None:
    async def play() -> None:
        postman = Postman(Outcome("succeeded", {"message": "<x>"}))
        connectors = {NAME: Appointing(), **posting(postman)}
        async with open_shop(connectors, teams=teams, reply_operation="mail.reply") as service:
            await service.revisions.publish(AUTHOR, FILES)
            session, own = (await with_slot(service)).session, serving(service)

            async def done(operation: str, effect: str, **inputs: Any) -> tuple[Any, ...]:
                asked = job(session, effect, operation, {"promise": 1, **inputs})
                outcome = await own.serve(asked)
                return outcome.status, outcome.reason, outcome.result

            to = {"to": "zoe@example.org"}
            assert await done(INVITE, "eff_7") == ("refused", "no_address", None)
            assert await done(INVITE, "eff_8", promise=7) == ("failed", "connector.input", None)
            assert await done(INVITE, "eff_9", **to) == ("succeeded", None, to)
            assert await done(INVITE, "eff_9", **to) == ("succeeded", None, to)
            assert await done(CALL_OFF, "eff_10", **to) == ("succeeded", None, to)
            assert await promised(service, session) == [("seller", "dropped")]
            sent = [
                one["subject"] for one in await service.post.messages.newest(ANA, status="sent")
            ]
            assert sent == ["Appointment cancelled: Visite", "Appointment: Visite"]
            assert len(postman.sent) == 2

    asyncio.run(play())


def test_a_deployment_says_what_a_library_asks_otherwise() -> None:
    library = load({**FILES, "connectors.yaml": CONNECTORS.replace("limit:", "most:")}).library
    assert library is not None
    assert [one.code for one in gaps(library, {NAME: Appointing()})] == [
        "deployment.unknown-parameter"
    ]
    library = load(FILES).library
    assert library is not None
    assert list(gaps(library, {NAME: Appointing()})) == []


def job(session: str, effect: str, operation: str, inputs: dict[str, Any]) -> Job:
    """Return an attempt at an operation in a session."""
    return Job(
        tenant="acme", session=session, id=effect, operation=operation, inputs=dict(inputs),
        effect_class=OPERATIONS[operation].effect, attempt=1, attempts=1, timeout=5_000,
        deadline=0, token=1,
    )  # fmt: skip
