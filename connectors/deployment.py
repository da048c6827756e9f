"""The deployment's own file: where the systems are that journeys name, and how they are reached.

```toml
[oms]                                   # the part before the dot of oms.get_order
kind = "http"
base_url = "https://oms.example/api"
auth = {kind = "bearer", token = "secret://oms-token"}
[oms.operations.get_order]
method = "GET"
path = "/orders/{id}"
```
"""

from __future__ import annotations

import os
import re
import time
import tomllib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from connectors.allowances import Allowances, CountedHere
from connectors.egress import Resolve, resolve_by_system
from connectors.faults import Fault, Misconfigured, Places
from connectors.fields import Fields
from connectors.reading import Source
from connectors.secret import Secrets

NAME: Final = "connectors.toml"
HOOKS: Final = "hooks"
"""The table of those who tell us something (`connectors.hooks`), and not of a connector."""
SUBSCRIPTIONS: Final = "subscriptions"
"""The table of those whom we tell what happens in sessions (`connectors.listeners`)."""
COMMON: Final = ("kind", "operations", "daily_cap")
"""Keys of every connector's table, read by whoever opens it."""
LARGEST: Final = 1024 * 1024
_TABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LINE: Final = re.compile(r"at line (\d+), column (\d+)")

ReadData = Callable[[Path], Any]
"""Reads a data file (YAML or JSON) into plain data; raises ValueError that says what is wrong."""


def read_nothing(path: Path) -> Any:
    """Refuse to read: nothing reads data files here.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{path}: nothing reads data files here")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What connectors are made with.

    Attributes:
        tables: each connector's table, by name.
        places: where they stand in the file.
        folder: where the paths in the file start.
        secrets: the secrets they name.
        resolve: gives the addresses of a host.
        read: reads their data files.
        monotonic: seconds, to judge the age of a token; never goes back.
        wall: seconds since 1970, UTC, for what other systems read.
        new_id: gives a text that was never given before.
        allowances: counts what is done, for caps and paces.
    """

    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    places: Places = field(default_factory=lambda: Places(NAME, ""), repr=False)
    folder: Path = Path()
    secrets: Secrets = field(default_factory=lambda: Secrets({}))
    resolve: Resolve = field(default=resolve_by_system, repr=False)
    read: ReadData = field(default=read_nothing, repr=False)
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    new_id: Callable[[], str] = field(default=lambda: uuid.uuid4().hex)
    allowances: Allowances = field(default_factory=CountedHere)

    def fields(self, name: str, table: Mapping[str, Any]) -> Fields:
        """Return the reader of a connector's table, which remembers its faults."""
        source = Source(self.places, self.folder, self.secrets)
        return Fields(table, (name,), source, elsewhere=COMMON)

    def of_table(self, name: str) -> Fields:
        """Return the reader of a connector's table by its name."""
        return self.fields(name, self.tables[name])


def load_deployment(
    path: Path,
    *,
    secrets_folder: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    **given: Any,
) -> Deployment:
    """Return what a deployment file says, its tables not yet looked into.

    Args:
        path: the TOML file.
        secrets_folder: holds one file for each secret that is not in the environment.
        environment: holds the other secrets.
        given: other attributes of `Deployment`: `resolve`, `read`, `monotonic`, `wall`, `new_id`,
            `allowances`.

    Raises:
        Misconfigured: it cannot be read, is not TOML, or holds something other than tables.
    """
    content, places = read_tables(path)
    faults = [
        places.fault(
            "deployment.wrong-table",
            (name,),
            fr="attendu : une table [nom] par système ; nom = lettres, chiffres et _.",
            en="expected: one table [name] for each system; name = letters, digits and _.",
        )
        for name, table in content.items()
        if not isinstance(table, dict) or _TABLE.fullmatch(name) is None
    ]
    if faults:
        raise Misconfigured(faults)
    clocks = {one: given[one] for one in ("wall", "monotonic") if one in given}
    given.setdefault("allowances", CountedHere(**clocks))
    return Deployment(
        tables=content,
        places=places,
        folder=path.resolve().parent,
        secrets=Secrets(environment, secrets_folder),
        **given,
    )


def read_tables(path: Path) -> tuple[dict[str, Any], Places]:
    """Return what a TOML file of the deployment holds, and where it stands there.

    Raises:
        Misconfigured: it cannot be read, or is not TOML.
    """
    text = _text(path)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        said = {"fr": f"TOML mal formé : {error}.", "en": f"not TOML: {error}."}
        fault = Fault("deployment.not-toml", (), said, path.as_posix(), line, column)
        raise Misconfigured([fault]) from error
    return content, Places(path.as_posix(), text)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode()
        why = f"more than {LARGEST} bytes" if len(content) > LARGEST else None
    except (OSError, UnicodeDecodeError) as error:
        text, why = "", getattr(error, "strerror", None) or str(error)
    if why is not None:
        said = {"fr": f"illisible : {why}.", "en": f"cannot be read: {why}."}
        raise Misconfigured([Fault("deployment.unreadable", (), said, path.as_posix())])
    return text
