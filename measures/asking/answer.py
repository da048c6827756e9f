"""The answer to a question: values with interval, n, doubts and reasons; the same on every surface.

Groups are in the order of their names, never of their values: nobody and nothing is ranked by being
asked about. Source: measures.md A14, A16.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from measures.asking.periods import Period
from measures.asking.question import Question
from measures.cut import Cut, Key, Worked, group_by, rows, selected
from measures.errors import TooManyGroups
from measures.french.texts import texts
from measures.measure import Measure
from measures.shapes import Found
from measures.sql import listed, spent
from measures.statistics.estimate import Estimate, nothing
from measures.statistics.standardise import standardise
from measures.times import ASYNCHRONOUS, LIVE

if TYPE_CHECKING:
    import duckdb

SMALLEST: Final = 5
"""Contacts, and advisors of a team, below which a group's figure is not shown."""
MOST_GROUPS: Final = 1_000
INCOMPLETE: Final = 0.05
"""Share of time nothing is known of above which figures of time are marked."""


def described(measure: Measure, language: str) -> dict[str, Any]:
    """Return what a measure is: name, label, unit, formula, what it includes, edges, source."""
    return {
        "slug": measure.slug,
        "label": measure.label.get(language, measure.label["en"]),
        "unit": measure.unit,
        **texts(measure, language),
        "source": measure.source,
        "settings": {name: one.default for name, one in measure.settings.items()},
    }


def answer(connection: duckdb.DuckDBPyConnection, asked: Question, language: str) -> dict[str, Any]:
    """Return the answer to a question.

    `{slug, label, unit, …, period, total, groups: [{key, value, low, high, n, clusters, marks,
    reason, also, before, difference}], excluded, comparison}`. A value is null where nothing can be
    divided, or too few are left, and `reason` says which; it is never 0 for that.

    Raises:
        TooManyGroups: more than a thousand.
    """
    measure = asked.measure
    names = [one.name for one in asked.dims]
    expressions = tuple(one.sql for one in asked.dims)
    now_all = _figures(connection, asked, asked.cut())
    before = None if asked.before is None else asked.cut(asked.before)
    total = _shown(now_all.get((), _empty()))
    if before is not None:
        _compare(total, _figures(connection, asked, before).get((), _empty()))
    found = {
        **described(measure, language),
        "settings": dict(asked.settings),
        "zone": asked.zone,
        "period": asked.period.shown(asked.zone),
        "compared_with": asked.before and asked.before.shown(asked.zone),
        "by": names,
        "where": asked.asked.where,
        "total": total,
        "excluded": _excluded(connection, asked.cut()),
        "groups": [],
        "comparison": _by_mix(connection, asked, before),
    }
    _mark_incomplete(connection, asked, total)
    if expressions:
        grouped = _figures(connection, asked, asked.cut().grouped(*expressions))
        if len(grouped) > MOST_GROUPS:
            raise TooManyGroups(groups=len(grouped), most=MOST_GROUPS)
        earlier = {} if before is None else _figures(
            connection, asked, before.grouped(*expressions)
        )  # fmt: skip
        for key in sorted(grouped, key=lambda one: tuple(part or "" for part in one)):
            group = {"key": dict(zip(names, key, strict=True)), **_shown(grouped[key])}
            if before is not None:
                _compare(group, earlier.get(key, _empty()))
            found["groups"].append(group)
        if measure.shape.adds_up:
            _add_shares(found)
    return found


def _empty(reason: str = "empty") -> Worked:
    return Worked(nothing(reason), {})


def _figures(connection: duckdb.DuckDBPyConnection, asked: Question, cut: Cut) -> Found:
    """Return the figures of a cut, those of too small a group withheld."""
    found = asked.measure.shape.work_out(connection, cut)
    counted = _counted(connection, cut, is_single=asked.measure.table != "visit")
    safe: Found = {}
    for key, (contacts, advisors, kept, of_async) in counted.items():
        worked = found.get(key)
        if asked.is_narrowed and 0 < contacts < SMALLEST:
            worked = _empty("too_few")
        elif asked.names_teams and kept and advisors < SMALLEST:
            worked = _empty("team_too_small")
        elif not kept and of_async:
            worked = _empty("async")
        safe[key] = worked or _empty()
    return safe


def _counted(
    connection: duckdb.DuckDBPyConnection, cut: Cut, *, is_single: bool
) -> dict[Key, tuple[int, int, int, bool]]:
    """Return, by group: contacts or demands, advisors, rows kept; whether all is asynchronous.

    `is_single`: each row is a contact or demand of its own, which need not be told apart.
    """
    _, grouping = group_by(cut.dims)
    kept = f"({cut.keep})"
    units = "count(*)" if is_single else f"count(DISTINCT {cut.unit})"
    query = (
        f"SELECT {selected(cut.dims)}{units} FILTER ({kept}), "  # noqa: S608 - our own parts
        f"count(DISTINCT advisor) FILTER ({kept}), count(*) FILTER ({kept}), "
        f"coalesce(bool_and(channel IN {listed(ASYNCHRONOUS)}), FALSE) "
        f"FROM {cut.source} AS s WHERE {cut.where} {grouping}"
    )
    found = rows(connection, query, len(cut.dims))
    return {key: (row[0], row[1], row[2], row[3]) for key, row in found.items()}


def _excluded(connection: duckdb.DuckDBPyConnection, cut: Cut) -> int:
    query = f"SELECT count(*) FILTER (NOT ({cut.keep})) FROM {cut.source} AS s WHERE {cut.where}"  # noqa: S608 - our own parts
    row = connection.execute(query).fetchone()
    return 0 if row is None else int(row[0])


def _shown(worked: Worked) -> dict[str, Any]:
    one: Estimate = worked.estimate
    return {
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "n": one.n if one.reason not in {"too_few", "team_too_small"} else None,
        "clusters": one.clusters,
        "marks": list(one.marks),
        "reason": one.reason,
        "also": dict(worked.also),
    }


def _compare(group: dict[str, Any], earlier: Worked) -> None:
    group["before"] = _shown(earlier)
    values = group["value"], earlier.estimate.value
    group["difference"] = None if None in values else values[0] - values[1]


def _by_mix(
    connection: duckdb.DuckDBPyConnection, asked: Question, before: Cut | None
) -> Mapping[str, Any] | None:
    """Return two periods compared on the motives of the first, for means that depend on them."""
    if before is None or not asked.measure.is_compared_by_mix:
        return None
    cells = [
        {
            key[0] or "": (float(one.estimate.n), one.estimate.value)
            for key, one in asked.measure.shape.work_out(connection, cut.grouped("motive")).items()
            if one.estimate.value is not None
        }
        for cut in (before, asked.cut())
    ]
    found = standardise(*cells)
    if found is None:
        return None
    return {
        "raw_before": found.before,
        "raw_after": found.after,
        "standardised_after": found.standardised,
        "mix_effect": found.mix,
        "rate_effect": found.rate,
        "unmatched_share": found.unmatched,
    }


def _mark_incomplete(
    connection: duckdb.DuckDBPyConnection, asked: Question, total: dict[str, Any]
) -> None:
    """Mark a figure of time when too much time is unattributed, and what is always in doubt."""
    measure = asked.measure
    if total["value"] is None:
        return
    total["marks"] += list(measure.marks)
    if measure.table != "contact" or measure.unit not in {"s", "share"}:
        return
    when: Period = asked.period
    query = (
        f"SELECT sum(ms_unattributed) / nullif(sum({spent(LIVE)} + ms_after_call), 0) FROM contact "  # noqa: S608 - our own parts
        f"WHERE closed >= {when.since} AND closed < {when.until} AND ({asked.filters})"
    )
    row = connection.execute(query).fetchone()
    if row is not None and (row[0] or 0) > INCOMPLETE:
        total["marks"].append("incomplete")


def _add_shares(found: dict[str, Any]) -> None:
    whole = found["total"]["value"]
    for group in found["groups"]:
        value = group["value"]
        group["also"]["share"] = None if value is None or not whole else value / whole
