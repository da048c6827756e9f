"""What an irritant costs, and what changed once it was mended: as many whole weeks on either side.

By the day it was done; or by the revision that carries what was done, whichever day it was walked.

Every number is a measure's own answer, so that the safeguards hold. Source: measures.md A18.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from measures.asking.question import Asked
from measures.desk import Desk
from measures.irritants.entry import Entry
from measures.statistics.difference import Interval, difference
from measures.statistics.poisson import byar
from runtime.access import Actor
from runtime.revisions import Publication

DAYS: Final = 7
OF_CONTACTS: Final = ("contacts", "seconds", "all_reiterations", "cost_to_serve")
GONE: Final = ("empty", "too_few")
"""Why there is no figure afterwards when an irritant has all but gone."""
OF_STEPS: Final = ("step_time",)


async def cost_of(
    desk: Desk, actor: Actor, entry: Entry, *, since: str | None = None, until: str | None = None
) -> dict[str, Any]:
    """Return what an irritant took in a period, the last 30 days by default.

    `{period, contacts, minutes, reiterations, money, currency}`; a step's visits stand as
    `contacts`. Null where nobody knows, or so few are left that it is withheld.
    """
    asked = Asked(where=entry.filters, since=since, until=until)
    slugs = OF_STEPS if entry.axis == "step" else OF_CONTACTS
    found = {
        slug: await desk.ask(actor, slug, asked, language="en")
        for slug in slugs
        if desk.knows(slug, entry.filters)
    }
    told: dict[str, Any] = {
        "period": next(iter(found.values()))["period"], "contacts": None, "minutes": None,
        "reiterations": None, "money": None, "currency": None,
    }  # fmt: skip
    for slug, answer in found.items():
        total = answer["total"]
        if total["value"] is None:
            continue
        if slug == "contacts":
            told["contacts"] = total["value"]
        elif slug == "seconds":
            told["minutes"] = total["value"] / 60
        elif slug == "all_reiterations":
            told["reiterations"] = total["value"] * total["n"]
        elif slug == "cost_to_serve":
            told |= {"money": total["also"]["total"], "currency": answer["unit"]}
        else:
            told["contacts"] = total["also"]["visits"]
            told["minutes"] = total["value"] * total["also"]["visits"] / 60
    return told


@dataclass(frozen=True, slots=True)
class _Turn:
    """When something was done, and the filters of what is of before and of since.

    Of a revision it is when it was published, and the walks of those before it and since: what
    began on an older one and ended later is of neither.
    """

    at: datetime
    before: str | None = None
    since: str | None = None
    publication: Publication | None = None

    def told(self) -> dict[str, Any] | None:
        """Return which publication it was; None of a day alone."""
        one = self.publication
        if one is None:
            return None
        return {"library": one.library, "number": one.number, "revision": one.hash,
                "published_at": one.at}  # fmt: skip


async def _turn(desk: Desk, actor: Actor, entry: Entry, zone: ZoneInfo) -> _Turn | None:
    if entry.revision is not None:
        turning = await desk.turning(actor.tenant, entry.revision)
        one = turning.publication
        at = datetime.fromtimestamp(one.at // 1000, zone)
        return _Turn(at, *turning.filters, one)
    if entry.done_on is None:
        return None
    return _Turn(datetime.combine(date.fromisoformat(entry.done_on), time(), zone))


async def effect_of(desk: Desk, actor: Actor, entry: Entry) -> dict[str, Any] | None:
    """Return what changed since an irritant was mended; None of one that is not done.

    `{weeks, measure, unit, before, after, difference, low, high, everywhere, expected, verdict,
    publication}`: `everywhere` is the difference over all contacts, for what changed for other
    reasons. Where fewer than five contacts are left the verdict is `few_left`, else see `verdict`.
    """
    zone = ZoneInfo(await desk.zone(actor.tenant))
    turn = await _turn(desk, actor, entry, zone)
    if turn is None:
        return None
    now = datetime.fromtimestamp(desk.clock.now() / 1000, zone)
    # Both are of one zone: a week is seven days of its clock.
    weeks = max(0, min(entry.weeks, (now - turn.at).days // DAYS))
    told: dict[str, Any] = {
        "weeks": weeks, "measure": entry.measure, "unit": None, "before": None,
        "after": None, "difference": None, "low": None, "high": None, "everywhere": None,
        "expected": entry.expected, "verdict": "too_early", "publication": turn.told(),
    }  # fmt: skip
    if weeks < 1:
        return told
    before, after = await _sides(desk, actor, entry, turn, where=entry.filters, weeks=weeks)
    told |= {
        "unit": after["unit"], "before": _shown(before["total"], before["period"]),
        "after": _shown(after["total"], after["period"]),
        "everywhere": _less(*await _sides(
            desk, actor, entry, turn, where=entry.where, weeks=weeks)),
        "difference": _less(before, after),
    }  # fmt: skip
    bounds = [_interval(one["total"], one["unit"]) for one in (before, after)]
    if bounds[0] is not None and bounds[1] is not None:
        told["difference"], told["low"], told["high"] = difference(bounds[0], bounds[1])
    is_gone = before["total"]["value"] is not None and after["total"]["reason"] in GONE
    return told | {"verdict": "few_left" if is_gone else verdict(told)}


async def _sides(
    desk: Desk, actor: Actor, entry: Entry, turn: _Turn, *, where: str | None, weeks: int
) -> list[dict[str, Any]]:
    """Return the answers of as many weeks before and after, by the same filters."""
    span = timedelta(days=DAYS * weeks)
    found = []
    for begun, of in ((turn.at - span, turn.before), (turn.at, turn.since)):
        asked = Asked(
            where=",".join(filter(None, (where, of))) or None, settings=entry.settings,
            since=begun.isoformat(), until=(begun + span).isoformat(),
        )  # fmt: skip
        found.append(await desk.ask(actor, entry.measure, asked, language="en"))
    return found


def _less(before: Mapping[str, Any], after: Mapping[str, Any]) -> float | None:
    values = after["total"]["value"], before["total"]["value"]
    return None if None in values else values[0] - values[1]


def verdict(found: Mapping[str, Any]) -> str:
    """Return what a difference says of what was expected of it.

    `unknown`: there is none; `no_interval`: nobody knows how sure it is; `not_shown`: it may be
    chance; `changed`: it is no chance, and nothing was expected; `opposite`: it went the other way;
    `reached`: as much as expected, or not surely less; `short`: surely less.
    """
    value, low, high, expected = (
        found[name] for name in ("difference", "low", "high", "expected")
    )  # fmt: skip
    if value is None:
        return "unknown"
    if low is None or high is None:
        return "no_interval"
    if low <= 0 <= high:
        return "not_shown"
    if expected is None:
        return "changed"
    if value * expected < 0:
        return "opposite"
    farthest = low if expected < 0 else high
    return "reached" if abs(farthest) >= abs(expected) else "short"


def _interval(one: Mapping[str, Any], unit: str) -> Interval | None:
    """Return a figure with its bounds; a number of contacts has those of a count."""
    value = one["value"]
    if value is None:
        return None
    if one["low"] is not None and one["high"] is not None:
        return value, one["low"], one["high"]
    return (value, *byar(round(value))) if unit == "count" and value == one["n"] else None


def _shown(one: Mapping[str, Any], period: Mapping[str, str]) -> dict[str, Any]:
    return {"period": period, **{k: one[k] for k in ("value", "low", "high", "n", "reason")}}
