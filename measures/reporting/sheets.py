"""Answers and reports as spreadsheets, written by XlsxWriter (extra `xlsx`).

Every cell is a number or a text: nothing in it is ever taken for a formula.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from measures.asking.table import rows
from measures.errors import ExtraMissing
from measures.reporting.register import sheet_of
from measures.reporting.words import told
from measures.streams.rows import rows as rows_of_stream

_DEFINED: Final = ("slug", "label", "unit", "formula", "includes", "edges", "source")
_LONGEST: Final = 31
"""Characters of a sheet's name."""


def answer_sheets(answer: Mapping[str, Any]) -> bytes:
    """Return one answer as a workbook: its rows, and what it is."""
    return _workbook({answer["slug"]: rows(answer), "definitions": [_defined(answer)]})


def stream_sheets(found: Mapping[str, Any]) -> bytes:
    """Return a value stream as a workbook of one sheet."""
    return _workbook({"value_stream": rows_of_stream(found)})


def report_sheets(report: Mapping[str, Any]) -> bytes:
    """Return a report as a workbook: a sheet a section, and the definitions."""
    sheets: dict[str, list[dict[str, Any]]] = {}
    seen: dict[str, dict[str, Any]] = {}
    for section in report["sections"]:
        made = sheets.setdefault(section["title"], [])
        for one in section["figures"]:
            seen.setdefault(one["slug"], _defined(one))
            settings = " ".join(f"{name}:{value}" for name, value in one["settings"].items())
            made += [
                {"label": one["label"], "settings": settings, **row} for row in rows(one)
            ]  # fmt: skip
    register = sheet_of(report["irritants"])
    more = {told("irritants", report["language"]): register} if register else {}
    streams = [row for one in report["streams"] for row in rows_of_stream(one)]
    more |= {told("streams", report["language"]): streams} if streams else {}
    return _workbook({**sheets, **more, "definitions": list(seen.values())})


def _defined(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in _DEFINED}


def _workbook(sheets: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    try:
        # Imported late: only spreadsheets need it.
        import xlsxwriter  # type: ignore[import-untyped]  # it brings no types
    except ModuleNotFoundError:
        raise ExtraMissing(extra="xlsx") from None
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for name, listed in sheets.items():
            sheet = book.add_worksheet(name[:_LONGEST])
            columns = list(dict.fromkeys(column for row in listed for column in row))
            for place, column in enumerate(columns):
                sheet.write_string(0, place, column, head)
            for line, row in enumerate(listed, 1):
                for place, column in enumerate(columns):
                    _write(sheet, line, place, row.get(column))
            sheet.freeze_panes(1, 0)
            sheet.autofit()
    return out.getvalue()


def _write(sheet: Any, line: int, place: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value)
    else:
        sheet.write_string(line, place, str(value))
