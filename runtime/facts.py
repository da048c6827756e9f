"""Facts: values a library shares beyond their session, learnt from answers, with source and age.

Each session contributes its own; undoing an answer takes its contribution back, and what an
earlier session had said shows again. Source: semantics.md 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.events import Amended, Event, Left, Rewound
from engine.facts import contributed
from engine.model import Library
from engine.state import State
from runtime.json_text import from_text, to_text
from runtime.store import statements as s
from runtime.store.port import Store, Unit


class Facts:
    """What is known of customers and tickets."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def known(
        self, tenant: str, *, customer: str | None, ticket: str | None
    ) -> dict[str, dict[str, Any]]:
        """Return the newest value of each fact: name → {value, at, source}."""
        known: dict[str, dict[str, Any]] = {}
        for kind, holder in (("customer", customer), ("ticket", ticket)):
            if holder is None:
                continue
            for name, value, source, at, _ in await self._store.read(s.FACTS, tenant, kind, holder):
                known[name] = {"value": from_text(value), "at": at, "source": source}
        return known

    @staticmethod
    def learn(
        unit: Unit, library: Library, *, tenant: str, before: State | None, after: State,
        events: Sequence[Event],
    ) -> None:  # fmt: skip
        """Add to a turn what it taught, and take back what it undid."""
        if not library.facts or not any(
            isinstance(event, Amended | Rewound) or (isinstance(event, Left) and event.values)
            for event in events
        ):
            return
        old = contributed(library, before) if before is not None else {}
        new = contributed(library, after)
        for fact in sorted(old.keys() | new.keys()):
            if old.get(fact) == new.get(fact) or fact not in library.facts:
                continue
            kind = library.facts[fact].holder
            holder = after.customer if kind == "customer" else after.ticket
            if holder is None:
                continue
            if fact in new:
                value, at = new[fact]
                unit.add(
                    s.PUT_FACT, tenant, kind, holder, fact, after.session, to_text(value),
                    events[-1].by, at,
                )  # fmt: skip
            else:
                unit.add(s.DROP_FACT, tenant, kind, holder, fact, after.session)
