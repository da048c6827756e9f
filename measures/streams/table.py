"""A value stream as one table: each step in walk order, the whole, and what two of them differ by.

Source: measures.md A6; differences: `measures.statistics.difference`; the same mix of motives:
`measures.statistics.standardise`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from measures.cut import Key, Reader
from measures.statistics.difference import difference
from measures.statistics.estimate import Estimate
from measures.statistics.standardise import standardise
from measures.streams.guarded import Guard, guard
from measures.streams.lines import EMPTY, TIMES
from measures.streams.order import walk_order
from measures.streams.reading import Found, Walks, around_lead, by_motive, read

Told = dict[str, Any]
OF_STEP: Final = ("spent", "added", "wait", "delay")
OF_WHOLE: Final = (*OF_STEP, "rework", "efficiency", "median_delay")
"""What is compared of a step, and of the whole."""


@dataclass(frozen=True, slots=True)
class Side:
    """What is found of some walks, what of it is withheld, the bounds of its median lead time."""

    found: Found
    guard: Guard
    lead: tuple[float, float] | None


def stream(reader: Reader, now: Walks, before: Walks | None) -> Told:
    """Return `{steps: [{journey, step, is_sub, now, before, difference}], total, comparison}`.

    Times are seconds of a walk: means over the walks that passed the step, with their 95 per cent
    interval, clustered by advisor. `comparison`: time spent and lead time as if the motives of
    before had come (Kitagawa). Null, with its reason, where there is nothing or too little.
    """
    sides = [_side(reader, one) for one in (now, before) if one is not None]
    steps = []
    for key in _in_order(one.found for one in sides):
        found = [_shown(side, key) for side in sides]
        steps.append(
            {"journey": key[0], "step": key[1], "is_sub": key[0] != now.journey,
             **_both(found, OF_STEP)}
        )  # fmt: skip
    totals = [_shown(side, ()) for side in sides]
    is_shown = before is not None and not any(one["reason"] for one in totals)
    return {
        "steps": steps,
        "total": _both(totals, OF_WHOLE),
        "comparison": _by_mix(reader, now, before) if is_shown and before is not None else None,
    }


def _side(reader: Reader, walks: Walks) -> Side:
    found = read(reader, walks)
    bounds = around_lead(reader, walks, found.whole)
    return Side(found, guard(reader, walks, found.contacts), bounds)


def _in_order(found: Iterable[Found]) -> list[Key]:
    """Return the steps of either side, in the order in which all of their walks went."""
    following, counts, places = Counter[tuple[Key, Key]](), Counter[Key](), Counter[Key]()
    for one in found:
        following.update(one.following)
        counts.update(one.counts)
        places.update(one.places)
    return walk_order(following, {key: places[key] / counts[key] for key in counts})


def _shown(side: Side, key: Key) -> Told:
    """Return the figures of a line, or of the whole; all null where they are withheld."""
    line = side.found.steps.get(key, EMPTY) if key else side.found.whole
    reason = side.guard.of(key) or (None if line.walks else "empty")
    told: Told = {"walks": None, "visits": None, **dict.fromkeys(OF_STEP), "share_of_time": None,
                  "share_of_delay": None, "marks": [], "reason": reason}  # fmt: skip
    if not key:
        told |= dict.fromkeys(("rework", "efficiency", "median_delay", "waste"))
    if reason is not None:
        return told if reason != "empty" else {**told, "walks": 0, "visits": 0}
    told |= {"walks": line.walks, "visits": line.visits}
    for name in TIMES if not key else OF_STEP:
        told[name] = _estimate(line.means[name])
    for name, (median, p90) in line.spread.items():
        told[name] |= {"median": median, "p90": p90}
    for name, of in (("share_of_time", "spent"), ("share_of_delay", "delay")):
        told[name] = _over(line.sums[of], side.found.whole.sums[of])
    told["marks"] = list(line.means["spent"].marks)
    if not key:
        low, high = side.lead or (None, None)
        told["median_delay"] = {"value": line.spread["delay"][0], "low": low, "high": high}
        told["efficiency"] = _estimate(line.efficiency)
        told["waste"] = _over(line.sums["spent"], line.sums["added"])
    return told


def _estimate(one: Estimate) -> Told:
    return {"value": one.value, "low": one.low, "high": one.high}


def _over(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _both(found: list[Told], names: tuple[str, ...]) -> Told:
    """Return the figures of now beside those of before, and what is between them."""
    if len(found) == 1:
        return {"now": found[0], "before": None, "difference": None}
    after, before = found
    between = {name: _between(before[name], after[name]) for name in names}
    return {"now": after, "before": before, "difference": between}


def _between(before: Told | None, after: Told | None) -> Told | None:
    """Return after − before, with an interval where both have one."""
    if before is None or after is None or None in (before["value"], after["value"]):
        return None
    sides = [(one["value"], one["low"], one["high"]) for one in (before, after)]
    if any(None in one for one in sides):
        return {"value": after["value"] - before["value"], "low": None, "high": None}
    value, low, high = difference(*sides)
    return {"value": value, "low": low, "high": high}


def _by_mix(reader: Reader, now: Walks, before: Walks) -> Told:
    found: Told = {}
    for name in ("spent", "delay"):
        made = standardise(by_motive(reader, before, name), by_motive(reader, now, name))
        found[name] = None if made is None else asdict(made)
    return found
