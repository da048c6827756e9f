"""The facts in ClickHouse: kept in step with the files by one process, asked by all."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from measures.cut import Reader
from measures.errors import FactsAway
from measures.facts.clickhouse.published import NOBODY, Content, Published, newest, publish
from measures.facts.clickhouse.pushing import GRACE_NS, push
from measures.facts.clickhouse.reading import SETTINGS, ClickHouseFacts
from measures.facts.clickhouse.tables import arrived, let_go, statements

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from measures.facts.elsewhere import Source
    from measures.facts.reading import Facts

T = TypeVar("T")

EVERY_NS: Final = 2_000_000_000
"""How long ClickHouse is left alone between two times that facts are brought."""
SILENT_MS: Final = 60_000
"""How long nothing was brought before another process takes over."""
HALF_BROUGHT_NS: Final = 3_600_000_000_000
"""How long ago a load that nobody published came, before it is let go."""
NOT_THERE: Final = frozenset({60, 81, 159, 192, 193, 194, 209, 210, 516})
"""ClickHouse's codes for: no such table or database, too long, not let in, no network."""

_TOO_OLD: Final = {
    "fr": "Ce ClickHouse est trop ancien pour les faits : il en faut un de la version 26.",
    "en": "This ClickHouse is too old for the facts: one of version 26 is needed.",
}
_log = logging.getLogger("parcours.facts")


class Mirror:
    """The same facts in ClickHouse; see `measures.facts.elsewhere.Elsewhere`."""

    def __init__(
        self, connect: Callable[[], Client], *, moment: Callable[[], int] = time.time_ns
    ) -> None:  # fmt: skip
        """Say how it is connected to, when it is first needed; `moment` is nanoseconds UTC."""
        self._connect = connect
        self._moment = moment
        self._writer = secrets.token_hex(8)
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._last = 0
        self._brought = 0
        self._stamps: dict[str, tuple[int, int]] = {}

    async def ask(self, tenant: str, question: Callable[[Reader], T]) -> tuple[T, int]:
        """Return what a question finds, and the moment it stands for. Raises FactsAway."""
        return await asyncio.to_thread(self._ask, tenant, question)

    def _ask(self, tenant: str, question: Callable[[Reader], T]) -> tuple[T, int]:
        begun = self._moment()
        with _told(NOT_THERE):
            client = self._opened()
            heads = newest(client, tenant)
            if NOBODY not in heads:
                raise FactsAway
            own = heads.get(tenant) or Published(tenant)
            found = question(ClickHouseFacts(client, own.content))
        if self._moment() - begun > GRACE_NS // 2:
            # What it read may be gone meanwhile: rather no figure than a wrong one.
            raise FactsAway
        return found, max(own.as_of, heads[NOBODY].as_of)

    async def bring(self, keeper: Source) -> None:
        """Bring what a keeper has, every two seconds at most. Raises FactsAway."""
        if self._moment() - self._brought >= EVERY_NS:
            await self.bring_now(keeper, is_forced=False)

    async def bring_now(self, keeper: Source, *, is_forced: bool = True) -> dict[str, Content]:
        """Bring what a keeper has at once, and return what counts then, by tenant.

        Unless it is forced, nothing is brought while another process does. Raises FactsAway.
        """
        heads, held = await asyncio.to_thread(self._heads)
        at = keeper.told()["as_of"]
        last = heads.get(NOBODY)
        is_ours = last is None or last.writer == self._writer or at - last.as_of > SILENT_MS
        self._brought = self._moment()
        if not (is_ours or is_forced):
            return {}
        found: dict[str, Content] = {}
        for tenant in sorted({*keeper.tenants(), *heads} - {NOBODY}):
            before = heads.get(tenant) or Published(tenant)
            stamp = keeper.stamp(tenant)
            is_same = self._stamps.get(tenant) == stamp and before.writer == self._writer
            pushed = partial(self._push, _arrived(before.content, held), is_same_tail=is_same)
            content, as_of = await keeper.ask_files(tenant, pushed)
            one = Published(tenant, as_of, self._writer, content)
            await asyncio.to_thread(self._publish, before, one)
            self._stamps[tenant] = stamp
            found[tenant] = content
        await asyncio.to_thread(self._publish, None, Published(NOBODY, at, self._writer))
        await asyncio.to_thread(self._clean, held, heads)
        return found

    def _opened(self) -> Client:
        with self._lock:
            if self._client is None:
                client = self._connect()
                if not SETTINGS.keys() <= client.server_settings.keys():
                    client.close()
                    raise FactsAway(_TOO_OLD)
                self._client = client
            return self._client

    def _heads(self) -> tuple[dict[str, Published], set[int]]:
        with _told():
            client = self._opened()
            if not self._last:
                for statement in statements():
                    client.command(statement)
                self._number()
            return newest(client), arrived(client)

    def _push(self, before: Content, facts: Facts, *, is_same_tail: bool) -> Content:
        # A tail that was said to count and never arrived is brought again.
        is_same = is_same_tail and (before.tail != 0 or not facts.has_tail)
        with _told():
            client = self._opened()
            return push(client, facts, before, is_same_tail=is_same, numbers=self._number)

    def _publish(self, before: Published | None, one: Published) -> None:
        if before is not None and before.writer == one.writer and before.content == one.content:
            return
        with _told():
            publish(self._opened(), one, number=self._number())

    def _clean(self, held: set[int], heads: dict[str, Published]) -> None:
        """Let go what counts no longer, and what was brought in part and never published."""
        with _told():
            client = self._opened()
            now = newest(client)
            named = {load for one in now.values() for load in one.content.known}
            once = {load for one in heads.values() for load in one.content.known}
            age = self._moment()
            let_go(client, [load for load in held - named
                            if load in once or age - load > HALF_BROUGHT_NS])  # fmt: skip

    def _number(self) -> int:
        self._last = max(self._last + 1, self._moment())
        return self._last

    def close(self) -> None:
        """Let the connection go."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None


def _arrived(content: Content, held: set[int]) -> Content:
    """Return what is said to count, without the loads of which nothing is there."""
    files = {
        table: {name: load for name, load in files.items() if load in held}
        for table, files in content.files.items()
    }
    tail = content.tail if content.tail in held else 0
    return msgspec.structs.replace(content, files=files, tail=tail)


@contextmanager
def _told(codes: frozenset[int] | None = None) -> Iterator[None]:
    """Tell of a database that is away in our own words: for these of its codes, or for all."""
    from clickhouse_connect.driver.exceptions import DatabaseError, Error, OperationalError

    try:
        yield
    except Error as error:
        is_away = isinstance(error, OperationalError) or codes is None
        if not is_away and not (isinstance(error, DatabaseError) and error.code in (codes or ())):
            raise
        _log.warning("clickhouse_away", extra={"error": str(error)[:500]})
        raise FactsAway from error
