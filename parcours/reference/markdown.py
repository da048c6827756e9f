"""Pieces of a Markdown page."""

from __future__ import annotations

import inspect
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NOTICE = "<!-- Generated from the code by `make docs`; changes made here are lost. -->"


def page(title: str, intro: str, *parts: str) -> str:
    """Return a whole page: its title, what it is about, its parts."""
    return "\n\n".join([NOTICE, f"# {title}", intro, *(part for part in parts if part)]) + "\n"


def section(title: str, *parts: str, level: int = 2) -> str:
    """Return a titled part of a page."""
    return "\n\n".join([f"{'#' * level} {title}", *(part for part in parts if part)])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; nothing when it has no row. Bars and line ends in cells are made harmless."""
    lines = [_line([_cell(cell) for cell in row]) for row in rows]
    if not lines:
        return ""
    return "\n".join([_line(heads), _line(["---"] * len(heads)), *lines])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def code(text: str) -> str:
    """Return a text as code in a sentence; nothing for nothing."""
    return f"`{text}`" if text else ""


def block(text: str, language: str) -> str:
    """Return a block of code."""
    return f"```{language}\n{text.strip()}\n```"


def words(thing: object) -> str:
    """Return a docstring as Markdown, its sections of arguments and errors left out."""
    doc = inspect.cleandoc(inspect.getdoc(thing) or "")
    doc = re.split(r"^(?:Args|Attributes|Returns|Raises):", doc, maxsplit=1, flags=re.MULTILINE)[0]
    return doc.strip()


def shape(schema: Mapping[str, Any]) -> str:
    """Return a small JSON Schema in words: `one of a, b`, `list of text`, `mapping: to, reason`."""
    if "enum" in schema:
        return "one of " + ", ".join(code(json.dumps(one).strip('"')) for one in schema["enum"])
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    if "$ref" in schema:
        return _spaced(str(schema["$ref"]).rsplit("/", 1)[-1])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return ", or ".join(shape(one) for one in schema[key])
    kind = schema.get("type")
    if isinstance(kind, list):
        return ", or ".join(shape({**schema, "type": one}) for one in kind)
    if kind == "array":
        return f"list of {shape(schema['items'])}" if "items" in schema else "list"
    if kind == "object":
        return _mapping(schema)
    named = {"string": "text", "integer": "whole number", "boolean": "`true` or `false`"}
    said = named.get(str(kind), str(kind) if kind else "any value")
    limits = [
        f"{sign} {schema[key]}"
        for key, sign in (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "at most"))
        if key in schema
    ]
    return f"{said} ({', '.join(limits)})" if limits else said


def _mapping(schema: Mapping[str, Any]) -> str:
    known = schema.get("properties")
    if known:
        needed = schema.get("required", ())
        names = (f"`{name}`" + ("" if name not in needed else " (needed)") for name in known)
        return f"mapping of {', '.join(names)}"
    values = schema.get("additionalProperties")
    return f"mapping to {shape(values)}" if isinstance(values, dict) and values else "mapping"


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
