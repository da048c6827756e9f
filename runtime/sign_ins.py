"""Sign-ins: who uses the console from which browser, until when.

A browser holds 256 random bits in a cookie; here they are kept as a SHA-256. A sign-in ends after
half an hour without a request, ten hours after it began, or when its person signs out, at once in
every process: nothing of it is cached. Source: promises.md 3.1.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from runtime.access import PERMISSIONS, Actor, authorize, is_in_scope
from runtime.clock import Clock
from runtime.errors import (
    NotFound,
    StorageFull,
    StorageLost,
    StoreUnavailable,
    Unauthenticated,
    WrongReference,
)
from runtime.ids import Ids
from runtime.json_text import from_text, plain, to_text
from runtime.personas import PERSONAS, TENANT, Persona
from runtime.store import people as s
from runtime.store.port import Store, Unit
from runtime.store.tables import SIGN_IN
from runtime.workplaces import NOWHERE, Said, Workplace, note_workplace

IDLE: Final = 30 * 60_000
"""Milliseconds without a request after which a sign-in is over."""
LIFE: Final = 10 * 3_600_000
"""Milliseconds after which a sign-in is over whatever its person does: a shift."""
SEEN: Final = 60_000
"""Milliseconds between two notes that its person is still there."""
PREFERENCES: Final = 8_192
"""Most bytes of one person's preferences."""
NAMED: Final = 365 * 86_400_000
"""Milliseconds after somebody's last sign-in at which what they are called is forgotten."""
LANGUAGES: Final = ("fr", "en")

_COLUMNS: Final = tuple(column.name for column in SIGN_IN.columns)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whose identity was established.

    `way`: persona or oidc; `identity`: issuer and subject, when a provider vouches for them;
    `workplace`: where they work, as far as it says so.
    """

    tenant: str
    role: str
    id: str
    name: str
    language: str
    way: str
    identity: str | None = None
    workplace: Workplace = NOWHERE


@dataclass(frozen=True, slots=True)
class Opened:
    """A sign-in just begun. `token` goes into the cookie and is nowhere else."""

    token: str
    actor: Actor


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class SignIns:
    """The sign-ins of all tenants. `has_personas`: whether development mode's people may come."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, *, has_personas: bool) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._has_personas = has_personas

    def personas(self) -> tuple[Persona, ...]:
        """Return the people one may simply be: none outside of development mode."""
        return PERSONAS if self._has_personas else ()

    def persona(self, by: str, *, language: str) -> Person:
        """Return one of those people by `role:id`.

        Raises:
            NotFound: there is none, or this is not development mode.
        """
        for one in self.personas():
            if one.by == by:
                return Person(
                    tenant=TENANT, role=one.role, id=one.id, name=one.name, language=language,
                    way="persona",
                )  # fmt: skip
        raise NotFound(persona=by)

    async def open(self, person: Person, *, replaced: str | None = None) -> Opened:
        """Begin a sign-in, with a token nobody has seen.

        Args:
            person: whose.
            replaced: the token their browser came with; what it opened is over.
        """
        now = self._clock.now()
        token = secrets.token_urlsafe(32)
        unit = Unit()
        if replaced is not None and (row := await self._row(replaced)) is not None:
            unit.add(s.END_SIGN_IN, row["tenant"], row["id"], now)
        name = self._ids.new("sin")
        unit.add(
            s.NEW_SIGN_IN, person.tenant, name, _digest(token), person.role,
            plain(person.id, "id"), plain(person.name, "name"), person.language, person.way,
            person.identity, now, now, now + LIFE, None,
        )  # fmt: skip
        actor = Actor(person.tenant, person.role, person.id, sign_in=name)
        if person.way != "persona":
            unit.add(s.NAME_COLLEAGUE, actor.tenant, actor.by, person.name, now)
        if person.way == "oidc":
            said = Said("claims", now, person.workplace)
            await note_workplace(self._store, unit, tenant=actor.tenant, actor=actor.by, said=said)
        await self._store.commit(unit)
        return Opened(token, actor)

    async def recognise(self, token: str) -> Actor:
        """Return who signed in with a token, and note that they are there.

        Raises:
            Unauthenticated: unknown, over, signed out or malformed; which is not said.
        """
        row = await self._row(token)
        now = self._clock.now()
        if row is None or not self._is_open(row, now):
            raise Unauthenticated
        if now - row["seen_at"] >= SEEN:
            unit = Unit()
            unit.add(s.SEE_SIGN_IN, row["tenant"], row["id"], now)
            # They are there even when it cannot be noted: reads go on without a disk.
            with contextlib.suppress(StorageFull, StorageLost, StoreUnavailable):
                await self._store.commit(unit)
        return Actor(row["tenant"], row["role"], row["actor"], sign_in=row["id"])

    async def lasts(self, actor: Actor) -> bool:
        """Return whether the sign-in an actor came with goes on; looking does not prolong it."""
        if actor.sign_in is None:
            return True
        rows = await self._store.read(s.SIGN_IN_ROW, actor.tenant, actor.sign_in)
        row = dict(zip(_COLUMNS, rows[0], strict=True)) if rows else None
        return row is not None and self._is_open(row, self._clock.now())

    async def _row(self, token: str) -> dict[str, Any] | None:
        if not _TOKEN.fullmatch(token):
            return None
        rows = await self._store.read(s.SIGN_IN, _digest(token))
        return dict(zip(_COLUMNS, rows[0], strict=True)) if rows else None

    def _is_open(self, row: dict[str, Any], now: int) -> bool:
        # What was opened in development mode opens nothing once the service is out of it.
        if row["way"] == "persona" and not self._has_personas:
            return False
        is_there = now - row["seen_at"] < IDLE and now < row["ends_at"]
        return is_there and row["ended_at"] is None

    async def me(self, actor: Actor) -> dict[str, Any]:
        """Return who an actor is, what it may do, until when, and its preferences.

        Times are milliseconds UTC, None for an actor without a sign-in.
        """
        authorize(actor, "me.read")
        row: dict[str, Any] = dict.fromkeys(_COLUMNS)
        if actor.sign_in is not None:
            rows = await self._store.read(s.SIGN_IN_ROW, actor.tenant, actor.sign_in)
            if rows:
                row = dict(zip(_COLUMNS, rows[0], strict=True))
        preferences = await self._preferences(actor)
        language = preferences.get("language")
        seen = row["seen_at"]
        return {
            "tenant": actor.tenant,
            "role": actor.role,
            "id": actor.id,
            "name": row["name"] or actor.id,
            "language": language if language in LANGUAGES else row["language"],
            "permissions": sorted(
                action
                for action, roles in PERMISSIONS.items()
                if actor.role in roles and is_in_scope(actor.scopes, action)
            ),
            "signed_in_at": row["created_at"],
            "idle_until": None if seen is None else min(seen + IDLE, row["ends_at"]),
            "ends_at": row["ends_at"],
            "preferences": preferences,
        }

    async def names(self, actor: Actor, asked: Iterable[str]) -> dict[str, str]:
        """Return what colleagues are called, by how events name them (`advisor:ana`).

        Whoever never signed in, or only uses a key, has no name here.
        """
        authorize(actor, "colleague.read")
        wanted = sorted(set(asked))
        found = {
            one.by: one.name
            for one in self.personas()
            if actor.tenant == TENANT and one.by in wanted
        }
        rows = await self._store.read(s.COLLEAGUES, actor.tenant, to_text(wanted))
        return found | {str(by): str(name) for by, name in rows}

    async def _preferences(self, actor: Actor) -> dict[str, Any]:
        rows = await self._store.read(s.PREFERENCE, actor.tenant, actor.by)
        return dict(from_text(rows[0][0])) if rows else {}

    async def prefer(self, actor: Actor, preferences: dict[str, Any]) -> None:
        """Keep a person's preferences in place of those before.

        Raises:
            WrongReference: they are too long.
        """
        authorize(actor, "me.change")
        text = to_text(preferences)
        if len(text.encode()) > PREFERENCES:
            raise WrongReference(
                {
                    "fr": f"Les préférences tiennent en {PREFERENCES} octets.",
                    "en": f"Preferences fit in {PREFERENCES} bytes.",
                },
                field="preferences",
            )
        unit = Unit()
        unit.add(s.SET_PREFERENCE, actor.tenant, actor.by, text, self._clock.now())
        await self._store.commit(unit)

    async def close(self, actor: Actor) -> None:
        """End the sign-in an actor came with; one without it has none to end."""
        if actor.sign_in is None:
            return
        unit = Unit()
        unit.add(s.END_SIGN_IN, actor.tenant, actor.sign_in, self._clock.now())
        await self._store.commit(unit)

    async def purge(self) -> None:
        """Forget sign-ins whose ten hours are over, and names of who has not come for a year."""
        now = self._clock.now()
        unit = Unit()
        unit.add(s.PURGE_SIGN_INS, now)
        unit.add(s.PURGE_COLLEAGUES, now - NAMED)
        await self._store.commit(unit)
