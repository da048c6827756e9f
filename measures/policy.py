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


ANSWER_WITHIN_S: Final = {
    "phone": 60, "chat": 30, "email": 86_400, "post": 86_400, "social": 1_800,
}  # fmt: skip
"""Seconds within which customers are to be answered by channel, where no library says it.

Source: domain.md; measures.md A9.
"""


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
        """Return what is said of `what` by motive; the empty name is for all others.

        Of `answer_within` it is said by channel, in seconds.
        """
        if what == "answer_within":
            return self.answer_within()
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

    def answer_within(self) -> dict[str, float]:
        """Return within how many seconds customers are to be answered, by channel."""
        found: dict[str, float] = {}
        for library in self.libraries:
            for channel, ms in library.answer_within.items():
                found.setdefault(channel, ms / 1000)
        return ANSWER_WITHIN_S | found

    def value(self, what: str, otherwise: float | None) -> Any:
        """Return a setting as the library has it: a number, or SQL by motive or by channel.

        None where it is not said.
        """
        if what == "answer_within":
            within = self.answer_within()
            cases = " ".join(f"WHEN {quoted(name)} THEN {s:g}" for name, s in within.items())
            return f"(CASE channel {cases} END)"
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

    def corresponds(self) -> str | None:
        """Return as SQL whether a row's qualification is one that its motive corresponds to.

        NULL where nothing is said of the motive; None where nothing is said of any.
        """
        found: dict[str, tuple[str, ...]] = {}
        for library in self.libraries:
            for code, entry in library.codes["declaration"].items():
                if entry.corresponds:
                    found.setdefault(code, entry.corresponds)
        if not found:
            return None
        cases = " ".join(
            f"WHEN {below('motive', code)} "
            f"THEN ({' OR '.join(below('qualification', one) for one in found[code])})"
            for code in sorted(found, key=lambda one: (-len(one), one))
        )
        return f"(CASE {cases} END)"

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
