"""Records of a spreadsheet (XLSX, ODS): the first row that holds anything names the columns."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from parcours.records.delimited import named
from parcours.records.record import LONGEST, How, Record, refused, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def sheet(path: Path, raw: bytes, how: How) -> Iterator[Record]:
    """Yield the records of a sheet: the one named, else the first.

    Raises:
        Stop: no library that reads spreadsheets is installed; the file is none, or has a password;
            it has no such sheet; its columns have no names.
    """
    for line, cells, columns in _rows(path, raw, how):
        values = {
            name: plain(cells[number - 1]) for name, number in columns.items()
            if number <= len(cells)
        }  # fmt: skip
        if sum(len(str(one)) for one in values.values()) > LONGEST:
            yield too_long(line)
        elif any(one not in {"", None} for one in values.values()):
            yield Record(line, values, columns)


def _rows(path: Path, raw: bytes, how: How) -> Iterator[tuple[int, list[Any], dict[str, int]]]:
    from io import BytesIO

    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise refused(
            path, "", fr="lire un classeur demande `pip install 'parcours[xlsx]'`.",
            en="reading a spreadsheet takes `pip install 'parcours[xlsx]'`.",
        ) from error  # fmt: skip
    try:
        with CalamineWorkbook.from_object(BytesIO(raw)) as book:
            if how.sheet is not None and how.sheet not in book.sheet_names:
                listed = ", ".join(book.sheet_names)
                raise refused(
                    path, "", fr=f"pas de feuille « {how.sheet} » ; il y a : {listed}.",
                    en=f"no sheet '{how.sheet}'; there are: {listed}.",
                )  # fmt: skip
            names = book.sheet_names
            found = book.get_sheet_by_name(how.sheet or names[0]) if names else None
            rows = [] if found is None else found.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise refused(
            path, "", fr=f"ce classeur ne se lit pas ({error}).",
            en=f"this is no spreadsheet that can be read ({error}).",
        ) from error  # fmt: skip
    columns: dict[str, int] | None = None
    for line, cells in enumerate(rows, 1):
        if columns is None:
            header = [one.strip() if isinstance(one, str) else one for one in cells]
            while header and header[-1] == "":
                header.pop()
            if header:
                columns = named(path, line, header)
            continue
        yield line, list(cells), columns


def plain(cell: Any) -> Any:
    """Return a cell as JSON has it: dates in ISO, whole numbers without a point."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, datetime):
        at_midnight = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
        return cell.date().isoformat() if at_midnight else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell
