"""What a language model is shown of a session: less than a screen, and nothing that is sensitive.

It is made from the views that the API gives a bot; no text in it but what to do next is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.answers.yes_no import OPTIONS
from engine.evolve import ENDED
from engine.recap import HIDDEN
from runtime.channels.stop import OURS

Shown = dict[str, Any]

TOOL_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "answer": ("answer_step",),
    "acknowledge": ("go_on",),
    "none_of_these": ("none_fits",),
    "amend": ("see_answers", "preview_change", "change_answer"),
    "ask_human": ("hand_over",),
    "pause": ("pause_session",),
    "resume": ("resume_session",),
    "cancel": ("give_up",),
}
"""The tools that bring each command of a view."""

_VALUES: Final = ("offered", "suggested", "value", "default")


def step(view: Mapping[str, Any]) -> Shown:
    """Return where a session stands: what to say, what to ask, whose turn it is, what to do.

    What is somebody else's to answer is not shown as a question.
    """
    is_ours = view["status"] == "active" and not is_theirs(view)
    return {
        "session": view["session"],
        "version": view["version"],
        "status": view["status"],
        "outcome": view["outcome"],
        "journey": view["journey"]["title"],
        "language": view["language"],
        "incidents": incidents(view),
        "say": [_said(one) for one in view["say"]],
        "questions": [_question(field) for field in view["fields"]] if is_ours else [],
        "tools": _tools(view),
        "turn": view["goes_on"],
        "recap": view["recap"],
        "do": next_move(view),
    }


def incidents(view: Mapping[str, Any]) -> list[str]:
    """Return what is said of incidents now, in the words that somebody validated."""
    return [one["text"] for one in view["incidents"] if one["text"]]


def is_theirs(view: Mapping[str, Any]) -> bool:
    """Return whether an advisor or a robot has the session, or its step is an advisor's."""
    turn = view["goes_on"]
    return turn is not None and turn["what"] == "answer" and turn["by"] not in OURS


def answers(found: Mapping[str, Any]) -> Shown:
    """Return what has been answered, in the words of people: a sensitive answer is not shown."""
    return {
        "answers": [
            {name: one[name] for name in ("visit", "name", "label", "shown")}
            for one in found["items"]
        ]
    }


def preview(found: Mapping[str, Any]) -> Shown:
    """Return what a change would do, without the answers it touches."""
    named = ("pruned", "restored", "asked_again", "barriers")
    touched = {
        name: [{"visit": one["visit"], "step": one["step"]} for one in found[name]]
        for name in named
    }
    return {**found, **touched}


def refused(problem: Mapping[str, Any]) -> Shown:
    """Return a refusal with what to do about it; a view in it becomes the step."""
    said = {name: one for name, one in problem.items() if name not in {"type", "view"}}
    if "view" in problem:
        said["step"] = step(problem["view"])
    said["do"] = _AFTER.get(problem["code"], _REFUSED)
    return said


_AFTER: Final[Mapping[str, str]] = {
    "session.stale": "Nothing was recorded: somebody moved the session on. Decide again from "
    "`step` below, with its `version`.",
    "step.advisor-only": "An advisor has the session, or the step is theirs. Answer nothing in "
    "their stead; see_step shows whether hand_over may be called.",
    "session.waiting": "Nothing was recorded: it waits for something or somebody else. Call "
    "see_step.",
    "not-found": "There is no such thing, or it is not yours to see. Use the ids that "
    "start_journey and see_answers gave you, unchanged.",
    "journey.unknown": "Call find_journey, and start one of those it gives.",
    "idempotency.reused": "This `request` named another call before. Give this one another name.",
    "idempotency.running": "The same call is still under way. Send it again, unchanged, in a "
    "second.",
    "service.internal": "Send the same call again, unchanged. Where it lasts, tell the customer "
    "that it does not work at the moment.",
}
_REFUSED: Final = (
    "Nothing was recorded. `detail` and `errors` say what is wrong: put it right, by asking the "
    "customer where it is theirs to say, and call again. see_step shows which tools may be called."
)


def _tools(view: Mapping[str, Any]) -> list[str]:
    may = view["commands"]
    if is_theirs(view):
        may = [one for one in may if one == "ask_human"]
    return ["see_step", *(tool for one in may for tool in TOOL_OF.get(one, ()))]


def _said(said: Mapping[str, Any]) -> Shown:
    if said["text"] is None:
        return {"goal": said["goal"]}
    return {"text": said["text"], "verbatim": said["verbatim"]}


def _question(field: Mapping[str, Any]) -> Shown:
    """Return a question; of a sensitive one, that a value is there and not which."""
    hidden = HIDDEN if field["sensitive"] else None
    named = ("name", "type", "label", "help", "required", "sensitive", "valid", "form")
    shown = {name: field[name] for name in named}
    if field["known"] is not None:
        known = field["known"]
        shown["known"] = {"value": hidden or known["value"], "mode": known["mode"]}
    shown |= {name: hidden or field[name] for name in _VALUES if field[name] is not None}
    is_agreed = field["valid"].get("type") == "boolean"
    shown["options"] = [
        {"value": OPTIONS[one["id"]] if is_agreed else one["id"], "label": one["label"]}
        for one in field["options"]
    ]
    return {name: one for name, one in shown.items() if one not in (None, [], {})}


def next_move(view: Mapping[str, Any]) -> str:
    """Return what to do next, for a model to read."""
    status, turn, may = view["status"], view["goes_on"] or {}, view["commands"]
    if status in ENDED:
        return "It is over. Tell the customer what `say` holds, and call nothing more for it."
    if status == "paused":
        return "It is put down. Call resume_session when the customer comes back."
    if turn.get("what") == "accept":
        if turn["by"] in OURS:
            return "It is given back to you. Call resume_session, and go on from the recap."
        return (
            "An advisor is asked for. Tell the customer that somebody takes over with all they "
            "said, and answer nothing in their stead."
        )
    if status == "pending":
        return (
            "An action is under way. Promise nothing of its result; call see_step in a few seconds."
        )
    if status == "waiting":
        return "Nothing to do now: `turn` says what it waits for. Tell the customer what it says."
    if is_theirs(view):
        if "answer" not in may and "ask_human" in may:
            return "This step is an advisor's. Call hand_over, saying what the customer needs."
        return "An advisor has it. Answer nothing in their stead, and tell the customer so."
    return _our_move(view)


def _our_move(view: Mapping[str, Any]) -> str:
    moves = []
    if incidents(view):
        moves.append("Tell the customer each of `incidents` once, first, word for word.")
    moves.append(
        "Say what `say` holds: a `verbatim` text word for word, any other in the same meaning, a "
        "`goal` in your own words."
    )
    if not view["fields"]:
        return " ".join([*moves, "Then call go_on with this `version`."])
    moves.append("Ask the `questions`, then call answer_step with this `version`.")
    if any(field["known"] or field["offered"] is not None for field in view["fields"]):
        moves.append("What is `known` or `offered` is confirmed by the customer, not asked anew.")
    if any(field["type"] == "file" for field in view["fields"]):
        moves.append("You cannot send a file: leave it out, or hand over.")
    if "none_of_these" in view["commands"]:
        moves.append("Where nothing fits what they say: none_fits.")
    return " ".join(moves)
