"""What the columns of a customer file are: the mapping file, and a record read by it.

```yaml
customers: crm                  # where the file comes from: facts carry it
columns:
  Téléphone: phone
  "N° client": number
  Mail: {key: email, fact: client.email}
  Segment: {fact: client.segment, values: {P: premium, S: standard}}
  Modifié le: {at: "%d/%m/%Y"}
ignore: [Commentaire]
country: "33"
```
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parcours.records.mapping_file import MappingFile, read_mapping
from parcours.records.record import Fault, How, fault
from runtime.customers import EXTERNAL, KINDS, normalise
from runtime.errors import WrongReference
from runtime.importing import SURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from parcours.records.record import Record

_TEXT = {"type": "string", "minLength": 1}
_KEY = {
    **_TEXT,
    "pattern": r"^(phone|email|number|external\.[a-z0-9_-]{1,32})$",
    "description": "phone, email, number or external.NAME",
}
_COLUMN = {
    "anyOf": [
        _KEY,
        {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "key": _KEY,
                "fact": _TEXT,
                "at": _TEXT,
                "values": {"type": "object", "additionalProperties": {}},
            },
        },
    ]
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["customers", "columns"],
    "properties": {
        "parcours": {"const": 1},
        "customers": {
            "type": "string", "pattern": "^[a-z0-9_-]{1,32}$",
            "description": "a short name of where the file comes from, such as crm",
        },
        "columns": {"type": "object", "minProperties": 1, "additionalProperties": _COLUMN},
        "ignore": {"type": "array", "items": _TEXT},
        "country": {"type": "string", "pattern": "^[1-9][0-9]{0,2}$"},
        "language": {"enum": ["fr", "en"]},
        "timezone": _TEXT,
        "encoding": _TEXT,
        "delimiter": {"type": "string", "minLength": 1, "maxLength": 1},
        "sheet": _TEXT,
        "records": _TEXT,
        "sure": {"type": "number", "minimum": 0, "maximum": 1},
        "doubtful": {"enum": ["skip", "new"]},
    },
}  # fmt: skip
ISO = "iso"


@dataclass(frozen=True, slots=True)
class Column:
    """What one column gives: a key of the customer, a fact, the moment they were true."""

    name: str
    key: str | None = None
    fact: str | None = None
    at: str | None = None
    values: Mapping[str, Any] | None = None

    def fields(self) -> list[str]:
        """Return what a service calls what the column gives, when it refuses it."""
        given = {"keys.": self.key, "facts.": self.fact}
        named = [before + name for before, name in given.items() if name is not None]
        return named if self.at is None else [*named, "at"]


@dataclass(slots=True)
class Line:
    """A record as a customer: what it brings, and what of it cannot be read, by column."""

    record: Record
    keys: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    at: int | None = None
    wrong: list[tuple[str | None, Fault]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Columns:
    """A mapping of customers: its columns, and how the file is read."""

    file: MappingFile
    source: str
    columns: tuple[Column, ...]
    ignored: frozenset[str]
    country: str
    language: str
    zone: ZoneInfo
    how: How
    sure: float
    near_is_new: bool

    def check(self, names: Iterable[str]) -> list[str]:
        """Return the columns of a file that the mapping says nothing of.

        Raises:
            Stop: the mapping names a column that the file has not.
        """
        there = list(names)
        missing = [one.name for one in self.columns if one.name not in there]
        if missing:
            listed = ", ".join(there)
            raise self.file.refusal(
                *(
                    (("columns", name), f"The file has no column '{name}'; it has: {listed}.")
                    for name in missing
                )
            )
        mapped = {one.name for one in self.columns}
        return [name for name in there if name not in mapped | self.ignored]

    def line(self, record: Record) -> Line:
        """Return what a record brings."""
        line = Line(record)
        if record.wrong is not None:
            line.wrong.append((None, record.wrong))
            return line
        for column in self.columns:
            raw = record.get(column.name)
            if raw is None:
                continue
            try:
                self._take(line, column, raw)
            except WrongReference as wrong:
                line.wrong.append((column.name, Fault(f"import.{column.key}", wrong.message)))
            except ValueError:
                line.wrong.append((column.name, _no_moment(raw, column.at)))
        return line

    def _take(self, line: Line, column: Column, raw: Any) -> None:
        value = raw if column.values is None else column.values.get(str(raw))
        if value is None:
            listed = ", ".join(column.values or ())
            said = fault("import.value", f"« {raw} » n'est pas dans `values` : {listed}.",
                         f"'{raw}' is not among `values`: {listed}.")  # fmt: skip
            line.wrong.append((column.name, said))
            return
        if column.key is not None:
            text = str(value)
            if column.key == "phone" and isinstance(value, int):
                # A spreadsheet that took it for a number dropped its zero: it cannot be told back.
                said = fault(
                    "import.phone-as-number",
                    "Un nombre a perdu son zéro : mettez la colonne en texte.",
                    "A number has lost its zero: format the column as text.",
                )
                line.wrong.append((column.name, said))
            else:
                line.keys[column.key] = normalise(column.key, text, country=self.country)
        if column.fact is not None:
            line.facts[column.fact] = value
        if column.at is not None:
            line.at = moment(value, column.at, self.zone)


def moment(value: Any, form: str, zone: ZoneInfo) -> int:
    """Return a moment in milliseconds UTC, from what a file has; a day is its midnight.

    Raises:
        ValueError: it is not of that form.
    """
    text = str(value)
    found = datetime.fromisoformat(text) if form == ISO else datetime.strptime(text, form)  # noqa: DTZ007 - its zone follows
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return round(found.astimezone(UTC).timestamp() * 1000)


def _no_moment(raw: Any, form: str | None) -> Fault:
    return fault(
        "import.moment", f"« {raw} » n'est pas un moment de la forme {form}.",
        f"'{raw}' is no moment of the form {form}.",
    )  # fmt: skip


def read_columns(path: Path) -> Columns:
    """Return a mapping of customers.

    Raises:
        Stop: it cannot be read, or something in it is wrong: each at its line and column.
    """
    file = read_mapping(path, SCHEMA)
    data = file.data
    columns = tuple(_column(name, spec) for name, spec in data["columns"].items())
    _refuse_twice(file, columns)
    zone = data.get("timezone", "UTC")
    try:
        known = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise file.refusal((("timezone",), f"There is no time zone '{zone}'.")) from error
    return Columns(
        file, data["customers"], columns, frozenset(data.get("ignore", ())),
        data.get("country", "33"), data.get("language", "fr"), known,
        How(
            encoding=data.get("encoding", "utf-8"), delimiter=data.get("delimiter"),
            sheet=data.get("sheet"), records=data.get("records"),
        ),
        float(data.get("sure", SURE)), data.get("doubtful") == "new",
    )  # fmt: skip


def _column(name: str, spec: Any) -> Column:
    return Column(name, key=spec) if isinstance(spec, str) else Column(name, **spec)


def _refuse_twice(file: MappingFile, columns: Iterable[Column]) -> None:
    seen: set[str] = set()
    faults: list[tuple[tuple[str | int, ...], str]] = []
    for one in columns:
        for what in (one.key, one.fact, one.at and "at"):
            if what is not None and what in seen:
                faults.append((("columns", one.name), f"Two columns give '{what}'."))
            seen |= {what} if what else set()
    if not seen & {*KINDS} and not any(EXTERNAL.fullmatch(one) for one in seen):
        faults.append((("columns",), "No column gives a key: phone, email, number, external.NAME."))
    if faults:
        raise file.refusal(*faults)
