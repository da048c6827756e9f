"""Parts added up, as SQL: sums of all advisors, clusters, and the quantiles of counted values."""

from __future__ import annotations

from measures.cut import Cut
from measures.parts import FEW_VALUES, OF_ALL, OF_GROUP, SPREAD, SQUARES, SUMS, Pieces, rounded


def added_up(cut: Cut, pieces: Pieces, parts: str) -> str:
    """Return the query of what parts come to: of each group, and of all."""
    made = [f"part AS MATERIALIZED ({parts})", f"summed AS MATERIALIZED ({_advisors(pieces)})"]
    sources = [_total(cut, pieces)]
    if pieces.dims:
        sources.append(
            f"SELECT 0 AS is_total, {', '.join(pieces.dims)}, {_sums(pieces)} FROM summed "  # noqa: S608 - our own parts
            f"WHERE kind = {OF_GROUP} GROUP BY {', '.join(pieces.dims)}"
        )
    made.append(f"figure AS ({' UNION ALL '.join(sources)})")
    shown = ["is_total", *pieces.dims, "rows_", "kept_", "advisors_", "clusters_", "async_"]
    shown = [f"f.{one}" for one in (*shown, *(SUMS if pieces.has_sums else ()), *pieces.whole)]
    source = "figure f"
    if pieces.also.shares:
        made += _quantiles(cut, pieces)
        same = ["x.is_total = f.is_total"]
        same += [f"x.{dim} IS NOT DISTINCT FROM f.{dim}" for dim in pieces.dims]
        source += f" LEFT JOIN quantiles x ON {' AND '.join(same)}"
    shown += [f"{text} AS z{place}" for place, text in enumerate(pieces.also.whole.values())]
    return f"WITH {', '.join(made)} SELECT {', '.join(shown)} FROM {source}"  # noqa: S608 - our own parts


def _added(pieces: Pieces) -> list[str]:
    """Return the sums of a part's columns that simply add up."""
    sums = ["sum(r) AS r", "sum(n) AS n", "min(asynchronous) AS asynchronous"]
    if pieces.has_sums:
        sums += [f"sum({one}) AS {one}" for one in ("u", "t", "uu", "ut", "tt")]
    sums += [f"sum({one}) AS {one}" for one in pieces.whole]
    return sums + [f"{how}({one}) AS {one}" for one, how in pieces.further.items()]


def _alone(pieces: Pieces, condition: str = "") -> list[str]:
    squares = [f"l{a}{b}" for a, b in SQUARES] if pieces.has_sums else []
    return [f"sum({one}){condition} AS {one}" for one in ("lone", *squares)]


def _advisors(pieces: Pieces) -> str:
    """Return the query of each advisor's sums, by group, over all parts."""
    by = ", ".join(("kind", *pieces.dims, "advisor"))
    made = ", ".join((*_added(pieces), *_alone(pieces)))
    return f"SELECT {by}, {made} FROM part WHERE kind <> {SPREAD} GROUP BY {by}"  # noqa: S608 - our own parts


def _total(cut: Cut, pieces: Pieces) -> str:
    """Return the query of the whole: each advisor is one cluster over all groups."""
    # Without advisor, what belongs together may lie in several groups: it was put together apart.
    kind = OF_GROUP if cut.is_single or not pieces.dims else OF_ALL
    made = (*_added(pieces), *_alone(pieces, f" FILTER (WHERE kind = {kind})"))
    none = "".join(f"NULL::VARCHAR AS {dim}, " for dim in pieces.dims)
    return (
        f"SELECT 1 AS is_total, {none}{_sums(pieces)} FROM "  # noqa: S608 - our own parts
        f"(SELECT advisor, {', '.join(made)} FROM summed GROUP BY advisor) a"
    )


def _sums(pieces: Pieces) -> str:
    """Return what the advisors of a group come to."""
    made = [
        "sum(r) AS rows_", "sum(n) AS kept_", "min(asynchronous) AS async_",
        "sum(CASE WHEN advisor IS NOT NULL AND n > 0 THEN 1 ELSE 0 END) AS advisors_",
        "sum(CASE WHEN advisor IS NULL THEN lone WHEN n > 0 THEN 1 ELSE 0 END) AS clusters_",
    ]  # fmt: skip
    if pieces.has_sums:
        made += [f"sum({one}) AS {one}" for one in ("n", "u", "t", "uu", "ut", "tt")]
        made += [
            f"sum(CASE WHEN advisor IS NULL THEN l{a}{b} ELSE {a} * {b} END) AS {a}{b}c"
            for a, b in SQUARES
        ]
    made += [f"sum({one}) AS {one}" for one in pieces.whole]
    made += [f"{how}({one}) AS {one}" for one, how in pieces.further.items()]
    return ", ".join(made)


def _quantiles(cut: Cut, pieces: Pieces) -> list[str]:
    """Return the queries of the quantiles asked for: between the two values about their place."""
    dims = "".join(f"{one}, " for one in pieces.dims)
    spread = f"SELECT {{}}q, v, sum(r) AS c FROM part WHERE kind = {SPREAD} GROUP BY ALL"  # noqa: S608 - our own parts
    none = "".join(f"NULL::VARCHAR AS {dim}, " for dim in pieces.dims)
    sources = [spread.format(f"1 AS is_total, {none}")]
    if pieces.dims:
        sources.append(spread.format(f"0 AS is_total, {dims}"))
    by = f"is_total, {dims}q"
    value = "v"
    if not cut.is_exact:
        value = f"CASE WHEN sum(c) OVER (PARTITION BY {by}) > {FEW_VALUES} THEN {rounded('v')} ELSE v END"  # noqa: E501 - one expression, one line
    made = []
    for place, (of, share) in enumerate(pieces.also.shares):
        at = f"{share} * (most - 1)"
        low, high = (
            f"min(v) FILTER (WHERE q = {of} AND upto > {one})"
            for one in (f"floor({at})", f"ceil({at})")
        )
        part = f"max({at} - floor({at})) FILTER (WHERE q = {of})"
        made.append(f"{low} + ({high} - {low}) * {part} AS s{place}")
    groups = ", ".join(("is_total", *pieces.dims))
    told = f"SELECT {by}, {value} AS v, c FROM values_"  # noqa: S608 - our own parts
    counted = f"SELECT {by}, v, sum(c) AS c FROM told GROUP BY {by}, v"  # noqa: S608 - our own parts
    over = f"OVER (PARTITION BY {by}"
    ordered = (
        f"SELECT {by}, v, sum(c) {over} ORDER BY v) AS upto, sum(c) {over}) AS most FROM counted"  # noqa: S608 - our own parts
    )
    found = f"SELECT {groups}, {', '.join(made)} FROM ordered GROUP BY {groups}"  # noqa: S608 - our own parts
    return [
        f"values_ AS ({' UNION ALL '.join(sources)})",
        f"told AS ({told})",
        f"counted AS ({counted})",
        f"ordered AS ({ordered})",
        f"quantiles AS ({found})",
    ]
