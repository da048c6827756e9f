"""How many tickets go without another contact, those not yet followed long enough included.

Source: E. L. Kaplan and P. Meier, J. American Statistical Association 53 (1958); the interval is
Greenwood's (1926), on the log-log scale, which stays between 0 and 1.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from measures.statistics.estimate import Estimate, doubts, nothing
from measures.statistics.quantiles import normal

Observed = tuple[float, bool]


def kaplan_meier(
    times: Iterable[Observed] | Mapping[Observed, int], until: float
) -> Estimate:  # fmt: skip
    """Return the share that lasts beyond `until`.

    Args:
        times: (how long followed, whether it ended by what is counted); the others are censored.
            As a mapping: how many there are of each.
        until: the window, in the same unit; an end exactly there counts.
    """
    leaving: Counter[float] = Counter()
    ending: Counter[float] = Counter()
    for (moment, is_end), count in Counter(times).items():
        leaving[moment] += count
        ending[moment] += count * is_end
    n = at_risk = leaving.total()
    if not n:
        return nothing()
    share, spread = 1.0, 0.0
    for moment in sorted(one for one in leaving if one <= until):
        ends = ending[moment]
        if ends:
            share *= 1 - ends / at_risk
            spread += ends / (at_risk * (at_risk - ends)) if at_risk > ends else math.inf
        at_risk -= leaving[moment]
    marks = doubts(n)
    if max(leaving) < until:
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
