"""How a figure is taken and shown: ours beside its bare counterpart, as a ratio."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: ours, the yardstick of the same run, and what their ratio should be.

    `ours` and `yardstick` are in `unit`. `target` is the ratio to reach; `at_least` says that more
    is better. Without a yardstick, `target` is in `unit`.
    """

    name: str
    ours: float
    unit: str
    yardstick: float | None
    beside: str
    target: float
    at_least: bool = False

    @property
    def figure(self) -> float:
        """What the target is about: the ratio, or ours where there is no yardstick."""
        return self.ours / self.yardstick if self.yardstick else self.ours

    @property
    def reached(self) -> bool:
        """Whether the target is reached."""
        return self.figure >= self.target if self.at_least else self.figure <= self.target


def cpu_each(deed: Callable[[], object], *, times: int, rounds: int = 5) -> float:
    """Return the processor time of one call, in microseconds: the best of some rounds.

    The best, since on a shared machine whatever else runs only ever adds. No collection of garbage
    happens inside a round.
    """
    best = float("inf")
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        begun = time.process_time_ns()
        for _ in range(times):
            deed()
        spent = time.process_time_ns() - begun
        gc.enable()
        best = min(best, spent / times / 1_000)
    return best


def once(deed: Callable[[], object], *, rounds: int = 1) -> float:
    """Return the processor time of a long deed in milliseconds: the best of some rounds."""
    return cpu_each(deed, times=1, rounds=rounds) / 1_000


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value below which that share lies. Raises ValueError when there is none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no value to take a quantile of")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _figure(value: float) -> str:
    return f"{value:,.1f}" if value >= 1 else f"{value:.3f}"


def show(rows: Iterable[Row]) -> str:
    """Return the table as text."""
    heads = ("what", "ours", "beside", "ratio", "target", "")
    lines = [heads]
    for row in rows:
        wanted = f"{'≥' if row.at_least else '≤'} {row.target:g}"
        lines.append(
            (
                row.name,
                f"{_figure(row.ours)} {row.unit}",
                f"{row.beside} {_figure(row.yardstick)}" if row.yardstick else row.beside,
                f"{row.figure:.2f}" if row.yardstick else "",
                wanted if row.yardstick else f"{wanted} {row.unit}",
                "reached" if row.reached else "NOT reached",
            )
        )
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
