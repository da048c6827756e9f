"""The file that says which cases robots walk by themselves, and when.

```toml
[reminders]
journey = "livraison.suivi"
cases = "cases"         # a .csv or .jsonl file, or a folder of them; from this file's folder
at = "06:30"            # each day, in the library's time zone; or every = "15m"
results = "results"     # a folder: what became of each case, a file a run
tenant = "default"
```
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final

from connectors.deployment import read_tables
from connectors.faults import Fault, Misconfigured, Places
from connectors.reading import NEEDED, Reading, Source
from connectors.secret import Secrets

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_AT: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_EVERY: Final = re.compile(r"([1-9][0-9]{0,3})(m|h)")
_UNITS: Final = {"m": 60_000, "h": 3_600_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """One robot: its name, what it walks, and when: at a time, or every so many milliseconds."""

    name: str
    tenant: str
    journey: str
    cases: Path
    results: Path | None = None
    at: time | None = None
    every: int = 0

    def last_due(self, now: int, zone: tzinfo) -> int:
        """Return when it was last due, in milliseconds UTC; never after `now`."""
        if self.at is None:
            return now - now % self.every
        day = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone).date()
        while True:
            due = round(datetime.combine(day, self.at, zone).timestamp() * 1000)
            if due <= now:
                return due
            day -= timedelta(days=1)


def read_robots(path: Path) -> tuple[list[Robot], Places]:
    """Return the robots of a file, in its order, and where each of their keys stands.

    Raises:
        Misconfigured: everything wrong in the file, at once.
    """
    content, places = read_tables(path)
    source = Source(places, path.parent, Secrets({}))
    faults: list[Fault] = []
    robots = []
    for name, table in content.items():
        try:
            robots.append(_robot(path, name, table, source))
        except Misconfigured as wrong:
            faults += wrong.faults
    if faults:
        raise Misconfigured(faults)
    return robots, places


def _robot(path: Path, name: str, table: Any, source: Source) -> Robot:
    is_named = isinstance(table, dict) and _NAME.fullmatch(name) is not None
    read = Reading(table if is_named else {}, (name,), source)
    if not is_named:
        read.refuse(
            None, "deployment.wrong-table",
            fr="attendu : une table [nom] par robot ; nom = lettres, chiffres, - et _.",
            en="expected: one table [name] for each robot; name = letters, digits, - and _.",
        )  # fmt: skip
        read.done()
    journey, cases = _text(read, "journey"), _text(read, "cases")
    at, every = _text(read, "at", None), _text(read, "every", None)
    results, tenant = _text(read, "results", None), _text(read, "tenant", "default")
    if ("at" in read) == ("every" in read):
        read.refuse(
            None, "deployment.wrong-schedule",
            fr="l'un de at et every est nécessaire.", en="one of at and every is needed.",
        )  # fmt: skip
    due, span = _AT.fullmatch(at or "00:00"), _EVERY.fullmatch(every or "1h")
    if due is None:
        _wrong_schedule(read, "at", fr="une heure comme 06:30", en="a time such as 06:30")
    if span is None:
        _wrong_schedule(read, "every", fr="une durée comme 15m ou 2h", en="a span such as 15m, 2h")
    read.done()
    return Robot(
        name=name,
        tenant=tenant,
        journey=journey,
        cases=path.parent / cases,
        results=None if results is None else path.parent / results,
        at=None if at is None or due is None else time(int(due[1]), int(due[2])),
        every=0 if span is None else int(span[1]) * _UNITS[span[2]],
    )


def _text(read: Reading, key: str, default: Any = NEEDED) -> Any:
    value = read.text(key, default)
    if value == "" and key in read and not read.faults:
        read.wrong(key, fr="un texte", en="a text")
    return value


def _wrong_schedule(read: Reading, key: str, *, fr: str, en: str) -> None:
    read.wrong(key, fr=fr, en=en, code="deployment.wrong-schedule")
