"""One effect for a request and its key, and the first answer again, byte for byte.

A key belongs to its caller and lives 24 h. It is taken in the very transaction of what the request
does, so a request that fails does not use its key up. Source: promises.md 2.1, 3; semantics.md 22.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from engine.refusals import Refused
from runtime.access import Actor
from runtime.clock import Clock
from runtime.errors import (
    Failure,
    KeyReused,
    KeyRunning,
    StorageFull,
    StorageLost,
    StoreUnavailable,
)
from runtime.json_text import canonical
from runtime.store import statements as s
from runtime.store.port import KeyTaken, Store, Unit

LIFE: Final = 24 * 3_600_000
"""Milliseconds a key is kept."""
POLL: Final = 0.05
_VIEW: Final = b',"view":'


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key and the fingerprint of the request it came with."""

    value: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller gets: the session, its walk version, and the body's JSON text.

    What is not about a session has an empty one and version 0. `is_replay` says that it is the
    stored answer of an earlier request.
    """

    session: str
    version: int
    body: bytes
    is_replay: bool = False

    @property
    def view(self) -> bytes:
        """The view alone of a body `{"session": …, "view": …}`, as it was written."""
        return view_alone(self.body)


Current = Callable[[str], Awaitable[Answer]]
"""Gives a session as it stands."""

Keep = Callable[[Unit, Any], None]
"""Adds to what a use case commits that this is what it gives."""


def keep_nothing(_unit: Unit, _given: object) -> None:
    """Add nothing: the request brought no key."""


def view_alone(body: bytes) -> bytes:
    """Return the view in the JSON text `{"session": …, "view": …}` that `Views.answer` makes."""
    return body[body.index(_VIEW) + len(_VIEW) : -1]


def fingerprint(method: str, path: str, body: Any) -> str:
    """Return what tells two requests apart whatever the order of their body's keys."""
    return hashlib.sha256(b"\0".join([method.encode(), path.encode(), canonical(body)])).hexdigest()


class Idempotency:
    """The keys of all callers."""

    def __init__(self, store: Store, clock: Clock, *, budget_ms: int) -> None:
        self._store = store
        self._clock = clock
        self._budget = budget_ms / 1_000
        self._running: dict[tuple[str, str, str], tuple[str, asyncio.Future[None]]] = {}

    def take(
        self, unit: Unit, actor: Actor, *, key: Key | None, answer: Answer, is_done: bool
    ) -> None:
        """Add a key to the unit of what its request does.

        Args:
            unit: what the caller commits; it fails with `KeyTaken` when the key was used.
            actor: whose key.
            key: nothing is added without one.
            answer: what the caller gets.
            is_done: whether this is the whole answer; otherwise `finish` brings it.
        """
        if key is None:
            return
        now = self._clock.now()
        unit.add(
            s.TAKE_KEY, actor.tenant, actor.by, key.value, key.fingerprint,
            "done" if is_done else "accepted", answer.session or None, answer.version,
            answer.body.decode() if is_done else None, now, now + LIFE,
        )  # fmt: skip

    def close(self, unit: Unit, actor: Actor, *, key: Key | None, answer: Answer) -> None:
        """Add to a unit the answer of a request whose first turn was committed before it was known.

        The unit fails with `KeyTaken` when the key has an answer already.
        """
        if key is not None:
            unit.add(
                s.FINISH_KEY, actor.tenant, actor.by, key.value, answer.version,
                answer.body.decode(),
            )  # fmt: skip

    async def finish(self, actor: Actor, key: Key | None, answer: Answer) -> Answer:
        """Store such an answer by itself, and return the one that is stored: the first."""
        unit = Unit()
        self.close(unit, actor, key=key, answer=answer)
        if key is None:
            return answer
        try:
            await self._store.commit(unit)
        except KeyTaken:
            return await self._find(actor, key, None) or answer
        return answer

    async def once(
        self, actor: Actor, key: Key | None, *, do: Callable[[], Awaitable[Answer]],
        current: Current | None = None, looks_first: bool = False,
    ) -> Answer:  # fmt: skip
        """Return the answer of a request, doing it unless it was done.

        Args:
            actor: whose request.
            key: its key; without one it is simply done.
            do: does it, its key taken in the same transaction.
            current: gives a session as it stands, for an accepted request whose answer was lost;
                None where the answer is always stored with what was done.
            looks_first: the key is looked up before the request is done, which costs a read and
                spares what is dear to do.

        Raises:
            KeyReused: the key came with another request.
            KeyRunning: the first request is still running after the interactive budget.
        """
        if key is None:
            return await do()
        scope = (actor.tenant, actor.by, key.value)
        while (running := self._running.get(scope)) is not None:
            if running[0] != key.fingerprint:
                raise KeyReused
            done, _ = await asyncio.wait([running[1]], timeout=self._budget)
            if not done:
                raise KeyRunning
            found = await self._find(actor, key, current)
            if found is not None:
                return found
        first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running[scope] = (key.fingerprint, first)
        try:
            if looks_first and (found := await self._find(actor, key, current)) is not None:
                return found
            return await self._do(actor, key, do, current)
        finally:
            del self._running[scope]
            first.set_result(None)

    async def answered(
        self, actor: Actor, key: Key, *, do: Callable[[Keep], Awaitable[Any]],
        body: Callable[[Any], bytes], looks_first: bool = False,
    ) -> Answer:  # fmt: skip
        """Return the answer of a request that is about no session, doing it unless it was done.

        Args:
            actor: whose request.
            key: its key.
            do: does it, and hands what it gives to the function it is given before it commits.
            body: makes the JSON text of what it gives.
            looks_first: see `once`.

        Raises:
            KeyReused, KeyRunning: see `once`.
        """

        def keep(unit: Unit, given: Any) -> None:
            self.take(unit, actor, key=key, answer=Answer("", 0, body(given)), is_done=True)

        async def done() -> Answer:
            return Answer("", 0, body(await do(keep)))

        return await self.once(actor, key, do=done, looks_first=looks_first)

    async def _do(
        self, actor: Actor, key: Key, do: Callable[[], Awaitable[Answer]],
        current: Current | None,
    ) -> Answer:  # fmt: skip
        # The key is looked up only once something speaks against the request: a replay of an
        # answered command always does (its version is past, or its key taken).
        try:
            return await do()
        except KeyTaken:
            found = await self._find(actor, key, current)
            if found is None:
                raise KeyRunning from None
            return found
        except (StorageFull, StorageLost, StoreUnavailable):
            raise
        except (Failure, Refused):
            found = await self._find(actor, key, current)
            if found is None:
                raise
            return found

    async def _find(self, actor: Actor, key: Key, current: Current | None) -> Answer | None:
        """Return the stored answer of a key; None when it was not used."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._budget
        while True:
            rows = await self._store.read(
                s.KEY, actor.tenant, actor.by, key.value, self._clock.now()
            )
            if not rows:
                return None
            used_for, state, session, version, body = rows[0]
            if used_for != key.fingerprint:
                raise KeyReused
            if state == "done":
                return Answer(session or "", version, body.encode(), is_replay=True)
            assert current is not None
            if loop.time() >= until:
                # The process that took it is gone or slow: what is shown now is the answer.
                await self.finish(actor, key, await current(session))
                until = float("inf")
                continue
            await asyncio.sleep(POLL)

    async def purge(self) -> None:
        """Forget keys whose 24 h are over."""
        unit = Unit()
        unit.add(s.PURGE_KEYS, self._clock.now())
        await self._store.commit(unit)
