"""The form of what actors bring. Source: semantics.md 5, 24."""

from __future__ import annotations

from typing import Any

import pytest

from engine import pilot, promising, relaying
from engine.commands import COMMANDS, parse
from engine.handlers import actions, answers, course, relays, service
from engine.machine import HANDLERS
from engine.refusals import Refused


def refused(body: dict[str, Any]) -> Refused:
    """Return why a request's body is refused."""
    with pytest.raises(Refused) as caught:
        parse(body)
    return caught.value


def test_a_well_formed_command_is_taken_without_what_is_empty() -> None:
    command = parse({"type": "answer", "step": None, "values": {"name": None}})

    assert (command.type, dict(command.body)) == ("answer", {"values": {"name": None}})


@pytest.mark.parametrize("name", [None, 3, "jump", "wake", "effect_result", "expire"])
def test_an_unknown_command_and_the_systems_own_are_refused_alike(name: Any) -> None:
    why = refused({"type": name})

    assert why.code == "command.unknown"
    assert "answer" in why.params["allowed"]
    assert "wake" not in why.params["allowed"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"type": "answer"}, "values", "command.missing-field"),
        ({"type": "answer", "values": []}, "values", "command.wrong-field"),
        ({"type": "answer", "values": {}, "size": 3}, "size", "command.unknown-field"),
        ({"type": "back", "visit": 0}, "visit", "command.wrong-field"),
        ({"type": "back", "visit": True}, "visit", "command.wrong-field"),
        ({"type": "back", "visit": "1"}, "visit", "command.wrong-field"),
        ({"type": "mark", "mark": "sleeping"}, "mark", "command.wrong-field"),
        ({"type": "mark", "mark": "searching", "on": 1}, "on", "command.wrong-field"),
        ({"type": "skip", "fields": ["a", 3]}, "fields", "command.wrong-field"),
        ({"type": "skip", "reason": "x" * 256}, "reason", "command.wrong-field"),
        ({"type": "note", "text": "x" * 65_537}, "text", "command.wrong-field"),
        ({"type": "hand_over", "to": "robot"}, "to", "command.wrong-field"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_allowed(
    body: dict[str, Any], field: str, code: str
) -> None:
    why = refused(body)

    assert why.code == "command.wrong"
    assert {name: wrong["code"] for name, wrong in why.fields.items()} == {field: code}
    assert set(why.message) == {"fr", "en"}


def test_everything_wrong_is_told_at_once() -> None:
    why = refused({"type": "amend", "visit": "x", "more": 1})

    assert set(why.fields) == {"visit", "more", "values"}


def test_every_command_has_its_handler_and_every_handler_its_command() -> None:
    rooms = (actions, answers, course, relays, service, pilot, promising, relaying)
    families = [room.HANDLERS for room in rooms]

    assert set(HANDLERS) == set(COMMANDS)
    assert sum(map(len, families)) + 1 == len(HANDLERS)
