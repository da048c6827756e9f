"""What the rows of files come to, kept beside them as ordinary Parquet: one file for a question.

A file of facts never changes, so neither does what its rows come to: a file of sums names the
files it is about, and a file that was replaced is simply not asked for any more. What is asked
again, over whatever period, then reads sums of the files that lie within it, and rows of the others
alone. Everything here may be deleted at any time. Source: performance.md (analytics).
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from measures.facts.schema import VERSION
from measures.sql import listed, quoted

if TYPE_CHECKING:
    import duckdb

FOLDER: Final = "sums"
PLACE: Final = "«rows»"
"""What stands in a question for the rows that it is asked of."""
UNUSED_S: Final = 40 * 86_400
"""Seconds after which sums that nobody asked for are deleted."""

_log = logging.getLogger("parcours.facts")


class Kept:
    """The sums of one tenant's files, by question."""

    def __init__(self, folder: Path, tenant: str) -> None:
        self._folder = folder / quote(tenant, safe="") / FOLDER
        self._known: dict[str, tuple[Path, frozenset[str]]] = {}

    def query(
        self, connection: duckdb.DuckDBPyConnection, files: Mapping[str, str],
        *, whole: Callable[[str], str], valid: Collection[str],
    ) -> str:  # fmt: skip
        """Return the query of the sums of these files, by name and path; those missing are made.

        `whole` is the question: the query of what rows come to, from where they are read. `valid`
        are the names of all files of that table: sums of others are let go.
        """
        digest = hashlib.sha256(f"{VERSION}\n{whole(PLACE)}".encode()).hexdigest()[:32]
        path, held = self._of(connection, digest)
        missing = [name for name in files if name not in held]
        if missing:
            made = {name: whole(f"read_parquet({quoted(files[name])})") for name in missing}
            path = self._add(connection, digest, path, held=held & set(valid), made=made)
        assert path is not None
        return (
            f"SELECT * EXCLUDE (file) FROM read_parquet({quoted(str(path))}) "  # noqa: S608 - every text is quoted
            f"WHERE file IN {listed(sorted(files))}"
        )

    def _of(
        self, connection: duckdb.DuckDBPyConnection, digest: str
    ) -> tuple[Path | None, frozenset[str]]:  # fmt: skip
        """Return the newest sums of a question, and the files they are of."""
        path, held = self._known.get(digest, (None, frozenset()))
        if path is None or not path.exists():
            found = [(one.stat().st_mtime, one) for one in self._folder.glob(f"{digest}.*.parquet")]
            if not found:
                return None, frozenset()
            path = max(found)[1]
            rows = connection.execute(
                f"SELECT DISTINCT file FROM read_parquet({quoted(str(path))})"  # noqa: S608 - every text is quoted
            ).fetchall()
            held = frozenset(name for (name,) in rows)
            self._known[digest] = path, held
        return path, held

    def _add(
        self, connection: duckdb.DuckDBPyConnection, digest: str, before: Path | None, *,
        held: frozenset[str], made: Mapping[str, str],
    ) -> Path:  # fmt: skip
        """Write the sums of a question anew, with those of further files."""
        connection.execute("DROP TABLE IF EXISTS made_sums")
        for place, (name, query) in enumerate(made.items()):
            # One file at a time: what is held in memory is then a month's, however long the period.
            begin = "INSERT INTO made_sums" if place else "CREATE TEMP TABLE made_sums AS"
            connection.execute(f"{begin} SELECT {quoted(name)} AS file, s.* FROM ({query}) s")  # noqa: S608 - every text is quoted
        source = "SELECT * FROM made_sums"
        if before is not None and held:
            source += (
                f" UNION ALL SELECT * FROM read_parquet({quoted(str(before))}) "  # noqa: S608 - every text is quoted
                f"WHERE file IN {listed(sorted(held))}"
            )
        files = frozenset((*held, *made))
        self._folder.mkdir(parents=True, exist_ok=True)
        # Named by what they are of: whoever makes the same ones at once writes the same.
        named = hashlib.sha256("\n".join(sorted(files)).encode()).hexdigest()[:16]
        path = self._folder / f"{digest}.{named}.parquet"
        handle, beside = tempfile.mkstemp(dir=self._folder, suffix=".new")
        os.close(handle)
        connection.execute(
            f"COPY ({source} ORDER BY file, kind) TO {quoted(beside)} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
        Path(beside).replace(path)
        self._known[digest] = path, files
        return path


def clean(folder: Path, tenants: Sequence[str]) -> None:
    """Delete sums that a newer file replaced, or that nobody asked for in a long time."""
    until = time.time()
    for tenant in tenants:
        newest: dict[str, float] = {}
        files = list((folder / quote(tenant, safe="") / FOLDER).glob("*.parquet"))
        for path in files:
            digest, at = path.name.partition(".")[0], path.stat().st_mtime
            newest[digest] = max(at, newest.get(digest, 0))
        for path in files:
            at = path.stat().st_mtime
            is_old = at < newest[path.name.partition(".")[0]] and until - at > 86_400
            if is_old or until - at > UNUSED_S:
                path.unlink(missing_ok=True)
                _log.info("sums_deleted", extra={"file": path.name})
