"""An operation of the kind `http`, read from its table of the deployment file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from connectors.asking import Body, Form, Given, Segment
from connectors.exchange import Plan, reasons_of
from connectors.fields import Fields
from connectors.http_answers import (
    read_pages,
    read_refusals,
    read_result,
    read_schemas,
    read_statuses,
)
from connectors.picking import ALL
from connectors.port import Described, EffectClass
from connectors.saying import read_says
from connectors.urls import is_header

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
EFFECTS: Final[tuple[EffectClass, ...]] = ("read", "idempotent", "keyed", "unsafe")
ATTEMPT_MS: Final = 10_000
LONGEST_MS: Final = 60_000
_INPUT: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*")
_HOLE: Final = re.compile(r"([^{}]*)\{([^{}]*)\}([^{}]*)")
_OURS: Final = frozenset({
    "host", "content-length", "content-type", "transfer-encoding", "connection", "accept-encoding",
    "authorization", "cookie", "te", "upgrade", "trailer", "expect", "proxy-authorization",
})  # fmt: skip
"""Headers that are never an input's: we say them, or they would change what a request is."""


def effect_of(method: str) -> EffectClass:
    """Return what a repetition of a method does, unless the deployment says otherwise."""
    if method in {"GET", "HEAD"}:
        return "read"
    return "idempotent" if method in {"PUT", "DELETE"} else "unsafe"


def read_plan(fields: Fields) -> Plan:
    """Return the plan of an operation; what is wrong in its table is remembered by `fields`."""
    method = fields.text("method", "GET", among=METHODS)
    segments = _segments(fields)
    query = _places(fields, "query")
    headers = _headers(fields)
    declared = read_schemas(fields, "input")
    used = _names([*(one.given for one in segments), *query.values(), *headers.values()])
    body = _body(fields, declared, used)
    if body is not None:
        used |= _names(body.places.values()) | set(body.rest)
    needed = _names(one.given for one in segments) | set(fields.texts("required"))
    effect = fields.text("effect", effect_of(method), among=EFFECTS)
    names = sorted(used | set(declared))
    for name in sorted((set(declared) | needed) - used):
        fields.wrong(
            "input", fr=f"« {name} » doit aller quelque part : path, query, headers, json ou form",
            en=f"`{name}` must go somewhere: path, query, headers, json or form",
        )  # fmt: skip
    result, output = read_result(fields)
    named = {*names, *output.get("properties", {})}
    sensitive = fields.texts("sensitive")
    refusals = read_refusals(fields)
    for name in sensitive:
        if name not in named:
            fields.wrong("sensitive", fr=f"une entrée ou une sortie ; « {name} » n'en est pas une",
                         en=f"an input or an output; `{name}` is none")  # fmt: skip
    return Plan(
        Described(
            input={
                "type": "object",
                "properties": {name: declared.get(name, {}) for name in names},
                "required": sorted(needed & used),
                "additionalProperties": False,
            },
            output=output,
            effect=effect,
            timeout_ms=fields.span("timeout", ATTEMPT_MS, most_ms=LONGEST_MS),
            sensitive=frozenset(sensitive) & named,
            probe=fields.text("probe", None),
            refusals=reasons_of(refusals),
            says=read_says(fields, names),
        ),
        Form(method, segments, query, headers, body),
        result=result,
        refusals=refusals,
        success=read_statuses(fields, "success"),
        pages=read_pages(fields),
        key_header=_key_header(fields, effect),
    )


def _segments(fields: Fields) -> tuple[Segment, ...]:
    path = fields.text("path", "")
    if path and not path.startswith("/"):
        fields.wrong("path", fr="un chemin qui commence par /", en="a path that begins with /")
    segments = []
    for part in path.split("/")[1:] if path else ():
        hole = _HOLE.fullmatch(part)
        if hole is not None and _INPUT.fullmatch(hole[2]):
            segments.append(Segment(hole[1], Given(tuple(hole[2].split("."))), hole[3]))
        elif part in {".", ".."} or any(one in part for one in "{}?#"):
            fields.wrong("path", fr="/des/segments/{entree}, une entrée par segment, sans ? ni #",
                         en="/segments/{input}, one input for each, without ? or #")  # fmt: skip
        else:
            segments.append(Segment(part))
    return tuple(segments)


def _given(fields: Fields, key: str, said: Any) -> Given:
    """Return what goes to a place: `"input"`, `"input.part"` or `{value = …}`."""
    if isinstance(said, str) and _INPUT.fullmatch(said):
        return Given(tuple(said.split(".")))
    if isinstance(said, dict) and set(said) == {"value"}:
        return Given(value=said["value"])
    fields.wrong(key, fr="le nom d'une entrée, ou {value = …}",
                 en="the name of an input, or {value = …}")  # fmt: skip
    return Given()


def _places(fields: Fields, key: str) -> dict[str, Given]:
    said = fields.value(key, dict, {}, fr="une table", en="a table") or {}
    return {name: _given(fields, key, one) for name, one in said.items()}


def _headers(fields: Fields) -> dict[str, Given]:
    places = _places(fields, "headers")
    for name in places:
        if not is_header(name, "") or name.lower() in _OURS:
            fields.wrong("headers", fr=f"un autre en-tête que « {name} »",
                         en=f"another header than `{name}`")  # fmt: skip
    return places


def _body(fields: Fields, declared: Mapping[str, Any], used: set[str]) -> Body | None:
    if "json" in fields and "form" in fields:
        fields.any("form")
        fields.wrong("form", fr="json ou form, pas les deux", en="json or form, not both")
    kind = "json" if "json" in fields else "form"
    said = fields.any(kind, None)
    if said is None:
        return None
    if said == ALL:
        rest = tuple(name for name in declared if name not in used)
        if not declared:
            fields.wrong(kind, fr='avec "*", les entrées déclarées par `input`',
                         en='with "*", the inputs declared by `input`')  # fmt: skip
        return Body("json" if kind == "json" else "form", rest=rest)
    if not isinstance(said, dict):
        fields.wrong(kind, fr='une table {place = "entree"}, ou "*"',
                     en='a table {place = "input"}, or "*"')  # fmt: skip
        return None
    places = {
        tuple(place.split(".")): _given(fields, kind, one) for place, one in _flat(said).items()
    }
    return Body("json" if kind == "json" else "form", places=places)


def _flat(said: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Return nested tables by dotted place; `{value = …}` is no table but a constant."""
    found: dict[str, Any] = {}
    for name, one in said.items():
        if isinstance(one, dict) and set(one) != {"value"}:
            found.update(_flat(one, f"{before}{name}."))
        else:
            found[f"{before}{name}"] = one
    return found


def _names(given: Any) -> set[str]:
    return {one.path[0] for one in given if one is not None and one.path}


def _key_header(fields: Fields, effect: str) -> str | None:
    name = fields.text("key_header", "Idempotency-Key")
    if not is_header(str(name), "") or str(name).lower() in _OURS:
        fields.wrong("key_header", fr="le nom d'un en-tête", en="the name of a header")
    return str(name) if effect == "keyed" else None
