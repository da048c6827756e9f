"""Where every key and value of a YAML text stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yaml import YAMLError
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from authoring.yaml.reader import MAX_DEPTH, MAX_EVENTS
from authoring.yaml.stream import events


@dataclass(slots=True, eq=False)
class Place:
    """Where a value stands.

    Line and column from 1, offsets of its first character and behind its last one.

    `style` is how a scalar is written: bare "", `'`, `"`, `|` or `>`; None for a list or a mapping.
    """

    line: int
    column: int
    start: int
    end: int
    style: str | None = None
    children: dict[str | int, tuple[Place, Place]] | None = None
    """By key, or number: the key's place and the value's."""
    many_lines: bool = False

    def find(self, path: tuple[str | int, ...], *, key: bool = False) -> Place:
        """Return the place of a value, or of its key.

        Of the nearest part around it when it is not there.
        """
        here, named = self, self
        for part in path:
            found = here.children.get(part) if here.children is not None else None
            if found is None:
                return here if not key else named
            named, here = found
        return named if key else here

    def inside(self, text: str, offset: int) -> tuple[int, int]:
        """Return line and column of a character of a scalar's value, as near as its style tells."""
        if self.style == "|":
            return self._inside_block(text, offset)
        if self.style is None or self.style == ">" or self.many_lines:
            return self.line, self.column
        return self.line, self.column + offset + (1 if self.style else 0)

    def _inside_block(self, text: str, offset: int) -> tuple[int, int]:
        lines = text[self.start : self.end].split("\n")[1:]
        first = next((line for line in lines if line.strip()), "")
        indent = len(first) - len(first.lstrip(" "))
        for number, line in enumerate(lines, start=1):
            length = max(0, len(line) - indent)
            if offset <= length:
                return self.line + number, indent + offset + 1
            offset -= length + 1
        return self.line, self.column


def positions(text: str) -> Place:
    """Return the places of all keys and values of a text, as far as it can be read."""
    top = Place(1, 1, 0, len(text), children={})
    stack: list[tuple[Place, bool]] = [(top, False)]
    key: Place | None = None
    name = ""
    keys: list[tuple[Place | None, str]] = []
    draw = events(text)
    try:
        for _ in range(MAX_EVENTS):
            event = draw()
            kind = event.__class__
            if kind is StreamEndEvent:
                break
            if kind is MappingEndEvent or kind is SequenceEndEvent:
                closed, _ = stack.pop()
                closed.end = event.end_mark.index
                key, name = keys.pop()
                key = None
                continue
            if not isinstance(event, NodeEvent):
                continue
            place = _place(event)
            holder, is_mapping = stack[-1]
            if is_mapping and key is None:
                key, name = place, getattr(event, "value", "")
            else:
                _hold(
                    holder, name if is_mapping else len(holder.children or {}), key or place, place
                )
                key = None
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                if len(stack) > MAX_DEPTH:
                    break
                keys.append((key, name))
                key = None
                stack.append((place, kind is MappingStartEvent))
    except YAMLError:
        pass  # What was read before still has its places; the reader reports the error itself.
    found = top.children or {}
    return found[0][1] if 0 in found else top


def _hold(holder: Place, name: str | int, key: Place, value: Place) -> None:
    if holder.children is not None:
        holder.children.setdefault(name, (key, value))


def _place(event: Any) -> Place:
    start, end = event.start_mark, event.end_mark
    if event.__class__ is ScalarEvent:
        return Place(
            start.line + 1,
            start.column + 1,
            start.index,
            end.index,
            event.style or "",
            many_lines=start.line != end.line,
        )
    return Place(start.line + 1, start.column + 1, start.index, end.index, children={})
