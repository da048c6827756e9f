"""Figures asked of made-up facts in a process of its own, which tells how much memory it had."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.contacts import BEGINS, DAY, TENANT
from measures.asking.answer import answer
from measures.asking.question import Asked, question
from measures.asking.usual import usual_questions
from measures.facts import tail
from measures.facts.folder import Folder
from measures.facts.kept import Kept
from measures.facts.reading import Facts, Held

NOW: Final = BEGINS + 365 * DAY
_YEAR: Final = f"closed >= {BEGINS} AND closed < {NOW}"
SAME: Final = {
    "useful share by channel": f"SELECT channel, count(*), sum(ms_useful) * 1.0 / sum(live_ms) FROM contact WHERE NOT abandoned AND {_YEAR} GROUP BY channel",  # noqa: E501 - one query, one line
    "losses of a year": f"SELECT sum(ms_queue), sum(ms_lookup), sum(ms_analysis), sum(ms_hold), sum(ms_repetition) FROM contact WHERE {_YEAR}",  # noqa: E501 - one query, one line
    "time by step": f"SELECT step, count(*), avg(ms), avg(useful_ms) FROM visit WHERE NOT undone AND entered >= {BEGINS} AND entered < {NOW} GROUP BY step",  # noqa: E501 - one query, one line
    "once and done by motive": f"SELECT motive, count(*), sum(CASE WHEN contacts = 1 AND outcome = 'resolved' AND reopened = 0 AND (again IS NULL OR again > closed + 604800000) THEN 1 ELSE 0 END) FROM ticket WHERE status = 'closed' AND {_YEAR} GROUP BY motive",  # noqa: E501 - one query, one line
}
"""Queries that DuckDB, SQLite and PostgreSQL all take as they are."""
PERIODS: Final = {
    "a year": {"since": "2025-01-01", "until": "2026-01-01"},
    "a month": {"since": "2025-06-01", "until": "2025-07-01"},
}
SLUGS: Final = (
    "contacts", "duc_experienced", "handling_time", "lead_time", "once_and_done", "reiterations",
    "on_time", "exceptionally_long", "step_time",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asking:
    """What a process of its own found: milliseconds by period and figure, and its memory."""

    first: Mapping[str, float]
    again: Mapping[tuple[str, str], float]
    same: Mapping[str, float]
    memory_mb: float


def facts_in(folder: Path) -> Facts:
    """Return facts that were written below a folder."""
    place = Folder(folder)
    held = Held(folder=place, manifest=place.read(), tenant=TENANT, kept=Kept(folder, TENANT))
    return Facts(tail.connect(), held)


def took(deed: Callable[[], object], *, rounds: int = 3) -> float:
    """Return how long a deed takes, in milliseconds: the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        deed()
        best = min(best, time.perf_counter() - begun)
    return best * 1_000


def ask(folder: Path) -> Asking:
    """Ask each figure the first time and again, and the queries that others are asked, too."""
    facts = facts_in(folder)

    def asked(slug: str, period: str) -> Callable[[], object]:
        wanted = question(slug, Asked(**PERIODS[period]), zone="Europe/Paris", now=NOW)
        return lambda: answer(facts, wanted, "en")

    first = {slug: took(asked(slug, "a year"), rounds=1) for slug in SLUGS}
    usual_questions(facts, now=NOW)
    again = {
        (slug, period): took(asked(slug, period)) for slug in SLUGS for period in PERIODS
    }  # fmt: skip
    same = {name: took(lambda q=q: facts.execute(q).fetchall()) for name, q in SAME.items()}  # type: ignore[misc]  # bound at once
    return Asking(first, again, same, most_memory_mb())


def most_memory_mb() -> float:
    """Return the most memory that this process had, in megabytes.

    `getrusage` would tell of the process that began it, too.
    """
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1_024
    raise RuntimeError("no VmHWM in /proc/self/status")
