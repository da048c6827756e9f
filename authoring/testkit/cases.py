"""The tests of a library, as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from authoring.findings import Finding
from authoring.load import Loaded
from authoring.sources import Sources
from authoring.yaml.reader import read
from engine.events import Json

MS = 1000
SETTLED_DAY = "2026-01-05"
"""The day of a test that does not say its own: a Monday."""
MORNING = time(9)
BESIDE = frozenset(
    {
        "expect",
        "refused",
        "at",
        "effects",
        "event",
        "timeout",
        "fields",
        "reason",
        "category",
        "text",
    }
)
"""What may stand beside a move's own key."""


@dataclass(slots=True)
class Move:
    """One thing somebody does.

    The command's name, its value, what stands beside it, and what must hold then.
    """

    name: str
    value: Json
    beside: Mapping[str, Json]
    expect: Mapping[str, Json]
    refused: str | None
    place: int

    @property
    def shown(self) -> str:
        """The move as the transcript of a conversation shows it."""
        return self.name if self.value is None else f"{self.name} {_short(self.value)}"


@dataclass(slots=True)
class Case:
    """One test: where it is written, what is given, what is done, and what must hold at the end."""

    file: str
    name: str
    as_of: str
    given: Mapping[str, Json] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    expect: Mapping[str, Json] = field(default_factory=dict)

    def line(self, sources: Sources, *keys: str | int) -> int:
        """Return the line of a key of the test."""
        return sources.position(self.file, keys)[0]

    def begins(self, zone: tzinfo) -> int:
        """Return when the test begins, in milliseconds UTC.

        A day begins at nine in the library's time zone.
        """
        if len(self.as_of) == len(SETTLED_DAY):
            moment = datetime.combine(date.fromisoformat(self.as_of), MORNING, zone)
        else:
            moment = datetime.fromisoformat(self.as_of)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=zone)
        return round(moment.timestamp() * MS)


def cases(loaded: Loaded) -> tuple[list[Case], list[Finding]]:
    """Return the tests of a library by file, and what is wrong with those that cannot be played."""
    found: list[Case] = []
    wrong: list[Finding] = []
    for file in sorted(loaded.sources.texts):
        if not file.startswith("tests/") or not file.endswith((".yaml", ".yml")):
            continue
        form = [one for one in loaded.findings if one.file == file and one.severity == "error"]
        if form:
            wrong += form
            continue
        data = read(loaded.sources.texts[file], file).data
        if not isinstance(data, dict):
            continue
        case = Case(file, str(data.get("test", file)), str(data.get("as_of", SETTLED_DAY)))
        try:
            case.begins(ZoneInfo("UTC"))
        except ValueError:
            line, column = loaded.sources.position(file, ("as_of",))
            wrong.append(
                Finding(
                    "tests.as-of",
                    "error",
                    file,
                    line,
                    column,
                    f"'{case.as_of}' is not a date.",
                    "Write 2026-10-01, or 2026-10-01T14:30:00+02:00.",
                )
            )
            continue
        case.given = _mapping(data.get("given"))
        case.expect = _mapping(data.get("expect"))
        case.moves = list(_moves(data.get("do")))
        found.append(case)
    return found, wrong


def _mapping(data: Any) -> Mapping[str, Json]:
    return data if isinstance(data, dict) else {}


def _moves(data: Any) -> Iterator[Move]:
    for place, one in enumerate(data if isinstance(data, list) else ()):
        if isinstance(one, str):
            yield Move(one, None, {}, {}, None, place)
        elif isinstance(one, dict) and one:
            # `note` and the like may carry `text` beside: the move is the first key that is not one
            # of those.
            name = next((key for key in one if key not in BESIDE), next(iter(one)))
            beside = {key: value for key, value in one.items() if key in BESIDE and key != name}
            expect = _mapping(beside.pop("expect", None))
            refused = beside.pop("refused", None)
            yield Move(
                name, one[name], beside, expect, None if refused is None else str(refused), place
            )


def _short(value: Json) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_short(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return f"[{', '.join(_short(inner) for inner in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
