"""The questions that are asked most: every figure of all there is, and of steps each step's."""

from __future__ import annotations

from measures.asking.answer import wanted_of
from measures.asking.periods import LAST
from measures.cut import Reader
from measures.policy import Policy
from measures.registry import MEASURES
from measures.sweep import sweep


def usual_questions(facts: Reader, *, now: int) -> None:
    """Ask them of facts, so that a reader which keeps sums has those of its files ready."""
    for measure in MEASURES.values():
        cut = measure.cut(
            since=0, until=LAST, filters="TRUE", settings={}, now=now, policy=Policy()
        )
        if cut.lasting is None:
            continue
        sweep(facts, cut, wanted_of(measure))
        if measure.table == "visit":
            sweep(facts, cut.grouped("step"), wanted_of(measure))
