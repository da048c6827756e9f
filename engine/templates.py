"""One wording: text with holes for values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine import localise
from engine.kinds import ANY, Kind, Unknown, resolve

if TYPE_CHECKING:
    from engine.events import Json
    from engine.scope import Scope

FORMATS = ("short", "long")
Mask = Callable[[str, str], str]
"""Given a value's dotted name and how it reads, returns what is shown in its place."""


class WordingError(Exception):
    """A hole that cannot be read: where it is in the wording, and what to write."""

    def __init__(self, code: str, message: str, *, start: int, end: int, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.start = start
        self.end = end
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Hole:
    """A value's place: its dotted name, its format (`short`, `long`, None) and its offsets."""

    path: tuple[str, ...]
    form: str | None
    start: int
    end: int

    @property
    def name(self) -> str:
        """Return the dotted name as written."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Template:
    """One wording, ready to be shown: pieces of text and holes in turn."""

    parts: tuple[str | Hole, ...]
    source: str = ""
    holes: tuple[Hole, ...] = field(init=False, repr=False, compare=False)
    """Its holes, in order."""
    reads: frozenset[str] = field(init=False, repr=False, compare=False)
    """The dotted names of the values it shows."""

    def __post_init__(self) -> None:
        holes = tuple(part for part in self.parts if isinstance(part, Hole))
        object.__setattr__(self, "holes", holes)
        object.__setattr__(self, "reads", frozenset(hole.name for hole in holes))

    def named(self, names: Mapping[str, str]) -> str:
        """Return the text for who has no values: each hole by what its value is called.

        `names` go by dotted name; what has none shows as what is missing does.
        """
        return "".join(
            part if isinstance(part, str) else _called(names.get(part.name)) for part in self.parts
        )

    def render(
        self,
        scope: Scope,
        language: str,
        *,
        kinds: Mapping[str, Kind] | None = None,
        mask: Mask | None = None,
        labels: Mapping[str, Mapping[str, str]] | None = None,
    ) -> str:
        """Return the text with its values, written as people of the language do.

        Args:
            scope: where the values are.
            language: `fr`, `en` …
            kinds: what is known of the values; without it they show by their form.
            mask: applied to every value shown; sensitive ones come back masked.
            labels: by dotted name, the label of each option id of a choice.

        What is missing shows as `…`.
        """
        parts = self.parts
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        known = kinds or {}
        shown: list[str] = []
        for part in parts:
            if isinstance(part, str):
                shown.append(part)
                continue
            text = _show(part, scope, language=language, kinds=known, labels=labels or {})
            shown.append(mask(part.name, text) if mask is not None else text)
        return "".join(shown)


def _called(name: str | None) -> str:
    if not name:
        return localise.MISSING
    # Inside a sentence: `Numéro de commande` becomes `[numéro de commande]`, `PIN` stays.
    first = name[0] if name[1:2].isupper() else name[0].lower()
    return f"[{first}{name[1:]}]"


def _show(
    hole: Hole,
    scope: Scope,
    *,
    language: str,
    # Inner to `render`, which has them by keyword.
    kinds: Mapping[str, Kind],
    labels: Mapping[str, Mapping[str, str]],
) -> str:
    value: Json = scope.values
    for name in hole.path:
        value = value.get(name) if isinstance(value, dict) else None
    options = labels.get(hole.name)
    if options is not None:
        if isinstance(value, str):
            return options.get(value, value)
        if isinstance(value, list):
            return localise.listed([options.get(str(one), str(one)) for one in value], language)
    kind = resolve(kinds, hole.path)
    if isinstance(kind, Unknown):
        kind = ANY
    return localise.show(value, kind, language=language, short=hole.form == "short")


def parse_wording(text: str) -> Template:
    """Return the wording with its holes found: `{order.amount}`, `{order.shipped_on:short}`.

    `{{` and `}}` are braces. Raises WordingError (`wording.bad-hole`) for anything else between
    braces: a hole holds a name, no logic.
    """
    parts: list[str | Hole] = []
    piece: list[str] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter not in "{}":
            piece.append(letter)
            at += 1
        elif text[at : at + 2] == letter * 2:
            piece.append(letter)
            at += 2
        elif letter == "}":
            raise _bad(text, at, end=at + 1, why="a brace closes nothing")
        else:
            end = text.find("}", at)
            if end < 0:
                raise _bad(text, at, end=len(text), why="a brace is not closed")
            if piece:
                parts.append("".join(piece))
                piece = []
            parts.append(_hole(text, at, end=end + 1))
            at = end + 1
    if piece or not parts:
        parts.append("".join(piece))
    return Template(tuple(parts), text)


def _hole(text: str, start: int, *, end: int) -> Hole:
    name, colon, form = text[start + 1 : end - 1].partition(":")
    path = tuple(part.strip() for part in name.split("."))
    if not all(part.isidentifier() for part in path):
        raise _bad(text, start, end=end, why="only a value's name may stand between braces")
    if colon and form.strip() not in FORMATS:
        raise _bad(text, start, end=end, why="the only formats are `short` and `long`")
    return Hole(path, form.strip() or None, start, end)


def _bad(text: str, start: int, *, end: int, why: str) -> WordingError:
    return WordingError(
        "wording.bad-hole",
        f"`{text[start : min(end, start + 40)]}`: {why}.",
        start=start,
        end=end,
        hint="Write a value as {order.amount} or {order.date:short}, a brace itself as {{ or }}.",
    )
