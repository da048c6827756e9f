"""How long `parcours --help` takes, process start included."""

from __future__ import annotations

import subprocess
import sys
import time

from bench.measure import Row


def rows() -> list[Row]:
    """Measure the wall time of the overview, the best of ten, beside Python's own start."""
    ours = _best("-m", "parcours.main", "--help")
    bare = _best("-c", "pass")
    return [
        Row("parcours --help", ours, "s", None, f"python alone {bare:.3f}", 0.25),
    ]


def _best(*arguments: str) -> float:
    taken = []
    for _ in range(10):
        begun = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begun)
    return min(taken)
