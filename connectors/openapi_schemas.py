"""Schemas of an OpenAPI document as plain JSON Schema: references written out, within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

DEEPEST: Final = 12
"""Levels that are written out; below them anything goes."""
MOST: Final = 4_000
"""Parts of one schema that are written out; a reference that comes round again has an end too."""
_KEPT: Final = (
    "type", "enum", "const", "required", "additionalProperties", "minItems", "maxItems",
    "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "format", "readOnly", "writeOnly",
)  # fmt: skip


class Schemas:
    """Writes out the schemas of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._left = MOST

    def resolved(self, part: Any) -> Any:
        """Return what a reference within the document leads to; nothing for one that leads out."""
        for _ in range(DEEPEST):
            if not isinstance(part, Mapping) or "$ref" not in part:
                return part
            part = self._found(str(part["$ref"]))
        return {}

    def _found(self, reference: str) -> Any:
        found: Any = self._document
        if not reference.startswith("#/"):
            return {}
        for name in reference[2:].split("/"):
            key = name.replace("~1", "/").replace("~0", "~")
            found = found.get(key, {}) if isinstance(found, Mapping) else {}
        return found

    def plain(self, schema: Any) -> dict[str, Any]:
        """Return a schema that refers to nothing; `{}`, which takes anything, beyond the bounds."""
        self._left = MOST
        return self._plain(schema, DEEPEST)

    def _plain(self, schema: Any, levels: int) -> dict[str, Any]:
        schema = self.resolved(schema)
        self._left -= 1
        if levels <= 0 or self._left <= 0 or not isinstance(schema, Mapping):
            return {}
        found: dict[str, Any] = {name: schema[name] for name in _KEPT if name in schema}
        _of_3_0(schema, found)
        if isinstance(schema.get("properties"), Mapping):
            found["properties"] = {
                str(name): self._plain(one, levels - 1)
                for name, one in schema["properties"].items()
            }
        if "items" in schema:
            found["items"] = self._plain(schema["items"], levels - 1)
        if isinstance(found.get("additionalProperties"), Mapping):
            found["additionalProperties"] = self._plain(schema["additionalProperties"], levels - 1)
        for name in ("anyOf", "oneOf"):
            if isinstance(schema.get(name), list):
                found[name] = [self._plain(one, levels - 1) for one in schema[name]]
        for one in schema.get("allOf", ()):
            _merge(found, self._plain(one, levels - 1))
        return found


def _of_3_0(schema: Mapping[str, Any], found: dict[str, Any]) -> None:
    """Write what only OpenAPI 3.0 says in JSON Schema's way."""
    if schema.get("nullable") is True and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
        if "enum" in found and None not in found["enum"]:
            found["enum"] = [*found["enum"], None]
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(found.get(exclusive), bool):
            is_exclusive = found.pop(exclusive)
            if is_exclusive and bound in found:
                found[exclusive] = found.pop(bound)


def _merge(found: dict[str, Any], other: dict[str, Any]) -> None:
    for name, value in other.items():
        if name == "properties":
            found[name] = {**found.get(name, {}), **value}
        elif name == "required":
            found[name] = sorted({*found.get(name, ()), *value})
        else:
            found.setdefault(name, value)
