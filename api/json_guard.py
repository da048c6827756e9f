"""What a JSON body may be, decided before the domain or a database sees it.

The two databases disagree on NaN, NUL and lone surrogates, so that they are refused here.
Source: promises.md 2.2, 3.1.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

MAX_DEPTH = 32
MAX_INTEGER = 2**53

_BRACKETS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{]|[\]}]', re.DOTALL)
_MANY_DIGITS = re.compile(rb"\d{16}")
_SURROGATE = re.compile("[\ud800-\udfff]")


class MalformedJson(Exception):
    """A body is not JSON we accept. `why` says what is wrong with it, in a stable word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def parse(data: bytes) -> Any:
    """Return the value of a JSON text in UTF-8.

    Raises:
        MalformedJson: `syntax`, `encoding`, `depth` (more than 32 levels), `duplicate-key`,
            `not-a-number` (NaN, Infinity or a number too large for a double), `integer` (beyond
            2^53), `nul` (U+0000 in a text or key) or `surrogate` (half of a pair).
    """
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise MalformedJson("encoding") from None
    # Nesting needs brackets: a body with few of them cannot be deep, and most have few.
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH:
        _check_depth(data)
    try:
        value = (_CAREFUL if _MANY_DIGITS.search(data) else _QUICK).decode(text)
    except ValueError:
        raise MalformedJson("syntax") from None
    # Raw control characters are a syntax error: only an escape can spell these.
    if "\\u" in text:
        _check_texts(value)
    return value


def check_text(text: str) -> None:
    """Accept a text that both databases can store.

    Raises:
        MalformedJson: `nul` or `surrogate`.
    """
    if "\0" in text:
        raise MalformedJson("nul")
    if _SURROGATE.search(text):
        raise MalformedJson("surrogate")


def _check_depth(data: bytes) -> None:
    depth = 0
    for found in _BRACKETS.finditer(data):
        first = found.group()[:1]
        if first in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise MalformedJson("depth")
        elif first in b"]}":
            depth -= 1


def _check_texts(value: Any) -> None:
    rest = [value]
    while rest:
        item = rest.pop()
        if isinstance(item, str):
            check_text(item)
        elif isinstance(item, dict):
            rest.extend(item)
            rest.extend(item.values())
        elif isinstance(item, list):
            rest.extend(item)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJson("duplicate-key")
    return found


def _no_constant(_: str) -> Any:
    raise MalformedJson("not-a-number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise MalformedJson("not-a-number")
    return value


def _bounded(digits: str) -> int:
    # 2^53 has 16 digits: a longer text is refused before it is converted.
    if len(digits) > 17 or abs(value := int(digits)) > MAX_INTEGER:
        raise MalformedJson("integer")
    return value


_QUICK = json.JSONDecoder(
    object_pairs_hook=_distinct, parse_constant=_no_constant, parse_float=_finite
)
_CAREFUL = json.JSONDecoder(
    object_pairs_hook=_distinct,
    parse_constant=_no_constant,
    parse_float=_finite,
    parse_int=_bounded,
)
