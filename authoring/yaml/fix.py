"""Quoting a text so that YAML reads it as it is written."""

from __future__ import annotations


def quoted(text: str) -> str:
    """Return a text in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
