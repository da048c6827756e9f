"""Give a request's body and query the form its operation declares, or say which field is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from api import json_guard
from api.problems import Problem

Shape = TypeVar("Shape", bound=msgspec.Struct)

_PLACE = re.compile(r" - at `\$\.?([^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")
_MISSING = re.compile(r"missing required field `([^`]+)`")

FIELD_MESSAGES: dict[str, dict[str, str]] = {
    "request.unknown-field": {"en": "There is no such field.", "fr": "Ce champ n’existe pas."},
    "request.missing-field": {"en": "This field is needed.", "fr": "Ce champ est nécessaire."},
    "request.wrong-field": {
        "en": "The value does not have the form asked for.",
        "fr": "La valeur n’a pas la forme demandée.",
    },
}


def structured(value: Any, shape: type[Shape]) -> Shape:
    """Return a body in the form of a structure.

    Raises:
        Problem: 422, naming the first field that is wrong and what it takes.
    """
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as wrong:
        raise Problem("request.wrong", wrong=explain(str(wrong), shape)) from None


def query(raw: bytes, shape: type[Shape] | None) -> Shape | None:
    """Return a query string in the form of a structure; None for an operation without parameters.

    Raises:
        Problem: 422 for an unknown, repeated or wrong parameter.
    """
    given = _pairs(raw) if raw else {}
    if shape is None:
        if given:
            raise Problem("request.bad-query", wrong={name: _unknown([]) for name in given})
        return None
    try:
        return msgspec.convert(given, shape, strict=False)
    except msgspec.ValidationError as wrong:
        raise Problem("request.bad-query", wrong=explain(str(wrong), shape)) from None


def _pairs(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=32,
        )
        for name, value in pairs:
            json_guard.check_text(name + value)
    except (ValueError, json_guard.MalformedJson):
        raise Problem("request.bad-query") from None
    given = dict(pairs)
    if len(given) != len(pairs):
        repeated = {name for name, _ in pairs if [n for n, _ in pairs].count(name) > 1}
        raise Problem("request.bad-query", wrong={n: _wrong("once") for n in sorted(repeated)})
    return given


def explain(message: str, shape: type[msgspec.Struct]) -> dict[str, dict[str, Any]]:
    """Return which field a validation error is about, why, and what is allowed there."""
    found = _PLACE.search(message)
    # A key of a mapping is not said by the reader: the mapping is.
    place = found.group(1).replace("[...]", "") if found else ""
    root = place.partition(".")[0].partition("[")[0]
    if unknown := _UNKNOWN.search(message):
        name = f"{place}.{unknown.group(1)}".lstrip(".")
        return {name: _unknown(_names(shape, place))}
    if missing := _MISSING.search(message):
        name = f"{place}.{missing.group(1)}".lstrip(".")
        return {
            name: {
                "code": "request.missing-field",
                "message": FIELD_MESSAGES["request.missing-field"],
            }
        }
    return {place or "body": _wrong(_allowed(shape, root) or "object")}


def _unknown(allowed: list[str]) -> dict[str, Any]:
    code = "request.unknown-field"
    return {"code": code, "message": FIELD_MESSAGES[code], "allowed": allowed}


def _wrong(allowed: Any) -> dict[str, Any]:
    code = "request.wrong-field"
    return {"code": code, "message": FIELD_MESSAGES[code], "allowed": allowed}


def _names(shape: type[msgspec.Struct], place: str) -> list[str]:
    if place:
        return []
    return sorted(field.encode_name for field in msgspec.structs.fields(shape))


def _allowed(shape: type[msgspec.Struct], name: str) -> Mapping[str, Any] | None:
    (reference,), components = msgspec.json.schema_components([shape])
    properties = components[reference["$ref"].rpartition("/")[2]].get("properties", {})
    found: Mapping[str, Any] | None = properties.get(name)
    return found
