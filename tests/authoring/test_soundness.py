"""What the checker lets through, the engine walks without tripping.

Libraries are made up as an expert might write them; those without errors are walked by actors who
do anything they may and systems that answer anything they may. `PARCOURS_SOUNDNESS=2000` makes so
many libraries instead of a few.
"""

from __future__ import annotations

import os
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.any_walk import Walker
from tests.support.written_libraries import checked_library

LIBRARIES = int(os.environ.get("PARCOURS_SOUNDNESS", "60"))
WALKS = 4
TURNS = 30


@settings(
    max_examples=LIBRARIES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(st.integers(0, 2**32 - 1))
def test_a_library_without_errors_never_trips_loses_its_way_or_leaves_a_hole(seed: int) -> None:
    loaded = checked_library(Random(seed))
    if loaded is None:
        return
    for walk in range(WALKS):
        walker = Walker(loaded, Random(f"{seed}/{walk}"))
        walker.begin("main")
        walker.walk(TURNS)


def test_most_made_libraries_are_without_errors_once_mended() -> None:
    made = [checked_library(Random(seed)) for seed in range(30)]

    assert sum(loaded is not None for loaded in made) >= 15
