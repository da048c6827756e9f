"""The schema of each kind of file in a library."""

from __future__ import annotations

from collections.abc import Callable

from authoring.schema.parts import (
    CHANNELS,
    FLAG,
    LANGUAGE_VERSION,
    STEP_KEYS,
    TABLE_KEYS,
    TEXT,
    Schema,
    list_of,
    map_of,
    obj,
    parts,
    ref,
)
from engine.model import OUTCOMES, ROLES
from engine.parts import AUDIENCES, RETENTION
from engine.reuse import MODES
from engine.steps.registry import STEP_KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
VERSION: Schema = {"const": LANGUAGE_VERSION}


def _library() -> Schema:
    day_names = {"enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}
    language = {
        "type": "string",
        "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        "description": "a language such as fr",
    }
    return obj(
        {
            "parcours": VERSION,
            "library": ref("code"),
            "title": ref("text"),
            "languages": list_of(language, minItems=1),
            "audiences": list_of({"enum": list(AUDIENCES)}, minItems=1),
            "default_audience": {"enum": list(AUDIENCES)},
            "channels": list_of({"enum": list(CHANNELS)}, minItems=1),
            "short_channels": list_of({"enum": list(CHANNELS)}),
            "timezone": TEXT,
            "targets": ref("targets"),
            "identification_useful": FLAG,
            "time": obj(dict.fromkeys((*STEP_KINDS, "by_hand"), STEP_KEYS["time"])),
            "provide": obj({"implied": list_of({"enum": list(AUDIENCES)})}),
            "declarations": map_of(ref("journeyId"), names="code"),
            "digressions": list_of(ref("journeyId")),
            "system": obj({role: ref("journeyId") for role in ROLES}),
            "retention": obj(dict.fromkeys(RETENTION, TEXT)),
            "facts": map_of(ref("fact"), names="dotted"),
            "reuse": list_of(
                obj(
                    {
                        "from": {"anyOf": [TEXT, list_of(TEXT)]},
                        "older": ref("duration"),
                        "known": {"enum": list(MODES)},
                    },
                    "known",
                )
            ),
            "teams": map_of(_team(), names="name"),
            "tickets": _tickets(),
            "answer_within": obj(dict.fromkeys(CHANNELS, ref("duration"))),
            "costs": _costs(),
            "calendar": obj(
                {
                    "days": list_of(day_names),
                    "open": ref("hour"),
                    "close": ref("hour"),
                    "closed": list_of(ref("day")),
                },
                "days",
                "open",
                "close",
            ),
        },
        "parcours",
        "library",
        "title",
        "languages",
    )


def _team() -> Schema:
    skills = {"anyOf": [list_of(TEXT), map_of(ref("text"), names="name")]}
    return obj({"title": ref("text"), "skills": skills}, "title")


def _tickets() -> Schema:
    motive = {
        "window": ref("duration"),
        "contacts": {"type": "integer", "minimum": 1},
        "target": ref("duration"),
    }
    return obj(
        {
            "objects": list_of(ref("dotted")),
            **motive,
            "motives": map_of(obj(motive), names="code"),
        }
    )


def _costs() -> Schema:
    amount = {"type": "number", "minimum": 0}
    return obj(
        {
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            "minute": amount,
            "internal_minute": amount,
            "occupancy": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            "contact": obj(dict.fromkeys(CHANNELS, amount)),
            "robot_run": amount,
        },
        "currency",
        "minute",
    )


def _fact() -> Schema:
    # A fact is an answer type with a holder: the schemas of fields, each with one more key.
    shared = parts()
    branches = []
    for name, schema in shared.items():
        if name.startswith("field_"):
            branches.append(
                {
                    **schema,
                    "properties": {
                        **schema["properties"],
                        "holder": {"enum": ["customer", "ticket"]},
                    },
                }
            )
    return {"anyOf": branches}


def _codes() -> Schema:
    tree = map_of(ref("codeEntry"), names="codePart")
    said = map_of(ref("declarationEntry"), names="codePart")
    return obj({"parcours": VERSION, "declarations": said, "qualifications": tree, "actions": tree})


def _code_entry() -> Schema:
    words = map_of(list_of(TEXT))
    return obj(
        {
            "label": ref("text"),
            "weight": {"type": "number", "minimum": 0},
            "seconds": {"type": "number", "minimum": 0},
            "cost": {"type": "number", "minimum": 0},
            "dissatisfaction": {"type": "number", "minimum": 0},
            "synonyms": {"anyOf": [words, list_of(TEXT)]},
            "examples": {"anyOf": [words, list_of(TEXT)]},
            "prevents": ref("code"),
            "children": map_of(ref("codeEntry"), names="codePart"),
        },
        "label",
    )


def _declaration_entry() -> Schema:
    entry = _code_entry()
    return {
        **entry,
        "properties": {
            **entry["properties"],
            "corresponds": list_of(ref("code"), minItems=1),
            "children": map_of(ref("declarationEntry"), names="codePart"),
        },
    }


def _connectors() -> Schema:
    return obj(
        {"parcours": VERSION, "operations": map_of(ref("operation"), names="operationId")},
        "operations",
    )


def _operation() -> Schema:
    return obj(
        {
            "title": ref("text"),
            "effect": {"enum": ["read", "idempotent", "keyed", "unsafe"]},
            "input": map_of(ref("valueType"), names="name"),
            "output": map_of(ref("valueType"), names="name"),
            "refusals": list_of(ref("name")),
            "timeout": ref("duration"),
            "irreversible": FLAG,
            "sensitive": list_of(ref("name")),
            "texts": map_of(ref("text"), names="name"),
            "gives": list_of(ref("name")),
        }
    )


def _journey() -> Schema:
    return obj(
        {
            "parcours": VERSION,
            "journey": ref("journeyId"),
            "title": ref("text"),
            "owner": TEXT,
            "review_by": ref("day"),
            "audience": list_of({"enum": list(AUDIENCES)}),
            "start": FLAG,
            "inputs": map_of(ref("valueType"), names="name"),
            "outputs": list_of(ref("name")),
            "outcomes": list_of({"enum": list(OUTCOMES)}),
            "targets": ref("targets"),
            "invariants": list_of(ref("invariant")),
            "tables": map_of(obj(TABLE_KEYS, "inputs", "outputs"), names="code"),
            "steps": list_of(ref("step"), minItems=1),
        },
        "parcours", "journey", "title", "steps",
    )  # fmt: skip


def _table() -> Schema:
    return obj(
        {"parcours": VERSION, "table": ref("code"), **TABLE_KEYS},
        "parcours",
        "table",
        "inputs",
        "outputs",
    )


def _test() -> Schema:
    given = {
        "audience": {"enum": list(AUDIENCES)},
        "channel": {"enum": list(CHANNELS)},
        "language": TEXT,
        "known": {"type": "object"},
        "inputs": {"type": "object"},
        "calls": {"type": "object"},
        "connectors": {"type": "object", "additionalProperties": {"type": ["array", "object"]}},
        "customer": TEXT,
        "contact": TEXT,
        "ticket": TEXT,
        "words": TEXT,
    }
    move = {"anyOf": [TEXT, {"type": "object", "minProperties": 1}]}
    return obj(
        {
            "parcours": VERSION,
            "test": TEXT,
            "as_of": TEXT,
            "given": obj(given),
            "do": list_of(move, minItems=1),
            "expect": {"type": "object"},
        },
        "test", "do",
    )  # fmt: skip


def _code_part() -> Schema:
    return {
        "description": "one part of a code (letters, digits, _ - and ?)",
        "type": "string",
        "pattern": "^[A-Za-z0-9_?-]{1,64}$",
    }


EXTRA_PARTS: dict[str, Callable[[], Schema]] = {
    "fact": _fact,
    "codeEntry": _code_entry,
    "declarationEntry": _declaration_entry,
    "operation": _operation,
    "codePart": _code_part,
}
FILES: dict[str, Callable[[], Schema]] = {
    "library": _library,
    "codes": _codes,
    "connectors": _connectors,
    "journey": _journey,
    "table": _table,
    "test": _test,
}


def library_schemas() -> dict[str, Schema]:
    """Return the JSON Schema (2020-12) of each kind of file.

    Library, codes, connectors, journey, table, test.

    They follow from the step kinds and answer types the engine registers: adding a kind needs no
    second list.
    """
    shared = parts() | {name: make() for name, make in EXTRA_PARTS.items()}
    return {kind: _whole(kind, make(), shared) for kind, make in FILES.items()}


def _whole(kind: str, schema: Schema, shared: dict[str, Schema]) -> Schema:
    needed = _reached(schema, shared)
    whole: Schema = {"$schema": DIALECT, "title": f"Parcours {kind}", **schema}
    if needed:
        whole["$defs"] = {name: shared[name] for name in sorted(needed)}
    return whole


def _reached(schema: Schema, shared: dict[str, Schema]) -> set[str]:
    reached: set[str] = set()
    todo: list[object] = [schema]
    while todo:
        part = todo.pop()
        if isinstance(part, list):
            todo.extend(part)
        elif isinstance(part, dict):
            name = part.get("$ref")
            if isinstance(name, str):
                target = name.removeprefix("#/$defs/")
                if target not in reached:
                    reached.add(target)
                    todo.append(shared[target])
            todo.extend(value for key, value in part.items() if key != "$ref")
    return reached
