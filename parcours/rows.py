"""A connector's operations as a library declares them: rows of connectors.yaml, to begin with."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.port import Described

_BARE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_ID: Final = re.compile(r"[A-Za-z0-9_?-]+")
_WORDS: Final = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_FORMATS: Final = {"date": "date", "time": "time", "email": "email"}
_SIMPLE: Final[Mapping[str, dict[str, Any]]] = {
    "boolean": {"type": "yes_no"},
    "integer": {"type": "number", "integer": True},
    "number": {"type": "number"},
}


def rows(described: Mapping[str, Described]) -> str:
    """Return operations as the text of a connectors.yaml, types and effects as they are described.

    What has no type in the language is left out of it: an object whose parts are not known. An
    operation that needs such an input is a comment.
    """
    lines = ["parcours: 1", "operations:"]
    for name, one in sorted(described.items()):
        needed = one.input.get("required", ())
        taken = one.input.get("properties", {})
        beyond = [each for each in needed if each in taken and type_of(taken[each]) is None]
        if beyond:
            lines.append(f"  # {name} needs {', '.join(beyond)}: no type of a journey is so")
            continue
        lines += [f"  {name}:", f"    effect: {one.effect}"]
        for side, schema in (("input", one.input), ("output", one.output)):
            values = {}
            for value, inside in schema.get("properties", {}).items():
                spec = type_of(inside)
                if spec is not None:
                    if side == "input" and value in needed:
                        spec = {**spec, "required": True}
                    values[value] = spec
            if values:
                lines.append(f"    {side}:")
                lines += [f"      {flow(value)}: {flow(spec)}" for value, spec in values.items()]
        if one.refusals:
            lines.append(f"    refusals: {flow(list(one.refusals))}")
        if one.sensitive:
            lines.append(f"    sensitive: {flow(sorted(one.sensitive))}")
        seconds = -(-one.timeout_ms // 1_000)
        lines.append(f"    timeout: {seconds}s")
    return "\n".join(lines) + "\n"


def type_of(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the language's type for a JSON Schema; None when it has none."""
    for branch in schema.get("anyOf") or schema.get("oneOf") or ():
        if branch.get("type") != "null":
            return type_of(branch)
    said = schema.get("type", "string")
    kinds = [one for one in ([said] if isinstance(said, str) else said) if one != "null"]
    kind = kinds[0] if kinds else "string"
    options = [one for one in schema.get("enum", ()) if one is not None]
    if options and all(isinstance(one, str) and _ID.fullmatch(one) for one in options):
        return {"type": "choice", "options": options}
    if kind in _SIMPLE:
        return dict(_SIMPLE[kind])
    if kind == "array":
        item = type_of(schema.get("items", {}))
        return None if item is None else {"type": "list", "of": item}
    if kind == "object":
        parts = {name: type_of(one) for name, one in schema.get("properties", {}).items()}
        known = {name: one for name, one in parts.items() if one is not None and _is_name(name)}
        return {"type": "record", "fields": known} if known else None
    return {"type": _FORMATS.get(str(schema.get("format")), "text")}


def flow(value: Any) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(name)}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and _BARE.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_name(text: str) -> bool:
    return text.isidentifier() and text.isascii()
