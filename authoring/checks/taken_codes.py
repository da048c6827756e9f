"""Every code a journey takes, and where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from authoring.checks.reads import Keys
from engine.model import Code
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.decide import Decide

KEY = {"declaration": "declares", "qualification": "qualifies", "action": "acts"}


class Taken(NamedTuple):
    """A code taken by a step, an option or a rule, with the keys that lead to it."""

    code: Code
    keys: Keys


def taken(step: Step) -> Iterator[Taken]:
    """Yield the codes of a step, its options and its rules."""
    yield from (Taken(code, (KEY[code.axis],)) for code in step.codes)
    if isinstance(step, Ask):
        for question in step.questions:
            if question.options_from is not None:
                continue
            for place, option in enumerate(question.options):
                where: Keys = (option.id,) if question.type.name == "yes_no" else ("options", place)
                for code in option.codes:
                    yield Taken(code, ("ask", question.name, *where, KEY[code.axis]))
    if isinstance(step, Decide):
        for place, rule in enumerate(step.rules):
            yield from (Taken(code, ("decide", place, KEY[code.axis])) for code in rule.codes)
        for row in step.table.rows if step.table is not None else ():
            yield from (Taken(code, ("decide",)) for code in row.codes)
