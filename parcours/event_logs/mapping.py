"""What the columns of an event log are: the mapping file, and the events a record gives by it.

```yaml
contacts: chats                       # where the log comes from
case: conversation_id                 # one contact for each value
what: [actor, action]                 # joined by a dot
time: {column: at, form: iso}         # iso, unix, unix_ms, or as "%d/%m/%Y %H:%M:%S"
by: {column: actor, roles: {agent: advisor, visitor: customer}}
advisor: agent_id
channel: chat
classes: {of: before, by: {agent.search: lookup}, otherwise: useful}
```
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from authoring.schema.parts import CHANNELS
from engine.ledger import CATEGORIES
from parcours.customers.mapping import moment
from parcours.records.mapping_file import MappingFile, read_mapping
from parcours.records.record import Fault, How, Record, fault
from runtime.access import ROLES
from runtime.contacts import DIRECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_TEXT = {"type": "string", "minLength": 1}
_CLASS = {"enum": list(CATEGORIES)}
_ROLE = {"enum": list(ROLES)}


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object", "additionalProperties": False, "required": list(required),
        "properties": properties,
    }  # fmt: skip


SCHEMA: dict[str, Any] = _object(
    {
        "parcours": {"const": 1},
        "contacts": {
            "type": "string", "pattern": "^[a-z0-9_-]{1,32}$",
            "description": "a short name of where the log comes from, such as chats",
        },
        "case": _TEXT,
        "events": _TEXT,
        "what": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]},
        "time": _object({"column": _TEXT, "form": _TEXT, "timezone": _TEXT}, "column"),
        "by": _object(
            {"column": _TEXT, "roles": {"type": "object", "additionalProperties": _ROLE}}, "column"
        ),
        "advisor": _TEXT,
        "customer": {"type": "object", "additionalProperties": _TEXT},
        "channel": {"anyOf": [{"enum": list(CHANNELS)}, _object({"column": _TEXT}, "column")]},
        "direction": {"enum": list(DIRECTIONS)},
        "answered": {"type": "array", "items": _TEXT},
        "classes": _object(
            {
                "of": {"enum": ["before", "after"]},
                "by": {"type": "object", "additionalProperties": _CLASS},
                "otherwise": _CLASS,
            }
        ),
        "encoding": _TEXT,
        "delimiter": {"type": "string", "minLength": 1, "maxLength": 1},
        "sheet": _TEXT,
        "records": _TEXT,
    },
    "contacts", "case", "what", "time", "channel",
)  # fmt: skip
EMPTY = "log.empty"
"""A contact of which nothing was logged: it has no time, and nothing of it is lost."""
UNIX = {"unix": 1000, "unix_ms": 1}


@dataclass(slots=True)
class Logged:
    """One event as the log has it: its line, its case, what of it cannot be read."""

    record: Record
    case: str | None = None
    what: str = ""
    at: int | None = None
    by: str = "system"
    data: dict[str, Any] = field(default_factory=dict)
    wrong: tuple[str | None, Fault] | None = None


@dataclass(frozen=True, slots=True)
class LogMapping:
    """A mapping of an event log, found right."""

    file: MappingFile
    data: Mapping[str, Any]
    zone: ZoneInfo

    @property
    def source(self) -> str:
        """Where the log comes from."""
        return str(self.data["contacts"])

    @property
    def how(self) -> How:
        """How its file is to be read."""
        said = self.data
        return How(
            encoding=said.get("encoding", "utf-8"), delimiter=said.get("delimiter"),
            sheet=said.get("sheet"), records=said.get("records"),
        )  # fmt: skip

    def check(self, record: Record) -> None:
        """Refuse a mapping that names columns which a file with columns has not."""
        named = {("case",): self.data["case"], ("time", "column"): self.data["time"]["column"]}
        if record.columns and "events" not in self.data:
            wrong = [
                (keys, f"The file has no column '{name}'; it has: {', '.join(record.columns)}.")
                for keys, name in named.items()
                if name not in record.columns
            ]
            if wrong:
                raise self.file.refusal(*wrong)

    def events(self, record: Record) -> Iterator[Logged]:
        """Yield the events of a record: itself, or those of the list it holds."""
        if record.wrong is not None:
            yield Logged(record, wrong=(None, record.wrong))
            return
        inner = self.data.get("events")
        if inner is None:
            yield self._event(record, record)
            return
        listed = record.get(inner)
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            said = fault("log.no-events", f"Une liste est attendue en « {inner} ».",
                         f"A list is expected at '{inner}'.")  # fmt: skip
            yield Logged(record, wrong=(inner, said))
            return
        if not listed:
            none = fault(EMPTY, "Ce contact n'a aucun événement.", "This contact has no event.")
            case = record.get(self.data["case"])
            yield Logged(record, None if case is None else str(case), wrong=(inner, none))
        for one in listed:
            yield self._event(record, Record(record.line, one))

    def _event(self, outer: Record, record: Record) -> Logged:
        said = self.data
        one = Logged(outer, data=_kept(record))
        case = outer.get(said["case"])
        if case is None:
            no_case = fault("log.no-case", "Aucun contact n'est nommé.", "No contact is named.")
            one.wrong = (said["case"], no_case)
            return one
        one.case = str(case)
        names = [said["what"]] if isinstance(said["what"], str) else said["what"]
        one.what = ".".join(str(record.get(name)) for name in names)
        if all(record.get(name) is None for name in names):
            no_what = fault("log.no-event", "Aucun événement n'est nommé.", "No event is named.")
            one.wrong = (names[0], no_what)
        who = said.get("by")
        if who is not None:
            one.by = who.get("roles", {}).get(str(record.get(who["column"])), "system")
        column, form = said["time"]["column"], said["time"].get("form", "iso")
        raw = record.get(column)
        try:
            one.at = None if raw is None else instant(raw, form, self.zone)
        except (ValueError, OverflowError):
            said_at = fault("log.time", f"« {raw} » n'est pas une heure de la forme {form}.",
                            f"'{raw}' is no time of the form {form}.")  # fmt: skip
            one.wrong = (column, said_at)
        return one

    def classes(self, whats: list[str]) -> list[str | None]:
        """Return the class of the time that follows each event."""
        said = self.data.get("classes", {})
        by, otherwise = said.get("by", {}), said.get("otherwise")
        own = [by.get(what, otherwise) for what in whats]
        # Written down once it is done, an event says what the time until it was.
        return own if said.get("of", "after") == "after" else [*own[1:], None]


def instant(raw: Any, form: str, zone: ZoneInfo) -> int:
    """Return a moment in milliseconds UTC, of the form a log has it in.

    Raises:
        ValueError: it is not of that form.
    """
    if form not in UNIX:
        return moment(raw, form, zone)
    return round(float(raw) * UNIX[form])


def _kept(record: Record) -> dict[str, Any]:
    """Return all an event says, as JSON has it."""
    kept: dict[str, Any] = json.loads(json.dumps(dict(record.values), default=str))
    return {name: value for name, value in kept.items() if value not in ("", None)}


def read_log_mapping(path: Path) -> LogMapping:
    """Return a mapping of an event log.

    Raises:
        Stop: it cannot be read, or something in it is wrong: each at its line and column.
    """
    file = read_mapping(path, SCHEMA)
    zone = file.data["time"].get("timezone", "UTC")
    try:
        known = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise file.refusal((("time", "timezone"), f"There is no time zone '{zone}'.")) from error
    return LogMapping(file, file.data, known)
