"""Logistic regression: the numbers of others, to the last digits; where there is none."""

from __future__ import annotations

import math
import random

import pytest

from measures.statistics.logistic import Case, logistic

LAUNCHES = (
    (66, 0), (70, 1), (69, 0), (68, 0), (67, 0), (72, 0), (73, 0), (70, 0), (57, 1), (63, 1),
    (70, 1), (78, 0), (67, 0), (53, 1), (67, 0), (75, 0), (70, 0), (81, 0), (76, 0), (79, 0),
    (75, 1), (76, 0), (58, 1),
)  # fmt: skip
"""Degrees Fahrenheit, and whether a ring of the shuttle was damaged: S. Dalal, E. Fowlkes and
B. Hoadley, J. American Statistical Association 84 (1989)."""


def test_a_regression_gives_the_published_coefficient_of_the_shuttles_rings() -> None:
    cases = [Case("", place, (float(at),), bool(so)) for place, (at, so) in enumerate(LAUNCHES)]

    found = logistic(cases)

    assert found.coefficients == pytest.approx((-0.2322,), abs=5e-5)
    # statsmodels 0.15, Logit with HC0, times the root of 23/22.
    assert found.se == pytest.approx((0.09277515922257647,), abs=1e-12)


def answers() -> list[Case]:
    """Return answers of a made-up survey: four motives, twenty-five advisors, three factors."""
    chance, made = random.Random(2024), []
    lifts = {"a": 0.2, "b": -0.3, "c": 0.8, "d": -1.0}
    for _ in range(600):
        motive, advisor = chance.choice("aabbbccd"), chance.randrange(25)
        x = (
            float(chance.random() < 0.6),
            round(chance.uniform(1, 9), 3),
            round(chance.gauss(8, 1.2), 3),
        )
        eta = lifts[motive] + (advisor % 5 - 2) * 0.3
        eta += 0.9 * (x[0] - 0.6) + 0.15 * (x[1] - 5) - 0.35 * (x[2] - 8)
        made.append(Case(motive, advisor, x, chance.random() < 1 / (1 + math.exp(-eta))))
    return made


def test_a_regression_of_several_factors_is_that_of_another_program() -> None:
    found = logistic(answers())

    # statsmodels 0.15: Logit with a column for each motive; cov_type="cluster" without its own
    # correction, times the root of 25/24.
    assert found.clusters == 25
    assert found.coefficients == pytest.approx(
        (0.7545166241097789, 0.17785483676122213, -0.31410291230008397), abs=1e-12
    )
    assert found.se == pytest.approx(
        (0.20326227320057647, 0.042300547784159676, 0.05935992933137404), abs=1e-12
    )


def test_a_factor_in_other_units_has_the_same_odds_in_its_own() -> None:
    other = [Case(one.stratum, one.cluster, (one.x[0], 1000 * one.x[1] + 7, one.x[2]), one.is_so)
             for one in answers()]  # fmt: skip

    here, there = logistic(answers()), logistic(other)

    assert there.coefficients[1] * 1000 == pytest.approx(here.coefficients[1])
    assert here.se is not None
    assert there.se is not None
    assert there.se[1] * 1000 == pytest.approx(here.se[1])


def test_what_tells_all_apart_or_follows_from_others_has_no_coefficient() -> None:
    apart = [Case("", n, (float(n),), n >= 10) for n in range(20)]
    nearly = [Case("", n, (float(n % 2), float(n % 3)), n % 6 == 0) for n in range(60)]
    twice = [Case("", n, (float(n % 3), 2.0 * (n % 3)), n % 2 == 0) for n in range(20)]
    alone = [Case("", "", (float(n % 3),), n % 2 == 0) for n in range(20)]

    assert [logistic(one).reason for one in (apart, nearly, twice)] == [
        "separated", "separated", "collinear",
    ]  # fmt: skip
    assert (logistic(alone).se, logistic(alone).reason) == (None, None)
