"""Answers, value streams and reports as files: the same for everyone who asks, and by the clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from measures.asking.parquet import to_parquet
from measures.asking.table import rows, to_csv
from measures.reporting.page import page
from measures.reporting.sheets import answer_sheets, report_sheets, stream_sheets
from measures.streams.rows import rows as rows_of_stream

ANSWERS: Final = ("json", "csv", "parquet", "xlsx")
REPORTS: Final = ("html", "xlsx", "json")


def answer_as(found: Mapping[str, Any], form: str) -> bytes:
    """Return an answer in one of the forms of `ANSWERS`.

    Raises:
        ExtraMissing: a spreadsheet, and the library that writes them is not installed.
    """
    if form == "csv":
        return to_csv(rows(found)).encode()
    if form == "parquet":
        return to_parquet(rows(found))
    return answer_sheets(found) if form == "xlsx" else _json(found)


def stream_as(found: Mapping[str, Any], form: str) -> bytes:
    """Return a value stream in one of the forms of `ANSWERS`. Raises as `answer_as`."""
    if form == "csv":
        return to_csv(rows_of_stream(found)).encode()
    if form == "parquet":
        return to_parquet(rows_of_stream(found))
    return stream_sheets(found) if form == "xlsx" else _json(found)


def report_as(report: Mapping[str, Any], form: str) -> bytes:
    """Return a report in one of the forms of `REPORTS`. Raises as `answer_as`."""
    if form == "html":
        return page(report).encode()
    return report_sheets(report) if form == "xlsx" else _json(report)


def _json(found: Mapping[str, Any]) -> bytes:
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
