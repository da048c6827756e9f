"""The questions that are asked most: every figure of all there is, and of steps each step's."""

from __future__ import annotations

from measures.asking.answer import wanted_of
from measures.asking.periods import LAST
from measures.cut import Parted
from measures.policy import Policy
from measures.registry import MEASURES
from measures.sweep import prepare


def usual_questions(facts: Parted, *, now: int) -> None:
    """Have facts keep what their files come to for each of them."""
    for measure in MEASURES.values():
        if measure.is_money or measure.needs_map:
            # What things cost is the library's to say, and which codes say the same.
            continue
        cut = measure.cut(
            since=0, until=LAST, filters="TRUE", settings={}, now=now, policy=Policy()
        )
        if cut.lasting is None:
            continue
        prepare(facts, cut, wanted_of(measure))
        if measure.table == "visit":
            prepare(facts, cut.grouped("step"), wanted_of(measure))
