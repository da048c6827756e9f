"""Customer segments: the group a company puts a customer in, out of a small closed list.

Files of customers and the API say it, as the fact `customer.segment`, and never a walk: it is the
company's word. Each is kept with the moment from which it was true, so that a contact counts for
the segment of its own time. Only codes of a list are kept: nobody's name can be one.
Source: issue 6 (dimensions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.store import customers as c
from runtime.store.port import Row, Unit


def note_segment(unit: Unit, tenant: str, customer: str, *, code: Any, since: int, at: int) -> None:
    """Add to a unit which segment a customer is in since a moment, as it is said `at` another."""
    unit.add(c.NEW_SEGMENT, tenant, customer, since, code, at)


def all_of(customers: Iterable[str], merged: Mapping[str, str]) -> list[str]:
    """Return customers with all who are the same people; `merged` says in whom each ended up."""
    stay = {merged.get(one, one) for one in customers}
    return sorted({*stay, *(one for one, into in merged.items() if into in stay)})


class Segments:
    """The segments of some customers; of those who are one person, what was said last holds."""

    def __init__(self, rows: Iterable[Row] = (), merged: Mapping[str, str] | None = None) -> None:
        """Take rows of `c.SEGMENTS`, oldest first."""
        self._merged = merged or {}
        self._said: dict[str, list[tuple[int, str | None]]] = {}
        for customer, since, code in rows:
            whose = self._merged.get(customer, customer)
            self._said.setdefault(whose, []).append((int(since), code))

    def at(self, customer: str | None, moment: int) -> str | None:
        """Return a customer's segment at a moment, milliseconds UTC; None where none is known."""
        said = self._said.get(self._merged.get(customer or "", customer or ""), ())
        return next((code for since, code in reversed(said) if since <= moment), None)
