"""How sure a median is, of values that may be alike within clusters.

Source: R. S. Woodruff, J. American Statistical Association 47 (1952): the interval of the share of
values below the median, read as quantiles. To the first order these are the bounds that a bootstrap
of the median draws (B. Efron, SIAM Review 21 (1979), 2), without drawing.
"""

from __future__ import annotations

from typing import Final

from measures.statistics.ratio import Sums, design_effect, ratio, wilson

LEAST: Final = 6
"""Values below which no two of them hold the median between them in 95 of 100 cases."""


def around_median(simple: Sums, clustered: Sums) -> tuple[float, float] | None:
    """Return which quantiles bound a median, as shares of all values; None of too few.

    `simple` and `clustered` are sums, over values and over clusters of them, of how many lie at or
    below the median (`u`) and how many there are (`t`). Clusters widen the bounds, never the
    reverse.
    """
    if simple.n < LEAST:
        return None
    effect = design_effect(ratio(clustered, count=simple.n), ratio(simple)) or 1.0
    found = wilson(simple.n / 2, simple.n, deff=effect)
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high
