"""The stable codes the engine raises, read from its source.

A code that no one lists by hand cannot be forgotten.
"""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

from parcours.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REFUSING = frozenset({"Refused", "BadAnswer", "refuse"})
TRIPPING = frozenset({"trip", "Tripped"})


@cache
def codes_in(folder: str, callers: frozenset[str]) -> dict[str, tuple[str, str]]:
    """Return the dotted codes given first to one of these callables: code -> messages (fr, en).

    A message is empty where the source does not write it beside the code.
    """
    found: dict[str, tuple[str, str]] = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for code, messages in _calls(path, callers):
            if code not in found or messages != ("", ""):
                found[code] = messages
    return dict(sorted(found.items()))


def _calls(path: Path, callers: frozenset[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in callers:
            first = node.args[0]
            if isinstance(first, ast.Constant) and _is_code(first.value):
                others = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
                yield str(first.value), _messages(others)


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _is_code(value: object) -> bool:
    return isinstance(value, str) and "." in value and " " not in value


def _messages(values: list[ast.expr]) -> tuple[str, str]:
    for value in values:
        if isinstance(value, ast.Dict):
            said = {
                key.value: _text(text)
                for key, text in zip(value.keys, value.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if said.keys() >= {"fr", "en"}:
                return said["fr"], said["en"]
    return "", ""


def _text(node: ast.expr) -> str:
    """Return a literal text; in one with holes, each hole by its source between braces."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            f"{{{ast.unparse(part.value)}}}"
            if isinstance(part, ast.FormattedValue)
            else _text(part)
            for part in node.values
        )
    return ""
