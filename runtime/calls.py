"""The calls that phone systems say something of: each one's contact is made once.

A call is known by its source and its id there. What is said of it is kept a month.
Source: experience.md 3.1.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from runtime.access import Actor
from runtime.call_words import Said
from runtime.clock import Clock
from runtime.errors import NotFound, WrongReference
from runtime.json_text import from_text, plain, to_text
from runtime.sessions import Sessions
from runtime.store import calls as s
from runtime.store.port import LostRace, Unit
from runtime.store.tables import LAUNCH

KEPT: Final = 30 * 86_400_000
"""Milliseconds a call is remembered, so that its number opens nothing twice."""
TRIES: Final = 5
PHONE: Final = "phone"
"""The channel of a call that says none, or one that no library has."""
_COLUMNS: Final = tuple(column.name for column in LAUNCH.columns)

LaunchRow = dict[str, Any]


class Calls:
    """The calls of all tenants."""

    def __init__(self, sessions: Sessions, clock: Clock, *, country: str) -> None:
        """Take `country`: the prefix of phone numbers written with a leading zero."""
        self.sessions = sessions
        self.clock = clock
        self.country = country
        self._store = sessions.store

    async def row_of(self, actor: Actor, said: Said) -> LaunchRow:
        """Return a call's launch, made with its contact when the call is a new one."""
        call = said.call or self.sessions.ids.new("call")
        for _ in range(TRIES):
            rows = await self._store.read(s.LAUNCH_OF_CALL, actor.tenant, said.source, call)
            if rows:
                return await self._told_more(launch_row(rows[0]), said)
            unit, now = Unit(), self.clock.now()
            contact = self.sessions.contacts.begin(
                unit, actor, channel=await self._channel(actor.tenant, said),
                direction=said.direction,
                customer=await self._known(actor.tenant, said), offered=now,
            )  # fmt: skip
            made: LaunchRow = {
                "tenant": actor.tenant, "source": said.source, "call": call,
                "id": self.sessions.ids.new("lau"), "contact": contact["id"], "session": None,
                "customer": contact["customer"], "journey": said.journey, "hash": None,
                "expires_at": None, "opening_at": None, "actor": actor.by, "created_at": now,
                "given": to_text(_given(said)),
            }  # fmt: skip
            unit.add(s.NEW_LAUNCH, *(made[name] for name in _COLUMNS))
            try:
                await self._store.commit(unit)
            except LostRace:
                continue
            return made
        raise LostRace

    async def _channel(self, tenant: str, said: Said) -> str:
        """Return the channel of a call: what it says, where a library has that, else the phone."""
        revisions = self.sessions.revisions
        known = {
            channel
            for live in await revisions.live(tenant)
            for channel in (await revisions.get(tenant, live.hash)).library.channels
        }
        given = plain(said.channel, "channel")
        return given if given in known else PHONE

    async def purge(self) -> None:
        """Forget calls of more than a month ago."""
        unit = Unit()
        unit.add(s.PURGE_LAUNCHES, self.clock.now() - KEPT)
        await self._store.commit(unit)

    async def _known(self, tenant: str, said: Said) -> str | None:
        """Return the customer a call is surely about: one that exists, and only one."""
        found = set()
        if said.customer is not None:
            found.add(await self._found(tenant, said.customer))
        else:
            for kind, value in keys_of(said).items():
                found.add(await self._found(tenant, f"{kind}:{value}"))
        found.discard(None)
        return found.pop() if len(found) == 1 else None

    async def _found(self, tenant: str, reference: str) -> str | None:
        try:
            return (await self.sessions.customers.find(tenant, reference))[0]
        except (NotFound, WrongReference):
            return None

    async def _told_more(self, row: LaunchRow, said: Said) -> LaunchRow:
        """Add to a call what an announcement says that none before it did."""
        known: dict[str, Any] = from_text(row["given"])
        more = {name: value for name, value in _given(said).items() if not known.get(name)}
        journey = row["journey"] or said.journey
        if not more and journey == row["journey"]:
            return row
        row = {**row, "journey": journey, "given": to_text({**known, **more})}
        unit = Unit()
        unit.add(s.TELL_LAUNCH, row["tenant"], row["id"], journey, row["given"])
        await self._store.commit(unit)
        return row


def _given(said: Said) -> dict[str, Any]:
    """Return what is kept of a call beside its columns: personal, erased with the customer."""
    kept = {
        name: value
        for name, value in asdict(said).items()
        if value and name not in {"source", "call", "journey", "phone", "email", "customer"}
    }
    return {**kept, "keys": keys_of(said)} if keys_of(said) else kept


def keys_of(said: Said) -> dict[str, str]:
    """Return what a customer may be known by, of what a call says."""
    keys = {"phone": said.phone or said.outside, "email": said.email}
    return {kind: value for kind, value in keys.items() if value is not None}


def launch_row(row: Any) -> LaunchRow:
    """Return a launch's columns by name."""
    return dict(zip(_COLUMNS, row, strict=True))
