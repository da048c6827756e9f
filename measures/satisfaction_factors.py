"""What goes with satisfaction, all factors at once: a logistic regression, clustered by advisor.

A link, and never a cause. Source: measures.md A10; the regression: `measures.statistics.logistic`.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, Final

from measures.cut import Cut, Key, Reader, Worked, selected
from measures.measure import Measure, Setting
from measures.once_and_done import WINDOW
from measures.satisfaction import ASKED
from measures.satisfaction_link import FACTORS, WITH_FACTORS
from measures.shapes import Found, Special
from measures.statistics.estimate import FEW, Estimate, doubts, nothing
from measures.statistics.logistic import Case, Fit, logistic
from measures.statistics.quantiles import student

EVENTS: Final = 10
"""Satisfied, and not satisfied, that there must be for each factor. Source: P. Peduzzi and others,
J. Clinical Epidemiology 49 (1996)."""
_UNITS: Final = ("once_and_done", "useful_share / 0.1", "ln(handling_time) / ln(2.0)")
"""Each factor in steps of what its odds ratio is of: yes for no, ten points, twice as long."""


def _factors(reader: Reader, cut: Cut) -> Found:
    """Return by group the odds ratios of all factors, that which is asked for as the value."""
    width = len(cut.dims)
    query = (
        f"SELECT {selected(cut.dims)}motive, advisor, satisfaction >= 4 AS satisfied, "  # noqa: S608 - our own parts
        f"{', '.join(_UNITS)} FROM ({cut.kept}) k"
    )
    groups: dict[Key, list[Case]] = {}
    for place, row in enumerate(reader.execute(query).fetchall()):
        key = tuple(None if one is None else str(one) for one in row[:width])
        motive, advisor, satisfied, *x = row[width:]
        # Without advisor each contact is a cluster of its own.
        cluster = place if advisor is None else str(advisor)
        case = Case(motive, cluster, tuple(map(float, x)), bool(satisfied))
        groups.setdefault(key, []).append(case)
    return {key: _worked(cases, cut.settings["factor"]) for key, cases in groups.items()}


def _worked(answers: list[Case], asked: str) -> Worked:
    cases = _within_motives(answers)
    names = [name for place, name in enumerate(FACTORS) if _varies(cases, place)]
    also: dict[str, float | None] = dict.fromkeys(
        f"{name}{end}" for name in FACTORS for end in ("", "_low", "_high")
    )
    also |= {
        "satisfied": sum(one.is_so for one in answers) / len(answers),
        "motives": len({one.stratum for one in cases}),
        "uniform": len(answers) - len(cases),
    }
    satisfied = sum(one.is_so for one in cases)
    fewest = min(satisfied, len(cases) - satisfied)
    if not names:
        return Worked(nothing("one_value", len(answers)), also)
    if fewest < EVENTS * len(names):
        return Worked(nothing("few_events", len(answers)), also)
    places = [FACTORS.index(name) for name in names]
    fit = logistic([
        Case(one.stratum, one.cluster, tuple(one.x[at] for at in places), one.is_so)
        for one in cases
    ])  # fmt: skip
    if fit.reason is not None:
        return Worked(nothing(fit.reason, len(answers)), also)
    found = {name: _ratio(fit, place) for place, name in enumerate(names)}
    for name, (value, low, high) in found.items():
        also |= {name: value, f"{name}_low": low, f"{name}_high": high}
    if asked not in found:
        return Worked(nothing("one_value", len(answers)), also)
    marks = doubts(fewest, fit.clusters)
    estimate = Estimate(
        *found[asked], df=max(0, fit.clusters - 1), n=len(cases), clusters=fit.clusters,
        marks=marks,
    )  # fmt: skip
    return Worked(estimate, also)


def _within_motives(answers: list[Case]) -> list[Case]:
    """Return the answers by motive, those of few together, without those that compare nothing.

    Where all of a motive are satisfied, or none, its own odds explain it whatever the factors.
    """
    sizes = Counter(one.stratum for one in answers)
    placed = [
        one if sizes[one.stratum] >= FEW else Case(None, one.cluster, one.x, one.is_so)
        for one in answers
    ]
    said: dict[Any, set[bool]] = {}
    for one in placed:
        said.setdefault(one.stratum, set()).add(one.is_so)
    return [one for one in placed if len(said[one.stratum]) > 1]


def _varies(cases: list[Case], place: int) -> bool:
    """Return whether a factor differs within a motive."""
    first: dict[Any, float] = {}
    return any(one.x[place] != first.setdefault(one.stratum, one.x[place]) for one in cases)


def _ratio(fit: Fit, place: int) -> tuple[float, float | None, float | None]:
    value = fit.coefficients[place]
    if fit.se is None:
        return math.exp(value), None, None
    width = student(fit.clusters - 1) * fit.se[place]
    return math.exp(value), math.exp(value - width), math.exp(value + width)


SATISFACTION_FACTORS = Measure(
    slug="satisfaction_factors",
    label={
        "fr": "Ce qui va avec la satisfaction, tout à la fois (rapport de cotes)",
        "en": "What goes with satisfaction, all at once (odds ratio)",
    },
    unit="ratio",
    formula="exp(β) of a logistic regression: log odds of being satisfied (4 or 5 of 5) = motive + "
    "β₁ · once and done + β₂ · useful share + β₃ · log handling time",
    includes="Answered contacts of customers who said how satisfied they were, of which all three "
    "are known. Each factor is held against the two others and the motive: once and done against "
    "not, ten points of useful share more, a handling time twice as long. `factor` says which is "
    "the value; all stand beside it. Motives of fewer than 30 answers stand together as one. "
    "`uniform`: answers whose motive's customers all said the same, which compare nothing.",
    edges="A link, and never a cause. What stays: how hard the demand was within its motive, what "
    "the customer had lived through before, who answers at all; and a demand that is once and done "
    "partly is so because its contact was useful, which takes from either. Fewer than 10 satisfied "
    "or not satisfied for each factor: null, reason few_events; a factor that tells all apart: "
    "separated; one that follows from others: collinear; one that never varies: one_value. "
    "Intervals are clustered by advisor. No e-mail, post and social (no useful share), and no "
    "demand that is not closed for a whole window.",
    source="measures.md A10; McCullagh and Nelder (1989); Liang and Zeger (1986)",
    rows=WITH_FACTORS,
    more=FACTORS,
    keep=f"{ASKED} AND satisfaction IS NOT NULL AND once_and_done IS NOT NULL "
    "AND useful_share IS NOT NULL AND handling_time > 0",
    shape=Special(_factors),
    settings={
        "factor": Setting(FACTORS[0], "which factor is the value; all stand beside it", FACTORS),
        "window": WINDOW,
    },
)
MEASURES = (SATISFACTION_FACTORS,)
