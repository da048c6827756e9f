"""What is typed at the terminal is understood as the person means it."""

import pytest

from engine.answers import BadAnswer, build
from engine.model import Field
from parcours.play.reading import pick, read, understand

OPTIONS = [
    {"id": "late", "label": "En retard"},
    {"id": "damaged", "label": "Abîmé"},
    {"id": "empty", "label": "Abandonné vide"},
]


@pytest.mark.parametrize(
    ("line", "command", "text"),
    [
        ("b", "back", ""),
        ("bonjour", None, "bonjour"),
        ("=b", None, "b"),
        (":n", "none", ""),
        ("?", "help", ""),
        ("", None, ""),
    ],
)
def test_a_letter_alone_is_a_command_and_anything_else_an_answer(
    line: str, command: str | None, text: str
) -> None:
    typed = understand(line)

    assert (typed.command, typed.text) == (command, text)


def test_n_says_no_where_yes_or_no_is_asked() -> None:
    assert understand("n").command == "none"
    assert understand("n", yes_no=True).command is None


@pytest.mark.parametrize("typed", ["2", "damaged", "abîm", "ABIM", " 2 "])
def test_an_option_is_chosen_by_number_id_or_beginning(typed: str) -> None:
    assert pick(OPTIONS, typed) == "damaged"


@pytest.mark.parametrize("typed", ["0", "4", "ab", "", "zz"])
def test_what_points_at_no_option_or_at_two_is_refused(typed: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        pick(OPTIONS, typed)

    assert caught.value.code == "answer.unknown-option"
    assert caught.value.params["allowed"] == ["late", "damaged", "empty"]


@pytest.mark.parametrize(
    ("kind", "settings", "typed", "language", "value"),
    [
        ("yes_no", {}, "oui", "fr", True),
        ("yes_no", {}, "n", "fr", False),
        ("yes_no", {}, "yes", "en", True),
        ("number", {}, "12,5", "fr", 12.5),
        ("date", {}, "31/12/2026", "fr", "2026-12-31"),
        ("money", {"currency": "EUR"}, "12,50", "fr", {"amount": "12.50", "currency": "EUR"}),
        ("text", {}, "  un texte ", "fr", "un texte"),
    ],
)
def test_values_are_read_as_people_write_them(
    kind: str, settings: dict[str, object], typed: str, language: str, value: object
) -> None:
    field = Field("x", build(kind, settings))

    assert read(field, {"type": kind}, typed, language=language) == value


def test_several_options_are_given_with_commas() -> None:
    field = Field("x", build("multiple", {"options": ("late", "damaged", "empty")}))

    value = read(field, {"type": "multiple", "options": OPTIONS}, "1, abîmé", language="fr")

    assert value == ["late", "damaged"]
