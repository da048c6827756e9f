"""Commands on an action: asked for again, left for later, its late result taken after all."""

from __future__ import annotations

from engine.commands import Command
from engine.fate import fates, waited_for
from engine.handlers.stop import Handlers, current
from engine.places import Here
from engine.state import Effect
from engine.steps.do import Do
from engine.walk import Walk


def _open(walk: Walk, command: Command) -> tuple[Here, Do, Effect]:
    """Return the stop, its action and what was asked for, if it takes the command."""
    here = current(walk, command)
    visit = walk.state.visit(here.visit)
    effect = waited_for(walk.state, visit)
    if (
        not isinstance(here.step, Do)
        or effect is None
        or command.type not in fates(walk.state, here.step, visit)
    ):
        walk.refuse_command(command, here)
    return here, here.step, effect


def _retry(walk: Walk, command: Command) -> None:
    """Ask the system again, as another request: the one before was not carried out."""
    here, step, effect = _open(walk, command)
    step.request(walk, here, before=effect, inputs=effect.inputs)


def _later(walk: Walk, command: Command) -> None:
    """Go on without it: it ends behind talk, and is waited for where its result is read."""
    here, step, effect = _open(walk, command)
    walk.leave(here, "next", step.next, how="behind", source={"effect": effect.id})


def _use_result(walk: Walk, command: Command) -> None:
    """Take what the system answered after all, in place of doing it by hand."""
    here, step, effect = _open(walk, command)
    if effect.behind:
        # What it found was assigned, and coded, at its own place.
        walk.leave(here, "next", step.onward(here), how="succeeded")
        walk.came_back(here)
    else:
        step.succeed(walk, here, effect.result)


HANDLERS: Handlers = {"retry": _retry, "later": _later, "use_result": _use_result}
