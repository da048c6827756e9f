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

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from connectors.faults import Places
from connectors.named_tables import Kind, read_named
from connectors.reading import Reading
from runtime.schedule import Schedule, filled, read_schedule


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
    robots, source = read_named(path, _ROBOTS)
    return robots, source.places


def _robot(name: str, read: Reading) -> Robot:
    folder = read.source.folder
    journey, cases = filled(read, "journey"), filled(read, "cases")
    results, tenant = filled(read, "results", None), filled(read, "tenant", "default")
    return Robot(
        name=name,
        tenant=tenant,
        journey=journey,
        cases=folder / cases,
        when=read_schedule(read),
        results=None if results is None else folder / results,
    )


_ROBOTS: Final = Kind(
    fr="robot ; nom = lettres, chiffres, - et _",
    en="robot; name = letters, digits, - and _",
    read=_robot,
)
