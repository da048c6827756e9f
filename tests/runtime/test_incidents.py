"""While something is broken, everybody says the same thing about it, and nobody says it after."""

import asyncio
from typing import Any

import pytest

from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Forbidden, WrongReference
from runtime.idempotency import Answer
from runtime.incident_content import Circumstances
from runtime.incident_errors import (
    Contradiction,
    IncidentOver,
    IncidentStale,
    NotInScope,
    OwnDraft,
)
from runtime.verify import verify
from runtime.wiring import Service
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.walks import begin, reply, say, seen, step

DIANE = Actor("acme", "supervisor", "diane")
EMIL = Actor("acme", "supervisor", "emil")
BOT = Actor("acme", "bot", "chat")
HOUR = 3_600_000
TEXTS = {
    "en": {
        "text": "The carrier is on strike. Next news at {next_update}.",
        "channels": {"sms": "Strike. News at {next_update}."},
    },
    "fr": {"text": "Le transporteur est en grève. Prochain point à {next_update}.", "channels": {}},
}


async def post(service: Service, **content: Any) -> dict[str, Any]:
    """Write an incident and validate it."""
    given = {"title": "Strike", "texts": TEXTS, "next_update": service.clock.now() + HOUR}
    made = await service.incidents.draft(DIANE, given | content)
    return await service.incidents.validate(EMIL, made["id"], version=1)


async def look(service: Service, answer: Answer) -> list[dict[str, Any]]:
    """Return the incidents that a session shows now."""
    now = await service.sessions.view(ANA, answer.session)
    said: list[dict[str, Any]] = seen(now)["incidents"]
    return said


def test_a_draft_is_said_by_nobody_and_a_validated_message_by_every_open_session(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await begin(service, ANA)
            made = await service.incidents.draft(
                DIANE, {"title": "Strike", "texts": {"en": {"text": "On strike.", "channels": {}}}}
            )
            assert await look(service, first) == []

            await service.incidents.validate(DIANE, made["id"], version=1)

            [said] = await look(service, first)
            assert (said["text"], said["validated_by"]) == ("On strike.", "diane")
            assert (await service.sessions.view(ANA, first.session)).version == first.version
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_a_change_is_said_once_validated_and_not_before(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            posted = await post(service)
            first = await begin(service, ANA)
            change = {"next_update": service.clock.now() + 2 * HOUR}
            await service.incidents.amend(DIANE, posted["id"], version=1, change=change)
            [before] = await look(service, first)

            await service.incidents.validate(DIANE, posted["id"], version=2)

            [after] = await look(service, first)
            assert before["text"] == "The carrier is on strike. Next news at 02:00."
            assert after["text"] == "The carrier is on strike. Next news at 03:00."
            assert (before["version"], after["version"]) == (1, 2)

    asyncio.run(play())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_channel_contradicts_another(open_shop: OpenService, language: str) -> None:
    async def play() -> None:
        async with open_shop() as service:
            posted = await post(service)
            for version, hours in ((1, 1), (2, 30)):
                if version > 1:
                    change = {"next_update": service.clock.now() + hours * HOUR}
                    await service.incidents.amend(DIANE, posted["id"], version=1, change=change)
                    await service.incidents.validate(DIANE, posted["id"], version=2)
                told = {}
                for channel in ("phone", "chat", "web", "email", "sms", "ivr", "counter"):
                    who = Circumstances(channel=channel)
                    [told[channel]] = await service.announcements.at_hand.current(
                        BOT, who, language=language
                    )
                session = await begin(service, ANA, channel="chat", language="en")
                [shown] = await look(service, session)

                assert {one["version"] for one in told.values()} == {version}
                assert len({one["next_update"] for one in told.values()}) == 1
                hour = {
                    1: {"fr": "02\u202fh\u202f00", "en": "02:00"},
                    2: {"fr": "2 janvier 2026", "en": "2 January 2026"},
                }[version][language]
                plain = {channel: one["text"].replace("\u00a0", "\u202f")
                         for channel, one in told.items()}  # fmt: skip
                assert all(hour in text for text in plain.values()), plain
                if language == "en":
                    assert shown["text"] == told["chat"]["text"]

    asyncio.run(play())


def test_a_variant_says_no_figure_that_the_text_does_not(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            texts = {"en": {"text": "Back in 2 days.", "channels": {"sms": "Back in 3 days."}}}
            with pytest.raises(Contradiction) as refused:
                await service.incidents.draft(DIANE, {"title": "Strike", "texts": texts})

            assert refused.value.params == {"field": "texts.en.sms", "figures": ["3"]}
            assert await service.incidents.newest(DIANE) == []

    asyncio.run(play())


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"texts": {}}, "texts"),
    ({"texts": {"en": {"text": " ", "channels": {}}}}, "texts.en"),
    ({"texts": {"en": {"text": "At {hour}", "channels": {}}}}, "texts.en"),
    ({"texts": {"en": {"text": "Now.", "channels": {"A B": "Now."}}}}, "texts.en.A B"),
    ({"next_update": None}, "next_update"),
    ({"ends": 1}, "ends"),
    ({"timezone": "Mars/Olympus"}, "timezone"),
    ({"scope": {"motives": [""]}}, "scope.motives"),
    ({"scope": {"motives": ["par"]}}, "scope.motives"),
    ({"scope": {"journeys": ["parcell"]}}, "scope.journeys"),
    ({"scope": {"customers": {"postcode": ["69*"]}}}, "scope.customers"),
    ({"branch": "nowhere"}, "branch"),
    ({"next_update": 1}, "next_update"),
]


def test_what_could_not_be_said_is_refused_where_it_stands(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            for content, field in WRONG:
                with pytest.raises(WrongReference) as refused:
                    await post(service, **content)
                assert refused.value.params["field"] == field

    asyncio.run(play())


def test_where_the_settings_ask_for_it_the_author_does_not_validate_alone(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop(incident_second_person=True) as service:
            made = await service.incidents.draft(DIANE, {"title": "Strike", "texts": {
                "en": {"text": "On strike.", "channels": {}}}})  # fmt: skip
            with pytest.raises(OwnDraft):
                await service.incidents.validate(DIANE, made["id"], version=1)
            said = await service.incidents.validate(EMIL, made["id"], version=1)

            assert said["validated_by"] == "supervisor:emil"

    asyncio.run(play())


def test_a_message_that_changed_meanwhile_is_not_validated_unread(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            posted = await post(service)
            await service.incidents.amend(
                EMIL, posted["id"], version=1, change={"title": "Strike, day 2"}
            )
            with pytest.raises(IncidentStale):
                await service.incidents.validate(DIANE, posted["id"], version=1)
            with pytest.raises(IncidentStale):
                await service.incidents.end(DIANE, posted["id"], version=1)
            with pytest.raises(Forbidden):
                await service.incidents.end(ANA, posted["id"], version=2)
            await service.incidents.end(DIANE, posted["id"], version=2)
            with pytest.raises(IncidentOver):
                await service.incidents.validate(DIANE, posted["id"], version=2)

    asyncio.run(play())


SCOPES: list[tuple[dict[str, Any], bool, bool]] = [
    # whom it concerns; is it said at once; and once the customer is zoe@example.org
    ({}, True, True),
    ({"motives": ["parcel"]}, True, True),
    ({"journeys": ["parcel"]}, True, True),
    ({"journeys": ["sys.failure"]}, False, False),
    ({"channels": ["phone", "ivr"]}, True, True),
    ({"channels": ["chat"]}, False, False),
    ({"customers": {"customer.email": ["zoe@*"]}}, False, True),
    ({"customers": {"email": ["ZOE@example.org"]}}, False, True),
    ({"customers": {"email": ["bob@*"]}}, False, False),
    ({"motives": ["parcel"], "channels": ["chat"]}, False, False),
]


def test_an_incident_concerns_those_its_scope_names(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await begin(service, ANA)
            known = await reply(service, ANA, await begin(service, ANA), email="zoe@example.org")
            for scope, at_once, once_known in SCOPES:
                posted = await post(service, scope=scope)
                said = bool(await look(service, first)), bool(await look(service, known))
                await service.incidents.end(DIANE, posted["id"], version=1)
                assert said == (at_once, once_known), scope

    asyncio.run(play())


def test_an_incident_begins_and_ends_with_its_period(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = await begin(service, ANA)
            now = clock.now()
            await post(service, begins=now + HOUR, ends=now + 2 * HOUR)
            told = [bool(await look(service, session))]
            for _ in range(2):
                clock.advance(HOUR)
                told.append(bool(await look(service, session)))

            assert told == [False, True, False]

    asyncio.run(play())


def test_contacts_are_tagged_with_the_version_they_were_told_and_by_whom(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            before = await begin(service, ANA)
            posted = await post(service)
            concerned = await begin(service, ANA, customer={"email": "zoe@example.org"})
            await reply(service, ANA, before, email="bob@example.org")
            revision = await service.revisions.get("acme", (await warm(service, before)).revision)
            await service.announcements.acknowledge(
                ANA, revision.library, await service.sessions.admit(ANA, before.session),
                incident=posted["id"], version=1,
            )  # fmt: skip

            tags = {}
            for contact in await service.contacts.newest(ANA):
                found = await service.contacts.get(ANA, contact["id"])
                [tags[found["sessions"][0]]] = found["incidents"]
            assert tags[before.session]["told_version"] == 1
            assert tags[before.session]["told_by"] == "advisor:ana"
            assert tags[concerned.session]["told_version"] is None
            found = await service.incidents.get(DIANE, posted["id"])
            assert (found["contacts"], found["told"]) == (2, 1)
            [said] = await look(service, before)
            assert said["acknowledged"] is True

    asyncio.run(play())


async def warm(service: Service, answer: Answer) -> Any:
    """Return the state of an answer's session."""
    return (await service.sessions.admit(ANA, answer.session)).state


def test_the_incident_branch_is_one_command_away_and_comes_back_where_it_was_opened(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            posted = await post(service)
            first = await begin(service, ANA)
            [said] = seen(first)["incidents"]
            there = await say(
                service, ANA, first,
                {"type": "digress", "journey": said["branch"], "incident": posted["id"]},
            )  # fmt: skip
            assert step(there) == "keep_informed"
            assert "shown above" in seen(there)["say"][0]["text"]
            assert seen(there)["incidents"][0]["acknowledged"] is True
            back = await reply(service, ANA, there, keep_informed=True)
            assert step(back) == step(first)

    asyncio.run(play())


def test_who_has_said_it_is_told_that_it_is_over_and_nobody_else_hears_of_it(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            posted = await post(service)
            told, untold = await begin(service, ANA), await begin(service, ANA)
            body = {"type": "digress", "journey": "sys.incident", "incident": posted["id"]}
            told = await say(service, ANA, told, body)
            await service.incidents.end(DIANE, posted["id"], version=1)

            [over] = await look(service, told)
            assert (over["status"], over["text"]) == ("over", None)
            assert await look(service, untold) == []
            with pytest.raises(NotInScope):
                await say(service, ANA, untold, body)
            state = await warm(service, told)
            revision = await service.revisions.get("acme", state.revision)
            await service.announcements.acknowledge(
                ANA, revision.library, await service.sessions.admit(ANA, told.session),
                incident=posted["id"], version=1,
            )  # fmt: skip
            assert await look(service, told) == []

    asyncio.run(play())
