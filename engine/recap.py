"""What whoever takes a session over reads first: five lines, so that nobody is asked twice.

Source: experience.md 1, 14.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.events import Json
from engine.evolve import ENDED
from engine.localise import base, date, time_of_day
from engine.parts import AXES
from engine.recording import OWED
from engine.state import State, Visit
from engine.steps.do import Do
from engine.viewer import Viewer, asked

_HEADS = {
    "who": {"fr": "Qui", "en": "Who"},
    "declared": {"fr": "Déclaré", "en": "Declared"},
    "found": {"fr": "Trouvé", "en": "Found"},
    "done": {"fr": "Fait", "en": "Done"},
    "asked": {"fr": "À vous", "en": "Your turn"},
}
_NOTHING = {
    "who": {"fr": "client non identifié", "en": "customer not identified"},
    "declared": {"fr": "rien encore", "en": "nothing yet"},
    "found": {"fr": "rien encore", "en": "nothing yet"},
    "done": {"fr": "rien encore", "en": "nothing yet"},
    "asked": {"fr": "rien", "en": "nothing"},
}
_BY_HAND = {"fr": "à faire à la main : ", "en": "to be done by hand: "}
_PROMISED = {"fr": "promis : {what}", "en": "promised: {what}"}
_PROMISED_BY = {
    "fr": "promis pour le {day} à {time} : {what}",
    "en": "promised by {day}, {time}: {what}",
}
_PROMISED_AT = {
    "fr": "rendez-vous le {day} de {begins} à {time} : {what}",
    "en": "appointment on {day}, {begins} to {time}: {what}",
}
HIDDEN = "•••"
"""What stands in place of a sensitive value."""


def recap(look: Viewer) -> list[dict[str, Any]] | None:
    """Return the five lines `{what, label, text}`: who, declared, found, done, what is asked now.

    None unless the session has just been handed over, by a robot or by anybody else, and nobody
    has resolved anything since.
    """
    state = look.state
    if not state.handed or state.status in ENDED:
        return None
    language = base(look.language)
    codes = state.codes
    texts = {
        "who": _who(look),
        **{
            what: _labels(look, axis, codes[axis])
            for what, axis in zip(("declared", "found", "done"), AXES, strict=True)
        },
        "asked": [*_asked(look, language), *_promised(look, language)],
    }
    return [
        {
            "what": what,
            "label": head[language],
            "text": " · ".join(texts[what]) or _NOTHING[what][language],
        }
        for what, head in _HEADS.items()
    ]


def _who(look: Viewer) -> list[str]:
    """Return who the customer is: the session's inputs, what was said of them.

    Their reference, which tells nobody anything, stands where nothing else is known.
    """
    state = look.state
    found: list[str] = []
    inputs = look.library.journeys[state.journey].inputs
    for name, value in state.inputs.items():
        field = inputs.get(name)
        if field is not None and value is not None:
            shown = HIDDEN if field.sensitive else field.type.show(value, look.language, labels={})
            found.append(f"{look.text(field.label, None) or name} {shown}")
    for visit in state.path:
        if visit.values and visit.run in state.runs:
            found += [text for text in _personal(look, visit) if text not in found]
    return found or ([] if state.customer is None else [state.customer])


def _personal(look: Viewer, visit: Visit) -> list[str]:
    found = []
    for field in asked(look.walk.step(visit), visit):
        fact = look.library.facts.get(field.fact or "")
        value: Json = (visit.values or {}).get(field.name)
        if fact is not None and fact.holder == "customer" and value is not None:
            labels = {o.id: look.text(o.label, None) or o.id for o in field.options}
            shown = (
                HIDDEN if field.sensitive else field.type.show(value, look.language, labels=labels)
            )
            found.append(f"{look.text(field.label, None) or field.name} {shown}")
    return found


def _labels(look: Viewer, axis: str, codes: list[str]) -> list[str]:
    listed = look.library.codes.get(axis, {})
    return [
        (look.text(listed[code].label, None) or code) if code in listed else code for code in codes
    ]


def _asked(look: Viewer, language: str) -> list[str]:
    """Return what is to be done now: the step, and the questions that are still without answer."""
    current = look.state.current
    if current is None:
        return []
    here = look.walk.here(current)
    title = look.title(here.step, here)
    if isinstance(here.step, Do) and current.by_hand is not None:
        return [_BY_HAND[language] + title]
    labels = [
        look.text(field.label, here) or field.name
        for field in asked(here.step, current)
        if field.required
    ]
    return [title, *(label for label in labels if label != title)]


def _promised(look: Viewer, language: str) -> list[str]:
    """Return what is still owed to the customer, and by when."""
    zone = look.walk.env.zone
    said = []
    for promise in look.state.promises:
        if promise["state"] not in OWED:
            continue
        if promise["due"] is None:
            said.append(_PROMISED[language].format(what=promise["what"]))
            continue
        form = _PROMISED_BY if promise["begins"] is None else _PROMISED_AT
        begins, due = (
            datetime.fromtimestamp(at / 1_000, zone)
            for at in (promise["begins"] or promise["due"], promise["due"])
        )
        said.append(
            form[language].format(
                what=promise["what"],
                day=date(begins.date().isoformat(), look.language),
                begins=time_of_day(f"{begins:%H:%M}", look.language),
                time=time_of_day(f"{due:%H:%M}", look.language),
            )
        )
    return said


def goes_on(state: State, *, staffed: bool) -> dict[str, Any] | None:
    """Return whose turn it is: `{by, what}`; None once the session is over.

    `by` is a role, a team or a queue of one's own: `advisor`, `customer`, `bot`, `robot`,
    `connector`, `clock`, `event`. `what` is answer, accept, approve, resume, effect or wake.
    """
    if state.status in ENDED or state.status == "new":
        return None
    if state.status == "paused":
        return {"by": state.audience, "what": "resume"}
    if state.transfer is not None:
        return {"by": state.transfer[1], "what": "accept"}
    wait = state.wait
    if wait is not None and wait.what == "approval":
        return {"by": wait.name or "supervisor", "what": "approve"}
    if state.status == "pending":
        return {"by": "connector", "what": "effect"}
    if wait is not None:
        if wait.what == "call_back":
            return {"by": wait.then or "advisor", "what": "resume"}
        return {"by": "event" if wait.what == "event" else "clock", "what": "wake"}
    if state.pilot is not None:
        return {"by": "robot", "what": "answer"}
    return {"by": "advisor" if staffed else state.audience, "what": "answer"}
