"""What became of every case: a file of results, and the table that ends a run."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from parcours.stops import writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

COLUMNS = (
    "line", "case", "state", "outcome", "declaration", "qualification", "action", "step",
    "waits_for", "seconds", "session", "unused", "code", "column", "message",
)  # fmt: skip
"""`state`: ended, handed_over, waiting, failed or wrong. `step`: where it was handed over or waits.
`seconds`: of its contact, from its beginning. `unused`: columns no question took. `code`, `column`
and `message`: what is wrong with the row."""
STATES = {
    "ended": {"fr": "terminés", "en": "ended"},
    "handed_over": {"fr": "remis à un conseiller", "en": "handed over"},
    "waiting": {"fr": "en attente", "en": "waiting"},
    "failed": {"fr": "en échec", "en": "failed"},
    "wrong": {"fr": "lignes fausses", "en": "wrong rows"},
}


def write_results(
    path: Path, rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str] = COLUMNS
) -> None:
    """Write the results in the order of the cases, all at once: as CSV, or as JSONL by its name.

    Raises:
        Stop: the file cannot be written.
    """
    text = (_csv if path.suffix.lower() == ".csv" else _jsonl)(rows, columns)
    beside = path.with_name(path.name + ".new")
    with writing(path):
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)


def _jsonl(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    return "".join(
        json.dumps({name: row.get(name) for name in columns}, ensure_ascii=False) + "\n"
        for row in rows
    )


def _csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])
    return sheet.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    # A spreadsheet would take it for a formula.
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} and not isinstance(value, float) else text


def summary(rows: Sequence[Mapping[str, Any]], *, asked: str) -> str:
    """Return the table that ends a run: cases by state and outcome, and their time."""
    heads = {"fr": ("Cas", "Issue ou étape", "Nombre", "Secondes"),
             "en": ("Cases", "Outcome or step", "Count", "Seconds")}[asked]  # fmt: skip
    counted: Counter[tuple[str, str]] = Counter()
    seconds: Counter[tuple[str, str]] = Counter()
    for row in rows:
        place = row.get("outcome") or row.get("step") or row.get("code") or ""
        counted[row["state"], place] += 1
        seconds[row["state"], place] += round((row.get("seconds") or 0) * 1000)
    order = list(STATES)
    lines = [heads]
    for (state, place), count in sorted(
        counted.items(), key=lambda one: (order.index(one[0][0]), -one[1], one[0][1])
    ):
        mean = seconds[state, place] / count / 1000
        lines.append((STATES[state][asked], place, str(count), f"{mean:.1f}"))
    total = {"fr": "total", "en": "total"}[asked]
    lines.append((total, "", str(len(rows)), f"{sum(seconds.values()) / 1000:.1f}"))
    widths = [max(len(line[at]) for line in lines) for at in range(4)]
    return "\n".join(
        f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}  {d:>{widths[3]}}".rstrip()
        for a, b, c, d in lines
    )
