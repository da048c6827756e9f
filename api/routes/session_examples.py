"""Examples of walking a session, for the OpenAPI document: a parcel that did not come."""

from __future__ import annotations

from typing import Any

from api.operations import Example

_SESSION = "ses_06k3v9r1d4zj5m2q8w7t0xbncs"

_VIEW: dict[str, Any] = {
    "session": _SESSION,
    "status": "active",
    "outcome": None,
    "version": 1,
    "journey": {"id": "livraison.suivi", "title": "Suivi de livraison"},
    "audience": "advisor",
    "language": "fr",
    "channel": "phone",
    "step": {
        "id": "colis", "kind": "ask", "title": "Retrouver le colis", "visit": 1, "run": "main",
        "journey": "livraison.suivi", "by_hand": False, "time": "analysis", "target_ms": 30_000,
    },
    "focus": None,
    "say": [
        {"visit": 1, "step": "colis", "text": "Quel est le numéro du colis ?", "goal": None,
         "verbatim": False},
    ],
    "do": None,
    "fields": [
        {
            "name": "numero", "type": "text", "label": "Numéro du colis", "help": None,
            "options": [], "required": True, "skippable": False, "sensitive": False, "known": None,
            "offered": None, "suggested": None, "value": None, "default": None,
            "valid": {"type": "string", "maxLength": 13}, "form": {"max_length": 13},
        },
    ],
    "commands": ["answer", "provide", "none_of_these", "hold", "pause", "note", "flag", "cancel"],
    "progress": {"done": 0, "left": 4, "share": 0.0},
    "codes": {"declaration": ["livraison.rien_recu"], "qualification": [], "action": []},
    "not_reached": [],
    "unsaid": ["qualification", "action"],
    "history": [],
    "history_left_out": 0,
    "pending": None,
    "wait": None,
    "pilot": None,
    "goes_on": {"by": "advisor", "what": "answer"},
    "recap": None,
    "transfer": None,
    "attention": [],
    "late": [],
    "offers_unused": [],
    "promises": [],
    "notes": 0,
    "held": False,
    "marks": [],
    "failure": None,
    "incidents": [],
}  # fmt: skip

START = (
    Example(
        summary="A customer calls: nothing arrived",
        request={
            "journey": "livraison.suivi",
            "channel": "phone",
            "language": "fr",
            "customer": {"phone": "+33612345678"},
            "words": "je n’ai rien reçu",
        },
        answer={"session": _SESSION, "view": _VIEW},
    ),
)
READ = (Example(summary="The first question", answer=_VIEW),)
COMMAND = (
    Example(
        summary="The parcel's number",
        request={"type": "answer", "step": "colis", "values": {"numero": "8J0123456789"}},
        answer={**_VIEW, "version": 2},
    ),
    Example(
        summary="A correction of the first visit's answer",
        request={"type": "amend", "visit": 1, "values": {"numero": "8J0123456780"}},
    ),
    Example(summary="A note, which needs no If-Match", request={"type": "note", "text": "…"}),
)
PREVIEW = (
    Example(
        summary="Another parcel",
        request={"visit": 1, "values": {"numero": "8J0123456780"}},
        answer={
            "allowed": True, "code": None, "message": None, "at": "colis", "outcome": None,
            "pruned": [], "restored": [], "asked_again": [], "effects": [], "barriers": [],
            "codes": {"declaration": [], "qualification": [], "action": []},
        },
    ),
)  # fmt: skip
