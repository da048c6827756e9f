"""Facts: values a library shares beyond their session, learnt from answers, with source and age.

Each session contributes its own; undoing an answer takes its contribution back, and what an
earlier session had said shows again. Source: semantics.md 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.events import Amended, Event, Left, Rewound
from engine.facts import contributed
from engine.model import Library
from engine.state import State
from runtime.json_text import from_text, to_text
from runtime.store import statements as s
from runtime.store.customers import FACTS_OF_CUSTOMER
from runtime.store.port import Store, Unit

Contributions = Mapping[str, tuple[Any, int]]
"""What a session contributes: fact → (value, when it was given)."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a session contributed before a turn, and what after it; who made the turn."""

    library: Library
    by: str
    before: Contributions
    after: Contributions


def learnt(
    library: Library, events: Sequence[Event], *, before: State | None, after: State
) -> Learnt | None:
    """Return what a turn changed of a session's contributions, None when it cannot have."""
    if not library.facts or not any(_teaches(library, after, event) for event in events):
        return None
    old = {} if before is None else contributed(library, before)
    new = contributed(library, after)
    return None if old == new else Learnt(library, events[-1].by, old, new)


def _teaches(library: Library, state: State, event: Event) -> bool:
    if not isinstance(event, Left):
        return isinstance(event, Amended | Rewound)
    if not event.values:
        return False
    # A look at one step: what the whole path contributes would be looked up at every turn.
    visit = next((one for one in reversed(state.path) if one.id == event.visit), None)
    if visit is None or visit.run not in state.runs:
        return True
    step = library.journeys[state.runs[visit.run].journey].steps[visit.step]
    return any(field.fact is not None and field.name in event.values for field in step.fields())


class Facts:
    """What is known of customers and tickets."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def known(
        self, tenant: str, *, customer: str | None, ticket: str | None,
        besides: str | None = None,
    ) -> dict[str, dict[str, Any]]:  # fmt: skip
        """Return the newest value of each fact: name → {value, at, source}.

        `besides` names a session whose own contributions are left out.
        """
        known: dict[str, dict[str, Any]] = {}
        for kind, holder in (("customer", customer), ("ticket", ticket)):
            if holder is None:
                continue
            if kind == "customer":
                rows = await self._store.read(FACTS_OF_CUSTOMER, tenant, holder)
            else:
                rows = await self._store.read(s.FACTS, tenant, kind, holder)
            for name, value, source, at, session in rows:
                if session != besides:
                    known[name] = {"value": from_text(value), "at": at, "source": source}
        return known

    @staticmethod
    def keep(
        unit: Unit, change: Learnt, *, tenant: str, session: str,
        holders: Mapping[str, tuple[str | None, str | None]],
    ) -> None:  # fmt: skip
        """Add to a turn what it taught, and take back what it undid.

        `holders` gives, for `customer` and `ticket`, who held the session's facts before the turn
        and who holds them after it: what it had said of one customer goes with it to another.
        """
        old, new = change.before, change.after
        for fact in sorted(old.keys() | new.keys()):
            if fact not in change.library.facts:
                continue
            kind = change.library.facts[fact].holder
            was, now = holders[kind]
            if was == now and old.get(fact) == new.get(fact):
                continue
            if was is not None and fact in old and (was != now or fact not in new):
                unit.add(s.DROP_FACT, tenant, kind, was, fact, session)
            if now is not None and fact in new:
                value, at = new[fact]
                unit.add(
                    s.PUT_FACT, tenant, kind, now, fact, session, to_text(value), change.by, at
                )  # fmt: skip
