"""Conversations: each message is done once, whatever goes down; nothing is lost or left behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from engine.refusals import Refused
from runtime.access import Actor
from runtime.channels.conversations import KEPT, Conversations
from runtime.channels.plans import Message, Plan
from runtime.channels.shaping import CHANNELS
from runtime.errors import Forbidden, KeyReused, NotFound, UnknownJourney, WrongReference
from runtime.files import Sent
from runtime.idempotency import Key
from runtime.states import read_events
from runtime.store.port import statement
from runtime.wiring import Service
from tests.runtime.chatting import (
    BOT,
    CLOCKS,
    EVE,
    HOUR,
    LEA,
    PNG,
    Chat,
    Playing,
    answers,
    understood,
    words,
)
from tests.runtime.kiosk import FILES
from tests.runtime.walks import assert_sound


def test_a_message_sent_again_has_no_further_effect_and_the_same_answer(both: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        opening = chat.message("bonjour")
        begun = [await service.conversations.turn(BOT, opening) for _ in range(2)]
        told = chat.message("1")
        many = await asyncio.gather(*(service.conversations.turn(BOT, told) for _ in range(6)))
        late = await service.conversations.turn(BOT, opening)
        assert len({one.body for one in (*begun, late)}) == 1
        assert len({one.body for one in many}) == 1
        assert [one.is_replay for one in many].count(False) == 1
        session = json.loads(late.body)["session"]
        events = await read_events(service.store, "kiosk", session)
        assert [event.KIND for _, event in events].count("answered") <= 1
        assert await answers(service, session) == {"what": "Je n'ai rien reçu"}
        with pytest.raises(KeyReused):
            await service.conversations.turn(BOT, replace(told, text="2"))

    both(play)


def test_two_messages_at_once_are_read_one_after_the_other(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        await chat.to("bonjour", "1")
        both = await asyncio.gather(chat.say("F-1042"), chat.say("12/10/2025"))
        assert sorted(len(one["understood"]) for one in both) == [1, 1]
        session = both[0]["session"]
        warm = await service.sessions.states.fresh("kiosk", session)
        assert warm.state.offers == {"order": "F-1042", "since": "2025-10-12"}
        await assert_sound(service, "kiosk", session)

    kiosk(play)


class Crashing(Conversations):
    """Goes down once, after what a message leads to was done and before it is answered."""

    async def _do(self, actor: Actor, plan: Plan, key: Key, language: str) -> str | None:
        await super()._do(actor, plan, key, language)
        raise ConnectionError


@pytest.mark.parametrize("next_first", [False, True])
def test_after_a_crash_what_was_decided_is_finished_and_answered_once(
    kiosk: Playing, next_first: bool
) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        await chat.to("bonjour", "1")
        lost = chat.message("F-1042")
        whole = service.conversations
        crashing = Crashing(whole.sessions, whole.files, whole.clock, whole.idle_ms)
        with pytest.raises(ConnectionError):
            await crashing.turn(BOT, lost)
        if next_first:
            await chat.say("12/10/2025")
        again = await whole.turn(BOT, lost)
        reply = json.loads(again.body)
        assert understood(reply) == [("F-1042", "value")]
        assert "Commandé le" in words(reply)
        warm = await service.sessions.states.fresh("kiosk", reply["session"])
        kinds = [e.KIND for _, e in await read_events(service.store, "kiosk", reply["session"])]
        assert kinds.count("offered") == 1 + next_first
        assert warm.state.offers is not None
        assert warm.state.offers["order"] == "F-1042"

    kiosk(play)


def test_what_an_advisor_moved_meanwhile_is_told_and_nothing_is_overwritten(
    kiosk: Playing,
) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        first = await chat.say("bonjour")

        class Slow(Conversations):
            async def _do(self, actor: Actor, plan: Plan, key: Key, language: str) -> str | None:
                body = {"type": "answer", "values": {"what": "torn"}}
                await self.sessions.command(LEA, first["session"], body, match=plan.version)
                return await super()._do(actor, plan, key, language)

        whole = service.conversations
        slow = Slow(whole.sessions, whole.files, whole.clock, whole.idle_ms)
        moved = json.loads((await slow.turn(BOT, chat.message("1"))).body)
        assert "a avancé entre-temps" in words(moved)
        assert moved["understood"] == []
        assert await answers(service, first["session"]) == {"what": "Mon colis est abîmé"}

    kiosk(play)


def test_a_picture_answers_the_question_that_asks_for_one_and_no_other(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        await chat.say("bonjour")
        refused = await chat.say(file=Sent("", "a.png", "image/png", PNG))
        assert "n'a pas été gardé" in words(refused)
        await chat.to("1", "F-1042, 12/10/2025", "passer", "ok", "3")
        kept = await chat.say(file=Sent("", "a.png", "image/png", PNG))
        assert understood(kept) == [("a.png", "value")]
        over = await chat.say("oui")
        assert (await answers(service, over["session"]))["photo"] == "a.png"

    kiosk(play)


def test_a_text_message_is_numbered_and_answered_by_those_numbers(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel", limits=CHANNELS["sms"])
        first = await chat.say("bonjour")
        assert "1. Je n'ai rien reçu\n2. Mon colis est abîmé" in words(first)
        assert understood(await chat.say("2")) == [("Mon colis est abîmé", "number")]

    kiosk(play)


SESSIONS = statement("SELECT id FROM session WHERE tenant = $1")
WRONG: dict[str, Mapping[str, Any]] = {
    "nothing": {"text": None},
    "two things": {"text": "1", "choice": "x"},
    "blank": {"text": "  "},
    "too long": {"text": "x" * 9_000},
    "a zero byte": {"text": "a\0b"},
    "no conversation": {"text": "1", "conversation": ""},
    "a line break in its id": {"text": "1", "message": "a\nb"},
}


def test_a_message_that_cannot_be_one_is_refused_and_nothing_is_begun(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        good = Message(channel="chat", conversation="c", message="m", journey="parcel")
        before = await service.store.read(SESSIONS, "kiosk")
        for wrong in WRONG.values():
            with pytest.raises(WrongReference):
                await service.conversations.turn(BOT, replace(good, **wrong))
        with pytest.raises(UnknownJourney):
            await service.conversations.turn(BOT, replace(good, text="1", journey="none"))
        for role in ("advisor", "customer", "robot", "supervisor"):
            with pytest.raises(Forbidden):
                await service.conversations.turn(replace(BOT, role=role), replace(good, text="1"))
        assert await service.store.read(SESSIONS, "kiosk") == before

    kiosk(play)


def test_after_a_message_that_could_not_be_done_the_conversation_goes_on(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        with pytest.raises(NotFound):
            await chat.say("bonjour", customer="cus_nobody")
        with pytest.raises(Refused):
            await chat.say("bonjour", channel="pigeon")
        assert "Que se passe-t-il" in words(await chat.say("bonjour"))

    kiosk(play)


def test_conversations_of_two_tenants_of_one_name_are_two(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        rival = Actor("rival", "author", "eve")
        await service.revisions.publish(rival, FILES)
        mine = await Chat(service, journey="parcel").say("bonjour")
        told = Chat(service, journey="parcel").message("bonjour")
        theirs = await service.conversations.turn(Actor("rival", "bot", "chat"), told)
        assert json.loads(theirs.body)["session"] != mine["session"]

    kiosk(play)


def test_what_was_said_in_a_conversation_is_erased_with_its_customer(both: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel", customer={"phone": "0612345678"})
        reply = await chat.to("bonjour", "4", "annuler")
        assert reply["status"] == "active"
        await service.erasing.customer(EVE, "phone:0612345678")
        left = await service.store.read(
            statement("SELECT * FROM conversation WHERE tenant = $1"), "kiosk"
        )
        assert list(left) == []

    both(play)


def test_a_conversation_nobody_writes_in_is_forgotten_after_a_month(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        await Chat(service, journey="parcel").say("bonjour")
        CLOCKS[-1].advance(KEPT - HOUR)
        await service.conversations.purge()
        assert await Chat(service, journey="parcel").say("bonjour")
        CLOCKS[-1].advance(2 * HOUR)
        await service.conversations.purge()
        left = await service.store.read(
            statement("SELECT id FROM conversation WHERE tenant = $1"), "kiosk"
        )
        assert len(left) == 1

    kiosk(play)
