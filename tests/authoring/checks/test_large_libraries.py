"""However long a journey or a chain of them, checking neither recurses nor starts over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authoring.check import check
from authoring.checks import solve
from authoring.checks.components import circles
from authoring.checks.survey import Survey
from authoring.load import load
from engine.walk import DEPTH_BOUND
from tests.authoring.checks.golden import files_with_defaults

if TYPE_CHECKING:
    from collections.abc import Iterator

CHAIN = 1_200


def test_a_journey_of_thousands_of_steps_is_checked_in_a_few_passes() -> None:
    steps = "".join(f'  - {{id: s{at}, say: "{{v}}"}}\n' for at in range(4_000))
    text = (
        "parcours: 1\njourney: case\ntitle: Cas\nstart: false\nsteps:\n"
        f'  - {{id: v, say: "Et ?", ask: {{v: text}}}}\n{steps}  - {{id: solved, end: resolved}}\n'
    )
    loaded = load(files_with_defaults({"journeys/case.yaml": text}))

    assert check(loaded) == []


@pytest.mark.parametrize("verb", ["call", "goto_journey"])
def test_a_long_chain_of_journeys_is_checked_without_recursion(verb: str) -> None:
    files = {
        f"journeys/j{at}.yaml": f"parcours: 1\njourney: j{at}\ntitle: J\nstart: false\nsteps:\n"
        + (f"  - {{id: go, {verb}: j{at + 1}}}\n" if at + 1 < CHAIN else "")
        + ("  - {id: solved, end: resolved}\n" if verb == "call" or at + 1 == CHAIN else "")
        for at in range(CHAIN)
    }
    loaded = load(files_with_defaults(files))

    errors = [one for one in check(loaded) if one.severity == "error"]
    assert [(one.code, one.file) for one in errors] == [
        ("graph.call-depth", f"journeys/j{CHAIN - DEPTH_BOUND - 1}.yaml")
    ]


def test_a_straight_journey_needs_two_passes_at_most() -> None:
    text = (
        "parcours: 1\njourney: case\ntitle: Cas\nstart: false\nsteps:\n"
        + "".join(f"  - {{id: s{at}, say: Bien.}}\n" for at in range(300))
        + "  - {id: solved, end: resolved}\n"
    )
    loaded = load(files_with_defaults({"journeys/case.yaml": text}))
    assert loaded.library is not None
    flow = Survey(loaded, loaded.library).subject("case").flow
    passes = []

    class Counted(list[int]):
        def __iter__(self) -> Iterator[int]:
            passes.append(1)
            return super().__iter__()

    flow.order = Counted(flow.order)
    subject = Survey(loaded, loaded.library).subject("case")
    gained = solve.gains(flow, subject.names, subject.reads, by_hand=False)
    solve.surely(flow, gained, at_start=0, everything=subject.names.all)

    assert len(passes) <= 2


def test_circles_are_found_whatever_their_length() -> None:
    long = {at: [at + 1] for at in range(50_000)} | {50_000: [0]}

    assert len(circles(long)) == 1
    assert circles({0: [1], 1: [2], 2: []}) == []
    assert circles({0: [0], 1: [2], 2: [1], 3: []}) == [[0], [1, 2]]
