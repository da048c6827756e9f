"""A file of customers brought row by row, its duplicates told before anything is sent.

Rows that share a key are never sent together: the later one finds what the earlier one brought, and
in a dry run is told as its duplicate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parcours.customers.quality import Quality
from parcours.language import in_words
from runtime.importing import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from parcours.customers.mapping import Columns, Line
    from parcours.records.record import Record

    Send = Callable[[dict[str, Any]], list[dict[str, Any]]]
    """Takes the body of a `POST /v1/customers:import` and gives its items."""


@dataclass(slots=True)
class Bringing:
    """One run over a file.

    Attributes:
        send: what takes the rows.
        columns: what the file's columns are.
        is_dry: whether nothing is to be written.
        asked: the language people are told in.
        step: told after each row that is done with.
    """

    send: Send
    columns: Columns
    is_dry: bool
    asked: str
    step: Callable[[], None]
    quality: Quality = field(default_factory=Quality)
    results: list[dict[str, Any]] = field(default_factory=list)
    _first: dict[tuple[str, str], int] = field(default_factory=dict)
    _batch: list[tuple[Line, dict[str, Any]]] = field(default_factory=list)
    _shared: set[tuple[str, str]] = field(default_factory=set)

    def run(self, records: Iterable[Record]) -> list[dict[str, Any]]:
        """Return what became of each record, in order; see `quality.RESULTS`."""
        for record in records:
            if not self.quality.rows and record.wrong is None:
                self._check(record)
            self.quality.see(record, self.columns)
            self._take(self.columns.line(record))
        self._flush()
        return self.results

    def _check(self, record: Record) -> None:
        if record.columns:
            self.quality.unmapped = self.columns.check(record.columns)

    def _take(self, line: Line) -> None:
        row: dict[str, Any] = {"line": line.record.line}
        self.results.append(row)
        for name, _ in line.wrong:
            self.quality.malformed[name or ""] += 1
        if line.wrong:
            name, fault = line.wrong[0]
            row |= {"column": name, "code": fault.code, "message": in_words(dict(fault.text),
                    self.asked)}  # fmt: skip
        if not line.keys:
            if not line.wrong:
                said = {"fr": "Aucune coordonnée qui le désigne.", "en": "No key names them."}
                row |= {"code": "import.no-key", "message": in_words(said, self.asked)}
            self._end(row, "wrong")
            return
        pairs = set(line.keys.items())
        first = min((self._first[pair] for pair in pairs if pair in self._first), default=None)
        for pair in pairs:
            self._first.setdefault(pair, line.record.line)
        if first is not None:
            row["of_line"] = first
            if self.is_dry:
                self._end(row, "duplicate")
                return
        if pairs & self._shared or len(self._batch) == MOST_ROWS:
            self._flush()
        self._shared |= pairs
        self._batch.append((line, row))

    def _flush(self) -> None:
        if not self._batch:
            return
        told = self.send(
            {
                "source": self.columns.source,
                "rows": [
                    {"keys": line.keys, "facts": line.facts}
                    | ({} if line.at is None else {"at": line.at})
                    for line, _ in self._batch
                ],
                "language": self.columns.language,
                "sure": self.columns.sure,
                "near_is_new": self.columns.near_is_new,
                "dry_run": self.is_dry,
            }
        )
        for (_, row), one in zip(self._batch, told, strict=True):
            self._tell(row, one)
        self._batch.clear()
        self._shared.clear()

    def _tell(self, row: dict[str, Any], one: dict[str, Any]) -> None:
        """Say in a row's result what became of it."""
        by_field = {
            field: column.name for column in self.columns.columns for field in column.fields()
        }
        for wrong in one["wrong"]:
            name = by_field.get(wrong["field"], wrong["field"])
            self.quality.malformed[name] += 1
            row.setdefault("column", name)
            row.setdefault("code", wrong["code"])
            row.setdefault("message", in_words(wrong["message"], self.asked))
        self.quality.differing.update(other["fact"] for other in one["differs"])
        row["customer"] = one["customer"]
        row["differs"] = [f"{other['fact']}:{other['source']}" for other in one["differs"]]
        if one["matches"]:
            best = one["matches"][0]
            row |= {"score": best["score"], "verdict": best["verdict"],
                    "candidate": best["customer"]}  # fmt: skip
            row["reasons"] = [f"{r['what']}:{r['kind']}" for r in best["reasons"]]
        is_twice = "of_line" in row and one["did"] in {"updated", "unchanged"}
        self._end(row, "duplicate" if is_twice else one["did"])

    def _end(self, row: dict[str, Any], did: str) -> None:
        row["did"] = did
        self.quality.done[did] += 1
        self.step()
