"""Histories as JSON text, made once: each turn adds a line or two to what was encoded before.

The engine makes the line of a visit that was left once and keeps it, so that a line which is the
very same object reads the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from operator import is_
from typing import Any, Final

import msgspec

from runtime.json_text import to_bytes

KEPT: Final = 1_000
"""Most histories kept: those of the sessions that are being walked."""
LONGEST: Final = 64 * 1024
"""Most bytes of a history that are kept."""


@dataclass(frozen=True, slots=True)
class _Encoded:
    """The settled lines of a history, and their JSON text without the brackets."""

    lines: list[dict[str, Any]]
    text: bytes


class Histories:
    """The encoded histories of this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Encoded] = OrderedDict()

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def encode(self, key: Hashable, lines: list[dict[str, Any]]) -> msgspec.Raw:
        """Return a history's lines as JSON text, an array.

        `key` tells the session and the way it is worded; what is kept under it is used as far as it
        holds the very same lines.
        """
        known = self._kept.get(key)
        text = b""
        count = 0
        if known is not None and len(known.lines) <= len(lines):
            self._kept.move_to_end(key)
            if all(map(is_, known.lines, lines)):
                text, count = known.text, len(known.lines)
        settled = count
        while settled < len(lines) and _is_settled(lines[settled]):
            settled += 1
        if settled > count:
            text = _joined(text, lines[count:settled])
            self._keep(key, _Encoded(lines[:settled], text))
        if settled < len(lines):
            text = _joined(text, lines[settled:])
        return msgspec.Raw(b"[" + text + b"]")

    def _keep(self, key: Hashable, encoded: _Encoded) -> None:
        if len(encoded.text) > LONGEST:
            self._kept.pop(key, None)
            return
        self._kept[key] = encoded
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _is_settled(line: dict[str, Any]) -> bool:
    return line["left_at"] is not None and not line["undone"]


def _joined(text: bytes, lines: list[dict[str, Any]]) -> bytes:
    more = to_bytes(lines)[1:-1]
    return text + b"," + more if text else more
