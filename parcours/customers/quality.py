"""How good a file of customers is: what was done with its rows, what lacks, what is wrong where."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parcours.language import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from parcours.customers.mapping import Columns
    from parcours.records.record import Record

DONE: Mapping[str, dict[str, str]] = {
    "new": {"fr": "nouveaux", "en": "new"},
    "updated": {"fr": "complétés", "en": "updated"},
    "unchanged": {"fr": "inchangés", "en": "unchanged"},
    "duplicate": {"fr": "doublons dans le fichier", "en": "duplicates in the file"},
    "conflict": {"fr": "conflits", "en": "conflicts"},
    "doubtful": {"fr": "douteux", "en": "doubtful"},
    "wrong": {"fr": "lignes fausses", "en": "wrong rows"},
}
"""What may become of a row, in the order it is told. `duplicate`: an earlier row has its keys."""
LEFT = ("conflict", "doubtful", "wrong")
"""What somebody is to look at: nothing of it was written."""
RESULTS = (
    "line", "did", "customer", "of_line", "score", "verdict", "candidate", "reasons", "differs",
    "column", "code", "message",
)  # fmt: skip
"""Columns of the result file. `of_line`: the earlier row of a duplicate. `candidate`: who it may
be, with the score and its reasons. `differs`: facts of which something else is known, and where
from. `column`, `code` and `message`: the first value that could not be read."""


@dataclass(slots=True)
class Quality:
    """What is counted while a file is read."""

    rows: int = 0
    done: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    malformed: Counter[str] = field(default_factory=Counter)
    differing: Counter[str] = field(default_factory=Counter)
    unmapped: list[str] = field(default_factory=list)

    def see(self, record: Record, columns: Columns) -> None:
        """Count a record, and which of its mapped columns hold something."""
        self.rows += 1
        if record.wrong is None:
            self.filled.update(
                one.name for one in columns.columns if record.get(one.name) is not None
            )

    def data(self, columns: Columns) -> dict[str, Any]:
        """Return the report as JSON data."""
        return {
            "rows": self.rows,
            "done": {what: self.done[what] for what in DONE},
            "columns": {
                one.name: {
                    "filled": self.filled[one.name],
                    "missing": self.rows - self.filled[one.name],
                    "malformed": self.malformed[one.name],
                }
                for one in columns.columns
            },
            "differing_facts": dict(sorted(self.differing.items())),
            "unmapped": self.unmapped,
        }

    def text(self, columns: Columns, *, asked: str, is_dry: bool) -> str:
        """Return the report as people read it in a terminal."""
        heads = {
            "fr": ("Colonne", "Remplie", "Vide", "Mal formée"),
            "en": ("Column", "Filled", "Empty", "Malformed"),
        }[asked]
        table = [heads] + [
            (
                one.name, str(self.filled[one.name]), str(self.rows - self.filled[one.name]),
                str(self.malformed[one.name]),
            )
            for one in columns.columns
        ]  # fmt: skip
        done = [("", "")] + [
            (in_words(words, asked), str(self.done[what])) for what, words in DONE.items()
        ]
        title = {
            (True, "fr"): "À blanc, rien n'a été écrit. Lignes : ",
            (True, "en"): "Dry run, nothing was written. Rows: ",
            (False, "fr"): "Lignes : ",
            (False, "en"): "Rows: ",
        }[is_dry, asked]
        lines = [f"{title}{self.rows}", *_aligned(done[1:]), "", *_aligned(table)]
        if self.unmapped:
            said = {"fr": "Colonnes non reprises", "en": "Columns left aside"}
            lines += ["", f"{in_words(said, asked)}: {', '.join(self.unmapped)}"]
        if self.differing:
            said = {"fr": "Faits connus autrement", "en": "Facts known otherwise"}
            listed = ", ".join(f"{name} ({n})" for name, n in sorted(self.differing.items()))
            lines += ["", f"{in_words(said, asked)}: {listed}"]
        return "\n".join(lines)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for first, *others in rows:
        cells = [f"{one:>{width}}" for one, width in zip(others, widths[1:], strict=True)]
        yield "  ".join([f"  {first:<{widths[0]}}", *cells])
