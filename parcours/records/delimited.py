"""Records of a CSV file: the first line names the columns; comma, semicolon or tab."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from parcours.records.record import LONGEST, How, Record, fault, refused, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DELIMITERS = ",;\t|"


def delimited(path: Path, raw: bytes, how: How) -> Iterator[Record]:
    """Yield the records of a CSV file; a row that is none is a record that says so.

    Raises:
        Stop: the file is not in its encoding, or its first line does not name its columns.
    """
    text = decoded(path, raw, how.encoding)
    first = text.partition("\n")[0]
    delimiter = how.delimiter or max(DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise refused(path, ":1", fr=f"{error}.", en=f"{error}.") from error
    columns = named(path, 1, header)
    begins = rows.line_num + 1
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            said = fault("file.not-csv", f"CSV mal formé : {error}.", f"Not CSV: {error}.")
            yield Record(begins, wrong=said)
            begins = rows.line_num + 1
            continue
        if cells is None:
            return
        line, begins = begins, rows.line_num + 1
        if any(cell.strip() for cell in cells):
            yield _row(line, cells, columns)


def _row(line: int, cells: list[str], columns: dict[str, int]) -> Record:
    if len(cells) != len(columns):
        said = fault(
            "file.columns", f"{len(cells)} colonnes au lieu de {len(columns)}.",
            f"{len(cells)} columns in place of {len(columns)}.",
        )  # fmt: skip
        return Record(line, wrong=said)
    if sum(map(len, cells)) > LONGEST:
        return too_long(line)
    values = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    return Record(line, values, columns)


def named(path: Path, line: int, header: list[Any]) -> dict[str, int]:
    """Return the columns by name, each with its number from 1.

    Raises:
        Stop: a column has no name, or two have the same.
    """
    columns: dict[str, int] = {}
    for number, name in enumerate(header, 1):
        if not isinstance(name, str) or not name or name in columns:
            raise refused(
                path, f":{line}:{number}",
                fr="la première ligne nomme chaque colonne, une fois.",
                en="the first line names every column, once.",
            )  # fmt: skip
        columns[name] = number
    if not columns:
        raise refused(path, f":{line}", fr="aucune colonne.", en="there is no column.")
    return columns


def decoded(path: Path, raw: bytes, encoding: str) -> str:
    """Return a file's text.

    Raises:
        Stop: a byte is not of the encoding, or there is no such encoding.
    """
    try:
        return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refused(
            path, f":{line}",
            fr=f"ce fichier n'est pas en {encoding} : dites son encodage dans la correspondance.",
            en=f"this file is not {encoding}: say its encoding in the mapping.",
        ) from error  # fmt: skip
    except LookupError as error:
        raise refused(
            path, "", fr=f"encodage inconnu : {encoding}.", en=f"unknown encoding: {encoding}."
        ) from error
