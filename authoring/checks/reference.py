"""The manual pages of the checks, as the generated reference shows them."""

from __future__ import annotations

import inspect

from authoring.checks.base import Check
from authoring.checks.registry import CHECKS


def page(check: type[Check]) -> str:
    """Return one check's manual page in Markdown: its code, how grave it is, and its docstring."""
    return f"### `{check.code}`\n\n*{check.severity}*\n\n{inspect.cleandoc(check.__doc__ or '')}\n"


def reference() -> str:
    """Return the manual of all checks in Markdown, by area."""
    parts: list[str] = ["# What the checker proves\n"]
    area = None
    for check in CHECKS:
        if check.code.partition(".")[0] != area:
            area = check.code.partition(".")[0]
            parts.append(f"## {area}\n")
        parts.append(page(check))
    return "\n".join(parts)
