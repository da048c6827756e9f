"""What the OpenAPI document names once: the shapes of bodies and answers, and how one comes in."""

from __future__ import annotations

from typing import Any

import msgspec

from api.browsers import COOKIE
from api.operations import Operation
from api.people import CALL_REPORT, CALL_WORDS, PREFERENCES
from api.problems import URN
from api.refusals import PROBLEMS
from api.schemas import COMPONENTS, command_schemas

REFERENCE = "#/components/schemas/{name}"

Json = dict[str, Any]

SECURITY: Json = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key, pk_…"},
    "persona": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Parcours-Actor",
        "description": "Development mode only, e.g. advisor:ana.",
    },
    "console": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "A browser's sign-in. What changes something must then come "
        "from our own origin, with X-Parcours-Console: 1.",
    },
}


def schemas(operations: list[Operation]) -> Json:
    """Return the JSON Schema of every shape the operations bring and give, by name."""
    shapes = [
        shape
        for operation in operations
        for shape in (operation.body, operation.answer)
        if isinstance(shape, type)
    ]
    _, made = msgspec.json.schema_components(
        [*dict.fromkeys(shapes), *COMPONENTS], ref_template=REFERENCE
    )
    written = {
        "CallReport": CALL_REPORT,
        "CallWords": CALL_WORDS,
        "Message": _MESSAGE,
        "Preferences": PREFERENCES,
        "Problem": _problem_schema(),
    }
    return dict(sorted({**made, **command_schemas(), **written}.items()))


_MESSAGE: Json = {"description": "What a system sends, in its own form.", "examples": [{}]}


def _problem_schema() -> Json:
    text = {"type": "string"}
    return {
        "type": "object",
        "description": "RFC 9457. `code` is stable; texts are in the request's language.",
        "required": ["type", "title", "status", "detail", "code", "trace_id"],
        "properties": {
            "type": {**text, "description": f"{URN}<code>"},
            "title": text,
            "status": {"type": "integer"},
            "detail": {**text, "description": "what to do"},
            "code": {**text, "examples": sorted(PROBLEMS)},
            "trace_id": text,
            "errors": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "required": ["code", "message"],
                    "properties": {"code": text, "message": text, "allowed": {}},
                },
            },
            "params": {"type": "object"},
            "view": {"$ref": REFERENCE.format(name="View")},
            "findings": {"type": "array", "items": {"type": "object"}},
        },
    }
