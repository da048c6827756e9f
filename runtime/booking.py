"""Booking: a promise takes a slot of a team, and nobody else is given the same place.

Who books reads what the team's book says, looks at what is taken, and turns the book's page in the
transaction of the promise: of two who read the same page one is decided anew, and may find that
nothing is left. Source: issue "Continuity"; decision 0039.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, ClassVar, Final

from engine.commands import Command
from engine.promising import instant
from engine.slots import DAY, Offer, Span, free
from engine.state import State
from runtime.clock import Clock
from runtime.errors import Failure
from runtime.revisions import Revisions
from runtime.slots import Slots
from runtime.store import promises as s
from runtime.store.port import Store, Unit, Write
from runtime.team_file import Teams
from runtime.team_slots import MOST_DAYS

TAKES: Final = ("promise", "move_promise")
"""Commands that may take a slot."""
NEXT: Final = 3
"""Free slots named to somebody who cannot have theirs."""


class SlotTaken(Failure):
    """The slot is full, too soon or too far ahead; `next` are free ones."""

    CODE: ClassVar[str] = "slot.taken"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Ce créneau n'est plus libre : choisissez-en un autre, comme ceux de `next`.",
        "en": "This slot is free no more: choose another one, such as those of `next`.",
    }


class NoSuchSlot(Failure):
    """The team gives no slot that begins then; `next` are free ones."""

    CODE: ClassVar[str] = "slot.unknown"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Aucun créneau de l'équipe ne commence à cette heure : voyez `next`.",
        "en": "The team gives no slot that begins then: see `next`.",
    }


class Booking:
    """Takes slots for promises."""

    def __init__(self, store: Store, slots: Slots) -> None:
        """Take the slots that teams give, in the store that holds the promises."""
        self._store = store
        self.slots = slots

    async def taken(
        self, tenant: str, state: State, command: Command, *, unit: Unit, now: int
    ) -> Command:
        """Return a command with the slot it asks for, taken in `unit`; any other as it is.

        Raises:
            SlotTaken: the slot is not free.
            NoSuchSlot: the team gives none that begins then.
            engine.refusals.Refused: its time is not written as one.
        """
        if command.type not in TAKES or command.body.get("slot") is None:
            return command
        promise = _named(state, command)
        team = command.body.get("by") or promise.get("team")
        if team is None or not self.slots.gives(tenant, team):
            # The engine says what is missing.
            return command
        begins = instant(command.body["slot"], "slot")
        if (promise.get("team"), promise.get("begins")) == (team, begins):
            return _with(command, begins, promise["due"])
        offer = await self.slots.offer(tenant, team)
        turned = await self._turned(tenant, team)
        own = (state.session, promise.get("number"))
        held = await self.slots.held(tenant, team, besides=own)
        day = offer.day(begins) if abs(begins - now) < MOST_DAYS * DAY else None
        if day is None or all(slot.begins != begins for slot in offer.slots(day, day)):
            raise NoSuchSlot(next=_next(offer, begins, now=now, held=held))
        if all(slot.begins != begins for slot in free(offer, day, day, now=now, taken=held)):
            raise SlotTaken(next=_next(offer, begins, now=now, held=held))
        unit.writes.append(turned)
        return _with(command, begins, begins + offer.length_ms)

    async def _turned(self, tenant: str, team: str) -> Write:
        """Return what turns the page of a team's book, which must still be at the one read."""
        rows = await self._store.read(s.SLOT_BOOK, tenant, team)
        if not rows:
            return s.NEW_SLOT_BOOK, (tenant, team, 1)
        return s.TURN_SLOT_BOOK, (tenant, team, rows[0][0])


def booking_of(store: Store, clock: Clock, *, revisions: Revisions, teams: Teams) -> Booking:
    """Return who takes the slots that teams give."""
    return Booking(store, Slots(store=store, clock=clock, revisions=revisions, teams=teams))


def _named(state: State, command: Command) -> Mapping[str, Any]:
    """Return the promise that is moved; empty for one that is made, or that is not there."""
    place = command.body.get("promise", 0) - 1
    return state.promises[place] if 0 <= place < len(state.promises) else {}


def _with(command: Command, begins: int, ends: int) -> Command:
    return Command(command.type, {**command.body, "taken": (begins, ends)})


def _next(
    offer: Offer, begins: int, *, now: int, held: Sequence[Span]
) -> list[dict[str, int]]:  # fmt: skip
    """Return the free slots nearest after a time, else the first ones."""
    first, last = offer.day(now), offer.day(now + offer.ahead_ms)
    later = (slot for slot in free(offer, first, last, now=now, taken=held) if slot.begins > begins)
    found = list(islice(later, NEXT)) or islice(
        free(offer, first, last, now=now, taken=held), NEXT
    )  # fmt: skip
    return [slot._asdict() for slot in found]
