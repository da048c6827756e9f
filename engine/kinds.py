"""The kinds of values a journey reads: what is known of a value before anyone has given it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

KIND_NAMES = (
    "text",
    "number",
    "money",
    "date",
    "time",
    "period",
    "duration",
    "boolean",
    "choice",
    "set",
    "list",
    "record",
    "any",
    "missing",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of value a name holds.

    `options` belong to choice and set, `fields` to record, `item` to list, `unit` to number,
    `currency` to money. None there means "not known": such a kind fits all of its name. `optional`
    says the value may be missing.
    """

    name: str
    options: frozenset[str] | None = None
    fields: Mapping[str, Kind] | None = field(default=None, hash=False)
    item: Kind | None = None
    unit: str | None = None
    currency: str | None = None
    optional: bool = False

    @classmethod
    def record(cls, fields: Mapping[str, Kind]) -> Kind:
        """Return the kind of an object with these named parts."""
        return cls("record", fields=dict(fields))

    @classmethod
    def list_of(cls, item: Kind) -> Kind:
        """Return the kind of a list whose items are all of one kind."""
        return cls("list", item=item)

    @classmethod
    def choice(cls, options: Iterable[str]) -> Kind:
        """Return the kind of one option id out of these."""
        return cls("choice", options=frozenset(options))

    @classmethod
    def set_of(cls, options: Iterable[str]) -> Kind:
        """Return the kind of a list of option ids out of these, whatever their order."""
        return cls("set", options=frozenset(options))

    def or_missing(self) -> Kind:
        """Return the same kind, of a value that may be missing."""
        return self if self.optional else replace(self, optional=True)

    def present(self) -> Kind:
        """Return the same kind, of a value that is there."""
        return replace(self, optional=False) if self.optional else self

    def describe(self) -> str:
        """Return the kind in words, for messages: `money in EUR`, `choice of a, b`."""
        if self.name in {"choice", "set"} and self.options:
            shown = sorted(self.options)
            more = ", …" if len(shown) > 6 else ""
            name = "choice" if self.name == "choice" else "several"
            return f"{name} of {', '.join(shown[:6])}{more}"
        if self.name == "money" and self.currency:
            return f"money in {self.currency}"
        if self.name == "number" and self.unit:
            return f"number of {self.unit}"
        if self.name == "list" and self.item is not None:
            return f"list of {self.item.describe()}"
        return self.name


TEXT = Kind("text")
NUMBER = Kind("number")
MONEY = Kind("money")
DATE = Kind("date")
TIME = Kind("time")
PERIOD = Kind("period")
DURATION = Kind("duration")
BOOLEAN = Kind("boolean")
CHOICE = Kind("choice")
SET = Kind("set")
LIST = Kind("list")
RECORD = Kind("record")
ANY = Kind("any")
MISSING = Kind("missing")

PARTS: Mapping[str, Mapping[str, Kind]] = {
    "period": {"from": DATE, "to": DATE},
    "money": {"amount": TEXT, "currency": TEXT},
}
"""Named parts of kinds that are not records: `stay.from`."""


def joins(one: Kind, other: Kind) -> Kind | None:
    """Return the kind that holds the values of both, None when there is none.

    Two paths that meet join the kinds of what they assigned; a comparison needs kinds that join.
    Text holds choices; a set and a list of texts are compared as sets; units and currencies that
    differ do not join; a record's part that only one side has is optional.
    """
    optional = one.optional or other.optional
    if one.name == "missing" or other.name == "missing":
        kind = other if one.name == "missing" else one
        return kind.or_missing()
    if one.name == "any" or other.name == "any":
        return replace(ANY, optional=optional)
    joined = _join_present(one.present(), other.present())
    return joined.or_missing() if joined is not None and optional else joined


def _join_present(one: Kind, other: Kind) -> Kind | None:
    names = {one.name, other.name}
    if names == {"text", "choice"}:
        return TEXT
    if names == {"set", "list"}:
        listed = one if one.name == "list" else other
        item = listed.item
        if item is None or item.name in {"text", "choice", "any", "missing"}:
            return SET
        return None
    if len(names) > 1:
        return None
    match one.name:
        case "choice" | "set":
            known = one.options is not None and other.options is not None
            return replace(
                one,
                options=(one.options or frozenset()) | (other.options or frozenset())
                if known
                else None,
            )
        case "number":
            return _same_or_none(one, one.unit, yours=other.unit)
        case "money":
            return _same_or_none(one, one.currency, yours=other.currency)
        case "list":
            if one.item is None or other.item is None:
                return LIST
            item = joins(one.item, other.item)
            return None if item is None else Kind.list_of(item)
        case "record":
            return _join_records(one, other)
        case _:
            return one


def _same_or_none(one: Kind, mine: str | None, *, yours: str | None) -> Kind | None:
    if mine == yours:
        return one
    if mine is None or yours is None:
        return replace(one, unit=None, currency=None)
    return None


def _join_records(one: Kind, other: Kind) -> Kind | None:
    if one.fields is None or other.fields is None:
        return RECORD
    fields: dict[str, Kind] = {}
    for name in (*one.fields, *(name for name in other.fields if name not in one.fields)):
        mine, yours = one.fields.get(name), other.fields.get(name)
        if mine is not None and yours is not None:
            joined = joins(mine, yours)
            if joined is None:
                return None
            fields[name] = joined
        else:
            fields[name] = (mine or yours or ANY).or_missing()
    return Kind.record(fields)


@dataclass(frozen=True, slots=True)
class Unknown:
    """The part of a dotted name that nothing declares, and what would have done in its place."""

    part: str
    among: tuple[str, ...]


def resolve(names: Mapping[str, Kind], path: Sequence[str]) -> Kind | Unknown:
    """Return the kind a dotted name has, or what in it is unknown.

    A declared name may itself be dotted (`order.status`): the longest one that begins the path
    counts, and the rest is looked up in its parts. A part of an optional value is optional.
    """
    for length in range(len(path), 0, -1):
        kind = names.get(".".join(path[:length]))
        if kind is not None:
            return _descend(kind, path[length:])
    return Unknown(path[0], tuple(names))


def _descend(kind: Kind, path: Sequence[str]) -> Kind | Unknown:
    optional = kind.optional
    for part in path:
        fields = kind.fields if kind.name == "record" else PARTS.get(kind.name, {})
        if kind.name == "any" or fields is None:
            return ANY
        found = fields.get(part)
        if found is None:
            return Unknown(part, tuple(fields))
        optional = optional or found.optional
        kind = found
    return kind.or_missing() if optional else kind
