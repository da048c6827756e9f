"""One run of `parcours import`: a log's events gathered into contacts, brought, and told."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from parcours.event_logs.mapping import EMPTY
from parcours.language import in_words
from parcours.progress import bar
from parcours.records.reading import read_records
from parcours.robot.results import write_results
from parcours.stops import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from parcours.event_logs.mapping import Logged, LogMapping
    from parcours.records.record import Record

    Send = Callable[[dict[str, Any]], list[dict[str, Any]]]
    """Takes the body of a `POST /v1/contacts:import` and gives its items; raises `Refused`."""

RESULTS = (
    "line", "case", "did", "contact", "events", "untimed", "late", "duration_ms", "totals_ms",
    "column", "code", "message",
)  # fmt: skip
TOGETHER = 20
BULK = 2 * 1024 * 1024
"""Contacts, and characters, of one request."""
SCREEN = 40
WORDS = {
    "new": {"fr": "nouveaux", "en": "new"},
    "unchanged": {"fr": "inchangés", "en": "unchanged"},
    "conflict": {"fr": "autres qu'auparavant, laissés", "en": "other than before, left"},
    "empty": {"fr": "sans aucun événement", "en": "without any event"},
    "wrong": {"fr": "faux", "en": "wrong"},
}


class Refused(Exception):
    """The contacts sent are not taken, none of them: `words` say why, in French and English."""

    def __init__(self, words: Mapping[str, str], code: str) -> None:
        super().__init__(code)
        self.words, self.code = dict(words), code


class Run:
    """A log and its mapping, both found readable; its events by contact, in the log's order."""

    def __init__(self, *, file: Path, mapping: LogMapping, output: Path | None, asked: str) -> None:
        """Read the log.

        Raises:
            Stop: it cannot be read, or the result file is the log.
        """
        self.file, self.mapping, self.asked = file, mapping, asked
        self.output = output or file.with_name(f"{file.name.partition('.')[0]}.results.jsonl")
        if self.output.resolve() == file.resolve():
            raise Stop(fr=f"{self.output} : c'est le journal.", en=f"{self.output}: is the log.")
        self.wrong: list[Logged] = []
        self.cases: dict[str, list[Logged]] = {}
        self._gather(read_records(file, mapping.how))

    def _gather(self, records: Iterable[Record]) -> None:
        is_first = True
        for record in records:
            if is_first and record.wrong is None:
                self.mapping.check(record)
                is_first = False
            for event in self.mapping.events(record):
                if event.wrong is None and event.case is not None:
                    self.cases.setdefault(event.case, []).append(event)
                else:
                    self.wrong.append(event)

    def bring(self, send: Send, *, is_dry: bool) -> bool:
        """Bring the contacts, write what became of each, and return whether all were brought.

        A contact one of whose events cannot be read is left out whole: its time would be made up.
        """
        left = {event.case for event in self.wrong}
        rows: list[dict[str, Any]] = [self._wrong(event) for event in self.wrong]
        waiting: list[dict[str, Any]] = []
        bulk = 0
        with bar(len(self.cases)) as step:
            for name, events in self.cases.items():
                case = None if name in left else self._case(name, events, rows)
                if case is not None:
                    waiting.append(case)
                    bulk += len(json.dumps(case))
                if waiting and (len(waiting) == TOGETHER or bulk > BULK):
                    rows += self._send(send, waiting, is_dry=is_dry)
                    waiting, bulk = [], 0
                step()
            if waiting:
                rows += self._send(send, waiting, is_dry=is_dry)
        rows.sort(key=lambda row: (row["line"], str(row.get("case"))))
        write_results(self.output, rows, columns=RESULTS)
        return self._tell(rows, is_dry=is_dry)

    def _case(
        self, name: str, events: list[Logged], rows: list[dict[str, Any]]
    ) -> dict[str, Any] | None:
        said, record = self.mapping.data, events[0].record
        if all(event.at is None for event in events):
            text = {"fr": "Aucun événement n'a d'heure.", "en": "No event has a time."}
            rows.append({
                "line": record.line, "case": name, "did": "wrong", "code": "log.no-time",
                "column": said["time"]["column"], "message": in_words(text, self.asked),
            })  # fmt: skip
            return None
        whats = [event.what for event in events]
        channel = said["channel"]
        if isinstance(channel, dict):
            channel = str(record.get(channel["column"]))
        answers = said.get("answered")
        answered = 0 if answers is None else next(
            (at for at, what in enumerate(whats) if what in answers), None
        )  # fmt: skip
        keys = {kind: record.get(column) for kind, column in said.get("customer", {}).items()}
        advisor = record.get(said["advisor"]) if "advisor" in said else None
        return {
            "case": name, "channel": channel, "direction": said.get("direction", "inbound"),
            "customer": {kind: str(key) for kind, key in keys.items() if key is not None},
            "advisor": None if advisor is None else str(advisor), "answered": answered,
            "events": [
                {"what": event.what, "at": event.at, "by": event.by, "time": time,
                 "data": event.data}
                for event, time in zip(events, self.mapping.classes(whats), strict=True)
            ],
        }  # fmt: skip

    def _send(
        self, send: Send, cases: list[dict[str, Any]], *, is_dry: bool
    ) -> list[dict[str, Any]]:
        """Return what became of contacts; where some are refused, each is sent by itself."""
        try:
            told = send({"source": self.mapping.source, "contacts": cases, "dry_run": is_dry})
        except Refused as refused:
            if len(cases) > 1:
                return [row for one in cases for row in self._send(send, [one], is_dry=is_dry)]
            name, message = cases[0]["case"], in_words(refused.words, self.asked)
            return [{
                "line": self.cases[name][0].record.line, "case": name, "did": "wrong",
                "column": None, "code": refused.code, "message": message,
            }]  # fmt: skip
        return [{"line": self.cases[one["case"]][0].record.line, **one} for one in told]

    def _wrong(self, event: Logged) -> dict[str, Any]:
        assert event.wrong is not None
        column, fault = event.wrong
        return {
            "line": event.record.line, "case": event.case, "column": column,
            "did": "empty" if fault.code == EMPTY else "wrong",
            "code": fault.code, "message": in_words(dict(fault.text), self.asked),
        }  # fmt: skip

    def _tell(self, rows: list[dict[str, Any]], *, is_dry: bool) -> bool:
        wrong = [row for row in rows if row["did"] == "wrong"]
        for row in wrong[:SCREEN]:
            column = f" {row['column']}:" if row["column"] else ""
            said = f"{self.file}:{row['line']}:{column} {row['message']} [{row['code']}]"
            print(said, file=sys.stderr)
        done = Counter(row["did"] for row in rows)
        sums: Counter[str] = Counter()
        for row in rows:
            sums.update(row.get("totals_ms", {}))
        heads = {
            "fr": ("À blanc, rien n'a été écrit.", "Événements", "sans heure", "en retard"),
            "en": ("Dry run, nothing was written.", "Events", "without a time", "late"),
        }[self.asked]
        if is_dry:
            print(heads[0])
        for what, words in WORDS.items():
            print(f"  {in_words(words, self.asked):<30} {done[what]:>8}")
        counts = [sum(row.get(one, 0) for row in rows) for one in ("events", "untimed", "late")]
        print(f"{heads[1]}: {counts[0]} ({heads[2]}: {counts[1]}, {heads[3]}: {counts[2]})")
        for category, ms in sums.most_common():
            print(f"  {category:<30} {ms / 60_000:>8.1f} min")
        print(f"  {'=':<30} {sum(sums.values()) / 60_000:>8.1f} min")
        print(self.output)
        return not done["wrong"] and not done["conflict"]
