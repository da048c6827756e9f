"""What a question reads: a tenant's tables as they stood, and the sums kept of its files."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from measures.cut import Cut
from measures.facts import tail
from measures.facts.folder import Folder, Manifest
from measures.facts.kept import Kept
from measures.facts.schema import ENTITY, TABLES
from measures.sql import quoted

if TYPE_CHECKING:
    import duckdb

ENOUGH: Final = 5_000
"""Rows of a file from which its sums are worth keeping."""
TIMES: Final = ("offered", "closed", "opened", "entered")
"""Columns by which figures take their period."""

_log = logging.getLogger("parcours.facts")


@dataclass(frozen=True, slots=True)
class Extent:
    """How many rows a file has, and between which values its times lie; none where it has none."""

    rows: int
    times: dict[str, tuple[int, int]] = field(default_factory=dict)


Extents = dict[str, Extent]


def extents_of(connection: duckdb.DuckDBPyConnection, paths: Iterable[str]) -> Extents:
    """Return the extents of files, by path, as their own footers tell them."""
    listed = list(paths)
    if not listed:
        return {}
    names = ", ".join(quoted(one) for one in TIMES)
    found = connection.execute(
        "SELECT file_name, path_in_schema, min(stats_min_value::BIGINT), "  # noqa: S608 - our own names
        "max(stats_max_value::BIGINT), sum(row_group_num_rows) FROM parquet_metadata($paths) "
        f"WHERE path_in_schema IN ({names}) GROUP BY ALL",
        {"paths": listed},
    ).fetchall()
    made = {path: Extent(0) for path in listed}
    for path, column, low, high, rows in found:
        times = made[path].times | ({} if low is None else {column: (low, high)})
        made[path] = Extent(int(rows), times)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held of a tenant in files: which are valid, their extents, the sums kept of them.

    `extents` are those of files already looked at; what is learnt of others is added. Sums are kept
    of files of `enough` rows.
    """

    folder: Folder
    manifest: Manifest
    tenant: str
    kept: Kept
    extents: Extents = field(default_factory=dict)
    enough: int = ENOUGH


class Facts:
    """A tenant's facts as a question sees them: the tables of the schema, and sums of files."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, held: Held) -> None:
        self._connection = connection
        self._held = held
        self.tenant = held.tenant
        self._moments = self._replaced()
        for table in TABLES:
            query = self._rows(table, list(held.manifest.of(held.tenant, table)))
            connection.execute(f"CREATE TEMP VIEW {table} AS {query}")

    def execute(self, query: str, /) -> duckdb.DuckDBPyConnection:
        """Ask a query of the tables `contact`, `segment`, `visit`, `ticket` and `rating`."""
        return self._connection.execute(query)

    def files(self, table: str) -> dict[str, Path]:
        """Return the files of a table that are valid, by partition."""
        files = self._held.manifest.of(self.tenant, table)
        return {partition: self._held.folder.path / name for partition, name in files.items()}

    @property
    def has_tail(self) -> bool:
        """Whether anything is newer than the files."""
        return any(self._moments.values())

    def parted(
        self, cut: Cut, *, rest: Callable[[str], str], whole: Callable[[str], str]
    ) -> str:  # fmt: skip
        """Return the query of a cut's parts: see `measures.cut.Parted`."""
        assert cut.span is not None
        files = self._held.manifest.of(self.tenant, cut.table)
        paths = {partition: str(path) for partition, path in self.files(cut.table).items()}
        unknown = [path for path in paths.values() if path not in self._held.extents]
        self._held.extents.update(extents_of(self._connection, unknown))
        within, others = [], []
        for partition, path in sorted(paths.items()):
            extent = self._held.extents[path]
            if partition in self._moments[ENTITY[cut.table]]:
                others.append(partition)
            elif extent.rows >= self._held.enough and _lies_within(extent, cut):
                within.append(partition)
            elif _touches(extent, cut):
                others.append(partition)
        sources = []
        if within:
            wanted = {files[one]: paths[one] for one in within}
            try:
                sources.append(self._sums(wanted, whole=whole, valid=files.values()))
            except OSError as failure:
                _log.warning("sums_not_kept", extra={"error": str(failure)})
                others += within
        sources.append(rest(f"({self._rows(cut.table, others)})"))
        return " UNION ALL ".join(f"SELECT * FROM ({one}) p" for one in sources)  # noqa: S608 - our own parts

    def _sums(
        self, files: Mapping[str, str], *, whole: Callable[[str], str], valid: Collection[str]
    ) -> str:  # fmt: skip
        import duckdb

        # A connection of its own: should the disk be full, the question's transaction goes on.
        with self._connection.cursor() as own:
            try:
                return self._held.kept.query(own, files, whole=whole, valid=valid)
            except duckdb.IOException as failure:
                raise OSError(str(failure)) from failure

    def _rows(self, table: str, partitions: Iterable[str]) -> str:
        """Return the query of some partitions' rows and the tail's: each row as it is now."""
        named = set(partitions)
        replaced = self._moments[ENTITY[table]] & named
        paths = {one: str(path) for one, path in sorted(self.files(table).items())}
        return tail.whole(
            table, self.tenant,
            [path for one, path in paths.items() if one in named - replaced],
            replaced=[path for one, path in paths.items() if one in replaced],
        )  # fmt: skip

    def _replaced(self) -> dict[str, set[str]]:
        """Return the partitions of which the tail has rows anew, by what the rows belong to."""
        found = self._connection.execute(
            "SELECT DISTINCT kind, strftime(to_timestamp(moment / 1000.0) AT TIME ZONE 'UTC', "
            "'%Y-%m-%dT%H') FROM tail_key WHERE tenant = ?",
            [self.tenant],
        ).fetchall()
        made: dict[str, set[str]] = {kind: set() for kind in ENTITY.values()}
        for kind, hour in found:
            made[kind] |= {hour[:length] for length in (7, 10, 13)}
        return made


def _lies_within(extent: Extent, cut: Cut) -> bool:
    """Return whether all rows of a file are of a cut's period, and stay as they count now."""
    span = cut.span
    assert span is not None
    low, high = extent.times.get(span.at, (-1, -1))
    if not span.since <= low <= high < span.until:
        return False
    if span.settled is None:
        return True
    column, after = span.settled
    return extent.times.get(column, (0, 0))[1] + after <= cut.now


def _touches(extent: Extent, cut: Cut) -> bool:
    assert cut.span is not None
    low, high = extent.times.get(cut.span.at, (1, 0))
    return low <= high and low < cut.span.until and high >= cut.span.since
