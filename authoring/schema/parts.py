"""The parts that several files of a library are made of, as JSON Schema.

Wording, names, fields, steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.answers import ANSWER_TYPES
from engine.catalogue import KEEPERS
from engine.reuse import MODES
from engine.steps.registry import STEP_KINDS

Schema = dict[str, Any]

TIME_CLASSES = (
    "useful",
    "identification",
    "lookup",
    "analysis",
    "procedure",
    "hold",
    "transfer",
    "repetition",
    "robot_wait",
    "masked",
    "after_call",
)
CHANNELS = ("phone", "email", "chat", "web", "sms", "social", "counter", "post", "internal")
LANGUAGE_VERSION = 1


def ref(name: str) -> Schema:
    """Return a reference to a shared part."""
    return {"$ref": f"#/$defs/{name}"}


def obj(properties: Mapping[str, Schema], *required: str, **more: Any) -> Schema:
    """Return the schema of a mapping with these keys and no others."""
    schema: Schema = {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
        **more,
    }
    if required:
        schema["required"] = list(required)
    return schema


def map_of(value: Schema, *, names: str | None = None) -> Schema:
    """Return the schema of a mapping with free keys."""
    schema: Schema = {"type": "object", "additionalProperties": value}
    if names is not None:
        schema["propertyNames"] = ref(names)
    return schema


def list_of(item: Schema, **more: Any) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item, **more}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
CODES: Schema = {"anyOf": [ref("code"), list_of(ref("code"))]}
CODING: dict[str, Schema] = {"declares": CODES, "qualifies": ref("qualifies"), "acts": CODES}
ROUTE: dict[str, Schema] = {"next": ref("stepId"), **CODING}

STEP_KEYS: dict[str, Schema] = {
    "id": ref("stepId"),
    "title": ref("text"),
    "say": ref("text"),
    **CODING,
    "time": {"enum": list(TIME_CLASSES)},
    "target": ref("duration"),
    "when": ref("expression"),
    "else": ref("stepId"),
    "requires": {"anyOf": [ref("expression"), obj({"role": TEXT}, "role")]},
    "next": ref("stepId"),
    "sensitive": FLAG,
    "barrier": FLAG,
    "again": {"type": "integer", "minimum": 1, "maximum": 1000},
    "otherwise": ref("stepId"),
    "prevents": ref("code"),
    "promise": ref("promise"),
    "keeps": ref("stepId"),
    "offer": ref("code"),
    "tags": list_of(TEXT),
}
"""The keys any step may carry."""

FIELD_KEYS: dict[str, Schema] = {
    "label": ref("text"),
    "help": ref("text"),
    "required": FLAG,
    "valid": {"anyOf": [ref("valid"), list_of(ref("valid"))]},
    "known": {"enum": list(MODES)},
    "fact": ref("dotted"),
    "default": {},
    "sensitive": FLAG,
}
"""The keys a field of any answer type may carry."""

OPTIONS: Schema = {
    "anyOf": [
        list_of({"anyOf": [ref("optionId"), ref("option")]}, minItems=1),
        obj(
            {"from": ref("expression"), "id": ref("name"), "label": ref("name")},
            "from",
            "id",
            "label",
        ),
        obj(
            {
                "codes": {"enum": ["declarations", "qualifications", "actions"]},
                "under": ref("code"),
            },
            "codes",
        ),
    ]
}
YES_NO: Schema = obj({"label": ref("text"), **ROUTE})

OWN_SETTINGS: dict[str, dict[str, Schema]] = {
    "choice": {"options": OPTIONS},
    "multiple": {"options": OPTIONS},
    "yes_no": {"yes": YES_NO, "no": YES_NO},
    "group": {"fields": ref("fields")},
    "consent": {"text": ref("text")},
}
"""Settings whose spelling is the library's rather than the engine's.

They hold wording, routes, or further fields.
"""


def _field(type_name: str) -> Schema:
    own = OWN_SETTINGS.get(type_name, {})
    settings = {key: dict(value) for key, value in ANSWER_TYPES[type_name].settings.items()} | own
    required = [key for key in ("options",) if key in own] + [
        key for key in ("fields",) if key in own
    ]
    return obj({"type": {"const": type_name}, **settings, **FIELD_KEYS}, "type", *required)


def _step(kind: str, key: str) -> Schema:
    own = {name: dict(value) for name, value in STEP_KINDS[kind].SCHEMA.items()}
    return obj({**STEP_KEYS, **own}, key)


def value_types() -> list[Schema]:
    """Return the schemas of the types an operation's values may have beside the answer types."""
    shared = {key: FIELD_KEYS[key] for key in ("label", "required", "sensitive")}
    return [
        obj({"type": {"const": "list"}, "of": ref("valueType"), **shared}, "type", "of"),
        obj(
            {
                "type": {"const": "record"},
                "fields": map_of(ref("valueType"), names="name"),
                **shared,
            },
            "type",
            "fields",
        ),
    ]


def parts() -> dict[str, Schema]:
    """Return the shared parts by name: what `#/$defs/…` stands for in every file's schema."""
    short = [name for name in ANSWER_TYPES if name not in {"choice", "multiple", "group"}]
    fields = {f"field_{name}": _field(name) for name in ANSWER_TYPES}
    steps = {f"step_{kind}": _step(kind, kind) for kind in STEP_KINDS} | {
        "step_goal": _step("say", "goal")
    }
    return {
        "text": {
            "description": "text: alone, by language, by audience, or by length",
            "anyOf": [
                TEXT,
                {"type": "object", "minProperties": 1, "additionalProperties": ref("text")},
            ],
        },
        "expression": {"description": "an expression", "type": ["string", "number", "boolean"]},
        "name": {
            "description": "a name (letters, digits and _, not beginning with a digit)",
            "type": "string",
            "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
        },
        "dotted": {
            "description": "a name, or names joined by dots",
            "type": "string",
            "pattern": r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$",
        },
        "stepId": {
            "description": "the id of a step (letters, digits, _ - and ?)",
            "type": "string",
            "pattern": "^[A-Za-z0-9_?-]{1,128}$",
        },
        "optionId": {
            "description": "the id of an option (no spaces around it)",
            "type": "string",
            "pattern": r"^[^\s](.{0,126}[^\s])?$",
        },
        "code": _dotted_id("a code, or an id (letters, digits, _ - and ?, parts joined by dots)"),
        "journeyId": _dotted_id(
            "the id of a journey (letters, digits, _ - and ?, parts joined by dots)"
        ),
        "operationId": _dotted_id(
            "the id of an operation (letters, digits, _ - and ?, parts joined by dots)"
        ),
        "duration": {"description": "a duration such as 30s, 2m, 4h, 3 days", "type": "string"},
        "day": {
            "description": 'a date such as "2026-12-25"',
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        },
        "hour": {
            "description": 'an hour such as "08:30"',
            "type": "string",
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
        },
        "with": map_of(ref("expression"), names="name"),
        "qualifies": {
            "anyOf": [
                ref("code"),
                ref("principalCode"),
                list_of({"anyOf": [ref("code"), ref("principalCode")]}),
            ]
        },
        "principalCode": obj({"code": ref("code"), "principal": FLAG}, "code"),
        "promise": obj(
            {
                "what": ref("text"),
                "within": ref("duration"),
                "by": ref("name"),
                "working": FLAG,
                "kept_by": {"enum": list(KEEPERS)},
            },
            "what",
            "within",
        ),
        "gate": obj(
            {
                "role": TEXT,
                "when": ref("expression"),
                "timeout": ref("duration"),
                "otherwise": ref("stepId"),
            },
            "role",
        ),
        "byHand": obj({"say": ref("text"), "fills": list_of(ref("dotted"))}, "say"),
        "valid": obj({"when": ref("expression"), "message": ref("text")}, "when", "message"),
        "option": obj(
            {
                "id": ref("optionId"),
                "label": ref("text"),
                "short": ref("text"),
                "when": ref("expression"),
                **ROUTE,
            },
            "id",
        ),
        "rules": list_of(ref("rule"), minItems=1),
        "rule": {
            "anyOf": [
                obj({"when": ref("expression"), "set": ref("with"), **ROUTE}, "when"),
                obj({"else": {"const": True}, "set": ref("with"), **ROUTE}, "else"),
            ]
        },
        "tableCall": obj(
            {
                "table": ref("code"),
                "with": ref("with"),
                "saves": {"anyOf": [ref("name"), list_of(ref("name"))]},
            },
            "table",
        ),
        "fields": map_of(ref("field"), names="name") | {"minProperties": 1},
        "field": {
            "anyOf": [
                {"enum": short},
                *(ref(name) for name in fields),
                obj(
                    {
                        "fact": ref("dotted"),
                        **{key: FIELD_KEYS[key] for key in FIELD_KEYS if key != "fact"},
                    },
                    "fact",
                ),
            ]
        },
        **fields,
        "valueType": {"anyOf": [{"enum": short}, *(ref(name) for name in fields), *value_types()]},
        "step": {"anyOf": [ref(name) for name in steps]},
        **steps,
        "invariant": obj(
            {"reach": ref("stepId"), "requires": ref("expression")}, "reach", "requires"
        ),
        "targets": {"type": "object", "additionalProperties": {"type": ["number", "string"]}},
        "cell": {"type": ["string", "number", "boolean", "null"]},
        "tableRule": obj(
            {
                "if": map_of(ref("cell")),
                "then": {"type": "object"},
                "from": ref("day"),
                "to": ref("day"),
                "set": ref("with"),
                **ROUTE,
            }
        ),
    }


def _dotted_id(description: str) -> Schema:
    return {
        "description": description,
        "type": "string",
        "pattern": r"^[A-Za-z0-9_?-]+(\.[A-Za-z0-9_?-]+)*$",
        "maxLength": 200,
    }


TABLE_KEYS: dict[str, Schema] = {
    "title": ref("text"),
    "inputs": map_of(ref("valueType"), names="name"),
    "outputs": map_of(ref("valueType"), names="name"),
    "hit": {"enum": ["unique", "first", "priority", "collect"]},
    "priority": list_of({}),
    "from": ref("day"),
    "to": ref("day"),
    "rules": list_of(ref("tableRule")),
    "columns": list_of(TEXT),
    "rows": list_of(list_of(ref("cell"))),
}
