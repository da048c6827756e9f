"""A logistic regression with an intercept for each stratum, and errors clustered.

Maximum likelihood by Newton's method (the same as iteratively reweighted least squares), strata
eliminated block by block, so that a thousand of them cost no more than one. Source: P. McCullagh
and J. Nelder, Generalized Linear Models (1989), 4.4; for the variance of clusters (the sandwich)
K.-Y. Liang and S. Zeger, Biometrika 73 (1986), with the factor G/(G − 1).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

MOST_STEPS: Final = 50
"""Steps beyond which nothing converges: the likelihood has no greatest value (separation)."""
_NEAR: Final = 1e-9
_SINGULAR: Final = 1e-9
_LONGEST: Final = 4.0

Matrix = list[list[float]]


@dataclass(frozen=True, slots=True)
class Case:
    """One observation: its stratum, its cluster, its factors, and whether it is so."""

    stratum: Hashable
    cluster: Hashable
    x: tuple[float, ...]
    is_so: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """What was found: a coefficient for each factor, with its standard error; or why there is none.

    `se` is None of fewer than two clusters. `reason`: `separated` where a factor tells all cases
    apart, `collinear` where one factor follows from others.
    """

    coefficients: tuple[float, ...] = ()
    se: tuple[float, ...] | None = None
    clusters: int = 0
    reason: str | None = None


def logistic(cases: Sequence[Case]) -> Fit:
    """Return the log odds ratio of each factor, all at once, within strata.

    Every stratum must hold cases that are so and cases that are not, every factor must vary within
    one of them: others say nothing of a factor.
    """
    fitted = _Fitted(cases)
    for step in range(MOST_STEPS):
        moved = fitted.step()
        if moved is None:
            return Fit(reason="separated" if step else "collinear")
        if moved < _NEAR:
            return fitted.found()
    return Fit(reason="separated")


class _Fitted:
    """Where the iteration stands; factors are centred and scaled so that steps compare."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases
        columns = list(zip(*(one.x for one in cases), strict=True))
        means = [math.fsum(one) / len(one) for one in columns]
        self._scales = [
            math.sqrt(math.fsum((value - mean) ** 2 for value in one) / len(one)) or 1.0
            for one, mean in zip(columns, means, strict=True)
        ]
        self._x = [
            [(value - mean) / scale for value, mean, scale in zip(
                one.x, means, self._scales, strict=True)]
            for one in cases
        ]  # fmt: skip
        self._beta = [0.0] * len(columns)
        self._alpha: dict[Hashable, float] = {one.stratum: 0.0 for one in cases}

    def step(self) -> float | None:
        """Take Newton's step; return by how much it moved, None where it cannot be taken."""
        k = len(self._beta)
        by_stratum = {one: [0.0] * (2 + k) for one in self._alpha}
        hessian, score = [[0.0] * k for _ in range(k)], [0.0] * k
        for case, x in zip(self._cases, self._x, strict=True):
            weight, rest = self._weighed(case, x)
            sums = by_stratum[case.stratum]
            sums[0] += weight
            sums[1] += rest
            for i, value in enumerate(x):
                sums[2 + i] += weight * value
                score[i] += rest * value
                row, part = hessian[i], weight * value
                for j in range(i + 1):
                    row[j] += part * x[j]
        self._eliminate(hessian, score, by_stratum)
        inverse = _inverse(hessian, len(self._cases))
        if inverse is None or any(not sums[0] for sums in by_stratum.values()):
            return None
        change = [math.fsum(map(_times, row, score)) for row in inverse]
        shifts = {
            stratum: (rest - math.fsum(map(_times, crossed, change))) / weight
            for stratum, (weight, rest, *crossed) in by_stratum.items()
        }
        moved = max(map(abs, (*change, *shifts.values())))
        # From afar Newton's step may go too far: it keeps its direction, and not its length.
        part = min(1.0, _LONGEST / moved) if moved else 1.0
        self._beta = [one + part * by for one, by in zip(self._beta, change, strict=True)]
        for stratum, by in shifts.items():
            self._alpha[stratum] += part * by
        return moved

    def _weighed(self, case: Case, x: Sequence[float]) -> tuple[float, float]:
        """Return a case's weight p(1 − p), and what is left of it: 0 or 1, less p."""
        eta = self._alpha[case.stratum]
        for one, beta in zip(x, self._beta, strict=True):
            eta += one * beta
        # Beyond, p is 0 or 1 as far as a double can tell.
        p = 1 / (1 + math.exp(-min(max(eta, -36.0), 36.0)))
        return p * (1 - p), case.is_so - p

    @staticmethod
    def _eliminate(
        hessian: Matrix, score: list[float], by_stratum: dict[Hashable, list[float]]
    ) -> None:
        """Take the strata's intercepts out of the equations (Schur complement)."""
        k = len(score)
        for weight, rest, *crossed in by_stratum.values():
            if not weight:
                continue
            for i in range(k):
                score[i] -= crossed[i] * rest / weight
                for j in range(i + 1):
                    hessian[i][j] -= crossed[i] * crossed[j] / weight
        for i in range(k):
            for j in range(i):
                hessian[j][i] = hessian[i][j]

    def found(self) -> Fit:
        """Return the coefficients in the factors' own units, with errors clustered."""
        k = len(self._beta)
        weights = {one: [0.0] * (1 + k) for one in self._alpha}
        hessian = [[0.0] * k for _ in range(k)]
        known = [self._weighed(*one) for one in zip(self._cases, self._x, strict=True)]
        for case, x, (weight, _) in zip(self._cases, self._x, known, strict=True):
            sums = weights[case.stratum]
            sums[0] += weight
            for i, value in enumerate(x):
                sums[1 + i] += weight * value
        scores: dict[Hashable, list[float]] = {}
        for case, x, (weight, rest) in zip(self._cases, self._x, known, strict=True):
            whole, *crossed = weights[case.stratum]
            own = [value - one / whole for value, one in zip(x, crossed, strict=True)]
            sums = scores.setdefault(case.cluster, [0.0] * k)
            for i, value in enumerate(own):
                sums[i] += rest * value
                for j in range(k):
                    hessian[i][j] += weight * value * own[j]
        inverse = _inverse(hessian, len(self._cases))
        if inverse is None:
            return Fit(reason="separated")
        groups = len(scores)
        values = tuple(b / s for b, s in zip(self._beta, self._scales, strict=True))
        if groups < 2:
            return Fit(values, None, groups)
        se = []
        for row, scale in zip(inverse, self._scales, strict=True):
            parts = (math.fsum(map(_times, row, sums)) ** 2 for sums in scores.values())
            se.append(math.sqrt(groups / (groups - 1) * math.fsum(parts)) / scale)
        return Fit(values, tuple(se), groups)


def _times(one: float, other: float) -> float:
    return one * other


def _inverse(matrix: Matrix, n: int) -> Matrix | None:
    """Return the inverse of a small matrix (Gauss and Jordan); None where there is none."""
    k = len(matrix)
    rows = [[*row, *(float(i == j) for j in range(k))] for i, row in enumerate(matrix)]
    for at in range(k):
        pivot = max(range(at, k), key=lambda one: abs(rows[one][at]))
        if abs(rows[pivot][at]) < _SINGULAR * n:
            return None
        rows[at], rows[pivot] = rows[pivot], rows[at]
        first = rows[at][at]
        rows[at] = [value / first for value in rows[at]]
        for other in range(k):
            factor = rows[other][at]
            if other != at and factor:
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
    return [row[k:] for row in rows]
