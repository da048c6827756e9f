"""One pass over a cut's rows: all that an answer says of them, by group and in all.

Sums for values and intervals, what stands beside a figure, how many rows, contacts and advisors
there are: asked for together, so that rows are read once. Source: measures.md A3 and finding 3;
performance.md (analytics).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from measures.cut import Cut, Key, Reader
from measures.facts.schema import TABLES
from measures.sql import listed
from measures.statistics.ratio import Sums
from measures.times import ASYNCHRONOUS

_WORD: Final = re.compile(r"[a-z_][a-z_0-9]*")
_TEXT: Final = re.compile(r"'(?:[^']|'')*'")
_SUMS: Final = ("n", "u", "t", "uu", "ut", "tt", "uuc", "utc", "ttc")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a figure needs of its rows: two sums of which it is the ratio, and further aggregates.

    `over` is None where it needs no such sums. `also` are aggregates of the rows that count, by
    name; `all_rows` are sums over the others too.
    """

    over: str | None = None
    under: str = "1"
    also: Mapping[str, str] = field(default_factory=dict)
    all_rows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one group's rows come to.

    Attributes:
        rows: how many there are. `kept`: those that count. `advisors`: of those, how many
            advisors. `is_async`: whether all rows are of asynchronous channels.
        simple, clustered: sums over rows that count, and over clusters of them; None without.
        also, all_rows: the further aggregates, and the sums over all rows.
    """

    rows: int
    kept: int
    advisors: int
    is_async: bool
    simple: Sums | None
    clustered: Sums | None
    also: Mapping[str, Any]
    all_rows: Mapping[str, Any]


def sweep(reader: Reader, cut: Cut, wanted: Wanted) -> dict[Key, Swept]:
    """Return what the rows of a cut come to, by group; the total under the empty key.

    Rows of one advisor are one cluster; a row without advisor is one of its own, or goes with its
    contact where a contact has several.
    """
    found: dict[Key, Swept] = {}
    width = len(cut.dims)
    for row in reader.execute(_query(cut, wanted)).fetchall():
        is_total, key, values = row[0], row[1 : 1 + width], row[1 + width :]
        made = _swept(values, wanted)
        if made.rows:
            found[() if is_total else tuple(map(_text, key))] = made
    return found


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _swept(values: tuple[Any, ...], wanted: Wanted) -> Swept:
    rows, kept, advisors, clusters, is_async, *rest = values
    simple = clustered = None
    if wanted.over is not None:
        sums, rest = [float(one or 0) for one in rest[: len(_SUMS)]], rest[len(_SUMS) :]
        n, u, t, uu, ut, tt, *squares = sums
        if kept:
            simple = Sums(int(n), u, t, uu, ut, tt)
            clustered = Sums(int(clusters), u, t, *squares)
    whole, also = rest[: len(wanted.all_rows)], rest[len(wanted.all_rows) :]
    return Swept(
        int(rows or 0), int(kept or 0), int(advisors or 0), bool(is_async), simple, clustered,
        dict(zip(wanted.also, also, strict=True)),
        dict(zip(wanted.all_rows, whole, strict=True)),
    )  # fmt: skip


def _query(cut: Cut, wanted: Wanted) -> str:
    dims = [f"d{place}" for place in range(len(cut.dims))]
    whole = [f"w{place}" for place in range(len(wanted.all_rows))]
    has_sums = wanted.over is not None
    parts = [
        f"base AS MATERIALIZED ({_base(cut, wanted)})",
        f"clusters AS ({_clusters(cut, dims, whole, has_sums=has_sums)})",
        f"summed AS ({_summed(cut, dims, whole, has_sums=has_sums)})",
    ]
    columns = ["is_total", *dims, "rows_", "kept_", "advisors_", "clusters_", "async_"]
    shown = [f"summed.{one}" for one in (*columns, *(_SUMS if has_sums else ()), *whole)]
    source = "summed"
    if wanted.also:
        parts.append(f"beside AS ({_beside(cut, dims, wanted)})")
        same = ["beside.is_total = summed.is_total"]
        same += [f"beside.{dim} IS NOT DISTINCT FROM summed.{dim}" for dim in dims]
        source += f" LEFT JOIN beside ON {' AND '.join(same)}"
        shown += [f"beside.a{place}" for place in range(len(wanted.also))]
    return f"WITH {', '.join(parts)} SELECT {', '.join(shown)} FROM {source}"  # noqa: S608 - our own parts


def _clusters(cut: Cut, dims: list[str], whole: list[str], *, has_sums: bool) -> str:
    """Return the query of the clusters: of each advisor, and of what has none."""
    # Several rows of a contact without advisor go together; a row of its own need not be named.
    by = "advisor" if cut.is_single else "advisor, lone"
    sums = [f"sum({a} * {b}) AS {a}{b}" for a, b in _SQUARES] if has_sums else []
    sums += [f"sum({one}) AS {one}" for one in (*(("u", "t") if has_sums else ()), *whole)]
    made = ["count(*) AS r", "count(kept) AS n", "min(asynchronous) AS asynchronous", *sums]
    return (
        f"SELECT {_total(dims)}, {', '.join((*dims, 'advisor', *made))} FROM base "  # noqa: S608 - our own parts
        f"{_grouped(dims, by)}"
    )


def _summed(cut: Cut, dims: list[str], whole: list[str], *, has_sums: bool) -> str:
    """Return the query of what the clusters come to."""
    # What has no advisor came as one row: each of its rows is a cluster of its own.
    alone = "advisor IS NULL" if cut.is_single else "FALSE"
    made = [
        "sum(r) AS rows_", "sum(n) AS kept_", "min(asynchronous) AS async_",
        "sum(CASE WHEN advisor IS NOT NULL AND n > 0 THEN 1 ELSE 0 END) AS advisors_",
        f"sum(CASE WHEN n = 0 THEN 0 WHEN {alone} THEN n ELSE 1 END) AS clusters_",
    ]  # fmt: skip
    if has_sums:
        made += [f"sum({one}) AS {one}" for one in ("n", "u", "t", "uu", "ut", "tt")]
        made += [
            f"sum(CASE WHEN {alone} THEN {a}{b} ELSE {a} * {b} END) AS {a}{b}c" for a, b in _SQUARES
        ]
    made += [f"sum({one}) AS {one}" for one in whole]
    groups = ", ".join(("is_total", *dims))
    return f"SELECT {groups}, {', '.join(made)} FROM clusters GROUP BY {groups}"  # noqa: S608 - our own parts


def _beside(cut: Cut, dims: list[str], wanted: Wanted) -> str:
    """Return the query of the further aggregates of the rows that count."""
    made = [f"{cut.told(one)} AS a{place}" for place, one in enumerate(wanted.also.values())]
    return (
        f"SELECT {', '.join((_total(dims), *dims, *made))} FROM base "  # noqa: S608 - our own parts
        f"WHERE kept IS NOT NULL {_grouped(dims, '')}"
    )


_SQUARES: Final = (("u", "u"), ("u", "t"), ("t", "t"))


def _total(dims: list[str]) -> str:
    return f"grouping({dims[0]}) AS is_total" if dims else "1 AS is_total"


def _grouped(dims: list[str], further: str) -> str:
    """Return the clause that groups by the dimensions and in all at once."""
    if not dims:
        return f"GROUP BY {further}" if further else ""
    both = ", ".join(part for part in (", ".join(dims), further) if part)
    return f"GROUP BY GROUPING SETS (({both}), ({further}))"


def _base(cut: Cut, wanted: Wanted) -> str:
    """Return the query of the rows, with no column but those that are read further on."""
    dims = "".join(f"{one} AS d{place}, " for place, one in enumerate(cut.dims))
    kept = f"({cut.keep})"
    made = [f"CASE WHEN {kept} THEN 1 END AS kept", "advisor"]
    if not cut.is_single:
        made.append(f"CASE WHEN advisor IS NULL THEN {cut.unit} END AS lone")
    made.append(f"CASE WHEN channel IN {listed(ASYNCHRONOUS)} THEN 1 ELSE 0 END AS asynchronous")
    if wanted.over is not None:
        for name, text in (("u", wanted.over), ("t", wanted.under)):
            made.append(f"CASE WHEN {kept} THEN ({cut.told(text)})::DOUBLE END AS {name}")
    made += [f"{one} AS w{place}" for place, one in enumerate(wanted.all_rows.values())]
    made += sorted(_read(cut, wanted) - {"advisor"})
    return f"SELECT {dims}{', '.join(made)} FROM {cut.source} AS s WHERE {cut.where}"  # noqa: S608 - our own parts


def _read(cut: Cut, wanted: Wanted) -> set[str]:
    """Return the columns that the further aggregates name."""
    texts = " ".join(_TEXT.sub("", cut.told(one)) for one in wanted.also.values())
    return {*_WORD.findall(texts)} & {*TABLES[cut.table], *cut.more}
