"""What people write, and what they are told: nothing guessed, nothing asked twice."""

from __future__ import annotations

import json

import pytest

from engine.events import Resumed
from runtime.states import read_events
from runtime.wiring import Service
from tests.runtime.chatting import (
    CLOCKS,
    DAY,
    LEA,
    NAMES,
    Chat,
    Playing,
    answers,
    options,
    understood,
    words,
)
from tests.runtime.walks import assert_sound


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
