"""Conversations: one message in, the reply out; each done once, nothing guessed, nothing lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from connectors.mock import Mock
from engine.ahead import learnt
from engine.events import Resumed
from engine.refusals import Refused
from runtime.access import Actor
from runtime.channels.conversations import KEPT, Conversations
from runtime.channels.plans import Message, Plan
from runtime.channels.shaping import CHANNELS
from runtime.channels.stop import stop_of
from runtime.clock import FixedClock
from runtime.errors import Forbidden, KeyReused, NotFound, UnknownJourney, WrongReference
from runtime.files import Sent
from runtime.idempotency import Key
from runtime.ids import CountedIds
from runtime.settings import Settings
from runtime.states import read_events
from runtime.store.port import statement
from runtime.wiring import Service, open_service
from tests.runtime.conftest import AUTHOR, OpenService
from tests.runtime.kiosk import FILES
from tests.runtime.walks import assert_sound

BOT = Actor("kiosk", "bot", "chat")
LEA = Actor("kiosk", "advisor", "lea")
EVE = Actor("kiosk", "admin", "eve")
HOUR, DAY = 3_600_000, 86_400_000
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 16
Reply = dict[str, Any]
NAMES = count(1)
CLOCKS: list[FixedClock] = []


class Chat:
    """Somebody who writes in one conversation."""

    def __init__(self, service: Service, **told: Any) -> None:
        self.service = service
        self.told = {"locale": "fr-FR", **told}
        self.name = f"c-{next(NAMES)}"
        self.count = 0

    def message(self, text: str | None = None, **more: Any) -> Message:
        """Return the next message."""
        self.count += 1
        named = {
            "channel": "chat",
            "conversation": self.name,
            "message": f"{self.name}/{self.count}",
        }
        return Message(**{**named, "text": text, **self.told, **more})

    async def say(self, text: str | None = None, **more: Any) -> Reply:
        """Write, and return the reply."""
        answer = await self.service.conversations.turn(BOT, self.message(text, **more))
        reply: Reply = json.loads(answer.body)
        return reply

    async def to(self, *texts: str) -> Reply:
        """Write several lines, one after the other; return the last reply."""
        for text in texts[:-1]:
            await self.say(text)
        return await self.say(texts[-1])


def words(reply: Reply) -> str:
    """Return all that a reply says."""
    return "\n".join(one["text"] for one in reply["messages"])


def options(reply: Reply) -> dict[str, str]:
    """Return the quick replies by their label."""
    return {one["label"]: one["id"] for part in reply["messages"] for one in part["options"]}


def understood(reply: Reply) -> list[tuple[str, str]]:
    """Return what was taken: (what was shown, by what)."""
    return [(one["shown"], one["by"]) for one in reply["understood"]]


SENT = {
    "oms.resend": [
        {"when": {"order": "F-0404"}, "failed": "down"}, {"result": {"parcel": "P1"}},
    ],
    "oms.stop": [{"result": {}}],
}  # fmt: skip


Play = Callable[[Service], Coroutine[Any, Any, None]]
Playing = Callable[[Play], None]


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playing]:
    """Give what plays in one service, whose library is published once; its clock only goes on."""
    CLOCKS.append(FixedClock())
    told = Settings(
        database=str(tmp_path_factory.mktemp("kiosk") / "store.db"), fsync_off_allowed=True,
        background=False,
    )  # fmt: skip
    connectors = {"*": Mock({"operations": SENT})}
    opened = open_service(told, clock=CLOCKS[-1], ids=CountedIds(), connectors=connectors)
    with asyncio.Runner() as runner:
        service = runner.run(opened.__aenter__())
        runner.run(service.revisions.publish(replace(AUTHOR, tenant="kiosk"), FILES))
        yield lambda play: runner.run(play(service))
        runner.run(opened.__aexit__(None, None, None))


@pytest.fixture
def both(open_shop: OpenService) -> Playing:
    """Give what plays in a service of its own, on each database."""

    def playing(play: Play) -> None:
        async def whole() -> None:
            async with open_shop({"*": Mock({"operations": SENT})}) as service:
                await service.revisions.publish(replace(AUTHOR, tenant="kiosk"), FILES)
                await play(service)

        asyncio.run(whole())

    return playing


async def answers(service: Service, session: str) -> dict[str, str]:
    """Return what a session holds, as an advisor reads it."""
    warm = await service.sessions.states.fresh("kiosk", session)
    revision = await service.revisions.get("kiosk", warm.state.revision)
    view = await service.sessions.views.answer(LEA, warm)
    stop = stop_of(LEA, revision, warm, view, language="fr", now=service.clock.now())
    return {one["name"]: str(one["shown"]) for one in learnt(stop.look)}


def test_a_customer_walks_a_whole_journey_in_their_own_words(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service)
        first = await chat.say("Bonjour, je n'ai pas reçu mon colis")
        assert "Je vous aide pour : Suivi de colis." in words(first)
        which = await chat.say("je n'ai rien recu")
        assert understood(which) == [("Je n'ai rien reçu", "label")]
        assert "De quelle commande" in words(which)
        since = await chat.say("c'est la f-1042")
        assert "Compris : Commande : F-1042." in words(since)
        shade = await chat.say("le 12/10/2025")
        assert "Passer" in options(shade)
        rules = await chat.say("passer")
        assert "deux fois" in words(rules)
        count = await chat.say("ok")
        assert count["expects"] == "number"
        proof = await chat.say("j'en ai 3")
        assert "Une photo" in words(proof)
        await chat.say("passer")
        over = await chat.say("oui")
        assert (over["status"], over["outcome"]) == ("ended", "resolved")
        await assert_sound(service, "kiosk", over["session"])

    kiosk(play)


def test_the_same_journey_is_walked_in_english(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, locale="en-GB", journey="parcel")
        assert "What happened?" in words(await chat.say("hello"))
        which = await chat.say("broken")
        assert understood(which) == [("My parcel is damaged", "synonym")]
        assert "Understood: Reason: My parcel is damaged." in words(which)
        helped = await chat.say("help")
        assert "talk to somebody" in words(helped)
        handed = await chat.say("I want to talk to an advisor")
        assert handed["handover"] == {"to": "advisor"}

    kiosk(play)


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


def test_what_is_unsure_is_asked_back_before_it_is_taken(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        await chat.say("bonjour")
        unsure = await chat.say("mon colis il est tout abîmé")
        assert unsure["understood"] == []
        assert "Motif : Mon colis est abîmé. Est-ce bien cela ?" in words(unsure)
        asked = await chat.say("non")
        assert "Que se passe-t-il ?" in words(asked)
        again = await chat.say("mon colis il est tout abîmé")
        assert "Est-ce bien cela ?" in words(again)
        taken = await chat.say("oui")
        assert understood(taken) == [("Mon colis est abîmé", "confirmed")]

    kiosk(play)


def test_not_understood_gets_help_and_a_second_time_an_advisor_who_sees_everything(
    kiosk: Playing,
) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        await chat.to("bonjour", "1")
        missed = await chat.say("blabla")
        assert missed["handover"] is None
        assert "Un conseiller" in options(missed)
        handed = await chat.say("encore blabla")
        assert handed["handover"] == {"to": "advisor"}
        assert handed["expects"] == "nothing"
        noted = await chat.say("vous êtes là ?")
        assert "transmis au conseiller" in words(noted)
        session = handed["session"]
        view = json.loads((await service.sessions.view(LEA, session)).body)["view"]
        taken = await service.sessions.command(
            LEA, session, {"type": "accept"}, match=view["version"]
        )
        seen = json.loads(taken.body)["view"]
        assert seen["notes"] == 1
        assert "Colis non reçu" in str(seen["recap"])
        assert (await chat.say("allô"))["handover"] == {"to": "advisor"}
        back = {"type": "hand_over", "to": "bot"}
        await service.sessions.command(
            LEA, session, back,
            match=json.loads((await service.sessions.view(LEA, session)).body)["view"]["version"],
        )  # fmt: skip
        resumed = await chat.say("me revoilà")
        assert resumed["handover"] is None
        assert "Nous reprenons : Suivi de colis." in words(resumed)
        assert "Motif : Je n'ai rien reçu" in words(resumed)
        assert "De quelle commande" in words(resumed)

    kiosk(play)


def test_a_step_that_only_an_advisor_can_do_hands_over_by_itself(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        await chat.to("bonjour", "1", "F-0404, 12/10/2025", "passer", "ok")
        handed = await chat.say("3")
        assert handed["handover"] == {"to": "advisor"}
        assert "Je vous passe un conseiller" in words(handed)

    kiosk(play)


def test_back_and_correct_change_an_earlier_answer_and_say_what_that_undoes(
    kiosk: Playing,
) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        await chat.to("bonjour", "1", "F-1042, 12/10/2025", "passer", "ok")
        looked = await chat.say("retour")
        assert "deux fois" in words(looked)
        await chat.say("continuer")
        await chat.say("3")
        menu = await chat.say("corriger")
        assert "Articles : 3" in options(menu)
        shown = await chat.say(choice=options(menu)["Commande : F-1042"], text=None)
        assert "Votre réponse : F-1042." in words(shown)
        asked = await chat.say("F-1055")
        assert "oms.resend" in words(asked)
        kept = await chat.say("non")
        assert (await answers(service, kept["session"]))["order"] == "F-1042"
        menu = await chat.say("corriger")
        await chat.say(choice=options(menu)["Commande : F-1042"], text=None)
        await chat.say("F-1055")
        done = await chat.say("oui")
        assert (await answers(service, done["session"]))["order"] == "F-1055"
        await assert_sound(service, "kiosk", done["session"])

    kiosk(play)


def test_a_button_of_an_earlier_question_changes_nothing(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        first = await chat.say("bonjour")
        await chat.say(choice=options(first)["Je n'ai rien reçu"], text=None)
        late = await chat.say(choice=options(first)["Mon colis est abîmé"], text=None)
        assert "plus d'actualité" in words(late)
        assert await answers(service, late["session"]) == {"what": "Je n'ai rien reçu"}

    kiosk(play)


def test_several_answers_of_one_line_are_kept_and_confirmed_where_they_are_asked(
    kiosk: Playing,
) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        await chat.say("bonjour")
        told = await chat.say("je n'ai rien reçu, F-1042")
        assert [one["ahead"] for one in told["understood"]] in ([False, True], [True, False])
        assert "Noté pour la suite : Commande : F-1042." in words(told)
        assert "Commande : F-1042. Est-ce bien cela ?" in words(told)
        dated = await chat.say("oui")
        assert "Commandé le" in words(dated)

    kiosk(play)


def test_none_of_these_leads_where_its_step_says(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        first = await chat.say("bonjour")
        assert "Aucun de ces choix" in options(first)
        story = await chat.say("4")
        assert "Racontez-nous" in words(story)
        over = await chat.say("on m'a livré une armoire\nà la place d'une lampe")
        assert over["status"] == "ended"

    kiosk(play)


def test_paused_it_goes_on_the_next_day_where_it_was_with_a_recap(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        await chat.to("bonjour", "1")
        paused = await chat.say("plus tard")
        assert (paused["status"], "C'est gardé." in words(paused)) == ("paused", True)
        CLOCKS[-1].advance(DAY)
        back = await chat.say("bonjour")
        assert "Motif : Je n'ai rien reçu" in words(back)
        assert "De quelle commande" in words(back)
        await chat.say("pause")
        CLOCKS[-1].advance(DAY)
        straight = await chat.say("F-1042, 12/10/2025")
        assert straight["session"] == paused["session"]
        warm = await service.sessions.states.fresh("kiosk", paused["session"])
        events = [
            event for _, event in await read_events(service.store, "kiosk", warm.state.session)
        ]
        assert len({e.contact for e in events if isinstance(e, Resumed)}) == 2

    kiosk(play)


def test_who_stays_away_without_a_word_is_told_where_they_were(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service, journey="parcel")
        await chat.to("bonjour", "1")
        CLOCKS[-1].advance(DAY)
        back = await chat.say("re-bonjour")
        assert back["handover"] is None
        assert "Nous reprenons : Suivi de colis." in words(back)
        assert "Motif : Je n'ai rien reçu" in words(back)

    kiosk(play)


@pytest.mark.parametrize("known_by", ["customer", "user"])
def test_in_another_conversation_the_same_person_is_offered_to_go_on(
    kiosk: Playing, known_by: str
) -> None:
    async def play(service: Service) -> None:
        who = (
            {"customer": {"phone": f"06123456{next(NAMES) + 10}"}}
            if known_by == "customer"
            else {"user": f"u-{next(NAMES)}"}
        )
        first = Chat(service, **who)
        begun = await first.to("je n'ai pas reçu mon colis", "je n'ai rien reçu", "pause")
        second = Chat(service, **who)
        offered = await second.say("Bonjour")
        assert "Vous avez une demande en cours : Suivi de colis." in words(offered)
        resumed = await second.say("oui")
        assert resumed["session"] == begun["session"]
        assert "De quelle commande" in words(resumed)
        other = Chat(service, user="u-6")
        assert "en cours" not in words(await other.say("Bonjour"))

    kiosk(play)


def test_who_would_rather_begin_anew_does_so_with_the_words_of_before(kiosk: Playing) -> None:
    async def play(service: Service) -> None:
        first = Chat(service, user="u-5")
        begun = await first.to("je n'ai pas reçu mon colis", "pause")
        second = Chat(service, user="u-5")
        await second.say("à quelle heure ouvrez-vous ?")
        told = await second.say("non")
        assert told["session"] != begun["session"]
        assert "De 9 h à 19 h." in words(told)

    kiosk(play)


def test_words_that_mean_no_journey_are_asked_about_and_then_given_to_a_person(
    kiosk: Playing,
) -> None:
    async def play(service: Service) -> None:
        chat = Chat(service)
        asked = await chat.say("bonjour")
        assert set(options(asked)) == {"Suivi de colis", "Horaires", "Un conseiller"}
        assert "De quoi" in words(await chat.say("zzz"))
        handed = await chat.say("zzz zzz")
        assert (handed["session"], handed["handover"]) == (None, {"to": "advisor"})
        named = await Chat(service).to("bonjour", "2")
        assert named["session"] is not None

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
        rival = replace(AUTHOR, tenant="rival")
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


def test_a_conversation_nobody_writes_in_is_forgotten_after_a_month(
    kiosk: Playing
) -> None:
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
