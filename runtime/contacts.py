"""Contacts: one continuous exchange on one channel, with a life of its own.

`offered → answered → ended → wrapped_up`, or `offered → abandoned`. Each phase is an event of the
contact's own stream; the time ledger's bounds come from it. Source: semantics.md 2; measures.md A1.
A session begun without a contact opens one that lives exactly as long as it does (`implied`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from runtime.access import Actor, authorize, is_theirs
from runtime.clock import Clock
from runtime.errors import NotFound, WrongPhase, WrongReference
from runtime.idempotency import Keep, keep_nothing
from runtime.ids import Ids
from runtime.incidents_at_hand import incidents_of_contact
from runtime.json_text import plain, to_text
from runtime.store import customers as c
from runtime.store import statements as s
from runtime.store.port import LostRace, Store, Unit
from runtime.store.tables import CONTACT
from runtime.tickets import Tickets

DIRECTIONS: Final = ("inbound", "outbound", "internal")
PHASES: Final[Mapping[str, tuple[str, ...]]] = {
    "offered": ("answered", "abandoned"),
    "answered": ("ended",),
    "ended": ("wrapped_up",),
    "wrapped_up": (),
    "abandoned": (),
}
"""Each phase, and those a contact may pass to from it."""
ALONE: Final = "web"
"""The channel of a customer who walks alone."""
SELF_CARE: Final = ("customer", "bot")
"""Roles whose contacts nobody else says the end of."""
FINISHED: Final = ("ended", "wrapped_up", "abandoned")
_COLUMNS: Final = tuple(column.name for column in CONTACT.columns)
_TIMES: Final = {"answered": "answered", "ended": "ended", "wrapped_up": "wrapped"}
STREAM: Final = "contact"
TRIES: Final = 5

ContactRow = dict[str, Any]


def usual_channel(actor: Actor, channels: Sequence[str]) -> str:
    """Return the channel of who says none: a customer alone is on the web, if there is one."""
    return ALONE if actor.role == "customer" and ALONE in channels else channels[0]


def contact_row(row: Any) -> ContactRow:
    """Return a contact's columns by name."""
    return dict(zip(_COLUMNS, row, strict=True))


def shown(row: ContactRow) -> dict[str, Any]:
    """Return what is said of a contact: without the tenant and the counters."""
    return {
        **{name: row[name] for name in ("id", "channel", "direction", "status", "customer")},
        "implied": bool(row["implied"]),
        "dropped": bool(row["dropped"]),
        **{name: row[name] for name in ("offered", "answered", "ended", "wrapped")},
    }


class Contacts:
    """The contacts of all tenants; each call stays within one."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._listeners: list[Callable[[str, str], None]] = []

    def listen(self, listener: Callable[[str, str], None]) -> None:
        """Have a function called with (tenant, contact) after each phase passed by itself."""
        self._listeners.append(listener)

    async def open(
        self, actor: Actor, *, channel: str, direction: str = "inbound",
        customer: str | None = None, offered_at: int | None = None, keep: Keep = keep_nothing,
    ) -> dict[str, Any]:  # fmt: skip
        """Begin a contact at the moment it rang: `offered_at` in milliseconds, now by default.

        `keep` adds the answer to what is committed; see `Idempotency.answered`.

        Raises:
            WrongReference: no such direction, or a moment that is yet to come.
            NotFound: no customer has that id, or a customer names one.
        """
        authorize(actor, "contact.write")
        now = self._clock.now()
        if direction not in DIRECTIONS:
            raise WrongReference(field="direction", allowed=list(DIRECTIONS))
        offered = now if offered_at is None else offered_at
        if not 0 <= offered <= now:
            raise WrongReference(field="offered_at", latest=now)
        if customer is not None:
            rows = await self._store.read(c.CUSTOMER, actor.tenant, plain(customer, "customer"))
            if actor.role == "customer" or not rows:
                raise NotFound(customer=customer)
            customer = str(rows[0][0])
        unit = Unit()
        row = self.begin(
            unit, actor, channel=channel, direction=direction, customer=customer, offered=offered
        )
        keep(unit, shown(row))
        await self._store.commit(unit)
        return shown(row)

    def begin(
        self, unit: Unit, actor: Actor, *, channel: str, direction: str, customer: str | None,
        offered: int,
    ) -> ContactRow:  # fmt: skip
        """Add a new contact, offered at that moment, to what the caller commits."""
        row = self._row(actor, channel, direction, customer, offered)
        self._event(unit, row, "offered", offered, actor.by)
        unit.add(s.NEW_CONTACT, *row.values())
        return row

    def begin_implied(
        self, unit: Unit, actor: Actor, *, channel: str, customer: str | None, at: int
    ) -> ContactRow:
        """Add the contact of a session that was begun without one: offered and answered at once."""
        row = self._row(actor, channel, "inbound", customer, at)
        self._event(unit, row, "offered", at, actor.by)
        row |= {"seq": 2, "status": "answered", "answered": at, "implied": 1}
        self._event(unit, row, "answered", at, actor.by)
        unit.add(s.NEW_CONTACT, *row.values())
        return row

    def _row(
        self, actor: Actor, channel: str, direction: str, customer: str | None, offered: int
    ) -> ContactRow:
        return {
            "tenant": actor.tenant,
            "id": self._ids.new("ctc"),
            "seq": 1,
            "channel": plain(channel, "channel"),
            "direction": direction,
            "status": "offered",
            "customer": customer,
            "implied": 0,
            "offered": offered,
            "answered": None,
            "ended": None,
            "wrapped": None,
            "actor": actor.by,
            "updated_at": self._clock.now(),
            "dropped": 0,
        }

    @staticmethod
    def _event(unit: Unit, row: ContactRow, phase: str, at: int, by: str) -> None:
        header = {"channel": row["channel"], "direction": row["direction"]}
        if phase == "ended" and row["dropped"]:
            header["dropped"] = "line"
        values = (row["tenant"], STREAM, row["id"], row["seq"], phase, at, by, to_text(header))
        unit.add(s.NEW_EVENT, *values)

    def move(
        self, unit: Unit, row: ContactRow, phase: str, *, at: int, by: str, dropped: bool = False
    ) -> ContactRow:
        """Add a contact's passing to a phase to what the caller commits, and return it so.

        `dropped` says of an end that the line broke, and nobody hung up.

        Raises:
            WrongPhase: it cannot pass there from where it is, or not that early.
        """
        earliest = max(row[name] or 0 for name in ("offered", "answered", "ended"))
        if phase not in PHASES[row["status"]] or at < earliest:
            raise WrongPhase(phase=phase, status=row["status"], allowed=list(PHASES[row["status"]]))
        moved = {**row, "seq": row["seq"] + 1, "status": phase, "updated_at": self._clock.now()}
        # A contact nobody answered ends where it was given up: no phase of its own is left.
        moved[_TIMES.get(phase, "ended")] = at
        if phase == "ended":
            moved["dropped"] = int(dropped)
        self._event(unit, moved, phase, at, by)
        unit.add(
            s.MOVE_CONTACT, row["tenant"], row["id"], row["seq"], moved["seq"], phase,
            moved["offered"], moved["answered"], moved["ended"], moved["wrapped"],
            moved["updated_at"], moved["dropped"],
        )  # fmt: skip
        return moved

    async def pass_to(
        self, actor: Actor, contact: str, phase: str, *, at: int | None = None,
        dropped: bool = False, keep: Keep = keep_nothing,
    ) -> dict[str, Any]:  # fmt: skip
        """Say that a contact was answered, ended, wrapped up or abandoned, at `at` or now.

        Its end closes the tickets whose sessions came to a resolution.

        `dropped` says of an end that the line broke.

        Raises:
            NotFound: the tenant has no such contact.
            WrongPhase: it cannot pass there from where it is.
            WrongReference: `at` is to come, or what is `dropped` is no end.
        """
        authorize(actor, "contact.write")
        if dropped and phase != "ended":
            raise WrongReference(field="dropped", allowed="an end")
        if phase not in PHASES:
            raise WrongPhase(phase=phase, allowed=list(PHASES))
        for _ in range(TRIES):
            row = await self.named(actor, contact)
            now = self._clock.now()
            when = now if at is None else at
            if when > now:
                raise WrongReference(field="at", latest=now)
            moved = await self._pass(row, phase, at=when, by=actor.by, dropped=dropped, keep=keep)
            if moved is not None:
                return shown(moved)
        raise WrongPhase(phase=phase)

    async def pick_up(self, tenant: str, contact: str, *, by: str) -> bool:
        """Say that a contact is answered now; return whether that is news."""
        return await self._hear(tenant, contact, {"offered": "answered"}, by)

    async def hang_up(self, tenant: str, contact: str, *, by: str, dropped: bool = False) -> bool:
        """Say that a contact is over, answered or given up; return whether that is news.

        `dropped` says that the line broke.
        """
        ways = {"offered": "abandoned", "answered": "ended"}
        return await self._hear(tenant, contact, ways, by, dropped=dropped)

    async def _hear(
        self, tenant: str, contact: str, ways: Mapping[str, str], by: str, *, dropped: bool = False
    ) -> bool:
        """Pass a contact on from where it is, if there is a way; reports may come late or twice."""
        for _ in range(TRIES):
            row = await self.row(tenant, contact)
            if row["status"] not in ways:
                return False
            phase = ways[row["status"]]
            at = self._clock.now()
            if await self._pass(row, phase, at=at, by=by, dropped=dropped, keep=keep_nothing):
                return True
        raise WrongPhase(contact=contact)

    async def _pass(
        self, row: ContactRow, phase: str, *, at: int, by: str, dropped: bool, keep: Keep
    ) -> ContactRow | None:
        """Commit a contact's passing to a phase; None when another passing was first."""
        tenant, contact, unit = row["tenant"], row["id"], Unit()
        moved = self.move(unit, row, phase, at=at, by=by, dropped=dropped)
        if phase == "ended":
            await Tickets.close_settled(self._store, unit, tenant=tenant, contact=contact, at=at)
        keep(unit, shown(moved))
        try:
            await self._store.commit(unit)
        except LostRace:
            return None
        self.tell(tenant, contact)
        return moved

    def tell(self, tenant: str, contact: str) -> None:
        """Tell who listens that a contact passed to another phase, or was answered."""
        for listener in self._listeners:
            listener(tenant, contact)

    async def named(self, actor: Actor, contact: str) -> ContactRow:
        """Return the columns of a contact that an actor names.

        Raises:
            NotFound: the tenant has none of that id, or a customer did not begin it.
        """
        row = await self.row(actor.tenant, contact)
        if not is_theirs(actor, row["actor"]):
            raise NotFound(contact=contact)
        return row

    async def row(self, tenant: str, contact: str) -> ContactRow:
        """Return a contact's columns. Raises NotFound when the tenant has none of that id."""
        rows = await self._store.read(s.CONTACT, tenant, plain(contact, "contact"))
        if not rows:
            raise NotFound(contact=contact)
        return contact_row(rows[0])

    async def get(self, actor: Actor, contact: str) -> dict[str, Any]:
        """Return a contact, with the ids of its sessions and the incidents that concerned it."""
        authorize(actor, "contact.read")
        row = await self.row(actor.tenant, contact)
        sessions = await self._store.read(s.SESSIONS_OF_CONTACT, actor.tenant, contact)
        return {
            **shown(row),
            "sessions": [session[1] for session in sessions],
            "incidents": await incidents_of_contact(self._store, actor.tenant, contact),
        }

    async def newest(
        self, actor: Actor, *, before: str | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """Return contacts, newest first; `before` is the last id of the page before."""
        authorize(actor, "contact.read")
        rows = await self._store.read(s.CONTACTS, actor.tenant, before or "~", limit)
        return [shown(contact_row(row)) for row in rows]
