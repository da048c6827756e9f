"""What is said of an incident goes out in e-mails and text messages too, in the same words."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.email import SAYS
from connectors.port import Described, Outcome, Says
from runtime.clock import FixedClock
from runtime.idempotency import Answer
from runtime.incident_content import Circumstances
from runtime.incident_messages import KEPT
from runtime.post.replies import Reply
from runtime.sessions import StartRequest
from runtime.store.port import statement
from runtime.verify import verify
from runtime.wiring import Service
from tests.connectors.systems import system
from tests.runtime.conftest import ANA, AUTHOR, OpenService, answers
from tests.runtime.fakes import Fake
from tests.runtime.posting import Postman, asked, mail, posting, take
from tests.runtime.test_incidents import BOT, DIANE, EMIL, HOUR, post
from tests.runtime.test_notices import Receiver, listening
from tests.runtime.walks import reply

FILES = {
    "library.yaml": """\
parcours: 1
library: letters
title: Letters
languages: [en]
audiences: [advisor]
channels: [phone, chat]
timezone: Europe/Paris
facts: {customer.number: {type: text, holder: customer}}
""",
    "codes.yaml": """\
declarations: {moving: {label: Moving}}
qualifications: {moves: {label: Moves}}
actions: {told: {label: Told}}
""",
    "connectors.yaml": """\
operations:
  mail.news:
    effect: unsafe
    input: {to: {type: text, required: true}}
    texts: {subject: {en: Your move}, body: {en: "It is noted.\\n"}}
    gives: [to]
    timeout: 5s
  sms.news:
    effect: keyed
    input: {to: {type: text, required: true}}
    texts: {text: {en: It is noted.}}
    gives: [to]
    timeout: 5s
  depot.told:
    effect: keyed
    input: {to: {type: text, required: true}}
    texts: {body: {en: Somebody moves.}}
    gives: [to]
    timeout: 5s
""",
    "journeys/move.yaml": """\
parcours: 1
journey: move
title: Moving house
steps:
  - id: who
    say: Whom do we write to?
    time: useful
    ask: {number: {type: text, label: Number, fact: customer.number}}
    declares: moving
    qualifies: moves
  - {id: mail, do: mail.news, with: {to: number}, behind: true, by_hand: {say: Write.}}
  - {id: text, do: sms.news, with: {to: number}, behind: true, by_hand: {say: Write.}}
  - {id: depot, do: depot.told, with: {to: number}, behind: true, by_hand: {say: Call.}}
  - id: more
    say: Anything else?
    time: useful
    ask: {more: {type: text, label: More}}
    acts: told
  - {id: done, end: resolved}
""",
}
ON_ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What a database has no part in."""
ON = "The carrier is on strike. Next news at 02:00."
SHORT = "Strike. News at 02:00."


class Gateway(Fake):
    """Sends whatever it is given, and keeps it; the first time, one operation may be down."""

    def __init__(self, *, down: str | None = None, most: int | None = None) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.down = down
        self.described = {
            "mail.news": Described({}, {}, says=SAYS),
            "sms.news": Described({}, {}, says=Says("sms", "text", most)),
            "depot.told": Described({}, {}),
        }

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        assert key
        assert timeout_ms > 0
        self.sent.append((operation, dict(inputs)))
        if operation == self.down:
            self.down = None
            return Outcome("failed", reason="down", sent=False, again=True)
        return Outcome("succeeded", {})

    def texts(self) -> dict[str, str]:
        """Return what each operation was given to say, the latest last, and forget it."""
        found = {name: given.get("body") or given["text"] for name, given in self.sent}
        self.sent.clear()
        return found


@asynccontextmanager
async def office(open_shop: OpenService, gateway: Gateway) -> AsyncIterator[Service]:
    """Open a service whose journeys write to customers."""
    async with open_shop({"*": gateway}) as service:
        await service.revisions.publish(AUTHOR, FILES)
        yield service


async def walk(service: Service, number: str = "7") -> Answer:
    """Begin a move and write to its customer."""
    first = await service.sessions.start(ANA, StartRequest(journey="move", channel="phone"))
    answer = await reply(service, ANA, first, number=number)
    await service.outbox.drain_now()
    return answer


async def amend(service: Service, incident: str, **change: Any) -> None:
    """Validate a second version."""
    await service.incidents.amend(DIANE, incident, version=1, change=change)
    await service.incidents.validate(EMIL, incident, version=2)


def test_a_customer_is_told_a_version_once_a_channel_and_nothing_once_it_is_over(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        gateway = Gateway()
        async with office(open_shop, gateway) as service:
            posted = await post(service, scope={"motives": ["moving"]})
            await walk(service)
            assert gateway.texts() == {
                "mail.news": f"It is noted.\n\n{ON}", "sms.news": f"It is noted.\n{SHORT}",
                "depot.told": "Somebody moves.",
            }  # fmt: skip

            await walk(service)
            assert set(gateway.texts().values()) == {"It is noted.\n", "It is noted.",
                                                     "Somebody moves."}  # fmt: skip
            await walk(service, "8")
            assert ON in gateway.texts()["mail.news"]

            await amend(service, posted["id"], next_update=clock.now() + 2 * HOUR)
            await walk(service)
            assert gateway.texts()["sms.news"] == f"It is noted.\n{SHORT.replace('02', '03')}"
            await service.incidents.end(DIANE, posted["id"], version=2)
            await walk(service, "9")
            assert gateway.texts()["mail.news"] == "It is noted.\n"

            clock.advance(KEPT + 1)
            await service.post.sending.incidents.purge()
            whose = "SELECT count(*) FROM incident_sent"
            assert [tuple(row) for row in await service.store.read(statement(whose))] == [(0,)]

    asyncio.run(play())


@ON_ONE_DATABASE
def test_whom_an_incident_does_not_concern_is_not_written_to_about_it(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        gateway = Gateway()
        async with office(open_shop, gateway) as service:
            await post(service, scope={"motives": ["parcel"]})
            await post(service, scope={"customers": {"number": ["69*"]}})
            await post(service, scope={"channels": ["phone"]})
            await walk(service)
            assert gateway.texts()["mail.news"] == "It is noted.\n"
            await walk(service, "691")
            assert gateway.texts()["sms.news"] == f"It is noted.\n{SHORT}"

    asyncio.run(play())


@ON_ONE_DATABASE
def test_a_message_that_had_to_wait_says_what_holds_when_it_goes(
    open_shop: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        gateway = Gateway(down="mail.news")
        async with office(open_shop, gateway) as service:
            posted = await post(service)
            await walk(service)
            assert ON in gateway.texts()["mail.news"]

            await service.incidents.end(DIANE, posted["id"], version=1)
            later = service.outbox.now() + HOUR
            monkeypatch.setattr(service.outbox, "_clock", lambda: later)
            assert await service.outbox.take() == 1
            await service.outbox.drain_now()
            assert gateway.texts() == {"mail.news": "It is noted.\n"}

    asyncio.run(play())


@ON_ONE_DATABASE
def test_what_does_not_fit_a_text_message_is_not_cut_but_left_to_the_next(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        gateway = Gateway(most=60)
        async with office(open_shop, gateway) as service:
            long = {"en": {"text": "On strike. " * 10, "channels": {}}}
            posted = await post(service, texts=long, next_update=None)
            await walk(service)
            said = gateway.texts()
            assert said["sms.news"] == "It is noted."
            assert "On strike." in said["mail.news"]

            await amend(service, posted["id"], texts={"en": {"text": "On strike.", "channels": {}}})
            await walk(service)
            assert gateway.texts()["sms.news"] == "It is noted.\nOn strike."

    asyncio.run(play())


def test_a_reply_says_it_below_what_the_advisor_wrote_who_saw_it_first(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        postman = Postman()
        async with open_shop(posting(postman), reply_operation="mail.reply") as service:
            posted = await post(service, scope={"motives": ["parcel"]})
            came = (await take(service, mail("Where is it?\n", Message_ID="<x@y.org>")))["id"]
            unopened = await service.post.replies.read(ANA, came)
            _, sent = await asked(service)

            assert unopened["reply"]["incidents"] == []
            body = postman.sent[0][0]["body"]
            assert body.endswith(f"\n\n{ON}")
            row = await service.post.messages.row("acme", sent["id"])
            assert row["content"]["incidents"] == [{"id": posted["id"], "version": 1}]
            assert ON not in row["text"]

            opened = await service.post.messages.open(ANA, came, journey="parcel")
            read = await service.post.replies.read(ANA, opened["id"])
            assert read["reply"]["incidents"] == []
            await service.post.replies.reply(ANA, came, Reply(subject="Re", body="Soon."))
            assert postman.sent[1][0]["body"] == "Soon."

    asyncio.run(play())


def test_a_voice_server_is_told_what_to_say_and_that_it_is_over(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> None:
        async with system(Receiver()) as found:
            events = '["incident.validated", "incident.changed", "incident.ended"]'
            listeners = listening(tmp_path, found.url, events)
            async with open_shop({"*": answers()}, listeners=listeners) as service:
                posted = await post(service)
                who = Circumstances(channel="sms")
                at_hand = service.announcements.at_hand
                [now] = await at_hand.current(BOT, who, language="en")
                assert await at_hand.until(BOT, who) is None
                end = clock.now() + HOUR
                await amend(service, posted["id"], ends=end)
                assert await at_hand.until(BOT, who) == end
                await service.incidents.end(DIANE, posted["id"], version=2)
                draft = await service.incidents.draft(DIANE, {"title": "No", "texts": {
                    "en": {"text": "No.", "channels": {}}}})  # fmt: skip
                await service.incidents.end(DIANE, draft["id"], version=1)
                assert await service.notices.deliver() == 3

        first, second, last = (json.loads(one.body) for one in found.calls)
        kinds = [one["type"] for one in (first, second, last)]
        assert kinds == ["incident.validated", "incident.changed", "incident.ended"]
        assert first["data"]["texts"]["en"] == {"text": ON, "channels": {"sms": now["text"]}}
        assert (first["data"]["version"], second["data"]["version"]) == (1, 2)
        assert second["data"]["ends"] == end
        assert (last["data"]["texts"], last["data"]["ends"]) == ({}, clock.now())

    asyncio.run(play())


def test_a_period_that_ends_by_itself_is_told_once_and_again_once_it_was_prolonged(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> None:
        async with system(Receiver()) as found:
            listeners = listening(tmp_path, found.url, '["incident.ended"]')
            async with open_shop({"*": answers()}, listeners=listeners) as service:
                first = clock.now() + HOUR
                posted = await post(service, ends=first)
                assert await service.incidents.tell_of_ends() == 0
                clock.advance(HOUR)
                assert [await service.incidents.tell_of_ends() for _ in range(2)] == [1, 0]

                await amend(service, posted["id"], ends=first + HOUR)
                assert await service.incidents.tell_of_ends() == 0
                clock.advance(HOUR)
                assert [await service.incidents.tell_of_ends() for _ in range(2)] == [1, 0]
                await service.notices.deliver()
                assert [fault async for fault in verify(service.store)] == []

        told = [json.loads(one.body)["data"] for one in found.calls]
        assert [(one["version"], one["ends"]) for one in told] == [(1, first), (2, first + HOUR)]
        assert {one["by"] for one in told} == {"system"}

    asyncio.run(play())


@ON_ONE_DATABASE
@pytest.mark.parametrize("session", [True, False])
def test_whoever_nothing_is_known_of_is_told_only_what_concerns_everybody(
    open_shop: OpenService, session: bool
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await post(service, scope={"motives": ["parcel"]})
            if not session:
                await post(service)
            came = await take(service, mail())
            row = await service.post.messages.row("acme", came["id"])
            found = await service.post.sending.with_incidents(row, "Hello.")
            assert len(found.incidents) == (0 if session else 1)

    asyncio.run(play())
