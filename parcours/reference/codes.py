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
IN_FIELDS: frozenset[str] = frozenset()


@cache
def codes_in(folder: str, callers: frozenset[str]) -> dict[str, tuple[str, str]]:
    """Return the dotted codes given to one of these callables: code -> messages (fr, en).

    Without any callable: those of the mappings that say `code` and `message`, which is how a single
    field's error is written. A message is empty where the source does not write it with the code.
    """
    found: dict[str, tuple[str, str]] = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for code, messages in _calls(path, callers):
            if code not in found or messages != ("", ""):
                found[code] = messages
    return dict(sorted(found.items()))


def _calls(path: Path, callers: frozenset[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        first, others = _said(node, callers)
        said = "" if first is None else _text(first)
        if _is_code(said):
            values = [
                named.get(one.id, one) if isinstance(one, ast.Name) else one for one in others
            ]
            yield said, _messages(values)


def _said(node: ast.AST, callers: frozenset[str]) -> tuple[ast.expr | None, list[ast.expr]]:
    """Return the expression where a code may stand, and those where its message may."""
    if isinstance(node, ast.Call) and node.args and _name(node.func) in callers:
        return node.args[0], [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    if isinstance(node, ast.Dict) and not callers:
        entries = {
            key.value: value
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant)
        }
        if "message" in entries:
            return entries.get("code"), [entries["message"]]
    return None, []


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _is_code(text: str) -> bool:
    return "." in text and " " not in text


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
