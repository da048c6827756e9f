"""Dead letters: actions that came to nothing. Nobody's are taken up again, or closed with a reason.

Each stands for one action, with its key: taken up again, it is the same action to the other system.
What a supervisor decides is kept with who and when. Source: promises.md 2.4, T23.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from engine.commands import Command
from engine.standing import STANDINGS
from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.decided import note_decision
from runtime.errors import Failure, NotFound, WrongReference
from runtime.idempotency import Keep, keep_nothing
from runtime.json_text import plain
from runtime.outbox.outbox import Outbox
from runtime.outbox.requests import DAY
from runtime.outbox.retries import BACKGROUND
from runtime.sessions import Sessions
from runtime.store import actions as a
from runtime.store import statements as s
from runtime.store.port import LostLease, LostRace, Row, Store, Unit
from runtime.store.tables import DEAD_LETTER

STREAM: Final = "letter"
LONGEST_REASON: Final = 500
"""Most characters of why one is closed."""
STATES: Final[Mapping[str, str]] = {
    **STANDINGS,
    "redriven": "a supervisor had it taken up again; its outcome is awaited",
    "succeeded": "it succeeded after all",
    "closed": "a supervisor closed it, with a reason",
}
"""Where a dead letter may stand."""

_COLUMNS: Final = (*(column.name for column in DEAD_LETTER.columns), "attempts")
_log = logging.getLogger("parcours.letters")


class LetterNotOpen(Failure):
    """Only a dead letter that nobody has can be taken up again or closed."""

    CODE: ClassVar[str] = "dead-letter.not-open"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Quelqu'un s'en occupe, ou c'est déjà réglé : relisez la liste.",
        "en": "Somebody has it, or it is settled already: read the list again.",
    }


class MayBeDone(Failure):
    """An action that must not be done twice may have been done."""

    CODE: ClassVar[str] = "dead-letter.may-be-done"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Cette action a peut-être eu lieu, et l'autre système ne reconnaît pas une "
        "répétition : vérifiez-le, puis dites `may_repeat`, ou fermez-la avec une raison.",
        "en": "This action may have taken place, and the other system does not know a "
        "repetition: check there, then say `may_repeat`, or close it with a reason.",
    }


@dataclass(slots=True, kw_only=True)
class Letters:
    """The dead letters of all tenants; each call stays within its actor's."""

    store: Store
    clock: Clock
    sessions: Sessions
    outbox: Outbox
    kept_ms: int

    async def all(
        self, actor: Actor, *, state: str = "open", before: str | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """Return dead letters in a state, newest first; `before` is the page before's last id.

        Raises:
            WrongReference: there is no such state.
        """
        authorize(actor, "dead-letter.read")
        if state not in STATES:
            raise WrongReference(field="state", allowed=list(STATES))
        rows = await self.store.read(a.LETTERS, actor.tenant, state, before or "~", limit)
        return [_shown(row) for row in rows]

    async def get(self, actor: Actor, letter: str) -> dict[str, Any]:
        """Return a dead letter, each attempt that failed, and what supervisors did about it.

        Raises:
            NotFound: the tenant has none of that id.
        """
        authorize(actor, "dead-letter.read")
        row = await self._row(actor.tenant, letter)
        tried = await self.store.read(a.ATTEMPTS, actor.tenant, row["session"], row["effect"])
        names = ("number", "started", "ended", "status", "reason", "late")
        attempts = [dict(zip(names, one, strict=True)) for one in tried]
        told = await self.store.read(s.EVENTS, actor.tenant, STREAM, letter, 0, 1_000)
        return {
            **row,
            "tried": [{**one, "late": bool(one["late"])} for one in attempts],
            "decided": [{"what": kind, "at": at, "by": by} for _, kind, at, by, *_ in told],
        }

    async def redrive(
        self, actor: Actor, letter: str, *, may_repeat: bool = False, keep: Keep = keep_nothing
    ) -> dict[str, Any]:
        """Have an action attempted again, with the same key, as often as in the background.

        Its success is recorded in its session, and forces nothing there.

        Raises:
            NotFound: the tenant has none of that id.
            LetterNotOpen: somebody has it, or it is settled.
            MayBeDone: it is `unsafe` and may have been done; `may_repeat` says that it was not.
        """
        authorize(actor, "dead-letter.change")
        row = await self._open(actor.tenant, letter)
        if row["effect_class"] == "unsafe" and row["status"] == "unknown" and not may_repeat:
            raise MayBeDone(letter=letter)
        now, unit = self.clock.now(), Unit()
        unit.add(a.REDRIVE_LETTER, actor.tenant, letter, now, actor.by)
        due = self.outbox.now()
        unit.add(
            a.REDRIVE_EFFECT, actor.tenant, row["session"], row["effect"], due, due + DAY, letter,
            BACKGROUND.attempts,
        )  # fmt: skip
        given = {**row, "state": "redriven", "changed_at": now, "by": actor.by}
        await self._audit(unit, actor, row, "redriven", now)
        keep(unit, given)
        try:
            await self.store.commit(unit)
        except (LostLease, LostRace):
            raise LetterNotOpen(letter=letter) from None
        self.outbox.look()
        return given

    async def close(
        self, actor: Actor, letter: str, *, reason: str, keep: Keep = keep_nothing
    ) -> dict[str, Any]:
        """Close a dead letter: it was done otherwise, or is needed no more.

        Its session no longer asks for attention.

        Raises:
            NotFound: the tenant has none of that id.
            LetterNotOpen: somebody has it, or it is settled.
            WrongReference: there is no reason, or it is too long.
        """
        authorize(actor, "dead-letter.change")
        note = plain(reason.strip(), "reason", longest=LONGEST_REASON)
        row = await self._open(actor.tenant, letter)
        now, unit = self.clock.now(), Unit()
        unit.add(a.CLOSE_LETTER, actor.tenant, letter, now, actor.by, note)
        given = {**row, "state": "closed", "changed_at": now, "by": actor.by, "note": note}
        await self._audit(unit, actor, row, "closed", now)
        keep(unit, given)
        command = Command("effect_result", {"effect": row["effect"], "status": "closed"})
        try:
            await self.sessions.system(actor.tenant, row["session"], command, also=unit.writes)
        except LostLease:
            raise LetterNotOpen(letter=letter) from None
        return given

    async def states(self) -> dict[str, int]:
        """Return how many dead letters stand where, over all tenants."""
        return {row[0]: row[1] for row in await self.store.read(a.LETTER_STATES)}

    async def purge(self) -> None:
        """Forget what nothing happened to for as long as dead letters are kept."""
        before = self.clock.now() - self.kept_ms
        gone = await self.store.change(a.PURGE_LETTERS, before)
        await self.store.change(a.PURGE_ATTEMPTS, before)
        left = sum(row[0] == "open" for row in gone)
        if left:
            _log.warning("dead_letters_forgotten", extra={"count": left})

    async def _audit(
        self, unit: Unit, actor: Actor, row: dict[str, Any], what: str, at: int
    ) -> None:
        await note_decision(
            self.store, unit, actor, about=(STREAM, row["id"]), what=what, at=at,
            session=row["session"], effect=row["effect"],
        )  # fmt: skip

    async def _open(self, tenant: str, letter: str) -> dict[str, Any]:
        row = await self._row(tenant, letter)
        if row["state"] != "open":
            raise LetterNotOpen(letter=letter, state=row["state"])
        return row

    async def _row(self, tenant: str, letter: str) -> dict[str, Any]:
        rows = await self.store.read(a.LETTER, tenant, plain(letter, "letter"))
        if not rows:
            raise NotFound(letter=letter)
        return _shown(rows[0])


def _shown(row: Row) -> dict[str, Any]:
    found = dict(zip(_COLUMNS, row, strict=True))
    found["undo"], found["by"] = bool(found["undo"]), found.pop("actor")
    del found["tenant"]
    return found
