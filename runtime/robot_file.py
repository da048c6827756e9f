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
from pathlib import Path
from typing import Any, Final

from connectors.deployment import read_tables
from connectors.faults import Fault, Misconfigured, Places
from connectors.reading import Reading, Source
from connectors.secret import Secrets
from runtime.schedule import Schedule, filled, read_schedule

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """One robot: its name, what it walks, and when."""

    name: str
    tenant: str
    journey: str
    cases: Path
    when: Schedule
    results: Path | None = None


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
    journey, cases = filled(read, "journey"), filled(read, "cases")
    results, tenant = filled(read, "results", None), filled(read, "tenant", "default")
    when = read_schedule(read)
    read.done()
    return Robot(
        name=name,
        tenant=tenant,
        journey=journey,
        cases=path.parent / cases,
        when=when,
        results=None if results is None else path.parent / results,
    )
