"""Records of JSON: one object a line (JSONL), or a document with a list of objects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from parcours.records.delimited import decoded
from parcours.records.record import LONGEST, How, Record, fault, refused, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def lines(path: Path, raw: bytes, how: How) -> Iterator[Record]:
    """Yield the records of a JSONL file; a line that is none is a record that says so.

    Raises:
        Stop: the file is not in its encoding.
    """
    for line, content in enumerate(decoded(path, raw, how.encoding).split("\n"), 1):
        if content.strip():
            yield _line(line, content)


def _line(line: int, content: str) -> Record:
    if len(content) > LONGEST:
        return too_long(line)
    try:
        row = json.loads(content, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        at = getattr(error, "colno", 1)
        said = fault("file.not-json", f"JSON mal formé, colonne {at}.", f"Not JSON, column {at}.")
        return Record(line, wrong=said)
    return _made(line, row)


def document(path: Path, raw: bytes, how: How) -> Iterator[Record]:
    """Yield the records of a JSON document, each at the line where it begins.

    Raises:
        Stop: it is not JSON, or holds no list where one is expected.
    """
    text = decoded(path, raw, how.encoding)
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise refused(
            path, f":{error.lineno}:{error.colno}", fr="JSON mal formé.", en="not JSON."
        ) from error
    except (ValueError, RecursionError) as error:
        raise refused(path, "", fr="JSON mal formé.", en="not JSON.") from error
    for part in how.records.split(".") if how.records else ():
        found = found.get(part) if isinstance(found, dict) else None
    if not isinstance(found, list):
        where = how.records or "."
        raise refused(
            path, "", fr=f"une liste est attendue en « {where} » (`records` dit où).",
            en=f"a list is expected at '{where}' (`records` says where).",
        )  # fmt: skip
    for begins, row in zip(_places(text, how.records, len(found)), found, strict=True):
        yield _made(begins, row)


def _places(text: str, records: str | None, count: int) -> list[int]:
    """Return the line where each of the records begins."""
    decoder, at = json.JSONDecoder(), 0
    for part in records.split(".") if records else ():
        # The first key of that name after the ones before it: a place to look at, no more.
        at = max(at, text.find(json.dumps(part, ensure_ascii=False), at))
    at = text.find("[", at) + 1
    places, line, counted = [], 1, 0
    for _ in range(count):
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        line += text.count("\n", counted, at)
        counted = at
        places.append(line)
        try:
            _, at = decoder.raw_decode(text, at)
        except ValueError:
            break
    return places + [line] * (count - len(places))


def _made(line: int, row: Any) -> Record:
    if not isinstance(row, dict):
        said = fault("file.not-an-object", "Un objet JSON est attendu.",
                     "A JSON object is expected.")  # fmt: skip
        return Record(line, wrong=said)
    return Record(line, row)


def _no_constant(name: str) -> None:
    raise ValueError(name)
