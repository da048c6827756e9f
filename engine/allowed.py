"""The commands that may be brought now."""

from __future__ import annotations

from functools import lru_cache

from engine.commands import COMMANDS, STAFF
from engine.evolve import AMENDABLE, BY_STAFF, ENDED, PEOPLE
from engine.fate import fates
from engine.model import Library
from engine.recording import OWED
from engine.side_calls import side_call
from engine.state import State
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.do import Do


def commands(library: Library, state: State, step: Step | None, *, role: str) -> list[str]:
    """Return the commands that may be brought now by a role, as a person would list them."""
    allowed = {"note", "flag", "promise"}
    if state.promises:
        allowed.add("follow_promise")
    if any(one["begins"] is not None and one["state"] in OWED for one in state.promises):
        allowed.add("move_promise")
    status = state.status
    if status not in ENDED:
        allowed |= {"cancel"}
        if status == "paused":
            allowed |= {"resume", "take_over"}
        else:
            allowed |= {
                "pause",
                "attach",
                "finish",
                "provide",
                "hold",
                "unhold",
                "mark",
                "consult",
                "rewind",
                "take_over",
            }
            allowed |= {"accept", "decline"} if state.transfer is not None else set()
            call = side_call(state)
            if call is not None and call["accepted"] is None:
                allowed.add("answer_consult")
            if any(v.how in PEOPLE for v in state.path):
                allowed.add("back")
            if state.tripped is None and any(v.how in _amendable(role) for v in state.path):
                allowed.add("amend")
            if state.wait is not None and state.wait.what == "approval":
                allowed.add("approve")
            handed = state.transfer is not None and state.transfer[:2] == ("hand_over", role)
            if handed or (state.wait is not None and state.wait.what == "call_back"):
                allowed.add("resume")
            if status in ("active", "pending") and state.focus is None and state.pilot is None:
                allowed.add("autopilot")
            if status == "waiting" and handed and role == "robot":
                allowed.add("autopilot")
            if isinstance(step, Do) and state.current is not None:
                allowed |= fates(state, step, state.current)
            if status == "active" and step is not None:
                allowed |= {"transfer", "hand_over", "ask_human"} | _at(state, step)
                if role not in STAFF and _staffed(state, step):
                    # What an advisor does is nobody else's to answer; one may come back from it.
                    allowed -= _at(state, step) - ({"acknowledge"} if state.focus else set())
                if library.digressions:
                    allowed.add("digress")
                if any(
                    run.mode == "digression" and run.id in state.stack
                    for run in state.runs.values()
                ):
                    allowed.add("return")
    allowed.discard("unhold" if not state.held else "hold")
    return list(_listed(frozenset(allowed), role))


@lru_cache(maxsize=1024)
def _listed(allowed: frozenset[str], role: str) -> tuple[str, ...]:
    """Return those of some commands that a role may bring, in their order: few sets ever differ."""
    return tuple(name for name, spec in COMMANDS.items() if name in allowed and role in spec.roles)


_FOR_OTHERS = tuple(how for how in AMENDABLE if how not in BY_STAFF)


def _amendable(role: str) -> tuple[str, ...]:
    return AMENDABLE if role in STAFF else _FOR_OTHERS


def _staffed(state: State, step: Step) -> bool:
    at = state.focus or (state.current.id if state.current is not None else None)
    return at is not None and step.staffed(state.visit(at))


def _at(state: State, step: Step) -> set[str]:
    """Return what the open step itself takes."""
    if state.focus is not None:
        # Answering what is looked back at is an amend, which a failure forbids.
        return {"acknowledge"} if state.tripped is not None else {"answer", "acknowledge"}
    if isinstance(step, Ask):
        fits = {"none_of_these"} if step.none is not False else set()
        optional = all(q.skippable or not q.required for q in step.questions)
        return {"answer"} | fits | ({"skip"} if optional or fits else set())
    if isinstance(step, Do):
        undone = {"not_done"} if step.not_done is not None or "else" in step.refused else set()
        return {"answer", "acknowledge"} | undone
    if step.KIND == "consult":
        return {"answer", "acknowledge"}
    return {"acknowledge"} if step.KIND == "say" else set()
