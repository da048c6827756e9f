"""Answer types from the keys of a field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import re2

from authoring.building.codes import leaves
from authoring.building.desk import Desk
from authoring.building.ground import Ground
from authoring.compound import ListOf, RecordOf
from authoring.schema.parts import FIELD_KEYS
from authoring.sources import Path
from engine.answers import ANSWER_TYPES, AnswerType, BadSetting, build

OPTION_TYPES = ("choice", "multiple")
NOT_SETTINGS = frozenset({*FIELD_KEYS, "type", "options", "yes", "no", "fields", "holder", "of"})


def spelled(spec: Any, ground: Ground) -> Mapping[str, Any]:
    """Return a field's keys.

    A bare type's name is `{type: name}`, a bare fact has the fact's own type.
    """
    if isinstance(spec, str):
        return {"type": spec}
    keys: Mapping[str, Any] = spec
    if "type" not in keys:
        return {**ground.fact_fields.get(keys.get("fact", ""), {"type": "text"}), **keys}
    return keys


def full_match(desk: Desk, pattern: str, path: Path) -> Callable[[str], bool] | None:
    """Return the test of a pattern on a whole text, linear in its length.

    None with a finding when it is refused.

    Source: promises.md, row ReDoS: google-re2 has neither look-around nor back-reference.
    """
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
        desk.report(
            "form.pattern",
            path,
            f"This pattern cannot be used: {reason}.",
            hint="Look-around and back-references may take for ever: they are left out.",
        )
        return None
    return lambda text: compiled.fullmatch(text) is not None


def answer_type(desk: Desk, ground: Ground, spec: Any, *, path: Path) -> AnswerType | None:
    """Return the type of a field or of an operation's value.

    None with a finding when it cannot be built.
    """
    keys = spelled(spec, ground)
    name = keys["type"]
    if name == "list":
        item = answer_type(desk, ground, keys["of"], path=(*path, "of"))
        return None if item is None else ListOf(item)
    if name == "record":
        parts = {
            key: answer_type(desk, ground, one, path=(*path, "fields", key))
            for key, one in keys["fields"].items()
        }
        return RecordOf({key: one for key, one in parts.items() if one is not None})
    settings = {
        key: value
        for key, value in keys.items()
        if key not in NOT_SETTINGS and key in ANSWER_TYPES[name].settings
    }
    if name in OPTION_TYPES:
        ids = option_ids(desk, ground, keys["options"], path=(*path, "options"))
        if ids is not None:
            settings["options"] = ids
    if name == "group":
        settings |= _group(desk, ground, keys["fields"], (*path, "fields"))
    matcher = None
    if isinstance(settings.get("pattern"), str):
        matcher = full_match(desk, settings["pattern"], (*path, "pattern"))
        if matcher is None:
            del settings["pattern"]
    try:
        return build(name, settings, matcher=matcher)
    except BadSetting as bad:
        desk.report("form.setting", (*path, bad.key), f"`{bad.key}` {bad.message}")
        return None


def _group(desk: Desk, ground: Ground, fields: Mapping[str, Any], path: Path) -> dict[str, Any]:
    built: dict[str, AnswerType] = {}
    for key, one in fields.items():
        found = answer_type(desk, ground, one, path=(*path, key))
        if found is not None:
            built[key] = found
    optional = [
        key
        for key in built
        if isinstance(fields[key], dict) and fields[key].get("required") is False
    ]
    return {"fields": built, "optional": optional} if optional else {"fields": built}


def option_ids(desk: Desk, ground: Ground, options: Any, *, path: Path) -> list[str] | None:
    """Return the ids of a choice's options.

    None where a saved list gives them when the question is reached.
    """
    if isinstance(options, dict):
        if "from" in options:
            return None
        found = [
            entry.code for entry in leaves(ground.codes, options["codes"], options.get("under"))
        ]
        if not found:
            desk.report(
                "form.options",
                path,
                "This code list has no codes there: there would be nothing to choose from.",
            )
        return found or None
    ids: list[str] = []
    for at, option in enumerate(options):
        name = option if isinstance(option, str) else option["id"]
        if name in ids:
            desk.report(
                "form.options",
                (*path, at),
                f"The option `{name}` stands twice.",
                hint="Give each option its own id.",
            )
        else:
            ids.append(name)
    return ids
