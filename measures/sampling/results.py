"""What a sample's ratings come to: the useful share weighed by strata, and how far raters agree.

Source: measures.md A3, A17.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from measures.facts.judged import RECODED
from measures.statistics.agreement import LOW_ALPHA, SECOND_MS, alpha, by_second, kappa
from measures.statistics.estimate import Estimate
from measures.statistics.ratio import Stratum, Sums, stratified


@dataclass(frozen=True, slots=True)
class Rated:
    """What one listener found in one contact: parts as (begins, ends, category, per cent)."""

    contact: str
    rater: str
    parts: Sequence[tuple[int, int, str, int]]
    codes: Mapping[str, str]


def results(
    strata: Mapping[str, int], stratum_of: Mapping[str, str], found: Sequence[Rated]
) -> dict[str, Any]:
    """Return what stands so far: `{useful_share, agreement, codes, rated, rated_twice}`.

    Args:
        strata: how many contacts each holds in the period.
        stratum_of: the stratum of each contact that was drawn.
        found: the ratings.
    """
    by_contact: dict[str, list[Rated]] = {}
    for one in found:
        by_contact.setdefault(one.contact, []).append(one)
    pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in strata}
    for contact, ratings in by_contact.items():
        pairs[stratum_of[contact]].append(_times(ratings))
    share = stratified([Stratum(Sums.of(pairs[name]), size) for name, size in strata.items()])
    marks = share.marks
    if found and not all(pairs.values()):
        # Weighed over the strata that were heard alone: the others are not in it.
        marks = (*marks, "strata_missing")
    agreed = alpha(_seconds(by_contact), is_interval=True)
    return {
        "rated": len(by_contact),
        "rated_twice": sum(len(ratings) > 1 for ratings in by_contact.values()),
        "useful_share": {**asdict(share), "marks": marks},
        "agreement": agreed,
        "is_low": agreed is not None and agreed < LOW_ALPHA,
        "codes": {axis: asdict(_coded(axis, by_contact)) for axis in RECODED},
    }


def _times(ratings: Sequence[Rated]) -> tuple[float, float]:
    """Return a contact's useful and whole seconds, the mean of its raters."""
    useful = sum((end - at) * share / 100 for one in ratings for at, end, _, share in one.parts)
    spent = sum(end - at for one in ratings for at, end, _, _ in one.parts)
    return useful / len(ratings) / SECOND_MS, spent / len(ratings) / SECOND_MS


def _seconds(by_contact: Mapping[str, Sequence[Rated]]) -> list[list[float | str]]:
    """Return, for each second that was rated, the share each rater found useful."""
    units: list[list[float | str]] = []
    for ratings in by_contact.values():
        seconds: dict[int, list[float | str]] = {}
        for one in ratings:
            parts = ((at, end, share) for at, end, _, share in one.parts)
            for second, share in by_second(parts).items():
                seconds.setdefault(second, []).append(share)
        units.extend(seconds.values())
    return units


def _coded(axis: str, by_contact: Mapping[str, Sequence[Rated]]) -> Estimate:
    """Return how far raters agree on the codes of an axis, beyond chance."""
    return kappa(
        [
            (one.codes[axis], other.codes[axis])
            for ratings in by_contact.values()
            for one, other in combinations(ratings, 2)
            if axis in one.codes and axis in other.codes
        ]
    )
