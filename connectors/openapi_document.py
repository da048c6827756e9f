"""The operations an OpenAPI 3 document describes, each with the plan of how it is asked.

Inputs are the parameters and, when the body is an object, its properties; outputs the properties of
the first successful answer. A GET reads, PUT and DELETE are idempotent, an operation that takes an
`Idempotency-Key` is keyed, and any other is unsafe. A documented 404, 409 or 410 is a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from connectors.asking import Body, Form, Given, Segment
from connectors.exchange import Plan, Refusal, reasons_of
from connectors.http_table import effect_of
from connectors.openapi_schemas import Schemas
from connectors.picking import Pick
from connectors.port import Described, EffectClass

REFUSED: Final[Mapping[str, str]] = {"404": "not_found", "409": "conflict", "410": "gone"}
"""Documented answers that are business refusals, and their reasons."""
WHOLE: Final = "body"
"""The input that is a body which is no object."""
_METHODS: Final = ("get", "head", "post", "put", "patch", "delete")
_NOT_NAME: Final = re.compile(r"[^A-Za-z0-9_]+")
_HOLE: Final = re.compile(r"([^{}]*)\{([^{}]*)\}([^{}]*)")
_KEY: Final = "idempotency-key"


class WrongDocument(Exception):
    """A document is not an OpenAPI 3 one."""


@dataclass(slots=True)
class Offer:
    """One operation of a document: its own id, what it is for, and its plan."""

    name: str
    id: str
    summary: str
    plan: Plan


@dataclass(slots=True)
class _Inputs:
    """What an operation takes, gathered part by part."""

    properties: dict[str, Any] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, Given] = field(default_factory=dict)
    headers: dict[str, Given] = field(default_factory=dict)
    key_header: str | None = None

    def add(self, written: str, schema: Any, *, required: bool) -> str:
        """Take a value in; return the name it has as an input."""
        name = name_of(written)
        while name in self.properties:
            name += "_"
        self.properties[name] = schema
        if required:
            self.required.append(name)
        return name


def offers(document: Any) -> dict[str, Offer]:
    """Return the operations of a document by name.

    Raises:
        WrongDocument: it is not OpenAPI 3.
    """
    version = document.get("openapi") if isinstance(document, Mapping) else None
    if not isinstance(version, str) or not version.startswith("3."):
        raise WrongDocument
    schemas = Schemas(document)
    found: dict[str, Offer] = {}
    for path, method, item, operation in _operations(document, schemas):
        said = operation.get("operationId")
        name = name_of(str(said) if said else f"{method}{path}")
        while name in found:
            name += "_"
        plan = _plan(schemas, path, method, item=item, operation=operation)
        summary = str(operation.get("summary") or "")
        found[name] = Offer(name, str(said or f"{method.upper()} {path}"), summary, plan)
    return found


def _operations(
    document: Mapping[str, Any], schemas: Schemas
) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    paths = document.get("paths")
    for path, written in paths.items() if isinstance(paths, Mapping) else ():
        item = schemas.resolved(written)
        if not isinstance(item, Mapping) or not str(path).startswith("/"):
            continue
        for method in _METHODS:
            if isinstance(item.get(method), Mapping):
                yield str(path), method, item, item[method]


def name_of(written: str) -> str:
    """Return a text as a name that journeys can use."""
    name = _NOT_NAME.sub("_", written).strip("_") or "value"
    return f"_{name}" if name[0].isdigit() else name


def _plan(
    schemas: Schemas, path: str, method: str, *, item: Mapping[str, Any],
    operation: Mapping[str, Any],
) -> Plan:  # fmt: skip
    inputs = _Inputs()
    _parameters(schemas, [*item.get("parameters", ()), *operation.get("parameters", ())], inputs)
    segments = _segments(path, inputs)
    body = _body(schemas, operation, inputs)
    effect: EffectClass = effect_of(method.upper())
    if inputs.key_header is not None and effect == "unsafe":
        effect = "keyed"
    responses = operation.get("responses")
    responses = responses if isinstance(responses, Mapping) else {}
    result, output = _answer(schemas, responses)
    refusals = tuple(
        Refusal(frozenset({int(status)}), (), {"*": reason})
        for status, reason in REFUSED.items()
        if status in {str(one) for one in responses}
    )
    return Plan(
        Described(
            input={
                "type": "object",
                "properties": inputs.properties,
                "required": sorted(inputs.required),
                "additionalProperties": False,
            },
            output=output,
            effect=effect,
            refusals=reasons_of(refusals),
        ),
        Form(method.upper(), segments, inputs.query, inputs.headers, body),
        result=result,
        refusals=refusals,
        key_header=inputs.key_header if effect == "keyed" else None,
    )


def _parameters(schemas: Schemas, written: list[Any], inputs: _Inputs) -> None:
    # One of the operation replaces one of its path that has the same place and name.
    each = [schemas.resolved(one) for one in written]
    last = {(one.get("in"), one.get("name")): one for one in each if isinstance(one, Mapping)}
    for (place, name), one in last.items():
        if not isinstance(name, str) or place not in {"path", "query", "header"}:
            continue
        if place == "header" and name.lower() == _KEY:
            inputs.key_header = name
            continue
        if place == "header" and name.lower() in {"accept", "content-type", "authorization"}:
            continue
        required = place == "path" or one.get("required") is True
        taken = inputs.add(name, schemas.plain(one.get("schema", {})), required=required)
        match place:
            case "path":
                inputs.path[name] = taken
            case "query":
                inputs.query[name] = Given((taken,))
            case _:
                inputs.headers[name] = Given((taken,))


def _segments(path: str, inputs: _Inputs) -> tuple[Segment, ...]:
    segments = []
    for part in path.split("/")[1:]:
        hole = _HOLE.fullmatch(part)
        if hole is None:
            segments.append(Segment(part))
            continue
        name = inputs.path.get(hole[2]) or inputs.add(hole[2], {"type": "string"}, required=True)
        segments.append(Segment(hole[1], Given((name,)), hole[3]))
    return tuple(segments)


def _body(schemas: Schemas, operation: Mapping[str, Any], inputs: _Inputs) -> Body | None:
    body = schemas.resolved(operation.get("requestBody", {}))
    content = body.get("content") if isinstance(body, Mapping) else None
    kind: Literal["json", "form"] = "json"
    media = _json_of(content)
    if media is None and isinstance(content, Mapping):
        media = content.get("application/x-www-form-urlencoded")
        kind = "form"
    if not isinstance(media, Mapping):
        return None
    schema = schemas.plain(media.get("schema", {}))
    is_needed = body.get("required") is True
    properties = {
        name: one for name, one in schema.get("properties", {}).items() if not one.get("readOnly")
    }
    if not properties:
        name = inputs.add(WHOLE, schema, required=is_needed)
        return Body("json", whole=name)
    required = schema.get("required", ()) if is_needed else ()
    places: dict[tuple[str, ...], Given] = {
        (written,): Given((inputs.add(written, one, required=written in required),))
        for written, one in properties.items()
    }
    return Body(kind, places=places)


def _answer(schemas: Schemas, responses: Mapping[str, Any]) -> tuple[Pick | None, dict[str, Any]]:
    nothing: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}
    statuses = sorted(str(one) for one in responses if str(one).startswith("2"))
    if not statuses:
        return None, nothing
    by_text = {str(status): one for status, one in responses.items()}
    response = schemas.resolved(by_text[statuses[0]])
    media = _json_of(response.get("content") if isinstance(response, Mapping) else None)
    if not isinstance(media, Mapping):
        return None, nothing
    schema = schemas.plain(media.get("schema", {}))
    properties = {
        written: one
        for written, one in schema.get("properties", {}).items()
        if not one.get("writeOnly")
    }
    if not properties:
        name = "items" if schema.get("type") == "array" else "value"
        return Pick(parts={name: Pick()}), {**nothing, "properties": {name: schema}}
    names = {written: name_of(written) for written in properties}
    parts = {name: Pick((written,)) for written, name in names.items()}
    # What may be null may be missing: it is left out like anything that is not there.
    needed = [one for one in schema.get("required", ()) if one in properties]
    required = [names[one] for one in needed if "null" not in _types(properties[one])]
    return Pick(parts=parts), {
        **nothing,
        "properties": {names[written]: one for written, one in properties.items()},
        "required": sorted(required),
    }


def _types(schema: Mapping[str, Any]) -> set[Any]:
    """Return the types a value may have; `null` where nothing is said."""
    branches = [one for name in ("anyOf", "oneOf") for one in schema.get(name, ())]
    said = schema.get("type", [] if branches else ["null"])
    found = {said} if isinstance(said, str) else set(said)
    return found.union(*(_types(one) for one in branches))


def _json_of(content: Any) -> Any:
    for kind, media in content.items() if isinstance(content, Mapping) else ():
        bare = str(kind).partition(";")[0].strip().lower()
        if bare == "application/json" or bare.endswith("+json"):
            return media
    return None
