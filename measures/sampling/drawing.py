"""Which contacts are drawn: some of every stratum, by chance, and the same ones by the same seed.

Source: measures.md A3; W. G. Cochran, Sampling Techniques (1977), 5.5 (proportional allocation).
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LEAST: Final = 2
"""Contacts drawn of a stratum that has them: one alone says nothing of its own spread."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One contact of a sample, in the order it is to be listened to, and by how many listeners."""

    contact: str
    stratum: str
    raters: int


def allocate(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """Return how many to draw of each stratum: in proportion, two at least where there are two.

    What proportions leave over goes to the largest remainders; no stratum gives more than it has.
    """
    total = sum(sizes.values())
    if total <= size:
        return dict(sizes)
    ideal = {name: size * n / total for name, n in sizes.items()}
    taken = {name: min(n, max(min(LEAST, n), math.floor(ideal[name]))) for name, n in sizes.items()}
    wanting = sorted(sizes, key=lambda name: (math.floor(ideal[name]) - ideal[name], name))
    while (short := size - sum(taken.values())) > 0:
        for name in [one for one in wanting if taken[one] < sizes[one]][:short]:
            taken[name] += 1
    return taken


def draw(
    population: Mapping[str, Sequence[str]], *, size: int, twice: float, seed: int
) -> list[Drawn]:
    """Return a sample of the contacts of each stratum, shuffled.

    The same seed gives the same sample whatever the order the contacts come in. `twice` is the
    share of them, rounded up, that two listeners rate.
    """
    chance = random.Random(seed)  # noqa: S311 - a draw to be made again, not a secret
    wanted = allocate({name: len(listed) for name, listed in population.items()}, size)
    chosen = [
        (contact, name)
        for name in sorted(population)
        for contact in chance.sample(sorted(population[name]), wanted[name])
    ]
    chance.shuffle(chosen)
    doubled = math.ceil(twice * len(chosen))
    return [
        Drawn(contact, name, 2 if place < doubled else 1)
        for place, (contact, name) in enumerate(chosen)
    ]
