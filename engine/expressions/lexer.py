"""The words of an expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

from engine.expressions.errors import ExpressionError

MAX_BYTES = 2_048
"""The longest expression, in bytes. Source: promises.md, limits."""
KEYWORDS = frozenset(
    {"and", "or", "not", "in", "within", "true", "false", "null", "today", "any", "all"}
)
_PAIRS = frozenset({"==", "!=", "<=", ">="})
_SINGLES = frozenset("<>+-*/()[],:.")
_DIGITS = frozenset("0123456789")
_HINTS = {
    "=": "Write == to compare.",
    "!": "Write != or not.",
    "&": "Write and.",
    "|": "Write or.",
    "“": 'Write texts between straight quotes: "…".',
    "”": 'Write texts between straight quotes: "…".',
    "«": 'Write texts between straight quotes: "…".',
    "’": "Write texts between straight quotes: '…'.",
    "{": "An expression names a value without braces.",
    "%": "Write a share as a number: 0.2.",
    "€": "Write the currency after the number: 200 EUR.",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its sort, what it says, and where it stands."""

    sort: OneOf["name", "quoted", "number", "text", "sign", "end"]
    said: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Return the words of a text, an `end` after the last. Raises ExpressionError."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ExpressionError(
            "expression.too-long",
            f"The expression is longer than {MAX_BYTES} bytes.",
            start=0,
            end=len(text),
            hint="Split it: set a value in a `decide` step, or use a decision table.",
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _next(text, at)
        found.append(token)
        at = token.end
    found.append(Token("end", "", len(text), len(text)))
    return found


def _next(text: str, at: int) -> Token:
    letter = text[at]
    if letter.isalpha() or letter == "_":
        end = at + 1
        while end < len(text) and (text[end].isalnum() or text[end] == "_"):
            end += 1
        return Token("name", text[at:end], at, end)
    if letter in _DIGITS:
        return _number(text, at)
    if letter in {'"', "'"}:
        return _text(text, at)
    if letter == "`":
        return _quoted(text, at)
    if text[at : at + 2] in _PAIRS:
        return Token("sign", text[at : at + 2], at, at + 2)
    if letter in _SINGLES:
        return Token("sign", letter, at, at + 1)
    raise ExpressionError(
        "expression.unknown-sign",
        f"`{letter}` means nothing in an expression.",
        start=at,
        end=at + 1,
        hint=_HINTS.get(letter, ""),
    )


def _number(text: str, at: int) -> Token:
    end = at
    while end < len(text) and text[end] in _DIGITS:
        end += 1
    if text[end : end + 1] == "." and text[end + 1 : end + 2] in _DIGITS:
        end += 1
        while end < len(text) and text[end] in _DIGITS:
            end += 1
    return Token("number", text[at:end], at, end)


def _text(text: str, at: int) -> Token:
    quote = text[at]
    said: list[str] = []
    end = at + 1
    while end < len(text) and text[end] != quote:
        if text[end] == "\\":
            if text[end + 1 : end + 2] not in {"\\", '"', "'"}:
                raise ExpressionError(
                    "expression.bad-escape",
                    "A backslash may only stand before a quote or a backslash.",
                    start=end,
                    end=end + 1,
                    hint="Write \\\\ for a backslash itself.",
                )
            end += 1
        said.append(text[end])
        end += 1
    if end >= len(text):
        raise ExpressionError(
            "expression.open-text",
            "A text is not closed.",
            start=at,
            end=len(text),
            hint=f"Close it with {quote}.",
        )
    return Token("text", "".join(said), at, end + 1)


def _quoted(text: str, at: int) -> Token:
    end = text.find("`", at + 1)
    if end <= at + 1 or "." in text[at:end]:
        raise ExpressionError(
            "expression.open-name",
            "A name between backquotes is empty, dotted or not closed.",
            start=at,
            end=len(text),
            hint="Write `step-id`.value for a step whose id is not a plain word.",
        )
    return Token("quoted", text[at + 1 : end], at, end + 1)
