"""Rows summed up in parts, as SQL; `measures.adding` adds the parts up.

A part holds, by group and advisor, sums and counts; what has no advisor is one row of it; and by
group the values whose quantiles are asked for, with how many there are of each. Parts of different
rows are added up as they are, so that those of files that do not change can be kept.

Values are counted as they are where a group has few; beyond that they are rounded to seven binary
digits. The quantile of n values varies by 1.25 times their spread over the root of n by chance
alone: for 500 values some per cent, where rounding takes 0.8 at most.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from measures.cut import Cut
from measures.facts.schema import TABLES
from measures.merged import Apart, apart
from measures.sql import listed
from measures.times import ASYNCHRONOUS

FEW_VALUES: Final = 500
"""Values of a group up to which its quantiles are exact."""
DIGITS: Final = 7
"""Binary digits of values beyond that: they are off by 1 in 2^7 at most, 0.8 per cent."""
SUMS: Final = ("n", "u", "t", "uu", "ut", "tt", "uuc", "utc", "ttc")
SQUARES: Final = (("u", "u"), ("u", "t"), ("t", "t"))
_WORD: Final = re.compile(r"[a-z_][a-z_0-9]*")
_TEXT: Final = re.compile(r"'(?:[^']|'')*'")
OF_GROUP, OF_ALL, SPREAD = 0, 1, 2
"""Kinds of a part's rows: sums by group and advisor; clusters over all groups; counted values."""


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
class Pieces:
    """What is asked of the rows of one cut, taken apart."""

    wanted: Wanted
    also: Apart
    dims: tuple[str, ...]

    @property
    def has_sums(self) -> bool:
        """Whether sums, and their squares for an interval, are asked for."""
        return self.wanted.over is not None

    @property
    def whole(self) -> list[str]:
        """The columns of the sums over all rows."""
        return [f"w{place}" for place in range(len(self.wanted.all_rows))]

    @property
    def further(self) -> dict[str, str]:
        """The columns of the further aggregates, each with what makes the whole of them."""
        return {f"a{place}": how for place, how in enumerate(self.also.partial.values())}


def pieces_of(cut: Cut, wanted: Wanted) -> Pieces:
    """Return what is asked of a cut's rows, taken apart."""
    told = {name: cut.told(text) for name, text in wanted.also.items()}
    dims = tuple(f"d{place}" for place in range(len(cut.dims)))
    return Pieces(wanted, apart(told), dims)


def rounded(value: str) -> str:
    """Return an expression rounded to seven binary digits: whole numbers up to 128 stay."""
    step = f"pow(2, floor(log2(abs({value}))) - {DIGITS - 1})"
    return f"(CASE WHEN {value} = 0 THEN 0 ELSE round({value} / {step}) * {step} END)"


def _columns(pieces: Pieces) -> dict[str, str]:
    """Return the columns of a part, each with its type."""
    squares = {f"l{a}{b}": "DOUBLE" for a, b in SQUARES}
    plain = dict.fromkeys(("u", "t", "uu", "ut", "tt"), "DOUBLE")
    return {
        "kind": "INTEGER", **dict.fromkeys(pieces.dims, "VARCHAR"), "advisor": "VARCHAR",
        "r": "BIGINT", "n": "BIGINT", "asynchronous": "INTEGER", "lone": "BIGINT",
        **(plain | squares if pieces.has_sums else {}),
        **dict.fromkeys((*pieces.whole, *pieces.further), "DOUBLE"),
        **({"q": "INTEGER", "v": "DOUBLE"} if pieces.also.spreads else {}),
    }  # fmt: skip


def summed_up(cut: Cut, pieces: Pieces) -> str:
    """Return the query of a part: what the rows of a cut come to, before they are added up."""
    parts = [f"base AS MATERIALIZED ({_base(cut, pieces)})"]
    sources = [_of_groups(cut, pieces)]
    if not cut.is_single:
        parts.append(f"clusters AS ({_clusters(pieces, 'advisor, lone', pieces.dims)})")
        if pieces.dims:
            sources.append(_of_lone(pieces))
    if pieces.also.spreads:
        sources += [_spread(cut, pieces, place) for place in range(len(pieces.also.spreads))]
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(sources)}"


def _row(pieces: Pieces, given: Mapping[str, str]) -> str:
    """Return what a part's rows hold, nothing where nothing is given."""
    return ", ".join(
        f"({given.get(name, 'NULL')})::{kind} AS {name}" for name, kind in _columns(pieces).items()
    )


def _clusters(pieces: Pieces, by: str, dims: tuple[str, ...]) -> str:
    """Return the query of sums by group and what else is named."""
    sums = ["count(*) AS r", "count(kept) AS n", "min(asynchronous) AS asynchronous"]
    if pieces.has_sums:
        sums += [f"sum({one}) AS {one}" for one in ("u", "t")]
        sums += [f"sum({a} * {b}) AS {a}{b}" for a, b in SQUARES]
    sums += [f"sum({one}) AS {one}" for one in pieces.whole]
    sums += [
        f"{_only_kept(text)} AS a{place}" for place, text in enumerate(pieces.also.partial)
    ]  # fmt: skip
    by = ", ".join((*dims, by))
    return f"SELECT {by}, {', '.join(sums)} FROM base GROUP BY {by}"  # noqa: S608 - our own parts


def _only_kept(text: str) -> str:
    """Return an aggregate of the rows that count."""
    if text.endswith(")") and " FILTER (WHERE " in text:
        return f"{text[:-1]} AND kept IS NOT NULL)"
    return f"{text} FILTER (WHERE kept IS NOT NULL)"


def _of_groups(cut: Cut, pieces: Pieces) -> str:
    """Return the query of sums by group and advisor."""
    named = {one: one for one in (*pieces.dims, "advisor")}
    if cut.is_single:
        source = f"({_clusters(pieces, 'advisor', pieces.dims)}) c"
        alone = {f"l{a}{b}": f"{a}{b}" for a, b in SQUARES}
        own = {one: one for one in _columns(pieces) if one not in {"kind", "lone", "q", "v"}}
        return f"SELECT {_row(pieces, {**own, 'kind': '0', 'lone': 'n', **alone})} FROM {source}"  # noqa: S608 - our own parts
    sums = {one: f"sum({one})" for one in ("r", "n", "u", "t", "uu", "ut", "tt", *pieces.whole)}
    given = {
        **named, **sums, "kind": "0", "asynchronous": "min(asynchronous)",
        "lone": "sum(CASE WHEN n > 0 THEN 1 ELSE 0 END)",
        **{f"l{a}{b}": f"sum({a} * {b})" for a, b in SQUARES},
        **{one: f"{how}({one})" for one, how in pieces.further.items()},
    }  # fmt: skip
    return f"SELECT {_row(pieces, given)} FROM clusters GROUP BY {', '.join(named)}"  # noqa: S608 - our own parts


def _of_lone(pieces: Pieces) -> str:
    """Return the query of the clusters that have no advisor, over all groups at once."""
    sums = "sum(n) AS n" + (", sum(u) AS u, sum(t) AS t" if pieces.has_sums else "")
    alone = f"SELECT lone, {sums} FROM clusters WHERE advisor IS NULL GROUP BY lone"  # noqa: S608 - our own parts
    given = {
        "kind": str(OF_ALL), "lone": "sum(CASE WHEN n > 0 THEN 1 ELSE 0 END)",
        **{f"l{a}{b}": f"sum({a} * {b})" for a, b in SQUARES},
    }  # fmt: skip
    return f"SELECT {_row(pieces, given)} FROM ({alone}) a"  # noqa: S608 - our own parts


def _spread(cut: Cut, pieces: Pieces, place: int) -> str:
    """Return the query of the values of one expression, by group, and of how many there are."""
    value = f"b.v{place}"
    few = f"SELECT {''.join(f'{one}, ' for one in pieces.dims)}count(v{place}) AS many FROM base"  # noqa: S608 - our own parts
    if pieces.dims:
        few += f" GROUP BY {', '.join(pieces.dims)}"
    same = " AND ".join(f"m.{one} IS NOT DISTINCT FROM b.{one}" for one in pieces.dims) or "TRUE"
    if not cut.is_exact:
        value = f"CASE WHEN m.many > {FEW_VALUES} THEN {rounded(value)} ELSE {value} END"
    names = "".join(f"b.{one} AS {one}, " for one in pieces.dims)
    counted = (
        f"SELECT {names}{value} AS v, count(*) AS r FROM base b JOIN ({few}) m ON {same} "  # noqa: S608 - our own parts
        f"WHERE b.v{place} IS NOT NULL GROUP BY ALL"
    )
    given = {one: one for one in (*pieces.dims, "v", "r")}
    return (
        f"SELECT {_row(pieces, {**given, 'kind': str(SPREAD), 'q': str(place)})} "  # noqa: S608 - our own parts
        f"FROM ({counted}) s"
    )


def _base(cut: Cut, pieces: Pieces) -> str:
    """Return the query of the rows, with no column but those that are read further on."""
    kept = f"({cut.keep})"
    made = [f"({one})::VARCHAR AS d{place}" for place, one in enumerate(cut.dims)]
    made += [f"CASE WHEN {kept} THEN 1 END AS kept", "advisor"]
    if not cut.is_single:
        made.append(f"CASE WHEN advisor IS NULL THEN {cut.unit} END AS lone")
    made.append(f"CASE WHEN channel IN {listed(ASYNCHRONOUS)} THEN 1 ELSE 0 END AS asynchronous")
    if pieces.wanted.over is not None:
        for name, text in (("u", pieces.wanted.over), ("t", pieces.wanted.under)):
            made.append(f"CASE WHEN {kept} THEN ({cut.told(text)})::DOUBLE END AS {name}")
    for place, text in enumerate(pieces.also.spreads):
        made.append(f"CASE WHEN {kept} THEN ({text})::DOUBLE END AS v{place}")
    made += [f"{one} AS w{place}" for place, one in enumerate(pieces.wanted.all_rows.values())]
    made += sorted(_read(cut, pieces) - {"advisor"})
    return f"SELECT {', '.join(made)} FROM {cut.source} AS s WHERE {cut.where}"  # noqa: S608 - our own parts


def _read(cut: Cut, pieces: Pieces) -> set[str]:
    """Return the columns that the further aggregates name."""
    texts = " ".join(_TEXT.sub("", one) for one in pieces.also.partial)
    return {*_WORD.findall(texts)} & {*TABLES[cut.table], *cut.more}
