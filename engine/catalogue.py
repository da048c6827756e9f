"""Every command: who may bring it, what it takes, and what it does in a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HUMANS = ("advisor", "customer", "bot", "supervisor")
EVERYONE = ("advisor", "customer", "bot", "robot", "supervisor")
STAFF = ("advisor", "supervisor")
ON_THE_LINE = (*STAFF, "system")
"""Who puts a customer on hold: a phone system reports it too, as the system."""
KEEPERS = ("contact", "resolution")
"""What keeps a promise by itself, where it says so: an answered outbound contact, or the end."""
TEXT = {"type": "string", "maxLength": 65_536}
SHORT = {"type": "string", "maxLength": 255}
VALUES = {"type": "object", "description": "answers by field name, in their JSON form"}
VISIT = {"type": "integer", "minimum": 1, "description": "a visit of the history"}
SWITCH = {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One command: who may bring it, whether `If-Match` guards it, and the fields of its body."""

    name: str
    roles: tuple[str, ...]
    doc: str
    guarded: bool = True
    required: tuple[str, ...] = ()
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    system: bool = False


SLOT = {
    "type": "string",
    "format": "date-time",
    "description": "when a free slot of the team `by` begins",
}
STEP = {**SHORT, "description": "the step it is meant for; refused when it is not the current one"}

COMMANDS: dict[str, CommandSpec] = {
    spec.name: spec
    for spec in (
        CommandSpec(
            "answer",
            EVERYONE,
            "Answer the current questions, or those of the visit in focus.",
            required=("values",),
            fields={"step": STEP, "values": VALUES},
        ),
        CommandSpec(
            "provide",
            EVERYONE,
            "Give answers in any order; each serves when its question is reached.",
            required=("values",),
            fields={"values": VALUES},
        ),
        CommandSpec(
            "autopilot",
            (*STAFF, "robot"),
            "Let the robot go on by itself until something only a person can give.",
            fields={"values": VALUES},
        ),
        CommandSpec(
            "acknowledge",
            HUMANS,
            "Go on past something that was said or shown.",
            fields={"step": STEP},
        ),
        CommandSpec(
            "skip",
            STAFF,
            "Leave an optional question unanswered.",
            fields={"step": STEP, "reason": SHORT, "fields": {"type": "array", "items": SHORT}},
        ),
        CommandSpec(
            "none_of_these",
            HUMANS,
            "Say that nothing offered fits.",
            fields={"step": STEP, "category": SHORT, "text": TEXT},
        ),
        CommandSpec(
            "back",
            HUMANS,
            "Look at the previous visit, or at a given one; removes nothing.",
            fields={"visit": VISIT},
        ),
        CommandSpec(
            "amend",
            HUMANS,
            "Change an earlier answer; what no longer follows is undone.",
            required=("visit", "values"),
            fields={
                "visit": VISIT,
                "values": VALUES,
                "effects": {"type": "object", "description": "effect id -> compensate or keep"},
            },
        ),
        CommandSpec(
            "digress",
            STAFF,
            "Open another journey and come back; `incident` says which one it is opened for.",
            required=("journey",),
            fields={"journey": SHORT, "incident": SHORT},
        ),
        CommandSpec("return", STAFF, "Come back from a digression before its end."),
        CommandSpec(
            "hold", ON_THE_LINE, "Put the customer on hold.", guarded=False, fields={"reason": TEXT}
        ),
        CommandSpec("unhold", ON_THE_LINE, "Take the customer back.", guarded=False),
        CommandSpec(
            "mark",
            ON_THE_LINE,
            "Say what time is spent on: searching, consulting, analysing, filler, wrap_up.",
            guarded=False,
            required=("mark",),
            fields={
                "mark": {"enum": ["searching", "consulting", "analysing", "filler", "wrap_up"]},
                "on": SWITCH,
            },
        ),
        CommandSpec(
            "consult",
            ON_THE_LINE,
            "Begin or end (`on: false`) a side call while the customer waits.",
            guarded=False,
            required=("team",),
            fields={"team": SHORT, "question": TEXT, "on": SWITCH},
        ),
        CommandSpec(
            "answer_consult",
            STAFF,
            "Take the side call a team was asked for, or decline it (`accept: false`), saying why.",
            guarded=False,
            fields={"accept": SWITCH, "reason": TEXT},
        ),
        CommandSpec(
            "transfer",
            STAFF,
            "Ask another team to take over, here.",
            required=("team",),
            fields={"team": SHORT, "reason": TEXT},
        ),
        CommandSpec(
            "hand_over",
            (*STAFF, "bot", "robot"),
            "Pass the session to another kind of actor.",
            fields={"to": {"enum": ["advisor", "customer", "bot"]}, "reason": TEXT},
        ),
        CommandSpec(
            "ask_human", ("customer", "bot"), "Ask for an advisor.", fields={"reason": TEXT}
        ),
        CommandSpec(
            "accept",
            STAFF,
            "Take a session that was transferred or handed over.",
            fields={"contact": SHORT, "channel": SHORT},
        ),
        CommandSpec("decline", STAFF, "Refuse a transfer.", fields={"reason": TEXT}),
        CommandSpec(
            "take_over",
            STAFF,
            "Do by hand what the robot is doing; or take the session from its actor.",
        ),
        CommandSpec(
            "retry",
            STAFF,
            "Have a system asked again that failed, in place of doing it by hand.",
            fields={"step": STEP},
        ),
        CommandSpec(
            "later",
            STAFF,
            "Go on without an action: it is waited for, or done by hand, where it is needed.",
            fields={"step": STEP},
        ),
        CommandSpec(
            "use_result",
            STAFF,
            "Take what the system answered since, in place of doing it by hand.",
            fields={"step": STEP},
        ),
        CommandSpec(
            "not_done",
            STAFF,
            "Say that an action could not be done by hand.",
            fields={"step": STEP, "reason": TEXT},
        ),
        CommandSpec(
            "approve",
            STAFF,
            "Accept or refuse (`accept: false`) what waits for an approval.",
            required=("accept",),
            fields={"accept": SWITCH, "reason": TEXT},
        ),
        CommandSpec(
            "promise",
            (*STAFF, "system"),
            "Promise something to the customer.",
            guarded=False,
            required=("what",),
            fields={
                "what": TEXT,
                "due": {"type": "string", "format": "date-time"},
                "by": SHORT,
                "kept_by": {"enum": list(KEEPERS)},
                "slot": SLOT,
            },
        ),
        CommandSpec(
            "move_promise",
            STAFF,
            "Have a promise take another slot, of its team or of another one.",
            guarded=False,
            required=("promise", "slot"),
            fields={
                "promise": {"type": "integer", "minimum": 1},
                "slot": SLOT,
                "by": SHORT,
            },
        ),
        CommandSpec(
            "follow_promise",
            (*STAFF, "system"),
            "Say what became of a promise: kept, broken or dropped, the last two with a reason.",
            guarded=False,
            required=("promise", "state"),
            fields={
                "promise": {"type": "integer", "minimum": 1},
                "state": {"enum": ["kept", "broken", "dropped"]},
                "reason": TEXT,
            },
        ),
        CommandSpec(
            "attach",
            STAFF,
            "Say which ticket the session belongs to: one of the customer's, or `new`.",
            required=("ticket",),
            fields={"ticket": SHORT},
        ),
        CommandSpec("pause", HUMANS, "Put the session down.", fields={"reason": TEXT}),
        CommandSpec(
            "resume",
            HUMANS,
            "Take it up again, maybe on another channel or in another contact.",
            fields={"channel": SHORT, "language": SHORT, "contact": SHORT},
        ),
        CommandSpec(
            "note",
            EVERYONE,
            "Write a note.",
            guarded=False,
            required=("text",),
            fields={"text": TEXT},
        ),
        CommandSpec(
            "flag",
            (*STAFF, "bot"),
            "Tell the author that something is wrong with a step.",
            guarded=False,
            required=("category",),
            fields={"category": SHORT, "text": TEXT, "visit": VISIT},
        ),
        CommandSpec(
            "finish",
            STAFF,
            "End the session here, when its journey has not come to an outcome.",
            fields={
                "outcome": {"enum": ["resolved", "unresolved", "abandoned", "refused"]},
                "reason": TEXT,
            },
        ),
        CommandSpec("cancel", HUMANS, "Give up the session.", fields={"reason": TEXT}),
        CommandSpec(
            "rewind",
            ("supervisor",),
            "Set the session back to an earlier visit, its answer asked again.",
            required=("visit",),
            fields={"visit": VISIT, "effects": {"type": "object"}},
        ),
        CommandSpec(
            "effect_result",
            (),
            "The result of a requested action.",
            guarded=False,
            system=True,
            required=("effect", "status"),
            fields={
                "effect": SHORT,
                "status": {"enum": ["succeeded", "refused", "failed", "unknown", "closed"]},
                "reason": TEXT,
                "result": {},
            },
        ),
        CommandSpec(
            "wake",
            (),
            "A timer came due, or an awaited event arrived.",
            guarded=False,
            system=True,
            required=("wait",),
            fields={"wait": SHORT, "timeout": SWITCH, "event": {}},
        ),
        CommandSpec(
            "promise_news",
            (),
            "A promise's time comes or has passed, or a contact or another session kept it.",
            guarded=False,
            system=True,
            required=("promise", "state"),
            fields={
                "promise": {"type": "integer", "minimum": 1},
                "state": {"enum": ["soon", "overdue", "contact", "resolution"]},
            },
        ),
        CommandSpec(
            "pass_on",
            (),
            "Nobody of the team asked answered in time: ask another one.",
            guarded=False,
            system=True,
            required=("team", "was", "after_ms"),
            fields={"team": SHORT, "was": SHORT, "after_ms": {"type": "integer", "minimum": 0}},
        ),
        CommandSpec("expire", (), "The session was left too long.", guarded=False, system=True),
    )
}
