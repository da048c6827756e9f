"""The OpenAPI document, made from the operations: nothing in it is written twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from api.components import REFERENCE, SECURITY, Json, schemas
from api.operations import NOTHING, Example, Operation
from api.refusals import PROBLEMS
from engine.commands import COMMANDS

ALWAYS = (
    "request.malformed",
    "access.unauthenticated",
    "access.forbidden",
    "request.bad-query",
    "request.too-many",
    "service.internal",
    "service.busy",
    "storage.unavailable",
)
WITH_BODY = ("request.too-slow", "request.too-large", "request.media-type", "request.wrong")
WHEN_WRITING = ("storage.full", "storage.fault", "storage.unavailable")

CONTRACT = "1.0"
"""The version of the contract under /v1, not of the release: each added operation raises it."""


def current() -> Json:
    """Return the description of this API."""
    # Imported here: the operations' modules are many, and this one describes any of them.
    from api.routes.registry import OPERATIONS

    return document(OPERATIONS, version=CONTRACT)


def as_text() -> str:
    """Return the description as the file docs/reference/openapi.json holds it."""
    return json.dumps(current(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def document(operations: Iterable[Operation], *, version: str) -> Json:
    """Return the OpenAPI 3.1 description of the operations."""
    operations = list(operations)
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parcours",
            "version": version,
            "summary": "Customer journeys, walked by people and robots, traced and timed.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": tag} for tag in dict.fromkeys(o.tag for o in operations)],
        "paths": paths,
        "components": {
            "schemas": schemas(operations),
            "securitySchemes": SECURITY,
        },
        "security": [{"key": []}, {"persona": []}, {"console": []}],
    }


def _operation(operation: Operation) -> Json:
    first, _, rest = operation.doc.partition("\n")
    described: Json = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": first.strip().rstrip("."),
        "x-permission": operation.permission or "public",
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.permission == "session.command.*":
        described["x-permission"] = "session.command.{type}"
    if rest.strip():
        described["description"] = re.sub(r"\n +", "\n", rest.strip())
    if operation.permission is None:
        described["security"] = []
    if operation.body is not None:
        content: Json = {"schema": _reference(operation.body)}
        if any(example.request is not None for example in operation.examples):
            content["examples"] = _examples(operation.examples, "request")
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    return described


def _parameters(operation: Operation) -> list[Json]:
    found: list[Json] = [
        {"name": name, "in": "path", "required": True,
         "schema": {"type": "string", "minLength": 1, "maxLength": 255}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]  # fmt: skip
    if operation.query is not None:
        (reference,), made = msgspec.json.schema_components([operation.query])
        shape = made[reference["$ref"].rpartition("/")[2]]
        found += [
            {
                "name": name,
                "in": "query",
                "required": name in shape.get("required", ()),
                "schema": _without_null(schema),
            }
            for name, schema in shape["properties"].items()
        ]
    if operation.keyed:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "description": "Keep it when the same request is sent again: 24 h, one effect.",
                "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
            }
        )
    if operation.marked:
        found.append(
            {
                "name": "If-None-Match",
                "in": "header",
                "required": False,
                "description": "The ETag of the answer one has: 304 while it is the same.",
                "schema": {"type": "string"},
            }
        )
    if operation.guarded:
        unguarded = sorted(n for n, spec in COMMANDS.items() if not (spec.guarded or spec.system))
        found.append(
            {
                "name": "If-Match",
                "in": "header",
                "required": False,
                "description": "The ETag of the view it answers. Needed by every command but "
                + ", ".join(unguarded)
                + ".",
                "schema": {"type": "string", "pattern": '^"[0-9]{1,15}"$'},
            }
        )
    return found


def _without_null(schema: Mapping[str, Any]) -> Json:
    """Return the schema of a parameter: one that is left out is left out, not null."""
    kept = dict(schema)
    if "anyOf" in kept:
        choices = [choice for choice in kept.pop("anyOf") if choice != {"type": "null"}]
        kept.update(choices[0] if len(choices) == 1 else {"anyOf": choices})
    if kept.get("default", 0) is None:
        del kept["default"]
    return kept


def _responses(operation: Operation) -> Json:
    answered: Json = {"description": "Done."}
    if operation.answer == NOTHING:
        pass
    elif isinstance(operation.answer, str) and "/" in operation.answer:
        answered["content"] = {operation.answer: {"schema": {"type": "string"}}}
    else:
        content: Json = {"schema": _reference(operation.answer)}
        if any(example.answer is not None for example in operation.examples):
            content["examples"] = _examples(operation.examples, "answer")
        answered["content"] = {"application/json": content}
    for media in operation.texts:
        answered["content"][media] = {"schema": {"type": "string"}}
    text = {"schema": {"type": "string"}}
    if operation.gives_etag:
        answered["headers"] = {"ETag": {**text, "description": "the walk version, strong"}}
    if operation.marked:
        answered["headers"] = {"ETag": {**text, "description": "the mark of its content"}}
    if operation.keyed:
        answered.setdefault("headers", {})["Idempotency-Replayed"] = {
            **text, "description": "`true` when this is the first answer, given again",
        }  # fmt: skip
    by_status: dict[int, list[str]] = {}
    for code in _codes(operation):
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    refused = {
        str(status): {
            "description": " · ".join(f"`{code}`" for code in codes),
            "content": {"application/problem+json": {"schema": {"$ref": _PROBLEM}}},
        }
        for status, codes in sorted(by_status.items())
    }
    for status, shape in operation.other.items():
        refused[str(status)] = {
            "description": "Not now.",
            "content": {"application/json": {"schema": _reference(shape)}},
        }
    if operation.marked:
        refused["304"] = {"description": "The same as `If-None-Match` names."}
    # The server's own answer, before a request is whole: it has no body.
    refused["431"] = {"description": "The address and the headers are larger than 32 KiB together."}
    return {str(operation.status): answered, **refused}


def _codes(operation: Operation) -> list[str]:
    codes = list(operation.problems)
    if operation.permission is not None:
        codes += ALWAYS
        if operation.keyed or operation.guarded or "{" in operation.path:
            codes.append("not-found")
    if operation.body is not None:
        codes += WITH_BODY
    if operation.method != "GET":
        codes += WHEN_WRITING
    if operation.method != "GET" and operation.permission is not None:
        codes.append("access.cross-site")
    if operation.keyed:
        codes += ["request.bad-key", "idempotency.running", "idempotency.reused"]
    if operation.guarded:
        codes += ["request.bad-condition", "session.stale", "session.version-needed"]
    return [code for code in PROBLEMS if code in codes]


_PROBLEM = REFERENCE.format(name="Problem")


def _reference(shape: type[msgspec.Struct] | str) -> Json:
    return {"$ref": REFERENCE.format(name=shape if isinstance(shape, str) else shape.__name__)}


def _examples(examples: tuple[Example, ...], side: str) -> Json:
    return {
        f"example{number}": {"summary": example.summary, "value": getattr(example, side)}
        for number, example in enumerate(examples, 1)
        if getattr(example, side) is not None
    }
