"""How many tickets go without another contact, those not yet followed long enough included.

Source: E. L. Kaplan and P. Meier, J. American Statistical Association 53 (1958); the interval is
Greenwood's (1926), on the log-log scale, which stays between 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from measures.statistics.estimate import Estimate, doubts, nothing
from measures.statistics.quantiles import normal


def kaplan_meier(times: Iterable[tuple[float, bool]], until: float) -> Estimate:
    """Return the share that lasts beyond `until`.

    Args:
        times: (how long followed, whether it ended by what is counted); the others are censored.
        until: the window, in the same unit; an end exactly there counts.
    """
    ordered = sorted(times)
    n = at_risk = len(ordered)
    if not n:
        return nothing()
    share, spread, place = 1.0, 0.0, 0
    while place < n and ordered[place][0] <= until:
        moment, ends, leaving = ordered[place][0], 0, 0
        while place < n and ordered[place][0] == moment:
            ends += ordered[place][1]
            leaving += 1
            place += 1
        if ends:
            share *= 1 - ends / at_risk
            spread += ends / (at_risk * (at_risk - ends)) if at_risk > ends else math.inf
        at_risk -= leaving
    marks = doubts(n)
    if place == n and ordered[-1][0] < until:
        # Nobody was followed that far: the curve is carried on flat.
        marks += ("short_follow_up",)
    if share in (0.0, 1.0) or not math.isfinite(spread):
        return Estimate(share, n=n, marks=marks)
    width = normal() * math.sqrt(spread) / abs(math.log(share))
    low, high = share ** math.exp(width), share ** math.exp(-width)
    return Estimate(share, low, high, share * math.sqrt(spread), None, n, None, marks)


def median(times: Iterable[tuple[float, bool]]) -> float | None:
    """Return when half have ended; None when fewer than half ever do."""
    ordered = sorted(times)
    share, at_risk = 1.0, len(ordered)
    for moment, is_end in ordered:
        if is_end:
            share *= 1 - 1 / at_risk
        at_risk -= 1
        if share <= 0.5:
            return moment
    return None
