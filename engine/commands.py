"""What actors and systems may bring to a session, who may bring it, and in which form.

One table: the API's schema, the reference page, the role checks and the list of commands a view
allows read it. Source: semantics.md 5, 24.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.catalogue import COMMANDS, EVERYONE, STAFF, CommandSpec
from engine.events import Json
from engine.refusals import Refused

__all__ = ["COMMANDS", "EVERYONE", "STAFF", "Command", "CommandSpec", "parse"]


@dataclass(frozen=True, slots=True)
class Command:
    """A command and the fields of its body."""

    type: str
    body: Mapping[str, Json] = field(default_factory=dict)


def parse(body: Mapping[str, Json]) -> Command:
    """Return the command in a request's body, `{type, …}`.

    Raises:
        Refused: no such command, a field it does not take, or one it lacks.
    """
    name = body.get("type")
    spec = COMMANDS.get(name) if isinstance(name, str) else None
    if spec is None or spec.system:
        raise Refused(
            "command.unknown",
            {"fr": "Commande inconnue.", "en": "Unknown command."},
            params={"allowed": [s.name for s in COMMANDS.values() if not s.system]},
        )
    rest = {key: value for key, value in body.items() if key != "type"}
    wrong: dict[str, dict[str, Json]] = {}
    for key, value in rest.items():
        if key not in spec.fields:
            wrong[key] = {
                "code": "command.unknown-field",
                "message": {
                    "fr": "Champ inconnu de cette commande.",
                    "en": "This command takes no such field.",
                },
                "allowed": sorted(spec.fields),
            }
        elif value is None:
            continue
        elif not _fits(value, spec.fields[key]):
            wrong[key] = {
                "code": "command.wrong-field",
                "message": {
                    "fr": "Valeur de la mauvaise forme.",
                    "en": "A value of the wrong form.",
                },
                "allowed": dict(spec.fields[key]),
            }
    for key in spec.required:
        if rest.get(key) is None:
            wrong[key] = {
                "code": "command.missing-field",
                "message": {"fr": "Ce champ est nécessaire.", "en": "This field is needed."},
            }
    if wrong:
        raise Refused(
            "command.wrong",
            {"fr": "La commande est mal formée.", "en": "The command is not well formed."},
            fields=wrong,
        )
    return Command(spec.name, {key: value for key, value in rest.items() if value is not None})


_TYPES: dict[str, type] = {"string": str, "object": dict, "array": list, "boolean": bool}


def _fits(value: Json, schema: Mapping[str, Any]) -> bool:
    """Return whether a value has the form of one of this table's few schemas."""
    if "enum" in schema:
        return isinstance(value, str) and value in schema["enum"]
    kind = schema.get("type")
    if kind is None:
        return True
    if kind == "integer":
        return type(value) is int and value >= schema["minimum"]
    if not isinstance(value, _TYPES[kind]):
        return False
    if isinstance(value, str):
        return len(value) <= int(schema.get("maxLength", len(value)))
    if isinstance(value, list):
        return all(_fits(item, schema["items"]) for item in value)
    return True
