"""The cases of a batch: a CSV or JSONL file, each row read by itself, faults at their place."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connectors.bodies import NotJson, read_json
from runtime.errors import WrongSetting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWN = ("case", "customer", "channel", "language", "words")
"""Columns that say whose case it is and how it begins; every other one is an input or an answer."""
LARGEST = 256 * 1024 * 1024
LONGEST = 200_000
"""Bytes of a file and of one row: a batch is read row by row, but its journal is kept in memory."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a row cannot be walked: a stable code, and what to do in both languages."""

    code: str
    text: dict[str, str]
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One row: its line, its name, what it says; `wrong` when it cannot be walked."""

    line: int
    name: str
    own: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    typed: bool = True
    """Whether its values are JSON already; a CSV's are text still."""
    wrong: Wrong | None = None


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file, in order; a wrong row is a case that says what is wrong with it.

    Raises:
        WrongSetting: the file cannot be read at all, or is neither CSV nor JSONL.
    """
    kind = path.suffix.lower()
    if kind not in {".csv", ".jsonl", ".ndjson"}:
        raise _refused(
            f"{path} : un fichier .csv ou .jsonl est attendu.",
            f"{path}: a .csv or .jsonl file is expected.",
        )
    try:
        if path.stat().st_size > LARGEST:
            raise _refused(
                f"{path} : plus de 256 Mio ; coupez-le.", f"{path}: above 256 MiB; cut it."
            )
        raw = path.read_bytes()
    except OSError as error:
        raise _refused(
            f"{path} : illisible ({error.strerror}).", f"{path}: {error.strerror}."
        ) from error
    return list(_unique(_csv(path, raw) if kind == ".csv" else _jsonl(raw)))


def fingerprint(case: Case) -> str:
    """Return what tells a case from another by all it says."""
    said = json.dumps([case.own, case.values], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _unique(cases: Iterator[Case]) -> Iterator[Case]:
    """Refuse a name that was there before: its result could not be told from the other's."""
    seen: dict[str, int] = {}
    for case in cases:
        first = seen.setdefault(case.name, case.line)
        if first != case.line and case.wrong is None:
            text = {
                "fr": f"« {case.name} » est déjà le cas de la ligne {first}.",
                "en": f"'{case.name}' is the case of line {first} already.",
            }
            yield Case(case.line, case.name, wrong=Wrong("case.twice", text, "case"))
        else:
            yield case


def _jsonl(raw: bytes) -> Iterator[Case]:
    for line, content in enumerate(raw.split(b"\n"), 1):
        if not content.strip() or (line == 1 and content.strip() == b"\xef\xbb\xbf"):
            continue
        yield _of_json(line, content)


def _of_json(line: int, content: bytes) -> Case:
    if len(content) > LONGEST:
        return _too_long(line)
    try:
        row = read_json(content.removeprefix(b"\xef\xbb\xbf"))
    except NotJson as error:
        return _not_json(line, error.__cause__)
    if not isinstance(row, dict):
        text = {"fr": "Un objet JSON est attendu.", "en": "A JSON object is expected."}
        return Case(line, str(line), wrong=Wrong("case.not-an-object", text))
    return _made(line, row, typed=True)


def _not_json(line: int, why: BaseException | None) -> Case:
    if isinstance(why, UnicodeDecodeError):
        return _not_utf8(line, why.start)
    if isinstance(why, json.JSONDecodeError):
        at = why.colno
        text = {"fr": f"JSON mal formé, colonne {at}.", "en": f"Not JSON, column {at}."}
    else:
        text = {
            "fr": "JSON refusé : clé répétée, NaN, U+0000, moitié de paire, entier au-delà de "
            "2^53, ou plus de 32 niveaux.",
            "en": "JSON that is not taken: a key twice, NaN, U+0000, half of a surrogate pair, a "
            "whole number beyond 2^53, or above 32 levels.",
        }
    return Case(line, str(line), wrong=Wrong("case.not-json", text))


def _csv(path: Path, raw: bytes) -> Iterator[Case]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refused(
            f"{path}:{line} : ce fichier n'est pas en UTF-8.",
            f"{path}:{line}: this file is not UTF-8.",
        ) from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise _refused(f"{path}:1 : {error}.", f"{path}:1: {error}.") from error
    if not header or "" in header or len(set(header)) != len(header):
        raise _refused(
            f"{path}:1 : la première ligne nomme chaque colonne, une fois.",
            f"{path}:1: the first line names every column, once.",
        )
    yield from _csv_rows(rows, header)


def _csv_rows(rows: Any, header: list[str]) -> Iterator[Case]:
    begins = rows.line_num + 1
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            if "field limit" in str(error):
                yield _too_long(begins)
            else:
                text = {"fr": f"CSV mal formé : {error}.", "en": f"Not CSV: {error}."}
                yield Case(begins, str(begins), wrong=Wrong("case.not-csv", text))
            begins = rows.line_num + 1
            continue
        if cells is None:
            return
        line, begins = begins, rows.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            text = {
                "fr": f"{len(cells)} colonnes au lieu de {len(header)}.",
                "en": f"{len(cells)} columns in place of {len(header)}.",
            }
            yield Case(line, str(line), wrong=Wrong("case.columns", text))
        elif sum(map(len, cells)) > LONGEST:
            yield _too_long(line)
        elif any("\0" in cell for cell in cells):
            column = next(n for n, c in zip(header, cells, strict=True) if "\0" in c)
            text = {"fr": "Un caractère nul (U+0000) s'y trouve.", "en": "It holds U+0000."}
            yield Case(line, str(line), wrong=Wrong("case.bad-text", text, column))
        else:
            given = {n: c.strip() for n, c in zip(header, cells, strict=True) if c.strip()}
            yield _made(line, given, typed=False)


def _made(line: int, row: dict[str, Any], *, typed: bool) -> Case:
    own = {name: row[name] for name in OWN if row.get(name) is not None}
    for name, value in own.items():
        if not isinstance(value, str) and not (name == "case" and isinstance(value, int)):
            text = {"fr": "Un texte est attendu.", "en": "A text is expected."}
            return Case(line, str(line), wrong=Wrong("case.not-text", text, name))
    name = str(own.pop("case", line))
    values = {key: value for key, value in row.items() if key not in OWN and value is not None}
    return Case(line, name, own, values, typed)


def _too_long(line: int) -> Case:
    text = {"fr": f"Plus de {LONGEST} caractères.", "en": f"Above {LONGEST} characters."}
    return Case(line, str(line), wrong=Wrong("case.too-long", text))


def _not_utf8(line: int, at: int) -> Case:
    text = {"fr": f"Octet {at + 1} : pas de l'UTF-8.", "en": f"Byte {at + 1}: not UTF-8."}
    return Case(line, str(line), wrong=Wrong("case.not-utf8", text))


def _refused(fr: str, en: str) -> WrongSetting:
    return WrongSetting({"fr": fr, "en": en})
