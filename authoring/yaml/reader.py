"""YAML into plain data, every refusal with its place.

The C parser's events are drawn one at a time and counted as they come: nesting and size are refused
before anything recursive, or anything quadratic, can happen. Source: promises.md §3.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yaml import YAMLError
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from authoring.findings import MAX_A_FILE, Finding
from authoring.yaml import scalars
from authoring.yaml.stream import Draw, events

MAX_DEPTH = 64
MAX_EVENTS = 200_000


@dataclass(slots=True)
class Read:
    """What reading gave.

    Plain data, what is wrong, and where the parser stopped if it did (line from 1).
    """

    data: Any = None
    findings: list[Finding] = field(default_factory=list)
    stopped: MarkedYAMLError | None = None
    suspects: list[Any] = field(default_factory=list)
    """Places where a bare text was cut by a comma or a `#`: what the quoting advice looks at."""


class _Over(Exception):
    """Reading goes no further: a limit, or a second document."""


_NO_KEY: Any = object()


class _Builder:
    """Builds data from events, iteratively.

    A key that is None was refused: its value is read and dropped.
    """

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.read = Read()

    def run(self) -> Read:
        try:
            self._build(events(self.text))
        except MarkedYAMLError as error:
            self.read.stopped = error
        except YAMLError as error:
            self.read.findings.append(
                Finding(
                    "form.yaml-character",
                    "error",
                    self.file,
                    1,
                    1,
                    f"This text cannot be read: {error}",
                )
            )
        except _Over:
            self.read.data = None
        return self.read

    def _build(self, draw: Draw) -> None:
        # One loop rather than a method an event: calls would double the cost of loading, and 5 MB
        # have a million events.
        root: list[Any] = []
        container: Any = root
        mapping: dict[str, Any] | None = None
        key: Any = _NO_KEY
        outer: list[tuple[Any, dict[str, Any] | None, Any]] = []
        count = documents = 0
        words, starts, is_number = scalars.WORDS, scalars.STARTS, scalars.NUMBER.fullmatch
        while True:
            event = draw()
            kind = event.__class__
            count += 1
            if kind is ScalarEvent:
                value: Any = event.value
                if event.anchor is not None or event.tag is not None:
                    self._refuse_decoration(event)
                if mapping is not None and key is _NO_KEY:
                    key = self._key(event, value, mapping)
                    continue
                if not event.style:
                    if value in words:
                        if not value and mapping is not None:
                            self._note_empty(event)
                        value = words[value]
                    elif value[0] in starts and is_number(value):
                        value = self._number(event, value)
                elif event.style == '"' and not value.isprintable():
                    self._refuse_controls(event, value)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                container, mapping, key = outer.pop()
                continue
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if event.anchor is not None or event.tag is not None:
                    self._refuse_decoration(event)
                if len(outer) >= MAX_DEPTH or count > MAX_EVENTS:
                    self._refuse_size(event, deep=len(outer) >= MAX_DEPTH)
                fresh: Any = {} if kind is MappingStartEvent else []
                after: Any = _NO_KEY
                if mapping is None:
                    container.append(fresh)
                elif key is _NO_KEY:
                    self._refuse_key(event, "A list or a mapping cannot be a key.")
                    after = None
                elif key is not None:
                    mapping[key] = fresh
                outer.append((container, mapping, after))
                container = fresh
                mapping = fresh if kind is MappingStartEvent else None
                key = _NO_KEY
                continue
            elif kind is AliasEvent:
                self._refuse_decoration(event)
                value = None
                if mapping is not None and key is _NO_KEY:
                    key = None
                    continue
            elif kind is StreamEndEvent:
                break
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._refuse_documents(event)
                continue
            else:
                continue
            if mapping is None:
                container.append(value)
            else:
                if key is not None:
                    mapping[key] = value
                key = _NO_KEY
            if count > MAX_EVENTS:
                self._refuse_size(event, deep=False)
        self.read.data = root[0] if root else None

    def _key(self, event: Any, value: str, mapping: dict[str, Any]) -> str | None:
        if not event.style and not scalars.is_text(value):
            self._refuse_key(event, f"The key `{value}` reads as a value, not as text.")
            return value or None
        if value == "<<" and not event.style:
            self._find(
                event,
                "form.yaml-merge",
                "Merge keys (`<<`) are not part of the language.",
                "Write the keys out.",
            )
            return None
        if value in mapping:
            self._find(
                event, "form.yaml-duplicate-key", f"The key `{value}` stands twice here.",
                "Keep one of them: the first counted, the second would have been lost.",
            )  # fmt: skip
            return None
        return value

    def _number(self, event: Any, value: str) -> int | float | str:
        try:
            return scalars.number(value)
        except scalars.TooLarge:
            self._find(
                event,
                "form.yaml-number",
                "This number is larger than 10^15.",
                "If it is an identifier, put it in quotes.",
            )
            return value

    def _refuse_controls(self, event: Any, value: str) -> None:
        """Find what an escape puts into a text that could not be written there as it is."""
        for one in value:
            if one < " " and one not in "\t\n\r":
                self._find(
                    event, "form.yaml-character",
                    f"This text holds the character U+{ord(one):04X}, which is not text.",
                    "Remove its escape.",
                )  # fmt: skip
                return

    def _note_empty(self, event: Any) -> None:
        if event.start_mark.index == event.end_mark.index:
            self.read.suspects.append(event.start_mark)

    def _refuse_key(self, event: Any, message: str) -> None:
        self._find(event, "form.yaml-key", message, "Put the key in quotes.")

    def _refuse_decoration(self, event: Any) -> None:
        if event.__class__ is AliasEvent or event.anchor is not None:
            sign = "*" if event.__class__ is AliasEvent else "&"
            self._find(
                event,
                "form.yaml-alias",
                f"`{sign}{event.anchor}`: aliases and anchors are not part of the language.",
                f"Write the value out; if it is text that begins with `{sign}`, put it in quotes.",
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._find(
                event, "form.yaml-tag", f"`{tag}`: tags are not part of the language.",
                "Remove it; if it is text that begins with `!`, put it in quotes.",
            )  # fmt: skip

    def _refuse_size(self, event: Any, *, deep: bool) -> None:
        if deep:
            message, hint = f"This is nested more than {MAX_DEPTH} deep.", "Flatten it."
            self._find(event, "form.yaml-depth", message, hint)
        else:
            message, hint = (
                f"This file holds more than {MAX_EVENTS:,} parts.",
                "Split it: one journey a file.",
            )
            self._find(event, "form.yaml-size", message, hint)
        raise _Over

    def _refuse_documents(self, event: Any) -> None:
        self._find(
            event,
            "form.yaml-documents",
            "A second document begins here.",
            "Keep one document a file.",
        )
        raise _Over

    def _find(self, event: Any, code: str, message: str, hint: str) -> None:
        if len(self.read.findings) >= MAX_A_FILE:
            raise _Over
        mark = event.start_mark
        self.read.findings.append(
            Finding(code, "error", self.file, mark.line + 1, mark.column + 1, message, hint)
        )


def read(text: str, file: str) -> Read:
    """Return a text's data and everything about it that the language refuses.

    Takes any text, and never raises.
    """
    return _Builder(text, file).run()
