"""Some value of any answer type, from a source of chance."""

from __future__ import annotations

from random import Random
from typing import Any

from authoring.compound import ListOf, RecordOf
from engine.answers import AnswerType, BadAnswer
from engine.answers.choice import Choice
from engine.answers.multiple import Multiple
from engine.scope import Scope

SAMPLES: dict[str, list[Any]] = {
    "text": ["a", "abc", "{x}", "F-1042", "C-1234", "75001"],
    "number": [0, 3, 7, 12],
    "money": [{"amount": "5", "currency": "EUR"}, {"amount": "300.00", "currency": "EUR"}],
    "date": ["2026-09-10", "2026-09-20", "2026-09-21", "2026-09-23"],
    "time": ["08:30"],
    "period": [{"from": "2026-09-01", "to": "2026-09-02"}],
    "email": ["zoe@example.org"],
    "phone": ["+33123456789"],
    "rating": [1, 5],
    "consent": [{"given": True}],
    "group": [[], [{"item": "a"}]],
    "yes_no": [True, False],
    "address": [{"line1": "1 rue Basse", "postcode": "75001", "city": "Paris"}],
    "file": [{"id": "f1", "name": "f.png", "media_type": "image/png", "size": 10}],
    "identifier": ["F-1042"],
}
UNLISTED = ("a", "z", "held")
"""Choices of a list that is only known during the walk."""


def some_value(answers: AnswerType, rnd: Random) -> Any:
    """Return some value of a type, all of its parts being there."""
    match answers:
        case Choice():
            return rnd.choice(answers.options or UNLISTED)
        case Multiple():
            given = answers.options or UNLISTED
            return [one for one in given if rnd.random() < 0.5] or [given[0]]
        case ListOf():
            return [some_value(answers.item, rnd) for _ in range(rnd.randint(0, 2))]
        case RecordOf():
            return {name: some_value(part, rnd) for name, part in answers.fields.items()}
        case _:
            taken = [one for one in SAMPLES[answers.name] if _takes(answers, one)]
            return rnd.choice(taken or SAMPLES[answers.name])


def _takes(answers: AnswerType, value: Any) -> bool:
    try:
        answers.accept(value, Scope({}, "2026-09-21"))
    except BadAnswer:
        return False
    return True
