"""A line of YAML read as its author meant it: where the texts are that should have been quoted.

French wording holds `: `, commas, `?`, `«`, holes such as `{order.amount}`: bare, they end a text
or break the file. A line is read here with the keys as landmarks: what stands between one key and
the next is one text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

KEY = re.compile(r"""(?:"[^"\n]*"|'[^'\n]*'|[\w.?-]+):(?=[\s]|$)""")
NEXT_KEY = re.compile(r"""\s*(?:"[^"\n]*"|'[^'\n]*'|[\w.?-]+):(?:\s|$)""")
HOLE = re.compile(r"\{[^\W\d]\w*(?:\.\w+)*(?::(?:short|long))?\}")
LEAD = re.compile(r"\s*(?:-\s+)*")
BLOCK = re.compile(r"[|>][+-]?[0-9]?[+-]?\s*(?:#.*)?$")
COMMENT = re.compile(r"\s+#(?:\s.*)?$")
SPECIAL = frozenset("@`%!&*|>,]}#")
QUOTES = frozenset("\"'")
CLOSES = {"[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Bare:
    """A text without quotes that needs them: offsets in its line."""

    start: int
    end: int


def bare_texts(line: str, *, flowing: bool = False) -> list[Bare]:
    """Return the texts of a line that must be quoted.

    `flowing` says that the line goes on inside brackets.
    """
    lead = LEAD.match(line)
    at = lead.end() if lead is not None else 0
    if flowing or _leans(line[at:]):
        found: list[Bare] = []
        _entries(line, at, found, "}")
        return found
    key = KEY.match(line, at)
    if key is not None:
        at = key.end()
        while at < len(line) and line[at].isspace():
            at += 1
    return _value(line, at)


def _leans(rest: str) -> bool:
    """Return whether a line goes on inside brackets that an earlier one opened.

    It closes more than it opens.
    """
    plain = HOLE.sub("", re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'", "", rest))
    return plain.count("}") > plain.count("{") or plain.count("]") > plain.count("[")


def _value(line: str, at: int) -> list[Bare]:
    """Read the value of a line outside brackets."""
    end = len(line.rstrip())
    comment = COMMENT.search(line, at)
    if comment is not None:
        end = comment.start()
    text = line[at:end]
    if not text or BLOCK.match(text):
        return []
    if text[0] in QUOTES:
        close = _closing(line, at)
        # A quotation that opens a longer text: "Oui" dit-il.
        return [Bare(at, end)] if close is not None and line[close:end].strip() else []
    if (
        text[0] == "{"
        and not HOLE.match(text)
        and (text == "{" or KEY.match(line, _skip(line, at + 1)))
    ):
        found: list[Bare] = []
        _entries(line, at + 1, found, "}")
        return found
    if text[0] == "[" and (text.endswith(("]", ",")) or text == "["):
        found = []
        _items(line, at + 1, found)
        return found
    if CLOSES.get(text[0], "") not in text:
        # A list or a mapping that goes on below, or was never closed: no text anybody wrote.
        return []
    return [Bare(at, end)] if needs_quotes(text, flowing=False) else []


def _entries(line: str, at: int, found: list[Bare], close: str) -> int:
    """Read `key: value, key: value` up to the closing bracket; return where it ends."""
    while at < len(line):
        at = _skip(line, at)
        if at >= len(line) or line[at] == close:
            return at + 1
        key = KEY.match(line, at)
        if key is None:
            at = _text(line, at, found, close)
        else:
            at = _flow_value(line, _skip(line, key.end()), found, close)
        at = _skip(line, at)
        if (at < len(line) and line[at] == ",") or (at < len(line) and line[at] != close):
            at += 1
    return at


def _items(line: str, at: int, found: list[Bare]) -> int:
    """Read `a, b` up to the closing bracket; return where it ends."""
    while at < len(line):
        at = _skip(line, at)
        if at >= len(line) or line[at] == "]":
            return at + 1
        at = _flow_value(line, at, found, "]")
        at = _skip(line, at)
        if (at < len(line) and line[at] == ",") or (at < len(line) and line[at] != "]"):
            at += 1
    return at


def _flow_value(line: str, at: int, found: list[Bare], close: str) -> int:
    if at >= len(line):
        return at
    letter = line[at]
    if letter in QUOTES:
        end = _closing(line, at)
        if end is None:
            return len(line)
        after = _skip(line, end)
        if after >= len(line) or line[after] in ",}]" or line[after] == "#":
            return end
    elif letter == "{" and HOLE.match(line, at) is None and KEY.match(line, _skip(line, at + 1)):
        return _entries(line, at + 1, found, "}")
    elif letter == "[":
        return _items(line, at + 1, found)
    return _text(line, at, found, close)


def _text(line: str, at: int, found: list[Bare], close: str) -> int:
    """Read a bare text inside brackets: to the next key, or to the bracket that closes them."""
    start = at
    while at < len(line):
        letter = line[at]
        if letter == "{" and (hole := HOLE.match(line, at)) is not None:
            at = hole.end()
            continue
        if letter == close or (letter in "}]" and close == "}"):
            break
        if letter == "," and _ends_text(line, at, close):
            break
        if letter == "#" and line[at - 1].isspace() and line[at + 1 : at + 2].isspace():
            break
        at += 1
    end = start + len(line[start:at].rstrip())
    if end > start and needs_quotes(line[start:end], flowing=True):
        found.append(Bare(start, end))
    return at


def _ends_text(line: str, at: int, close: str) -> bool:
    rest = line[at + 1 :]
    if not rest.strip() or NEXT_KEY.match(rest):
        return True
    # In a list, a comma between figures is a decimal one: 12,50.
    return close == "]" and not (rest[0].isdigit() and line[at - 1].isdigit())


def needs_quotes(text: str, *, flowing: bool) -> bool:
    """Return whether YAML would read a bare text otherwise than it is written."""
    first = text[0]
    if (
        first in SPECIAL
        or first in QUOTES
        or first in "[{"
        or text[:2] in {"- ", "? ", ": "}
        or text in {"-", "?", ":"}
    ):
        return True
    if ": " in text or text.endswith(":") or " #" in text:
        return True
    return flowing and any(letter in text for letter in ",[]{}")


def _closing(line: str, at: int) -> int | None:
    """Return the offset behind the quote that closes the one at `at`.

    None when the line does not close it.
    """
    quote = line[at]
    at += 1
    while at < len(line):
        if line[at] == "\\" and quote == '"':
            at += 2
        elif line[at] == quote:
            if quote == "'" and line[at + 1 : at + 2] == "'":
                at += 2
            else:
                return at + 1
        else:
            at += 1
    return None


def _skip(line: str, at: int) -> int:
    while at < len(line) and line[at].isspace():
        at += 1
    return at
