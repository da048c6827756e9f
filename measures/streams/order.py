"""In which order the steps of many walks stand: as they were walked, whichever way each took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def walk_order(following: Mapping[tuple[T, T], int], places: Mapping[T, float]) -> list[T]:
    """Return steps so that what came before another in most walks stands before it.

    Args:
        following: how many walks went from the first to the second of a pair.
        places: at which place a step came on average; it decides where nothing else does, and
            where walks go round in a circle.
    """
    before: dict[T, set[T]] = {one: set() for one in places}
    for (one, other), walks in following.items():
        if walks > following.get((other, one), 0):
            before[other].add(one)
    made: list[T] = []
    left = sorted(places, key=lambda one: (places[one], repr(one)))
    while left:
        waiting = set(left)
        taken = next((one for one in left if not before[one] & waiting), left[0])
        left.remove(taken)
        made.append(taken)
    return made
