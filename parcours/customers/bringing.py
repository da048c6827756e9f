"""A file of customers brought row by row, its duplicates told before anything is sent.

Rows that share a key, or nearly so, are never sent together: the later one finds what the earlier
one brought. A dry run says the same of them, by the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parcours.customers.quality import Quality
from parcours.customers.within import Met, Within
from parcours.language import in_words
from runtime.importing import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from parcours.customers.mapping import Columns, Line
    from parcours.records.record import Record

    Send = Callable[[dict[str, Any]], list[dict[str, Any]]]
    """Takes the body of a `POST /v1/customers:import` and gives its items."""
    Told = tuple[str | None, str, str]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A row that is to be sent."""

    line: Line
    row: dict[str, Any]
    faults: list[Told]
    met: Met


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
    faults: list[list[Told]] = field(default_factory=list)
    """What of each record could not be read: (column, code, message), in the order of results."""
    _within: Within = field(default_factory=Within)
    _whose: dict[int, str] = field(default_factory=dict)
    _taught: dict[int, set[str]] = field(default_factory=dict)
    _batch: list[_Waiting] = field(default_factory=list)
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
        faults: list[Told] = []
        self.results.append(row)
        self.faults.append(faults)
        for name, fault in line.wrong:
            self._fault(row, faults, (name, fault.code, in_words(dict(fault.text), self.asked)))
        if not line.keys:
            if not line.wrong:
                said = {"fr": "Aucune coordonnée qui le désigne.", "en": "No key names them."}
                row |= {"code": "import.no-key", "message": in_words(said, self.asked)}
                faults.append((None, "import.no-key", row["message"]))
            self._end(row, "wrong")
            return
        met = self._within.take(line.record.line, line.keys)
        if met.of_line is not None:
            row["of_line"] = met.of_line
        if self.is_dry and met.is_at_odds:
            self._end(row, "conflict")
            return
        if self.is_dry and met.near is not None and not self.columns.near_is_new:
            row["of_line"] = met.near
            self._end(row, "doubtful")
            return
        pairs = set(line.keys.items())
        if pairs & self._shared or met.near is not None or len(self._batch) == MOST_ROWS:
            self._flush()
        self._shared |= pairs
        self._batch.append(_Waiting(line, row, faults, met))

    def _fault(self, row: dict[str, Any], faults: list[Told], told: Told) -> None:
        """Note a value that cannot be read; the row's result has the first of them."""
        self.quality.malformed[told[0] or ""] += 1
        if not faults:
            row |= dict(zip(("column", "code", "message"), told, strict=True))
        faults.append(told)

    def _facts(self, one: _Waiting) -> dict[str, Any]:
        """Return what a row teaches: of rows of one customer and of no moment, the first does."""
        if one.line.at is not None or one.met.is_at_odds:
            return one.line.facts
        taught = self._taught.setdefault(one.met.root, set())
        facts = {name: value for name, value in one.line.facts.items() if name not in taught}
        taught |= facts.keys()
        return facts

    def _flush(self) -> None:
        if not self._batch:
            return
        told = self.send(
            {
                "source": self.columns.source,
                "rows": [
                    {"keys": one.line.keys, "facts": self._facts(one)}
                    | ({} if one.line.at is None else {"at": one.line.at})
                    for one in self._batch
                ],
                "language": self.columns.language,
                "sure": self.columns.sure,
                "near_is_new": self.columns.near_is_new,
                "dry_run": self.is_dry,
            }
        )
        for waiting, one in zip(self._batch, told, strict=True):
            self._tell(waiting, one)
        self._batch.clear()
        self._shared.clear()

    def _tell(self, waiting: _Waiting, one: dict[str, Any]) -> None:
        """Say in a row's result what became of it."""
        row, met = waiting.row, waiting.met
        by_field = {
            field: column.name for column in self.columns.columns for field in column.fields()
        }
        for wrong in one["wrong"]:
            name = by_field.get(wrong["field"], wrong["field"])
            told = (name, wrong["code"], in_words(wrong["message"], self.asked))
            self._fault(row, waiting.faults, told)
        self.quality.differing.update(other["fact"] for other in one["differs"])
        row["customer"] = one["customer"]
        row["differs"] = [f"{other['fact']}:{other['source']}" for other in one["differs"]]
        if one["matches"]:
            best = one["matches"][0]
            row |= {"score": best["score"], "verdict": best["verdict"],
                    "candidate": best["customer"]}  # fmt: skip
            row["reasons"] = [f"{r['what']}:{r['kind']}" for r in best["reasons"]]
        did = one["did"]
        if met.of_line is not None and did in {"updated", "unchanged", "new"}:
            did = "duplicate"
        whose = one["customer"]
        if self.is_dry and whose and self._whose.setdefault(met.root, whose) != whose:
            did = "conflict"
        self._end(row, did)

    def _end(self, row: dict[str, Any], did: str) -> None:
        row["did"] = did
        self.quality.done[did] += 1
        self.step()
