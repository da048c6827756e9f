"""Why data has not the form a schema asks for, in words for people who write journeys."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from authoring.findings import MAX_A_FILE
from authoring.schema.shape import TYPES, Schema, Shape, same

Path = tuple[str | int, ...]

WORDS = {
    "string": "text",
    "boolean": "true or false",
    "null": "nothing",
    "object": "a mapping of keys to values",
    "array": "a list",
    "number": "a number",
    "integer": "a whole number",
}
FOUND = {
    str: "text",
    bool: "true or false",
    type(None): "nothing",
    dict: "a mapping",
    list: "a list",
    int: "a number",
    float: "a number",
}
STEP_KINDS_SHOWN = "say, ask, decide, do, call, goto_journey, transfer, consult, wait, approve, end"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the form: where, and what to do.

    `at_key` points at the key rather than the value.

    `quote` says that quotes around the value would do.
    """

    path: Path
    code: str
    message: str
    hint: str | None = None
    at_key: bool = False
    quote: bool = False

    @property
    def depth(self) -> int:
        """Return how deep it stands: the deeper, the more of the form was recognised."""
        return len(self.path)


def explain(shape: Shape, data: Any) -> list[Fault]:
    """Return everything wrong with some data; nothing when it fits."""
    return _explain(shape, shape.schema, data, ())


def _explain(shape: Shape, schema: Schema, data: Any, path: Path) -> list[Fault]:
    if shape.verdict(schema)(data):
        return []
    described = schema.get("description")
    while "$ref" in schema:
        schema = shape.defs[schema["$ref"].removeprefix("#/$defs/")]
        described = schema.get("description") or described
    if "anyOf" in schema:
        return _no_branch(shape, schema, data, path)
    wanted = schema.get("type")
    if wanted is not None and not any(
        TYPES[one](data) for one in ([wanted] if isinstance(wanted, str) else wanted)
    ):
        return [_wrong_type([wanted] if isinstance(wanted, str) else wanted, data, path, described)]
    if isinstance(data, dict):
        return _mapping(shape, schema, data, path)
    if isinstance(data, list) and "items" in schema:
        faults: list[Fault] = []
        for at, one in enumerate(data):
            if len(faults) >= MAX_A_FILE:
                break
            faults += _explain(shape, schema["items"], one, (*path, at))
        if faults:
            return faults
    return [_value(schema, data, path, described)]


def _wrong_type(wanted: list[str], data: Any, path: Path, described: str | None) -> Fault:
    words = described or " or ".join(WORDS[one] for one in wanted)
    quote = "string" in wanted and isinstance(data, bool | int | float)
    hint = "Put it in quotes: it is read as a value of its own." if quote else None
    if data is None and path:
        hint = "Write a value, or remove the key."
    return Fault(
        path,
        "form.type",
        f"{_named(path)} must be {words}, not {FOUND[type(data)]}.",
        hint,
        quote=quote,
    )


def _value(schema: Schema, data: Any, path: Path, described: str | None) -> Fault:
    shown = _shown(data)
    if "const" in schema:
        return Fault(
            path, "form.value", f"{_named(path)} must be {_shown(schema['const'])}, not {shown}."
        )
    if "enum" in schema:
        allowed = [
            str(value) if not isinstance(value, bool) else _shown(value) for value in schema["enum"]
        ]
        return Fault(
            path, "form.value", f"{_named(path)} cannot be {shown}.", _suggest(str(data), allowed)
        )  # fmt: skip
    if "pattern" in schema or "maxLength" in schema:
        return Fault(path, "form.value", f"{shown} is not {described or 'of the form wanted'}.")
    if "minItems" in schema and isinstance(data, list):
        return Fault(path, "form.value", f"{_named(path)} must hold at least {schema['minItems']}.")
    bounds = [f"at least {schema[key]}" for key in ("minimum",) if key in schema]
    bounds += [f"at most {schema[key]}" for key in ("maximum",) if key in schema]
    if bounds:
        return Fault(
            path, "form.value", f"{_named(path)} must be {' and '.join(bounds)}, not {shown}."
        )
    return Fault(path, "form.value", f"{_named(path)} cannot be {shown}.")


def _mapping(shape: Shape, schema: Schema, data: dict[str, Any], path: Path) -> list[Fault]:
    faults: list[Fault] = []
    known: dict[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for key, value in data.items():
        if len(faults) >= MAX_A_FILE:
            break
        if key in known:
            faults += _explain(shape, known[key], value, (*path, key))
        elif others is False:
            faults.append(_unknown_key(key, known, data, path))
        elif not isinstance(others, bool):
            faults += _explain(shape, others, value, (*path, key))
        names = schema.get("propertyNames")
        if names is not None and not shape.verdict(names)(key):
            what = shape.resolve(names).get("description", "a name")
            faults.append(
                Fault((*path, key), "form.name", f"The key `{key}` is not {what}.", at_key=True)
            )
    missing = [key for key in schema.get("required", ()) if key not in data]
    if missing:
        at = "here" if not path else f"in {_named(path)}"
        keys = ", ".join(f"`{key}`" for key in missing)
        noun = "The key" if len(missing) == 1 else "The keys"
        verb = "is" if len(missing) == 1 else "are"
        faults.append(Fault(path, "form.missing-key", f"{noun} {keys} {verb} missing {at}."))
    if not faults:
        faults.append(Fault(path, "form.value", f"{_named(path)} must hold something."))
    return faults


def _unknown_key(key: str, known: dict[str, Schema], data: dict[str, Any], path: Path) -> Fault:
    free = [name for name in known if name not in data]
    return Fault(
        (*path, key),
        "form.unknown-key",
        f"`{key}` is not a key of {_named(path)}.",
        _suggest(key, free),
        at_key=True,
    )


def _no_branch(shape: Shape, schema: Schema, data: Any, path: Path) -> list[Fault]:
    branches = [branch for branch in schema["anyOf"] if _may_be(shape, branch, data)]
    if not branches:
        return [_none_may_be(shape, schema, data, path)]
    tries = [(_explain(shape, branch, data, path), branch) for branch in branches]
    # What is recognised deepest, with the fewest faults, is what the author meant.
    return min(
        tries,
        key=lambda tried: (len(tried[0]), -max((fault.depth for fault in tried[0]), default=0)),
    )[0]


def _may_be(shape: Shape, branch: Schema, data: Any) -> bool:
    schema = shape.resolve(branch)
    if "anyOf" in schema:
        return any(_may_be(shape, one, data) for one in schema["anyOf"])
    wanted = schema.get("type")
    if wanted is not None and not any(
        TYPES[one](data) for one in ([wanted] if isinstance(wanted, str) else wanted)
    ):
        return False
    if "enum" in schema and "type" not in schema:
        return isinstance(data, str)
    if isinstance(data, dict):
        constants = {
            key: value
            for key, value in shape.constants_of(schema).items()
            if key in schema.get("required", ())
        }
        return all(key in data for key in schema.get("required", ())) and all(
            same(data[key], value) for key, value in constants.items()
        )
    return True


def _none_may_be(shape: Shape, schema: Schema, data: Any, path: Path) -> Fault:
    branches = [shape.resolve(branch) for branch in schema["anyOf"]]
    described = schema.get("description")
    objects = [branch for branch in branches if branch.get("type") == "object"]
    if isinstance(data, dict) and objects:
        types = [shape.constants_of(branch).get("type") for branch in objects]
        names = [name for name in types if isinstance(name, str)]
        if len(names) > 2 and isinstance(data.get("type"), str):
            return Fault(
                (*path, "type"),
                "form.value",
                f"There is no type `{data['type']}`.",
                _suggest(data["type"], names),
            )
        keys = sorted({key for branch in objects for key in branch.get("required", ())[:1]})
        if "ask" in keys and "decide" in keys:
            return Fault(
                path,
                "form.no-kind",
                "This step does nothing: no key gives its kind.",
                _near_kind(data, STEP_KINDS_SHOWN.split(", "))
                or f"Write one of: {STEP_KINDS_SHOWN}.",
            )
        shown = ", ".join(f"`{key}`" for key in keys)
        return Fault(path, "form.missing-key", f"{_named(path)} lacks a key: one of {shown}.")
    wanted = sorted({one for branch in branches for one in _types(branch)})
    return _wrong_type(wanted or ["object"], data, path, described)


def _types(schema: Schema) -> list[str]:
    wanted = schema.get("type", [])
    if "enum" in schema and not wanted:
        return ["string"]
    return [wanted] if isinstance(wanted, str) else list(wanted)


def _near_kind(data: dict[str, Any], kinds: list[str]) -> str | None:
    for key in data:
        near = difflib.get_close_matches(key, kinds, 1, 0.7)
        if near:
            return f"Did you mean `{near[0]}` for `{key}`?"
    return None


def _suggest(word: str, allowed: list[str]) -> str:
    near = difflib.get_close_matches(word, allowed, 1, 0.6)
    if near:
        return f"Did you mean `{near[0]}`?"
    shown = ", ".join(f"`{one}`" for one in allowed[:20])
    return f"Allowed: {shown}." if shown else "Remove it."


def _named(path: Path) -> str:
    """Return how a message names a place: its key.

    For an item of a list, the list's key with its number from 1.
    """
    if not path:
        return "this file"
    last = path[-1]
    if isinstance(last, str):
        return f"`{last}`"
    owner = next((part for part in reversed(path[:-1]) if isinstance(part, str)), "the list")
    return f"item {last + 1} of `{owner}`"


def _shown(data: Any) -> str:
    if isinstance(data, bool):
        return "`true`" if data else "`false`"
    if data is None:
        return "nothing"
    if isinstance(data, dict | list):
        return FOUND[type(data)]
    text = str(data)
    return f"`{text if len(text) <= 60 else text[:57] + '…'}`"
