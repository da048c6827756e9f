"""What robots did, and what that spared. Source: domain.md (le rabot); measures.md A1 and A12."""

from __future__ import annotations

import math

from measures.cut import Cut, Key, Reader, Worked, rows, selected
from measures.measure import COHORT, Measure
from measures.once_and_done import DAY_MS, QUIET, WINDOW
from measures.shapes import Found, Mean, Share, Special
from measures.statistics.estimate import Estimate, doubts, nothing
from measures.statistics.quantiles import normal

_ROBOT = "how IN ('succeeded', 'refused', 'behind')"
_HAND = "how = 'by_hand'"
FEW_BY_HAND = 5
"""Visits by hand of a step from which it is known how long people take over it."""

ROBOT_SHARE = Measure(
    slug="robot_share",
    label={"fr": "Part des robots", "en": "Done by robots"},
    unit="share",
    formula="actions a robot did ÷ actions",
    includes="Live visits of automated steps, done by the robot or by hand in its place.",
    edges="An action that a robot was refused was answered, and counts as done by it.",
    source="issue 6: robot share",
    table="visit",
    at="entered",
    keep="NOT undone AND (how IN ('succeeded', 'refused', 'behind', 'failed', 'by_hand'))",
    shape=Share("how IN ('succeeded', 'refused', 'behind')",
                {"by_hand": "count(*) FILTER (how = 'by_hand')"}),
)  # fmt: skip
BEHIND_TALK = Measure(
    slug="work_behind_talk",
    label={"fr": "Travail en parallèle par contact", "en": "Work behind talk, a contact"},
    unit="s",
    formula="Σ time of actions behind talk ÷ contacts",
    includes="Answered contacts. It cost the customer nothing: a rabot, and not a masquage.",
    edges="A contact without any counts as 0 s.",
    source="measures.md A1",
    keep="NOT abandoned",
    shape=Mean("behind_ms / 1000.0"),
)
MACHINE_TIME = Measure(
    slug="machine_time",
    label={"fr": "Temps de machine par contact", "en": "Machine time, a contact"},
    unit="s",
    formula="Σ time of automated actions ÷ contacts",
    includes="Answered contacts; in the foreground and behind talk.",
    edges="Retries count within their action.",
    source="measures.md A12",
    keep="NOT abandoned",
    shape=Mean("robot_ms / 1000.0"),
)


def _saved(reader: Reader, cut: Cut) -> Found:
    """Return by group what robots spared, step by step: people's mean time there less theirs."""
    width = len(cut.dims)
    sums = ", ".join(
        f"count(*) FILTER ({who}), sum(ms) FILTER ({who}), sum(ms * ms) FILTER ({who})"
        for who in (_ROBOT, _HAND)
    )
    query = f"SELECT {selected(cut.dims)}journey, step, {sums} FROM ({cut.kept}) GROUP BY ALL"  # noqa: S608 - our own parts
    steps: dict[Key, list[tuple[float, ...]]] = {}
    for key, counted in rows(reader, query, width + 2).items():
        steps.setdefault(key[:width], []).append(tuple(float(one or 0) for one in counted))
    return {key: _spared(listed) for key, listed in steps.items()}


def _spared(steps: list[tuple[float, ...]]) -> Worked:
    spared = variance = 0.0
    compared = others = 0
    for done, spent, squares, by_hand, taken, taken_squares in steps:
        if by_hand < FEW_BY_HAND:
            others += round(done)
        elif done:
            compared += round(done)
            spared += done * (taken / by_hand - spent / done)
            variance += done**2 * _squared_error(by_hand, taken, taken_squares)
            variance += done**2 * _squared_error(done, spent, squares)
    also: dict[str, float | None] = {"not_compared": float(others)}
    if not compared:
        return Worked(nothing("no_comparison", others), {**also, "an_action": None})
    value, se = spared / 1000, math.sqrt(variance) / 1000
    width = normal() * se
    found = Estimate(
        value, value - width, value + width, se, None, compared, None, doubts(compared)
    )
    return Worked(found, {**also, "an_action": value / compared})


def _squared_error(n: float, total: float, squares: float) -> float:
    """Return the squared standard error of a mean; 0 of a single value, which says nothing."""
    return 0.0 if n < 2 else max(0.0, squares - total**2 / n) / (n - 1) / n


SAVED = Measure(
    slug="robot_saved",
    label={"fr": "Temps gagné par les robots", "en": "Time that robots saved"},
    unit="s",
    formula="Σ over steps: actions a robot did · (mean time by hand − mean time by the robot)",
    includes="Live visits of automated steps, on the contact's own clock: what runs behind talk "
    "takes none of it. `an_action` is the mean of an action, `not_compared` how many actions are "
    "of steps that fewer than 5 visits did by hand.",
    edges="Nothing to compare with: null, reason no_comparison. Who does it by hand has often the "
    "harder cases, so that it says what people's time there would be, at most. Negative: the "
    "robot takes longer.",
    source="issue 6: robot share and what it saved; domain.md (le rabot)",
    table="visit",
    at="entered",
    keep=f"NOT undone AND ({_ROBOT} OR {_HAND})",
    shape=Special(_saved),
)
CONTAINMENT = Measure(
    slug="containment",
    label={"fr": "Demandes finies sans conseiller", "en": "Demands that self-care contained"},
    unit="share",
    formula="demands begun in self-care, resolved, without any advisor and with no further demand "
    "within the window ÷ demands begun in self-care",
    includes="Closed demands whose first contact was a customer's own or a bot's. `unidentified` "
    "is the share without a known customer, of whom nobody knows whether they called after.",
    edges="Only demands closed a whole window ago. One without a known customer is taken as never "
    "heard of again: the share is at most so high.",
    source="measures.md A8 (containment)",
    table="ticket",
    keep="status = 'closed' AND self_care AND closed + {window} * 86400000::BIGINT <= {now}",
    settled=lambda known: ("closed", int(known["window"] * DAY_MS)),
    shape=Share(f"outcome = 'resolved' AND advisor IS NULL AND {QUIET}",
                {"unidentified": "count(*) FILTER (customer IS NULL) / count(*)"}),
    settings={"window": WINDOW, "cohort": COHORT},
)  # fmt: skip
MEASURES = (ROBOT_SHARE, SAVED, CONTAINMENT, BEHIND_TALK, MACHINE_TIME)
