"""Which groups of an answer are withheld, by what else whoever asks could ask.

One dimension is judged by all its values, whatever level or filter is asked for, so that no two
questions about it differ by fewer than five; team, site and provider are one. Of several, each
table holds with those of fewer.
Limits: not seen are another dimension that happens to say the same, periods that differ by a few
contacts, and a team of enough that is of few on one channel, within its site.
Source: measures.md A14.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from measures.asking.dimensions import (
    SPANS,
    TREES,
    WORKPLACE,
    WORKPLACES,
    conditions,
    expression,
)
from measures.asking.question import Question
from measures.asking.withheld import SMALLEST, Path, blocks, cells, may_be_shown
from measures.cut import Cut, Key, Parted, Reader, Worked
from measures.satisfaction import ASKED, BESIDE, Answered

_TIME: Final = "day"
_WORK: Final = "workplace"
"""Stands for team, site and provider together."""
_REST: Final = ("rest",)
"""Stands for the values of a dimension that a filter leaves out."""


@dataclass(frozen=True, slots=True)
class _Row:
    """How many there are of one combination: its group, its values, which filters it passes."""

    key: Key
    values: tuple[Any, ...]
    passes: tuple[bool, ...]
    size: int
    advisors: int

    @property
    def is_inside(self) -> bool:
        return all(self.passes)


def hidden(reader: Reader, asked: Question, cut: Cut, *, sizes: Mapping[Key, int]) -> set[Key]:
    """Return the groups to withhold, the total under the empty key, beside those of too few.

    `sizes` says how many each group of the answer holds, so that the facts are only gone through
    again where something small is about.
    """
    found: set[Key] = set()
    filters = conditions(asked.measure, asked.asked.where or "")
    if filters and _of(reader, asked, cut, with_dims=False) & {()}:
        found.add(())
    is_plain = not filters and all(one.name not in SPANS and ":" not in one.name
                                   for one in asked.dims)  # fmt: skip
    is_small = any(0 < n < SMALLEST for key, n in sizes.items() if key)
    if asked.dims and (is_small or asked.names_teams or not is_plain):
        found |= _of(reader, asked, cut, with_dims=True)
    return found


def unexposed(
    reader: Reader, asked: Question, cut: Cut, *, found: Mapping[Key, Worked]
) -> Mapping[Key, Worked]:  # fmt: skip
    """Return figures of those who answered without what would tell how few were asked.

    A group of fewer than five is told by nothing: neither is it by how many of it answered.
    """
    of = asked.measure.shape
    if not isinstance(of, Answered) or not asked.is_narrowed:
        return found
    sizes = {key: int(one.also.get("asked") or 0) for key, one in found.items()}
    held = hidden(reader, asked, replace(cut, keep=ASKED), sizes=sizes)
    held |= {key for key, n in sizes.items() if 0 < n < SMALLEST}
    return {
        key: Worked(one.estimate, {**one.also, **dict.fromkeys(BESIDE)}) if key in held else one
        for key, one in found.items()
    }


def _of(reader: Reader, asked: Question, cut: Cut, *, with_dims: bool) -> set[Key]:
    filters = conditions(asked.measure, asked.asked.where or "")
    dims = asked.dims if with_dims else ()
    families = list(dict.fromkeys(
        [_family(one.name) for one in dims] + [name for name, _ in filters]
    ))  # fmt: skip
    is_work = bool(families) and WORKPLACES.issuperset(families)
    if is_work:
        # A team lies in a site: what is told of one, less what is told of the other, is a third's.
        families = [_WORK]
    is_single = len(families) == 1
    asked_by = [_family(one.name) for one in dims]
    values = []
    for family in families:
        if is_work:
            values.append(WORKPLACE)
        elif is_single or family not in asked_by:
            values.append(expression(asked.measure, family, zone=asked.zone, at=asked.at))
        else:
            values.append(dims[asked_by.index(family)].sql)
    rows = _rows(reader, cut, [one.sql for one in dims], values, [sql for _, sql in filters])
    by_key: dict[Key, list[_Row]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    has_teams = is_work or not WORKPLACES.isdisjoint(families)
    if is_single:
        return _hidden_values(rows, by_key, families[0], has_teams=has_teams)
    places = [families.index(name) for name, _ in filters]
    found = _hidden_cells(rows, by_key, places, has_teams=has_teams)
    if has_teams:
        work = [place for place, name in enumerate(asked_by) if name in WORKPLACES]
        of = [sql for name, sql in filters if name in WORKPLACES]
        held = _hidden_work(reader, cut, [dims[place].sql for place in work], of)
        found |= {key for key in by_key if tuple(key[place] for place in work) in held}
    return found


def _hidden_work(reader: Reader, cut: Cut, dims: list[str], filters: list[str]) -> set[Key]:
    """Return the teams, sites or providers that are not shown alone: neither are they by channel.

    Else a site's calls less those of its other team would be the calls of a team of few.
    """
    rows = _rows(reader, cut, dims, [WORKPLACE], filters)
    by_key: dict[Key, list[_Row]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    return _hidden_values(rows, by_key, _WORK, has_teams=True)


def _family(name: str) -> str:
    bare = name.partition(":")[0]
    return _TIME if bare in SPANS else bare


def _rows(
    reader: Reader, cut: Cut, dims: list[str], values: list[str], filters: list[str]
) -> list[_Row]:
    named = [f"{one} AS k{place}" for place, one in enumerate(dims)]
    named += [f"{one} AS v{place}" for place, one in enumerate(values)]
    named += [f"coalesce({one}, FALSE) AS f{place}" for place, one in enumerate(filters)]
    query = _counted(reader, cut, ", ".join(named))
    found = []
    a, b, c = len(dims), len(dims) + len(values), len(named)
    for row in reader.execute(query).fetchall():
        key = tuple(None if one is None else str(one) for one in row[:a])
        found.append(
            _Row(key, tuple(row[a:b]), tuple(map(bool, row[b:c])), int(row[c]), int(row[c + 1]))
        )
    return found


def _counted(reader: Reader, cut: Cut, named: str) -> str:
    """Return the query of how many contacts, or demands, and advisors there are of each value."""
    # All that is known of one contact has one advisor, and lies in one file: counts add up.
    size = "count(*)" if cut.is_single else f"count(DISTINCT {cut.unit})"

    def part(of: Cut) -> Callable[[str], str]:
        return lambda source: (
            f"SELECT 0 AS kind, {named}, advisor AS who, {size} AS size FROM {source} AS s "  # noqa: S608 - our own parts
            f"WHERE ({of.period}) AND ({of.keep}) GROUP BY ALL"
        )

    parts = part(cut)(cut.source)
    if isinstance(reader, Parted) and cut.lasting is not None:
        parts = reader.parted(cut, rest=part(cut), whole=part(cut.lasting))
    return (
        f"SELECT * EXCLUDE (kind, who, size), sum(size), count(DISTINCT who) FROM ({parts}) p "  # noqa: S608 - our own parts
        "GROUP BY ALL"
    )


def _hidden_values(
    rows: list[_Row], by_key: Mapping[Key, list[_Row]], family: str, *, has_teams: bool
) -> set[Key]:
    sizes: dict[Any, int] = {}
    for row in rows:
        sizes[row.values[0]] = sizes.get(row.values[0], 0) + row.size
    people = {row.values[0]: row.advisors for row in rows} if has_teams else None
    held = blocks(sizes, path=_path_of(family, sizes), people=people)
    return {
        key for key, listed in by_key.items()
        if not may_be_shown({row.values[0] for row in listed if row.is_inside}, held)
    }  # fmt: skip


def _hidden_cells(
    rows: list[_Row], by_key: Mapping[Key, list[_Row]], places: list[int], *, has_teams: bool
) -> set[Key]:
    def cell(row: _Row) -> tuple[Any, ...]:
        values = list(row.values)
        for place, passes in zip(places, row.passes, strict=True):
            if not passes:
                values[place] = _REST
        return tuple(values)

    sizes: dict[tuple[Any, ...], int] = {}
    advisors: dict[tuple[Any, ...], int] = {}
    for row in rows:
        one = cell(row)
        sizes[one] = sizes.get(one, 0) + row.size
        advisors[one] = advisors.get(one, 0) + row.advisors
    weak: Callable[[tuple[Any, ...]], bool] = (
        (lambda one: 0 < advisors.get(one, 0) < SMALLEST)
        if has_teams else (lambda _: False)
    )  # fmt: skip
    held = cells(sizes, len(rows[0].values), weak=weak) if rows else set()
    return {
        key for key, listed in by_key.items()
        if any(cell(row) in held for row in listed if row.is_inside)
    }  # fmt: skip


def _path_of(family: str, values: Iterable[Any]) -> Path | None:
    """Return where values of a dimension lie in its tree; None where it is none."""
    if family == _TIME:
        return _day_path
    if family == _WORK:
        levels = zip(*(str(one).split("/") for one in values), strict=True)
        return _work_path if sum(any(names) for names in levels) > 1 else None
    return _code_path if family in TREES else None


def _work_path(value: Any) -> tuple[str, ...]:
    return (*str(value).split("/"), "")


def _code_path(value: Any) -> tuple[str, ...]:
    return ("",) if value is None else (*str(value).split("."), "")


def _day_path(value: Any) -> tuple[str, ...]:
    if value is None:
        return ("",)
    day = date.fromisoformat(str(value))
    return (str(value)[:7], f"{day.isocalendar().week:02}", str(value))
