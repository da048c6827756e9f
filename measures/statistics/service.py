"""Service levels: who was answered in time; five formulas are in use, and ours.

Source: measures.md A9 (ICMI, callcentrehelper).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from measures.statistics.estimate import Estimate, nothing
from measures.statistics.ratio import wilson


@dataclass(frozen=True, slots=True)
class Offered:
    """What became of the contacts offered; `in_time` is within the target, `short` within 5 s."""

    answered: int
    abandoned: int
    answered_in_time: int
    abandoned_in_time: int
    abandoned_short: int


FORMULAS: dict[str, Callable[[Offered], tuple[int, int]]] = {
    "in_time_or_given_up_in_time": lambda o: (
        o.answered_in_time + o.abandoned_in_time,
        o.answered + o.abandoned,
    ),
    "of_answered": lambda o: (o.answered_in_time, o.answered),
    "of_offered": lambda o: (o.answered_in_time, o.answered + o.abandoned),
    "without_early_abandons": lambda o: (
        o.answered_in_time,
        o.answered + o.abandoned - o.abandoned_in_time,
    ),
    "short_abandons_count_as_served": lambda o: (
        o.answered_in_time + o.abandoned_short,
        o.answered + o.abandoned,
    ),
    "without_short_abandons": lambda o: (
        o.answered_in_time,
        o.answered + o.abandoned - o.abandoned_short,
    ),
}
"""Formula -> (in time, out of); the last one is the default here."""
DEFAULT = "without_short_abandons"
SURVEY_WIDTH = 1.96
"""Standard errors on either side of a survey's share, rounded as surveys have it."""


def service_level(offered: Offered, formula: str = DEFAULT) -> Estimate:
    """Return the share answered in time, by a named formula."""
    hits, out_of = FORMULAS[formula](offered)
    return wilson(hits, out_of) if out_of else nothing()


def on_time(in_time: int, late: int, overdue: int) -> Estimate:
    """Return the share of messages answered in time, of all whose time is up.

    What waits unanswered beyond its target is a failure, and not missing.
    """
    return wilson(in_time, in_time + late + overdue)


def net_promoters(promoters: int, detractors: int, n: int) -> Estimate:
    """Return promoters less detractors, as a share of all who answered.

    Source: measures.md A10: var = (p + d − (p − d)²) / n.
    """
    if n == 0:
        return nothing()
    p, d = promoters / n, detractors / n
    se = ((p + d - (p - d) ** 2) / n) ** 0.5
    width = SURVEY_WIDTH * se
    return Estimate(p - d, p - d - width, p - d + width, se, None, n)
