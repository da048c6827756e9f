"""Keeps the facts in step with the events: a tail in memory at once, files now and then.

Figures read both, so that they are seconds behind at most while no tiny file is ever written.
Source: semantics.md 25; architecture.md (stores).
"""

from __future__ import annotations

import asyncio
import copy
import logging
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from engine.evolve import ENDED
from engine.state import State
from measures.cut import Reader
from measures.facts import tail
from measures.facts.affected import affected_contacts
from measures.facts.elsewhere import Elsewhere
from measures.facts.folder import Folder, Manifest
from measures.facts.kept import Kept
from measures.facts.pseudonyms import Pseudonyms
from measures.facts.reading import Extents, Facts, Held
from measures.facts.rows import Maker
from runtime.clock import Clock
from runtime.errors import Failure
from runtime.finished import Finished
from runtime.store.port import Store

if TYPE_CHECKING:
    import duckdb

T = TypeVar("T")

GRACE: Final = 600_000
"""Milliseconds by which a look goes back: a commit may take that long to be seen."""
TICK_S: Final = 1.0
"""Seconds between two rounds of the upkeep."""
LOOK_EVERY: Final = 3_000
"""Milliseconds between two looks for what other processes committed."""
HOUR: Final = 3_600_000
CHUNK: Final = 1_000
"""Contacts worked out at once."""
FULL: Final = 20_000
"""Contacts in the tail beyond which it is written to files before the hour is over."""

_log = logging.getLogger("parcours.facts")


class Usual(Protocol):
    """Questions that are asked so often that their sums are to be there beforehand."""

    def __call__(self, facts: Facts, /, *, now: int) -> None:
        """Ask them, at a moment."""
        ...


class Keeper:
    """The facts of all tenants; each question is asked of one."""

    def __init__(
        self, store: Store, clock: Clock, path: Path, *,
        alone: bool, elsewhere: Elsewhere | None = None,
    ) -> None:  # fmt: skip
        """Say where the files are, and whether this process is `alone` in writing events.

        Questions are asked `elsewhere` where that is given, and the facts brought there.
        """
        self._elsewhere = elsewhere
        self._taken: Counter[str] = Counter()
        self._finished = Finished(store)
        self._clock = clock
        self._folder = Folder(path)
        self._alone = alone
        self._lock = asyncio.Lock()
        # Held for an instant: files and tail change together for whoever begins to ask.
        self._changing = threading.Lock()
        self._dirty: set[tuple[str, str]] = set()
        self._stamps: dict[tuple[str, str], tuple[bool, int, int]] = {}
        self._segmented: dict[tuple[str, str], int] = {}
        self._going_on: set[tuple[str, str]] = set()
        self._manifest = Manifest()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._names: Pseudonyms | None = None
        self._held = 0
        self._looked = 0
        self._must_look = False
        self._wrote = 0
        self._stands_for = 0
        self._is_kept_up = False
        self._kept: dict[str, Kept] = {}
        self._extents: Extents = {}

    def mark(self, tenant: str, state: State) -> None:
        """Say that a turn of a session was committed.

        While a contact goes on, its ticket is open and nothing more is to be known of it.
        """
        if state.contact is not None:
            one = (tenant, state.contact)
            if one not in self._going_on or state.status in ENDED:
                self._dirty.add(one)

    def mark_contact(self, tenant: str, contact: str) -> None:
        """Say that a contact passed to another phase."""
        self._dirty.add((tenant, contact))

    def mark_people(self) -> None:
        """Say that two customers are one from now on, or no longer, or in another segment."""
        self._must_look = True

    async def refresh(self) -> int:
        """Bring the tail up to date; return the moment it now stands for, milliseconds UTC."""
        async with self._lock:
            return await self._refresh()

    async def _refresh(self) -> int:
        now = self._clock.now()
        if self._connection is None:
            await self._open()
        is_due = not self._alone and now - self._looked >= LOOK_EVERY
        if not self._looked or self._must_look or is_due:
            self._must_look = False
            await self._look(now)
        waiting, self._dirty = sorted(self._dirty), set()
        try:
            while waiting:
                tenant = waiting[0][0]
                contacts = [contact for whose, contact in waiting[:CHUNK] if whose == tenant]
                await self._take(tenant, contacts)
                del waiting[: len(contacts)]
                if self._held >= FULL:
                    # Not up to date yet: what the files stand for is said once all of it is in.
                    await self._write(now, watermark=self._manifest.watermark)
        finally:
            self._dirty.update(waiting)
        self._stands_for = now
        return now

    async def _take(self, tenant: str, contacts: list[str]) -> None:
        """Put the facts of some contacts, and of their tickets, into the tail."""
        assert self._connection is not None
        assert self._names is not None
        merged = self._manifest.merges.get(tenant, {})
        batch = await self._finished.batch(tenant, contacts, merged)
        self._going_on -= {(tenant, contact) for contact in batch.contacts}
        self._going_on |= {(tenant, contact) for contact in batch.going_on}
        rows = await asyncio.to_thread(Maker(batch, self._names, merged).rows)
        files = {
            table: self._folder.paths(self._manifest, tenant, table)
            for table in ("ticket", "contact")
        }
        await asyncio.to_thread(
            tail.put, self._connection, tenant, rows, gone=batch.moved, files=files
        )
        self._held += len(rows["contact"])
        self._taken[tenant] += 1

    async def _open(self) -> None:
        self._folder.path.parent.mkdir(parents=True, exist_ok=True)
        secret = self._folder.path.with_name(self._folder.path.name + ".key")
        self._names = await asyncio.to_thread(Pseudonyms.kept_in, secret)
        self._connection = await asyncio.to_thread(tail.connect)
        self._manifest = await asyncio.to_thread(self._folder.read)

    async def _look(self, now: int) -> None:
        """Find what changed since the files, or since the last look, whoever committed it."""
        held = self._manifest
        kept = await asyncio.to_thread(self._folder.read)
        if kept.generation != held.generation:
            # Another process wrote files: what they hold is no longer this one's tail.
            await asyncio.to_thread(self._change_to, kept)
            self._looked = 0
            self._stamps.clear()
            self._segmented.clear()
            self._going_on.clear()
        since = (self._looked or self._manifest.watermark) - GRACE
        changed = await self._finished.changed(since)
        self._dirty |= {
            one for one, stamp in changed.items()
            if self._stamps.get(one) != stamp and (stamp[0] or one not in self._going_on)
        }  # fmt: skip
        self._stamps = changed
        merges = await self._finished.merges()
        segmented = await self._finished.segmented(since)
        said = [one for one, noted in segmented.items() if self._segmented.get(one) != noted]
        self._dirty |= await affected_contacts(
            self._finished, before=self._manifest.merges, now=merges, said=said
        )
        self._segmented = segmented
        self._manifest.merges = merges
        self._looked = now

    def _change_to(self, manifest: Manifest) -> None:
        """Take other files for valid, and forget the tail, at once."""
        with self._changing:
            self._manifest = manifest
            self._forget()

    def _forget(self) -> None:
        assert self._connection is not None
        for (tenant,) in self._connection.execute(
            "SELECT DISTINCT tenant FROM tail_key"
        ).fetchall():
            tail.clear(self._connection, tenant)
        self._held = 0

    async def write(self) -> None:
        """Bring the files up to date, unless another process is writing them."""
        async with self._lock:
            now = await self._refresh()
            await self._write(now, watermark=now)

    async def keep(self) -> None:
        """Write what a question had to bring up to date; nothing where it was asked elsewhere."""
        if self._elsewhere is None:
            await self.write()

    async def _write(self, now: int, *, watermark: int) -> None:
        await asyncio.to_thread(self._write_files, now, watermark)

    def _write_files(self, now: int, watermark: int) -> None:
        connection = self._connection
        assert connection is not None
        with self._folder.writing() as may_write:
            if not may_write or self._folder.read().generation != self._manifest.generation:
                return
            before = self._manifest
            manifest = copy.deepcopy(before)
            manifest.generation += 1
            tenants = connection.execute("SELECT DISTINCT tenant FROM tail_key").fetchall()
            for tenant in sorted({*manifest.files, *(one for (one,) in tenants)}):
                self._folder.replace(connection, manifest, tenant=tenant, now=now)
            manifest.watermark = watermark
            self._folder.keep(manifest)
            self._change_to(manifest)
            # Questions that began before still read the files of before.
            self._folder.sweep(manifest, before)
        self._wrote = now

    async def rebuild(self) -> None:
        """Build every fact anew from the events; questions wait until it is done."""
        async with self._lock:
            if self._connection is None:
                await self._open()
            was_kept_up, self._is_kept_up = self._is_kept_up, False
            generation = self._manifest.generation
            await asyncio.to_thread(self._change_to, Manifest(generation=generation))
            self._stamps.clear()
            self._segmented.clear()
            self._going_on.clear()
            self._looked = 0
            now = await self._refresh()
            await self._write(now, watermark=now)
            self._is_kept_up = was_kept_up

    async def ask(self, tenant: str, question: Callable[[Reader], T]) -> tuple[T, int]:
        """Return what a question finds in a tenant's facts, and the moment they stand for.

        Raises:
            FactsAway: they are kept elsewhere, and that does not answer.
        """
        asked = self.ask_files if self._elsewhere is None else self._elsewhere.ask
        return await asked(tenant, question)

    async def ask_files(self, tenant: str, question: Callable[[Facts], T]) -> tuple[T, int]:
        """Return what a question finds in a tenant's files and tail, and what they stand for.

        The question sees the tables of the schema as they are when it begins, and nothing of other
        tenants. While the upkeep runs it waits for nothing: what is a second old is not in yet.
        """
        if not self._is_kept_up:
            await self.refresh()
        facts, cursor, at = await asyncio.to_thread(self._begin, tenant)
        try:
            return await asyncio.to_thread(question, facts), at
        finally:
            cursor.close()

    def _begin(self, tenant: str) -> tuple[Facts, duckdb.DuckDBPyConnection, int]:
        assert self._connection is not None
        kept = self._kept.setdefault(tenant, Kept(self._folder.path, tenant))
        with self._changing:
            cursor = self._connection.cursor()
            cursor.execute(tail.QUIET)
            cursor.begin()
            # From its first query on the transaction sees the tail as it is now.
            cursor.execute("SELECT count(*) FROM tail_key").fetchone()
            manifest, at = self._manifest, self._stands_for
        held = Held(
            folder=self._folder, manifest=manifest, tenant=tenant, kept=kept, extents=self._extents
        )
        return Facts(cursor, held), cursor, at

    def tenants(self) -> set[str]:
        """Return whose facts there are, in files or in memory."""
        return {*self._manifest.files, *self._taken}

    def stamp(self, tenant: str) -> tuple[int, int]:
        """Return what changes whenever a tenant's tail does."""
        return self._manifest.generation, self._taken[tenant]

    async def advisor(self, tenant: str, by: str) -> str | None:
        """Return under which pseudonym an advisor stands in the facts."""
        async with self._lock:
            if self._connection is None:
                await self._open()
            assert self._names is not None
            return self._names.of(tenant, "advisor", by)

    def told(self) -> dict[str, Any]:
        """Return how the facts stand, for who administers.

        `{files, in_memory, written_at, as_of, kept_up}`: rows in memory, when the files were
        written, the moment a question would be answered for, whether the upkeep runs.
        """
        files = sum(len(f) for tables in self._manifest.files.values() for f in tables.values())
        return {
            "files": files,
            "in_memory": self._held,
            "written_at": self._manifest.watermark,
            "as_of": self._stands_for,
            "kept_up": self._is_kept_up,
        }

    async def work(self, *, every: float = TICK_S) -> None:
        """Keep up until cancelled: the tail `every` second, the files every hour."""
        try:
            while True:
                # First of all the service answers; its facts follow.
                await asyncio.sleep(every)
                try:
                    now = await self.refresh()
                    self._is_kept_up = True
                    if now // HOUR != self._wrote // HOUR:
                        await self.write()
                    if self._elsewhere is not None:
                        await self._elsewhere.bring(self)
                except Failure as failure:
                    _log.warning("facts_wait", extra={"code": failure.code})
        finally:
            self._is_kept_up = False

    async def sum_up(self, usual: Usual) -> None:
        """Ask the `usual` questions whenever there are new files, so that their sums are kept."""
        done = 0
        while True:
            await asyncio.sleep(TICK_S)
            generation = self._manifest.generation
            if self._is_kept_up and generation != done:
                for tenant in list(self._manifest.files):
                    await self.ask(tenant, partial(usual, now=self._clock.now()))
                done = generation

    async def close(self) -> None:
        """Let the files and the memory go."""
        async with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
