"""How sure a count is: Poisson's interval by Byar's approximation.

Source: N. E. Breslow and N. E. Day, Statistical Methods in Cancer Research II (1987), 2.3.
"""

from __future__ import annotations

import math

from measures.statistics.quantiles import normal


def byar(count: int, level: float = 0.95) -> tuple[float, float]:
    """Return the bounds of the mean of which a count was seen, at a level; from 0 for none."""
    z = normal(level)
    more = count + 1
    high = more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
    if not count:
        return 0.0, high
    return count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3, high
