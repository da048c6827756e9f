"""Bytes into text, before any parser sees them: size, encoding, characters that are not text."""

from __future__ import annotations

import re
from itertools import islice

from authoring.findings import Finding

MAX_BYTES = 1 << 20
"""The largest file of a library. Source: semantics.md 32."""
MAX_SHOWN = 10

# NEL, LS and PS are left out too: YAML 1.1 parsers end lines with them, editors do not, and lines
# would be miscounted.
_NOT_TEXT = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def decode(content: bytes | str, file: str) -> tuple[str | None, list[Finding]]:
    """Return a file's text, without byte order mark.

    None with what is wrong when it is too long or no text.
    """
    size = len(content)
    if isinstance(content, str) and size <= MAX_BYTES:
        size = len(content.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        return None, [
            Finding(
                "form.too-large", "error", file, 1, 1,
                f"This file has {size:,} bytes; the most is {MAX_BYTES:,}.",
                "Split it: one journey a file, long manual procedures as journeys of their own.",
            )
        ]  # fmt: skip
    if isinstance(content, str):
        text = content.removeprefix("\ufeff")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return None, [_undecodable(content, error.start, file)]
    if text.isascii() and text.isprintable():
        return text, []
    found = islice(_NOT_TEXT.finditer(text), MAX_SHOWN)
    findings = [_not_text(text, one.start(), file) for one in found]
    return (None, findings) if findings else (text, [])


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return where an offset stands, both from 1."""
    before = text.rfind("\n", 0, offset)
    return text.count("\n", 0, offset) + 1, offset - before


def _undecodable(content: bytes, offset: int, file: str) -> Finding:
    line, column = line_and_column(content[:offset].decode("utf-8", "replace"), offset)
    last = content[:offset].rfind(b"\n")
    column = len(content[last + 1 : offset].decode("utf-8", "replace")) + 1
    return Finding(
        "form.yaml-encoding", "error", file, line, column,
        f"The byte 0x{content[offset]:02x} here is not UTF-8.",
        "Save the file as UTF-8.",
    )  # fmt: skip


def _not_text(text: str, offset: int, file: str) -> Finding:
    line, column = line_and_column(text, offset)
    return Finding(
        "form.yaml-character", "error", file, line, column,
        f"The character U+{ord(text[offset]):04X} here is not text.",
        "Remove it; in double quotes it may be written \\u" + f"{ord(text[offset]):04X}."
        if text[offset] > "\x1f"
        else "Remove it.",
    )  # fmt: skip
