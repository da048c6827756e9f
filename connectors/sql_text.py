"""The text of a statement that a deployment names: one statement, its values bound, never written.

Whatever could make a value a part of the text, or the text more than one statement, is refused when
the deployment is read: templates, `;`, comments, the databases' own marks for parameters.
Source: promises.md 3 (SQL through connector), T36.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 20_000
READS: Final = frozenset({"select", "values", "with"})
WRITES: Final = frozenset({"delete", "insert", "update", "with"})
_PIECE: Final = re.compile(
    r"""
      (?P<text>'(?:[^'\\]|'')*')          # a backslash would not mean the same to both
    | (?P<name>"(?:[^"]|"")*")
    | (?P<cast>::)
    | (?P<given>:[A-Za-z_][A-Za-z0-9_]*)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<space>\s+)
    | (?P<sign>[-+*/%<>=!|&~^.,()\[\]#])
    """,
    re.VERBOSE,
)
_REFUSED: Final = (
    ("--", "a comment"),
    ("/*", "a comment"),
    ("{", "a template: values are bound, `:name`"),
    ("}", "a template: values are bound, `:name`"),
    ("$", "a mark of the database: values are bound, `:name`"),
    ("?", "a mark of the database: values are bound, `:name`"),
    ("@", "a mark of the database: values are bound, `:name`"),
    (";", "more than one statement; leave the last `;` out too"),
    ("'", "a text that is not closed, or holds a backslash"),
    ('"', "a name that is not closed"),
)


class WrongStatement(ValueError):
    """A statement is not one that values can only ever be bound to; the message says why."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A statement ready to be given values.

    Attributes:
        first: its first word, in small letters.
        names: the values it takes, in the order they first stand in it.
        numbered: its text with `$1`, as PostgreSQL has it.
        marked: its text with `?1`, as SQLite has it.
    """

    first: str
    names: tuple[str, ...]
    numbered: str
    marked: str


def bind(text: str) -> Bound:
    """Return a statement with the places of its values found.

    Raises:
        WrongStatement: it is not one statement, or something other than `:name` marks a value.
    """
    if not text.strip() or len(text) > LONGEST:
        raise WrongStatement(f"a statement of 1 to {LONGEST} characters is expected")
    names: dict[str, int] = {}
    numbered, marked, words = [], [], []
    at = 0
    while at < len(text):
        found = None if text.startswith(("--", "/*"), at) else _PIECE.match(text, at)
        if found is None:
            raise WrongStatement(_why(text, at))
        piece = found.group()
        if found.lastgroup == "given":
            number = names.setdefault(piece[1:], len(names) + 1)
            numbered.append(f"${number}")
            marked.append(f"?{number}")
        else:
            if found.lastgroup == "word":
                words.append(piece.lower())
                # E'…', U&'…', B'…': what stands in them is not what it seems.
                if text.startswith(("'", "&'"), found.end()):
                    raise WrongStatement(f"`{piece}'`: a text with a prefix")
            numbered.append(piece)
            marked.append(piece)
        at = found.end()
    if not words:
        raise WrongStatement("no statement")
    return Bound(words[0], tuple(names), "".join(numbered), "".join(marked))


def _why(text: str, at: int) -> str:
    shown = text[at : at + 20]
    for begins, why in _REFUSED:
        if text.startswith(begins, at):
            return f"`{shown}`: {why}"
    return f"`{shown}`: not understood here"
