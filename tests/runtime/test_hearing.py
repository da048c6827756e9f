"""A text read against a question: what it answers, by what and how surely; nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.answering import accept_one
from engine.answers.registry import ANSWER_TYPES
from engine.parts import Field, Option
from engine.scope import Scope
from engine.wording import Text
from runtime.channels.hearing import SURE, Choice, Question, hear, hear_line, segments
from runtime.channels.words import command_in, yes_or_no

TODAY = Scope({}, "2026-11-29")
LABELS = {
    "missing": ("Je n'ai rien reçu", ("pas arrivé",)),
    "torn": ("Mon colis est abîmé", ("cassé",)),
    "refund": ("Je veux être remboursé", ()),
}


def typed(kind: str, **settings_: Any) -> Question:
    """Return a question of a type."""
    return Question(Field(kind, ANSWER_TYPES[kind](settings_)), (), TODAY, "fr")


def patterned() -> Question:
    """Return a question whose answers have a form of their own."""
    field = Field("order", ANSWER_TYPES["text"]({"pattern": "F-[0-9]{4}"}, _is_order))
    return Question(field, (), TODAY, "fr")


def _is_order(text: str) -> bool:
    return len(text) == 6 and text.startswith("F-") and text[2:].isdecimal()


def listed(kind: str = "choice", numbered: tuple[str, ...] = ()) -> Question:
    """Return a question of three options."""
    options = tuple(Option(name, Text.plain(label)) for name, (label, _) in LABELS.items())
    field = Field("what", ANSWER_TYPES[kind]({"options": list(LABELS)}), options=options)
    choices = tuple(Choice(name, label, words) for name, (label, words) in LABELS.items())
    return Question(field, choices, TODAY, "fr", numbered)


@pytest.mark.parametrize(
    ("text", "value", "by"),
    [
        ("2", "torn", "number"),
        ("n° 2", "torn", "number"),
        ("JE N’AI RIEN RECU !", "missing", "label"),
        ("pas arrivé", "missing", "synonym"),
        ("mon coli est abimé", "torn", "likeness"),
        ("je n'ai rien reçut", "missing", "likeness"),
    ],
)
def test_an_option_is_meant_by_its_number_its_label_a_synonym_or_a_misspelling(
    text: str, value: str, by: str
) -> None:
    heard = hear(listed(), text)

    assert heard is not None
    assert (heard.value, heard.by, heard.is_sure) == (value, by, True)


@pytest.mark.parametrize(
    "text",
    [
        "bonjour voilà je veux être remboursé et vite",
        "non je ne veux pas être remboursé",
        "abîmé",
    ],
)
def test_words_within_others_or_their_contrary_are_asked_back_and_never_taken(text: str) -> None:
    heard = hear(listed(), text)

    assert heard is None or heard.score < SURE


@pytest.mark.parametrize("text", ["", "?!", "blabla", "4", "0", "je", "xx"])
def test_what_is_like_no_option_is_not_understood(text: str) -> None:
    assert hear(listed(), text) is None


def test_numbers_are_those_that_were_shown() -> None:
    heard = hear(listed(numbered=("refund", "@none", "missing")), "3")

    assert heard is not None
    assert heard.value == "missing"
    assert hear(listed(numbered=("refund", "@none", "missing")), "2") is None


def test_several_options_are_named_in_one_line_and_none_if_one_is_unknown() -> None:
    heard = hear(listed("multiple"), "1, cassé")

    assert heard is not None
    assert heard.value == ["missing", "torn"]
    assert hear(listed("multiple"), "1, zzzz") is None


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        (typed("number", min=1, max=9), "3", 3),
        (typed("number", min=1, max=9), "j'en ai 3 en tout", 3),
        (typed("date"), "12/10/2026", "2026-10-12"),
        (typed("date"), "le 12 octobre 2026 je crois", "2026-10-12"),
        (typed("phone", country="FR"), "appelez le 06 12 34 56 78", "+33612345678"),
        (typed("email"), "c'est zoe@example.org.", "zoe@example.org"),
        (typed("money", currency="EUR"), "12,50 €", {"amount": "12.50", "currency": "EUR"}),
        (typed("yes_no"), "Oui", True),
        (typed("time"), "14h30", "14:30"),
        (patterned(), "f-1042", "F-1042"),
        (patterned(), "ma commande F-1042, svp", "F-1042"),
    ],
)
def test_a_value_is_read_as_people_write_it_alone_or_in_a_sentence(
    question: Question, text: str, value: object
) -> None:
    heard = hear(question, text)

    assert heard is not None
    assert (heard.value, heard.is_sure) == (value, True)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (patterned(), "F-1042 ou F-1055"),
        (typed("number", min=1, max=9), "2 ou 3"),
        (typed("number", min=1, max=9), "40"),
        (typed("email"), "pas d'adresse"),
        (typed("yes_no"), "peut-être"),
    ],
)
def test_of_two_values_or_one_out_of_bounds_none_is_taken(question: Question, text: str) -> None:
    assert hear(question, text) is None


def test_a_line_of_several_answers_gives_each_to_its_question() -> None:
    found = hear_line([], [listed(), patterned(), typed("email")], "F-1042, cassé et a@b.example")

    assert {name: one.value for name, one in found.items()} == {
        "order": "F-1042", "what": "torn", "email": "a@b.example",
    }  # fmt: skip


def test_a_value_that_two_questions_could_take_is_nobody_s() -> None:
    other = Question(Field("second", patterned().field.type), (), TODAY, "fr")

    assert hear_line([], [patterned(), other], "F-1042") == {}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Retour", "back"), ("back", "back"), ("corriger", "correct"), ("/corriger", "correct"),
        ("un conseiller", "advisor"), ("Je voudrais parler à un conseiller, svp", "advisor"),
        ("I want to talk to a human", "advisor"), ("aucun de ces choix", "none"),
        ("none of these", "none"), ("plus tard", "pause"), ("résumé", "recap"), ("?", "help"),
        ("je ne veux pas de conseiller", None), ("mon conseiller m'a menti", None),
        ("le retour est payé", None), ("", None),
    ],
)  # fmt: skip
def test_a_whole_line_may_be_a_command_in_either_language(text: str, command: str | None) -> None:
    assert command_in(text) == command


@pytest.mark.parametrize(("text", "meant"), [("oui", True), ("No.", False), ("bof", None)])
def test_yes_and_no_are_said_in_either_language(text: str, meant: bool | None) -> None:
    assert yes_or_no(text) is meant


QUESTIONS = [
    listed(), listed("multiple"), patterned(), typed("number"), typed("date"), typed("email"),
    typed("phone", country="FR"), typed("money", currency="EUR"), typed("yes_no"), typed("text"),
    typed("address"), typed("period"), typed("consent", text="Soit."), typed("rating"),
    typed("file"),
]  # fmt: skip
PIECES = [
    "F-1042", "12/10/2026", "3", "oui", "pas", "reçu", "rien", "colis", ",", "et", "a@b.fr", "ou",
    "0612345678", "remboursé", "abîmé", "€", "12,50", "14h30",
]  # fmt: skip
SAYINGS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(PIECES),
        max_size=8,
    ).map(" ".join),
)


@settings(max_examples=150, deadline=None)
@given(question=st.sampled_from(QUESTIONS), text=SAYINGS)
def test_whatever_is_written_is_a_good_answer_or_none(question: Question, text: str) -> None:
    heard = hear(question, text)

    assert segments(text) is not None
    if heard is not None:
        assert accept_one(question.field, heard.value, TODAY) == heard.value
        assert 0 < heard.score <= 1
        assert heard.shown
