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
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final

from runtime.errors import WrongSetting

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_AT: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_EVERY: Final = re.compile(r"([1-9][0-9]{0,3})(m|h)")
_UNITS: Final = {"m": 60_000, "h": 3_600_000}
_TEXTS: Final = ("journey", "cases", "at", "every", "results", "tenant")


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


def read_robots(path: Path) -> list[Robot]:
    """Return the robots of a file, in its order.

    Raises:
        WrongSetting: the file cannot be read, or something in it is wrong: which table and key.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _wrong(path, "", f"illisible ({error.strerror})", f"{error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, "", f"TOML mal formé ({error})", f"not TOML ({error})") from error
    return [_robot(path, name, table) for name, table in content.items()]


def _robot(path: Path, name: str, table: Any) -> Robot:
    if not isinstance(table, dict) or not _NAME.fullmatch(name):
        raise _wrong(path, name, "une table est attendue, au nom simple",
                     "a table with a plain name is expected")  # fmt: skip
    for key, value in table.items():
        if key not in _TEXTS:
            allowed = ", ".join(_TEXTS)
            raise _wrong(path, f"{name}.{key}", f"inconnu ; possibles : {allowed}",
                         f"unknown; there are: {allowed}")  # fmt: skip
        if not isinstance(value, str) or not value:
            raise _wrong(path, f"{name}.{key}", "un texte est attendu", "a text is expected")
    for key in ("journey", "cases"):
        if key not in table:
            raise _wrong(path, f"{name}.{key}", "nécessaire", "needed")
    if ("at" in table) == ("every" in table):
        raise _wrong(path, name, "l'un de at et every est nécessaire",
                     "one of at and every is needed")  # fmt: skip
    at, every = _AT.fullmatch(table.get("at", "00:00")), _EVERY.fullmatch(table.get("every", "1h"))
    if at is None:
        raise _wrong(path, f"{name}.at", "une heure comme 06:30", "a time such as 06:30")
    if every is None:
        raise _wrong(path, f"{name}.every", "une durée comme 15m ou 2h", "a span such as 15m or 2h")
    results = table.get("results")
    return Robot(
        name=name,
        tenant=table.get("tenant", "default"),
        journey=table["journey"],
        cases=path.parent / table["cases"],
        results=None if results is None else path.parent / results,
        at=time(int(at[1]), int(at[2])) if "at" in table else None,
        every=int(every[1]) * _UNITS[every[2]],
    )


def _wrong(path: Path, where: str, fr: str, en: str) -> WrongSetting:
    place = f"{path}: {where}" if where else str(path)
    return WrongSetting({"fr": f"{place} : {fr}.", "en": f"{place}: {en}."}, setting="robots")
