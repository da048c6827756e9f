"""A file's records, whatever its form: CSV, JSON, JSONL, XLSX, compressed or not."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

from parcours.records.delimited import delimited
from parcours.records.jsons import document, lines
from parcours.records.record import LARGEST, How, Record, refused
from parcours.records.sheets import sheet
from parcours.records.xes import xes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FORMS: dict[str, Callable[[Path, bytes, How], Iterator[Record]]] = {
    ".csv": delimited,
    ".tsv": delimited,
    ".json": document,
    ".jsonl": lines,
    ".ndjson": lines,
    ".xlsx": sheet,
    ".ods": sheet,
    ".xes": xes,
}
"""By the end of a file's name; `.gz` may follow it."""


def read_records(path: Path, how: How) -> Iterator[Record]:
    """Return the records of a file, in order; one that cannot be read says why.

    Raises:
        Stop: the file cannot be read at all, or its name says no form that is known.
    """
    form = FORMS.get(form_of(path))
    if form is None:
        listed = ", ".join(FORMS)
        raise refused(
            path, "", fr=f"un fichier {listed} est attendu.", en=f"a file {listed} is expected."
        )
    return form(path, content(path), how)


def form_of(path: Path) -> str:
    """Return what the end of a file's name says it is."""
    bare = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return bare.suffix.lower()


def content(path: Path) -> bytes:
    """Return a file's bytes, unpacked.

    Raises:
        Stop: it cannot be read, or is too large.
    """
    try:
        if path.suffix.lower() != ".gz":
            raw = b"" if path.stat().st_size > LARGEST else path.read_bytes()
            is_larger = not raw and path.stat().st_size > LARGEST
        else:
            with gzip.open(path) as packed:
                raw = packed.read(LARGEST + 1)
            is_larger = len(raw) > LARGEST
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise refused(path, "", fr=f"illisible ({why}).", en=f"cannot be read ({why}).") from error
    if is_larger:
        size = LARGEST // 2**20
        raise refused(
            path, "", fr=f"plus de {size} Mio ; coupez-le.", en=f"above {size} MiB; cut it."
        )
    return raw
