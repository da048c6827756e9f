"""Coming back to a session: the contact it then goes on in.

A session that is taken up again needs a live contact. A self-care session is one whether its person
says so or not: its contact ended at their last activity, and what they do next begins another.
Source: semantics.md 2; measures.md A1 (pause and resume).
"""

from __future__ import annotations

from typing import Final

from engine.commands import Command
from engine.evolve import ENDED
from runtime.access import Actor
from runtime.contacts import FINISHED, SELF_CARE, Contacts
from runtime.states import Warm
from runtime.store.port import Unit

STAYS: Final = ("pause", "cancel", "finish")
"""Commands by which somebody leaves rather than comes back."""


class Returning:
    """Gives sessions that are taken up again the contact they go on in."""

    def __init__(self, contacts: Contacts, *, idle_ms: int) -> None:
        """Say after how long without a word a self-care contact may have ended."""
        self._contacts = contacts
        self._idle = idle_ms

    async def commands(
        self, actor: Actor, warm: Warm, command: Command, *, unit: Unit, now: int
    ) -> list[Command]:
        """Return what is to be done for a command, the session taken up again first if need be.

        A new contact is added to `unit`.

        Raises:
            NotFound: the command names a contact that is not there.
        """
        if command.type in {"resume", "accept"}:
            return [await self._taken_up(actor, warm, command, unit, now)]
        state = warm.state
        if (
            actor.role not in SELF_CARE
            or now - warm.at < self._idle
            or state.status in (*ENDED, "paused")
            or command.type in STAYS
        ):
            return [command]
        resumed = await self._taken_up(actor, warm, Command("resume", {}), unit, now)
        return [resumed, command] if "contact" in resumed.body else [command]

    async def _taken_up(
        self, actor: Actor, warm: Warm, command: Command, unit: Unit, now: int
    ) -> Command:
        named = command.body.get("contact")
        if named is not None:
            await self._contacts.named(actor, named)
            return command
        if command.type == "accept" or warm.state.contact is None:
            return command
        row = await self._contacts.row(actor.tenant, warm.state.contact)
        if row["status"] not in FINISHED:
            if command.body.get("channel") in (None, row["channel"]):
                return command
            # On another channel it is another contact. Who had nothing but the session is gone
            # since their last word: the time between is lead time.
            if row["implied"] and row["status"] == "answered":
                ended = self._contacts.move(unit, row, "ended", at=warm.at, by=actor.by)
                self._contacts.move(unit, ended, "wrapped_up", at=warm.at, by=actor.by)
                self._contacts.tell(actor.tenant, row["id"])
        contact = self._contacts.begin_implied(
            unit,
            actor,
            channel=command.body.get("channel") or warm.state.channel,
            customer=warm.customer,
            at=now,
        )
        return Command(command.type, {**command.body, "contact": contact["id"]})
