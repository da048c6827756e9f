"""Who was erased, remembered outside the database: a backup that is restored is erased again.

A file of lines `{"tenant", "customer", "with", "erased_at"}`: ids and a time, nothing personal. It
is written once the erasure is on disk, and completed at start by those the database knows. Source:
promises.md 1 (11), 2.7.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from runtime.access import Actor
from runtime.customers import Customers
from runtime.erasing import Erasing, Erasure
from runtime.errors import ActionUnderWay, Failure, NotFound, WrongSetting
from runtime.settings import Settings
from runtime.store import statements as s
from runtime.store.port import Store, statement
from runtime.upgrade import is_postgres

ERASED: Final = statement(
    "SELECT stream_id, max(at) FROM event WHERE tenant = $1 AND stream = 'customer' "
    "AND kind = 'erased' GROUP BY stream_id ORDER BY max(at), stream_id"
)
ERASED_AT: Final = statement(
    "SELECT max(at) FROM event WHERE tenant = $1 AND stream = 'customer' AND stream_id = $2 "
    "AND kind = 'erased'"
)
AGAIN_S: Final = 600.0
"""Seconds until those who could not be erased, an action being under way, are tried again."""

_log = logging.getLogger("parcours.erasures")


def line_of(erasure: Erasure) -> str:
    """Return an erasure as a line of the file."""
    said = {"tenant": erasure.tenant, "customer": erasure.customer, "with": list(erasure.others),
            "erased_at": erasure.at}  # fmt: skip
    return json.dumps(said) + "\n"


def file_of(settings: Settings) -> Path | None:
    """Return the file of erasures: the one named, else the one beside an embedded database."""
    if settings.erasures is not None:
        return Path(settings.erasures)
    return None if is_postgres(settings.database) else Path(f"{settings.database}.erased.jsonl")


def read_erasures(path: Path) -> list[Erasure]:
    """Return who a file says was erased; of a file that is not there, nobody.

    Raises:
        WrongSetting: it cannot be read, or a line of it is no erasure: which one.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        said = {"fr": f"{path} : illisible ({why}).", "en": f"{path}: {why}."}
        raise WrongSetting(said, setting="erasures") from error
    return [_erasure(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _erasure(path: Path, number: int, line: str) -> Erasure:
    try:
        said = json.loads(line)
        found = Erasure(
            str(said["tenant"]), str(said["customer"]), tuple(map(str, said.get("with", ()))),
            int(said["erased_at"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        said = {
            "fr": f"{path}:{number} : {{tenant, customer, with, erased_at}} est attendu.",
            "en": f"{path}:{number}: {{tenant, customer, with, erased_at}} is expected.",
        }
        raise WrongSetting(said, setting="erasures") from error
    return found


@dataclass(slots=True, kw_only=True)
class Erasures:
    """The file of erasures of a service, None where it has none."""

    store: Store
    erasing: Erasing
    customers: Customers
    path: Path | None = None

    def note(self, erasure: Erasure) -> None:
        """Write an erasure down; what cannot be written is said in the log, and completed later."""
        try:
            self._append([erasure])
        except OSError as error:
            about = {"customer": erasure.customer, "why": error.strerror}
            _log.error("erasure_not_noted", extra=about)

    def _append(self, erasures: Iterable[Erasure]) -> None:
        lines = "".join(line_of(one) for one in erasures)
        if self.path is None or not lines:
            return
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, lines.encode())
            os.fsync(file)
        finally:
            os.close(file)

    async def known(self) -> list[Erasure]:
        """Return who the database knows was erased, by tenant and time."""
        found = []
        for (tenant,) in await self.store.read(s.TENANTS):
            rows = await self.store.read(ERASED, tenant)
            found += [Erasure(tenant, customer, (), at) for customer, at in rows]
        return found

    async def apply(self, erasures: Sequence[Erasure]) -> tuple[int, int]:
        """Erase again whoever the database still has; return how many, and how many are left.

        Those whose action is under way are left: try again once it has ended.
        """
        done = left = 0
        for one in erasures:
            for customer in (one.customer, *one.others):
                try:
                    done += await self._again(one, customer)
                except ActionUnderWay:
                    left += 1
        return done, left

    async def _again(self, erasure: Erasure, customer: str) -> bool:
        try:
            found, _ = await self.customers.find(erasure.tenant, customer)
        except NotFound:
            # Older than they are: the backup never had them.
            return False
        last = (await self.store.read(ERASED_AT, erasure.tenant, found))[0][0]
        if last is not None and last >= erasure.at:
            return False
        actor = Actor(erasure.tenant, "admin", "erased-before")
        await self.erasing.customer(actor, found)
        _log.warning("erased_again", extra={"tenant": erasure.tenant, "customer": found})
        return True

    async def work(self) -> None:
        """Hold the database against the file until nobody is left, and complete the file."""
        if self.path is None:
            return
        while True:
            try:
                noted = await asyncio.to_thread(read_erasures, self.path)
                _, left = await self.apply(noted)
                have = {(one.tenant, one.customer, one.at) for one in noted}
                self._append(
                    one for one in await self.known()
                    if (one.tenant, one.customer, one.at) not in have
                )  # fmt: skip
                if not left:
                    return
            except (Failure, OSError) as failure:
                code: Any = getattr(failure, "code", "storage.fault")
                _log.error("erasures_wait", extra={"code": code, "why": str(failure)})
            await asyncio.sleep(AGAIN_S)
