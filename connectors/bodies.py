"""JSON as other systems send it: taken when both databases can store it, else not at all."""

from __future__ import annotations

import json
from typing import Any, Final

DEEPEST: Final = 32
LARGEST_INT: Final = 2**53


class NotJson(Exception):
    """A body is not JSON that we take."""


def read_json(body: bytes) -> Any:
    """Return the value of a JSON body.

    Raises:
        NotJson: it is not JSON in UTF-8, holds a key twice, NaN, U+0000, a lone surrogate or a
            number beyond 2^53, or is more than 32 levels deep. Source: promises.md 2.2, 3.1.
    """
    try:
        value = json.loads(
            body.decode(), object_pairs_hook=_once, parse_constant=_refused, parse_int=_whole
        )
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    _plain(value, DEEPEST)
    return value


def write_json(value: Any) -> bytes:
    """Return a value as JSON in UTF-8.

    Raises:
        ValueError: it holds NaN or a lone surrogate.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _refused(constant: str) -> Any:
    raise ValueError(constant)


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_INT:
        raise ValueError("beyond 2^53")
    return int(digits)


def _plain(value: Any, levels: int) -> None:
    if levels < 0:
        raise NotJson("too deep")
    if isinstance(value, str):
        if "\x00" in value or not _is_storable(value):
            raise NotJson("a character no database stores")
    elif isinstance(value, float):
        # 1e999 reads as infinity, which JSON cannot say again.
        if value in {float("inf"), float("-inf")}:
            raise NotJson("beyond any number")
    elif isinstance(value, dict):
        for name, part in value.items():
            _plain(name, 0)
            _plain(part, levels - 1)
    elif isinstance(value, list):
        for part in value:
            _plain(part, levels - 1)


def _is_storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
