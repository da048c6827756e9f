"""Values held against the part of JSON Schema that descriptions of systems are written in.

Known are `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, the
bounds of numbers, lengths and lists, `anyOf`, `oneOf` and `allOf`. Patterns and formats are not
looked at: a pattern of another system may take for ever, and the journey's own types come after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
_KINDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, float) and value.is_integer())
    ),
}


class Misfit(Exception):
    """A value is not of the form that was declared.

    Attributes:
        where: the names that lead to it, `lines.0.price`; never the value itself.
    """

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


def accepted(schema: Schema, value: Any, *, strict: bool = False, where: str = "") -> Any:
    """Return a value's declared part.

    Args:
        schema: what it is held against.
        value: in its JSON form.
        strict: refuse a name that is not declared, in place of leaving it out.
        where: the names that led here.

    Raises:
        Misfit: something in it is not as declared.
    """
    if value is None and schema.get("nullable") is True:
        return None
    wanted = schema.get("type")
    kinds = [wanted] if isinstance(wanted, str) else wanted or ()
    if kinds and not any(_KINDS[one](value) for one in kinds if one in _KINDS):
        raise Misfit(where)
    if "enum" in schema and not any(_same(value, one) for one in schema["enum"]):
        raise Misfit(where)
    if "const" in schema and not _same(value, schema["const"]):
        raise Misfit(where)
    if not _within(schema, value):
        raise Misfit(where)
    if isinstance(value, dict):
        value = _object(schema, value, strict=strict, where=where)
    elif isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        value = [
            accepted(schema["items"], one, strict=strict, where=_inside(where, at))
            for at, one in enumerate(value)
        ]
    return _combined(schema, value, strict=strict, where=where)


def _object(schema: Schema, value: dict[str, Any], *, strict: bool, where: str) -> dict[str, Any]:
    for name in schema.get("required", ()):
        if name not in value:
            raise Misfit(_inside(where, name))
    known: Mapping[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties", not known)
    found = {}
    for name, part in value.items():
        if name in known:
            found[name] = accepted(known[name], part, strict=strict, where=_inside(where, name))
        elif isinstance(others, Mapping):
            found[name] = accepted(others, part, strict=strict, where=_inside(where, name))
        elif others is True and (strict or not known):
            found[name] = part
        elif strict:
            raise Misfit(_inside(where, name))
    return found


def _combined(schema: Schema, value: Any, *, strict: bool, where: str) -> Any:
    for every in schema.get("allOf", ()):
        taken = accepted(every, value, where=where)
        value = {**value, **taken} if isinstance(value, dict) else taken
    branches = schema.get("anyOf") or schema.get("oneOf")
    if not branches:
        return value
    for branch in branches:
        try:
            return accepted(branch, value, strict=strict, where=where)
        except Misfit:
            continue
    raise Misfit(where)


def _within(schema: Schema, value: Any) -> bool:
    if isinstance(value, str | list):
        least, most = ("minLength", "maxLength") if isinstance(value, str) else (
            "minItems", "maxItems")  # fmt: skip
        return bool(schema.get(least, 0) <= len(value) <= schema.get(most, len(value)))
    if isinstance(value, int | float) and not isinstance(value, bool):
        above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
        return bool(
            schema.get("minimum", value) <= value <= schema.get("maximum", value)
            and (above is None or isinstance(above, bool) or value > above)
            and (below is None or isinstance(below, bool) or value < below)
        )
    return True


def _same(one: Any, other: Any) -> bool:
    # In Python, True is 1; in JSON it is not.
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _inside(where: str, name: object) -> str:
    return f"{where}.{name}" if where else str(name)
