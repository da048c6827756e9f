"""How much one axis says of another: entropy, and Cramér's V.

Source: C. E. Shannon (1948); H. Cramér, Mathematical Methods of Statistics (1946), 21.9.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

Table = Mapping[tuple[str, str], float]
"""(row, column) -> how many."""


def entropy(counts: Iterable[float]) -> float | None:
    """Return the entropy of a distribution in bits: 0 when all is one; None of nothing."""
    known = [count for count in counts if count > 0]
    total = math.fsum(known)
    if not total:
        return None
    return math.fsum(-count / total * math.log2(count / total) for count in known)


def conditional_entropy(table: Table) -> float | None:
    """Return what remains uncertain of the column once the row is known, in bits."""
    rows: dict[str, list[float]] = {}
    for (row, _), count in table.items():
        rows.setdefault(row, []).append(count)
    total = math.fsum(table.values())
    if not total:
        return None
    return math.fsum(
        math.fsum(counts) / total * (entropy(counts) or 0.0) for counts in rows.values()
    )


def cramers_v(table: Table) -> float | None:
    """Return Cramér's V in [0, 1]; None when either side has fewer than two values."""
    rows: defaultdict[str, float] = defaultdict(float)
    columns: defaultdict[str, float] = defaultdict(float)
    for (row, column), count in table.items():
        rows[row] += count
        columns[column] += count
    total = math.fsum(table.values())
    sides = min(sum(n > 0 for n in rows.values()), sum(n > 0 for n in columns.values()))
    if sides < 2:
        return None
    squares = math.fsum(
        table.get((row, column), 0.0) ** 2 / (rows[row] * columns[column])
        for row in rows for column in columns if rows[row] and columns[column]
    )  # fmt: skip
    return math.sqrt(max(0.0, squares - 1) / (sides - 1)) if total else None
