"""What the libraries of a tenant say to figures: contacts and time a motive needs, costs, weights.

Written as SQL where it goes by code. A code that says nothing has what the nearest one above it
says. Source: measures.md A8, A11 to A13.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from engine.costs import Costs
from engine.model import Library
from measures.sql import below, quoted

LIBRARY: Final = "library"
"""What a setting is when nobody says otherwise: as the library has it."""
HOUR_MS: Final = 3_600_000
AXES: Final = {"motive": "declaration", "qualification": "qualification", "action": "action"}
WEIGHTS: Final = ("weight", "cost", "dissatisfaction", "seconds")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the live libraries say together; of two that differ, the first by name.

    `volumes`: what contacts are divided by, by kind and month; `zone`: whose months these are.
    """

    libraries: Sequence[Library] = ()
    volumes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    zone: str = "UTC"

    @property
    def costs(self) -> Costs | None:
        """What things cost, None where no library says it."""
        return next((one.costs for one in self.libraries if one.costs is not None), None)

    def said(self, what: str) -> Mapping[str, float]:
        """Return what is said of `what` by motive; the empty name is for all others."""
        found: dict[str, float] = {}
        for library in self.libraries:
            ticketing = library.ticketing
            for code, motive in [("", ticketing.default), *ticketing.motives.items()]:
                value: float | None
                if what == "contacts":
                    value = motive.contacts
                else:
                    value = None if motive.target is None else motive.target / HOUR_MS
                if value is not None:
                    found.setdefault(code, value)
        return found

    def value(self, what: str, otherwise: float | None) -> Any:
        """Return a setting as the library has it: a number, or SQL by motive; None if not said."""
        if what in {"contacts", "target"}:
            said = dict(self.said(what))
            rest = said.pop("", otherwise)
            return by_code("motive", said, rest)
        return otherwise if self.costs is None else getattr(self.costs, what)

    def weighed(self, axis: str, weight: str) -> str:
        """Return as SQL what the code of an axis weighs; 1 for `weight` where nothing is said."""
        found: dict[str, float] = {}
        for library in self.libraries:
            for code, entry in library.codes[AXES[axis]].items():
                if weight in entry.weights:
                    found.setdefault(code, entry.weights[weight])
        return by_code(axis, found, 1 if weight == "weight" else 0)

    def prevents(self) -> str:
        """Return as a query which action should spare which declaration: `action`, `spares`."""
        found: dict[str, str] = {}
        for library in self.libraries:
            for code, entry in library.codes["action"].items():
                if entry.prevents is not None:
                    found.setdefault(code, entry.prevents)
        rows = [f"({quoted(action)}, {quoted(spares)})" for action, spares in found.items()]
        if not rows:
            return "SELECT '' AS action, '' AS spares WHERE FALSE"
        return f"SELECT * FROM (VALUES {', '.join(rows)}) v(action, spares)"  # noqa: S608 - every text is quoted

    def channels(self, column: str) -> str:
        """Return as SQL what the contacts of a list of channels cost."""
        return _each(column, {} if self.costs is None else self.costs.contact)

    def gestures(self, column: str) -> str:
        """Return as SQL what the actions of a list cost: refunds, vouchers."""
        found: dict[str, float] = {}
        for library in self.libraries:
            for code, entry in library.codes["action"].items():
                if "cost" in entry.weights:
                    found.setdefault(code, entry.weights["cost"])
        return _each(column, found)


def by_code(column: str, said: Mapping[str, float], otherwise: float | None) -> str:
    """Return a number by the code of a column, or by the nearest code above it, as SQL."""
    rest = "NULL" if otherwise is None else f"{otherwise:g}"
    # The longest first: what a code says itself stands before what is said above it.
    cases = "".join(
        f"WHEN {below(column, code)} THEN {each!r} "
        for code, each in sorted(said.items(), key=lambda one: (-len(one[0]), one[0]))
    )
    return f"(CASE {cases}ELSE {rest} END)" if cases else rest


def _each(column: str, costs: Mapping[str, float]) -> str:
    if not costs:
        return "0"
    cases = "".join(f"WHEN {quoted(code)} THEN {each!r} " for code, each in sorted(costs.items()))
    # The sum of an empty list is none: a demand without any costs nothing more, not nothing.
    return f"coalesce(list_sum(list_transform({column}, one -> CASE one {cases}ELSE 0 END)), 0)"
