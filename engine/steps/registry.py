"""Every step kind, one line each.

Schema, reference page, checks of targets and drawings follow from it.
"""

from __future__ import annotations

from engine.steps.approve import Approve
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.call import Call
from engine.steps.consult import Consult
from engine.steps.decide import Decide
from engine.steps.do import Do
from engine.steps.end import End
from engine.steps.goto_journey import GotoJourney
from engine.steps.say import Say
from engine.steps.transfer import Transfer
from engine.steps.wait import Wait

STEP_KINDS: dict[str, type[Step]] = {
    kind.KIND: kind
    for kind in (Say, Ask, Decide, Do, Call, GotoJourney, Transfer, Consult, Wait, Approve, End)
}
