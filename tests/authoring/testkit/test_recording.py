"""A conversation that was played is written down as a test that holds."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from authoring.load import load
from authoring.testkit import cases, play, record
from authoring.testkit.moves import make
from authoring.testkit.record import to_yaml
from authoring.testkit.session import Session
from authoring.yaml.reader import read
from engine.commands import Command
from tests.authoring.checks.golden import files_with_defaults
from tests.authoring.testkit.test_playing_tests import JOURNEY, WHOLE

if TYPE_CHECKING:
    from authoring.testkit import Case
    from engine.model import Library


def test_a_recorded_conversation_plays_again_and_ends_the_same_way() -> None:
    files = files_with_defaults({"journeys/case.yaml": JOURNEY, "tests/whole.yaml": WHOLE})
    loaded = load(files)
    library = loaded.library
    assert library is not None
    [case] = cases(loaded)[0]
    session = _played(library, case)

    written = record(session.library, session.turns, name="played by ana")

    again = load(
        {**files_with_defaults({"journeys/case.yaml": JOURNEY}), "tests/again.yaml": written}
    )
    assert again.library is not None
    assert [one for one in again.findings if one.severity == "error"] == []
    [recorded] = cases(again)[0]
    recorded.given = {**recorded.given, "calls": case.given["calls"]}
    result = play(again.library, recorded, again)
    assert result.report() == ""
    assert recorded.name == "played by ana"
    assert recorded.expect["outcome"] == "resolved"


def _played(library: Library, case: Case) -> Session:
    session = Session(library, case, case.begins(ZoneInfo(library.timezone)))
    for move in case.moves:
        if move.refused is None:
            make(session, move)
    return session


def test_a_recording_begins_with_a_start() -> None:
    library = load(files_with_defaults({"journeys/case.yaml": JOURNEY})).library
    assert library is not None

    with pytest.raises(ValueError, match="start"):
        record(library, [(Command("note", {"text": "x"}), [])], name="none")


@pytest.mark.parametrize(
    "value",
    [
        {"do": [{"answer": {"a": "yes", "b": [1, 2.5, True, None]}}, "acknowledge"]},
        {"text": "Oui, c'est ça : {order} # non", "empty": "", "date": "2026-01-01", "n": "12:30"},
        {"deep": {"er": {"list": [{"a": 1, "b": {"c": "d"}}, []]}, "none": None}},
        {"long": {f"key{at}": "some rather long value" for at in range(6)}},
    ],
)
def test_what_a_recording_writes_is_read_back_the_same(value: dict[str, object]) -> None:
    found = read(to_yaml(value), "tests/x.yaml")

    assert found.findings == []
    assert found.data == value
