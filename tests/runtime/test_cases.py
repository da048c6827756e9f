"""A file of cases is read row by row: what is wrong with one is told there and stops no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.cases import LONGEST, read_cases


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        (b'{"order": "\\ud800"}', "case.not-json", "half of a surrogate pair"),
        (b'{"order": "a\\u0000"}', "case.not-json", "U+0000"),
        (b'{"order": "a", "order": "b"}', "case.not-json", "a key twice"),
        (b'{"order": 9007199254740993}', "case.not-json", "beyond 2^53"),
        (b'{"order": NaN}', "case.not-json", "NaN"),
        (b"[" * 5_000, "case.not-json", "JSON"),
        (b'{"order": }', "case.not-json", "column 11"),
        (b'{"order": "\xff"}', "case.not-utf8", "Byte 12"),
        (b'"' + b"x" * LONGEST + b'"', "case.too-long", str(LONGEST)),
    ],
)
def test_a_line_that_no_service_could_take_is_told_before_anything_begins(
    tmp_path: Path, row: bytes, code: str, said: str
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"case": "first"}\n' + row + b'\n{"case": "last"}\n')

    first, wrong, last = read_cases(path)

    assert (first.wrong, first.name, last.wrong, last.name) == (None, "first", None, "last")
    assert wrong.wrong is not None
    assert (wrong.line, wrong.wrong.code) == (2, code)
    assert said in wrong.wrong.text["en"]
    assert wrong.wrong.text["fr"] != wrong.wrong.text["en"]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("two,a\0b", "case.bad-text", "order"),
        (f"two,{'x' * (LONGEST - 10)}", "case.too-long", None),
        ("two,a,b", "case.columns", None),
        ('two,"a"b', "case.not-csv", None),
    ],
)
def test_a_row_of_a_spreadsheet_is_told_at_its_line_and_column(
    tmp_path: Path, row: str, code: str, column: str | None
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(f"case,order\none,F-1\n{row}\nthree,F-3\n", encoding="utf-8")

    one, wrong, three = read_cases(path)

    assert (one.values, three.values) == ({"order": "F-1"}, {"order": "F-3"})
    assert wrong.wrong is not None
    assert (wrong.line, wrong.wrong.code, wrong.wrong.column) == (3, code, column)
