"""The C parser's events, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yaml import cyaml

Draw = Callable[[], Any]


def events(text: str) -> Draw:
    """Return what gives a text's next event at each call.

    And raises YAMLError where it is not YAML.

    Only as much is scanned as is asked for: whoever counts as it draws is safe from deep nesting.
    """
    parser: Any = cyaml.CParser(text)  # type: ignore[attr-defined]  # the stubs do not export it
    draw: Draw = parser.get_event
    return draw
