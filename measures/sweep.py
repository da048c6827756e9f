"""One pass over a cut's rows: all that an answer says of them, by group and in all.

Sums for values and intervals, what stands beside a figure, how many there are: asked for together,
so that rows are read once. Source: measures.md A3 and finding 3; performance.md (analytics).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from measures.adding import added_up
from measures.cut import Cut, Key, Parted, Reader
from measures.parts import SUMS, Pieces, Wanted, pieces_of, summed_up
from measures.statistics.ratio import Sums


@dataclass(frozen=True, slots=True)
class Swept:
    """What one group's rows come to.

    Attributes:
        rows: how many there are. `kept`: those that count. `advisors`: of those, how many
            advisors, and how many `clusters` of rows that depend on each other. `is_async`: whether
            all rows are of asynchronous channels.
        simple, clustered: sums over rows that count, and over clusters of them; None without.
        also, all_rows: the further aggregates, and the sums over all rows.
    """

    rows: int
    kept: int
    advisors: int
    clusters: int
    is_async: bool
    simple: Sums | None
    clustered: Sums | None
    also: Mapping[str, Any]
    all_rows: Mapping[str, Any]


def sweep(reader: Reader, cut: Cut, wanted: Wanted) -> dict[Key, Swept]:
    """Return what the rows of a cut come to, by group; the total under the empty key.

    Rows of one advisor are one cluster; a row without advisor is one of its own, or goes with its
    contact where a contact has several.

    Rows are summed up in parts first, and the parts added up. A reader that keeps the parts of
    files that do not change any more (`Parted`) is asked for them; the figures are the same.
    """
    pieces, parts = _parts(reader, cut, wanted)
    found: dict[Key, Swept] = {}
    width = len(cut.dims)
    for row in reader.execute(added_up(cut, pieces, parts)).fetchall():
        is_total, key, values = row[0], row[1 : 1 + width], row[1 + width :]
        made = _swept(values, wanted)
        if made.rows:
            found[() if is_total else tuple(map(_text, key))] = made
    return found


def prepare(reader: Parted, cut: Cut, wanted: Wanted) -> None:
    """Have a reader keep what `sweep` would be told of a cut, without adding it up."""
    _parts(reader, cut, wanted)


def _parts(reader: Reader, cut: Cut, wanted: Wanted) -> tuple[Pieces, str]:
    """Return what is asked of a cut's rows, and the query of their parts."""
    pieces = pieces_of(cut, wanted)
    if not isinstance(reader, Parted) or cut.lasting is None or cut.is_exact:
        return pieces, summed_up(cut, pieces)
    lasting = cut.lasting
    of_all = pieces_of(lasting, wanted)
    return pieces, reader.parted(
        cut,
        rest=lambda source: summed_up(replace(cut, source=source), pieces),
        whole=lambda source: summed_up(replace(lasting, source=source), of_all),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _swept(values: tuple[Any, ...], wanted: Wanted) -> Swept:
    rows, kept, advisors, clusters, is_async, *rest = values
    simple = clustered = None
    if wanted.over is not None:
        sums, rest = [float(one or 0) for one in rest[: len(SUMS)]], rest[len(SUMS) :]
        n, u, t, uu, ut, tt, *squares = sums
        if kept:
            simple = Sums(int(n), u, t, uu, ut, tt)
            clustered = Sums(int(clusters), u, t, *squares)
    whole, also = rest[: len(wanted.all_rows)], rest[len(wanted.all_rows) :]
    return Swept(
        int(rows or 0), int(kept or 0), int(advisors or 0), int(clusters or 0), bool(is_async),
        simple, clustered,
        dict(zip(wanted.also, also, strict=True)) if kept else {},
        dict(zip(wanted.all_rows, whole, strict=True)),
    )  # fmt: skip
