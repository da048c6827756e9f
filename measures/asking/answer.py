"""The answer to a question: values with interval, n, doubts and reasons; the same on every surface.

Groups are in the order of their names, never of their values: nobody and nothing is ranked by being
asked about. Source: measures.md A14, A16.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from measures.asking.protection import hidden, unexposed
from measures.asking.question import Question
from measures.asking.withheld import SMALLEST
from measures.cut import Cut, Key, Reader, Worked, rows, selected
from measures.errors import TooManyGroups
from measures.french.texts import texts
from measures.measure import Measure
from measures.parts import Wanted
from measures.policy import LIBRARY
from measures.shapes import Found
from measures.statistics.estimate import Estimate, nothing
from measures.statistics.standardise import standardise
from measures.sweep import Swept, sweep

MOST_GROUPS: Final = 1_000
INCOMPLETE: Final = 0.05
"""Share of time nothing is known of above which figures of time are marked."""

_WITHHELD: Final = frozenset({"too_few", "team_too_small", "protects_others"})
_TIME: Final = {"unattributed": "ms_unattributed", "spent": "live_ms + ms_after_call"}


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


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of one period: of all, and of each group; those of too few rows withheld."""

    total: Worked
    groups: Found
    excluded: int
    unattributed: float


def answer(reader: Reader, asked: Question, language: str) -> dict[str, Any]:
    """Return the answer to a question.

    `{slug, label, unit, …, period, total, groups: [{key, value, low, high, n, clusters, marks,
    reason, also, before, difference}], excluded, comparison}`. A value is null where nothing can be
    divided, or too few are left, and `reason` says which; it is never 0 for that.

    Raises:
        TooManyGroups: more than a thousand.
    """
    names = [one.name for one in asked.dims]
    now = _figures(reader, asked, asked.cut())
    if len(now.groups) > MOST_GROUPS:
        raise TooManyGroups(groups=len(now.groups), most=MOST_GROUPS)
    before = None if asked.before is None else _figures(reader, asked, asked.cut(asked.before))
    total = _shown(now.total)
    if before is not None:
        _compare(total, before.total)
    found = {
        **described(asked.measure, language),
        "unit": _currency(asked) or asked.measure.unit,
        "settings": dict(asked.settings),
        "library": asked.by_library,
        "zone": asked.zone,
        "period": asked.period.shown(asked.zone),
        "compared_with": asked.before and asked.before.shown(asked.zone),
        "by": names,
        "where": asked.asked.where,
        "total": total,
        "excluded": now.excluded,
        "groups": [],
        "comparison": _by_mix(reader, asked),
    }
    if total["value"] is not None:
        total["marks"] += list(asked.measure.marks)
        if now.unattributed > INCOMPLETE:
            total["marks"].append("incomplete")
    for key in sorted(now.groups, key=lambda one: tuple(part or "" for part in one)):
        group = {"key": dict(zip(names, key, strict=True)), **_shown(now.groups[key])}
        if before is not None:
            _compare(group, before.groups.get(key, _empty()))
        found["groups"].append(group)
    if asked.measure.shape.adds_up:
        _add_shares(found)
    return found


def _currency(asked: Question) -> str | None:
    """Return the currency of an answer that rests on what the library says a minute costs."""
    costs = asked.policy.costs
    is_money = any(
        one.says == "minute" and asked.settings[name] == LIBRARY
        for name, one in asked.measure.settings.items()
    )
    return costs.currency if costs is not None and is_money else None


def _empty(reason: str = "empty") -> Worked:
    return Worked(nothing(reason), {})


def _figures(reader: Reader, asked: Question, cut: Cut) -> _Figures:
    """Return the figures of a cut, of all and by the question's dimensions."""
    measure = asked.measure
    if asked.lacks is not None:
        return _Figures(_empty(asked.lacks), {}, 0, 0.0)
    cut = cut.grouped(*(one.sql for one in asked.dims))
    swept = sweep(reader, cut, wanted_of(measure))
    worked = unexposed(reader, asked, cut, found=_worked(reader, measure, cut, swept))
    few = _of_few(reader, asked, cut, swept)
    sizes = {key: one.kept for key, one in swept.items()}
    # A group that is not kept shows nothing that could be worked out from it.
    beside = hidden(reader, asked, cut, sizes={**sizes, **dict.fromkeys(few, 1)})
    young = _young(reader, cut, swept)
    safe: Found = {}
    for key, one in swept.items():
        found = worked.get(key) or _empty("too_recent" if key in young else "empty")
        if key in few:
            found = _empty("too_few")
        elif asked.names_teams and one.kept and 0 < one.advisors < SMALLEST:
            found = _empty("team_too_small")
        elif key in beside and one.kept:
            found = _empty("protects_others")
        elif not one.kept and one.is_async:
            found = _empty("async")
        elif not one.kept and measure.needs_map:
            found = _empty("no_map")
        safe[key] = found
    whole = swept.get(())
    total = safe.pop((), _empty())
    if whole is None:
        return _Figures(total, safe, 0, 0.0)
    times = [float(one or 0) for one in whole.all_rows.values()]
    unattributed = times[0] / times[1] if times and times[1] else 0.0
    excluded = 0 if total.estimate.reason in _WITHHELD else whole.rows - whole.kept
    return _Figures(total, safe, excluded, unattributed)


def wanted_of(measure: Measure) -> Wanted:
    """Return what a figure needs of its rows, and what says whether their time is known."""
    is_timed = measure.table == "contact" and measure.unit in {"s", "share"}
    return replace(measure.shape.wanted, all_rows=_TIME if is_timed else {})


def _worked(
    reader: Reader, measure: Measure, cut: Cut, swept: Mapping[Key, Swept]
) -> Mapping[Key, Worked]:
    shape = measure.shape
    found = {key: shape.worked(one, cut.settings) for key, one in swept.items() if one.kept}
    if not cut.dims:
        return shape.asks(reader, cut, found)
    of_all = {key: one for key, one in found.items() if not key}
    of_groups = {key: one for key, one in found.items() if key}
    return shape.asks(reader, cut.grouped(), of_all) | shape.asks(reader, cut, of_groups)


def _of_few(
    reader: Reader, asked: Question, cut: Cut, swept: Mapping[Key, Swept]
) -> set[Key]:  # fmt: skip
    """Return the groups of fewer contacts, or demands, than may be shown."""
    if not asked.is_narrowed:
        return set()
    if cut.is_single:
        return {key for key, one in swept.items() if 0 < one.kept < SMALLEST}
    # As many clusters are at least as many contacts: those of few are rare, and counted.
    unsure = {key for key, one in swept.items() if one.kept and one.clusters < SMALLEST}
    if not unsure:
        return set()
    count = f"count(DISTINCT {cut.unit}) FROM ({cut.kept})"
    counted = rows(reader, f"SELECT {selected(cut.dims)}{count} GROUP BY ALL", len(cut.dims))
    if cut.dims:
        counted |= rows(reader, f"SELECT {count}", 0)
    return {key for key in unsure if counted[key][0] < SMALLEST}


def _young(reader: Reader, cut: Cut, swept: Mapping[Key, Swept]) -> set[Key]:
    """Return the groups of which some will count, and none does yet."""
    later = cut.lasting
    if later is None or later.keep == cut.keep or all(one.kept for one in swept.values()):
        return set()
    count = f"count(*) FROM ({replace(cut, keep=later.keep).kept})"
    found = rows(reader, f"SELECT {selected(cut.dims)}{count} GROUP BY ALL", len(cut.dims))
    if cut.dims:
        found |= rows(reader, f"SELECT {count}", 0)
    return {key for key, (n,) in found.items() if n and key in swept and not swept[key].kept}


def _shown(worked: Worked) -> dict[str, Any]:
    one: Estimate = worked.estimate
    return {
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "n": one.n if one.reason not in _WITHHELD else None,
        "clusters": one.clusters,
        "marks": list(one.marks),
        "reason": one.reason,
        "also": dict(worked.also),
    }


def _compare(group: dict[str, Any], earlier: Worked) -> None:
    group["before"] = _shown(earlier)
    values = group["value"], earlier.estimate.value
    group["difference"] = None if None in values else values[0] - values[1]


def _by_mix(reader: Reader, asked: Question) -> Mapping[str, Any] | None:
    """Return two periods compared on the motives of the first, for means that depend on them."""
    measure = asked.measure
    if asked.before is None or not measure.is_compared_by_mix or asked.lacks is not None:
        return None
    wanted = Wanted(measure.shape.wanted.over, measure.shape.wanted.under)
    cells = []
    for cut in (asked.cut(asked.before), asked.cut()):
        by_motive = sweep(reader, cut.grouped("motive"), wanted)
        sums = {key[0] or "": one.simple for key, one in by_motive.items() if key and one.simple}
        cells.append({name: (float(one.n), one.u / one.t) for name, one in sums.items() if one.t})
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


def _add_shares(found: dict[str, Any]) -> None:
    whole = found["total"]["value"]
    for group in found["groups"]:
        value = group["value"]
        group["also"]["share"] = None if value is None or not whole else value / whole
