"""Which request a contact goes on with: the rules that attach, open again, or open a new one.

A ticket is one customer, one motive (a declaration and everything below it) and one object (order,
line, card, invoice). Everything is given; nothing is looked up. Source: measures.md A1, A7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from engine.events import Json
from engine.parts import DAY_MS

WINDOW: Final = 7 * DAY_MS
"""Milliseconds within which a customer who comes back goes on, unless the library says otherwise.
Source: measures.md A7 (W by default)."""
CONTACTS: Final = 1
"""Contacts a well-organised process needs, unless the library says otherwise."""

What = Literal["attach", "reopen", "new"]
REASONS: Final = (
    "same",
    "again",
    "object.unsaid",
    "motive.unknown",
    "motive.other",
    "object.other",
    "several",
    "window.over",
    "corrected",
)
"""Why a ticket was chosen, as stable codes; `corrected`: a person said so."""


@dataclass(frozen=True, slots=True)
class Motive:
    """What the library says of a motive.

    Attributes:
        window: milliseconds within which who comes back goes on.
        contacts: how many contacts it needs at most, None where that is not said.
        target: milliseconds it should take from the first contact to its end, None if not said.
    """

    window: int = WINDOW
    contacts: int | None = None
    target: int | None = None

    @property
    def expected(self) -> int:
        """How many contacts a well-organised process needs for it."""
        return CONTACTS if self.contacts is None else self.contacts


@dataclass(frozen=True, slots=True)
class Ticketing:
    """What a library says of tickets: the facts that name their object, and its motives.

    `motives` is by declaration; each holds for everything below it that is not listed itself.
    """

    objects: tuple[str, ...] = ()
    default: Motive = Motive()
    motives: Mapping[str, Motive] = field(default_factory=dict)

    def root(self, code: str) -> str:
        """Return the motive a declaration belongs to: the nearest one listed, or itself."""
        at = code
        while at:
            if at in self.motives:
                return at
            at = at.rpartition(".")[0]
        return code

    def of(self, code: str) -> Motive:
        """Return what holds for a declaration."""
        return self.motives.get(self.root(code), self.default)

    def is_same(self, one: str, other: str) -> bool:
        """Return whether two declarations are of one motive."""
        return _is_within(one, self.root(other)) or _is_within(other, self.root(one))


@dataclass(frozen=True, slots=True)
class Earlier:
    """A ticket that the customer has already.

    `status` is open, settled or closed; `at` when something last happened in it (ms UTC); `goes_on`
    whether one of its sessions has not ended.
    """

    id: str
    status: str
    motive: str | None
    at: int
    objects: Mapping[str, Json] = field(default_factory=dict)
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a contact, and why; `others` are tickets of that motive one may mean instead.

    `ticket` is the one it goes on with, None for a new one.
    """

    what: What
    reason: str
    ticket: str | None = None
    others: tuple[str, ...] = ()


class Demand(NamedTuple):
    """What somebody asks for: a declaration, None while it is not known, and about what.

    `objects`: fact -> value, as far as it was said.
    """

    motive: str | None
    objects: Mapping[str, Json]


class Attach(NamedTuple):
    """A session's passing to another ticket, and what is known in it."""

    ticket: str
    what: str
    reason: str
    known: Mapping[str, Json]


def choose(
    ticketing: Ticketing, demand: Demand, earlier: Sequence[Earlier], *, now: int
) -> Verdict:
    """Return which ticket a contact goes on with: attach, open again, or a new one.

    Args:
        ticketing: what the library says.
        demand: what the customer asks for.
        earlier: the customer's other tickets, in any order.
        now: milliseconds UTC.
    """
    motive, objects = demand
    if motive is None:
        return Verdict("new", "motive.unknown")
    related = sorted(
        (one for one in earlier if one.motive and ticketing.is_same(motive, one.motive)),
        key=lambda one: (one.at, one.id),
        reverse=True,
    )
    if not related:
        return Verdict("new", "motive.other")
    named = tuple(one.id for one in related)
    about = {one.id: _agreement(ticketing, objects, one.objects) for one in related}
    live = [one for one in related if _is_live(ticketing, one, now)]
    same = [one for one in live if about[one.id] == "same"]
    for one in same:
        if one.status == "open":
            return Verdict("attach", "same", one.id, _but(named, one.id))
    if same:
        return Verdict("reopen", "again", same[0].id, _but(named, same[0].id))
    unsaid = [one for one in live if about[one.id] == "unsaid"]
    still_open = [one for one in unsaid if one.status == "open"]
    if len(still_open) == 1:
        found = still_open[0].id
        return Verdict("attach", "object.unsaid", found, _but(named, found))
    if unsaid:
        return Verdict("new", "several" if len(unsaid) > 1 else "object.unsaid", None, named)
    is_over = any(about[one.id] != "other" for one in related)
    return Verdict("new", "window.over" if is_over else "object.other", None, named)


def _is_within(code: str, root: str) -> bool:
    return code == root or code.startswith(f"{root}.")


def _but(named: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(name for name in named if name != one)


def _is_live(ticketing: Ticketing, one: Earlier, now: int) -> bool:
    """Return whether a ticket is within its motive's window, or goes on at this moment."""
    assert one.motive is not None
    return one.goes_on or now - one.at <= ticketing.of(one.motive).window


def _agreement(
    ticketing: Ticketing, mine: Mapping[str, Json], theirs: Mapping[str, Json]
) -> Literal["same", "other", "unsaid"]:
    """Return whether two requests are about one object, as far as both say."""
    both = [name for name in ticketing.objects if name in mine and name in theirs]
    if any(mine[name] != theirs[name] for name in both):
        return "other"
    any_said = any(name in mine or name in theirs for name in ticketing.objects)
    return "same" if both or not any_said else "unsaid"
