"""How sure a difference is of two figures that each have an interval of their own.

Source: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10 (square and add); G. Y. Zou and
A. Donner, Statistics in Medicine 27 (2008), for figures of any kind.
"""

from __future__ import annotations

import math

Interval = tuple[float, float, float]
"""A figure and its bounds: (value, low, high)."""


def difference(before: Interval, after: Interval) -> Interval:
    """Return after − before with its bounds, the two being independent."""
    value = after[0] - before[0]
    below = math.hypot(after[0] - after[1], before[2] - before[0])
    above = math.hypot(after[2] - after[0], before[0] - before[1])
    return value, value - below, value + above
