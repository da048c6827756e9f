"""The connectors that the settings name, opened: what is wrong with them is known at start."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from authoring.findings import to_text
from authoring.yaml.reader import read
from connectors.allowances import Allowances
from connectors.deployment import NAME, Deployment, load_deployment
from connectors.faults import Fault, Misconfigured
from connectors.hooks import Teller, open_tellers
from connectors.kinds import open_connectors
from connectors.listeners import Hears, Listener, open_listeners
from connectors.mock import Mock, WrongMock
from connectors.port import Connector, Prepares
from connectors.registry import Registry
from connectors.secret import Secrets
from runtime import appointing
from runtime.errors import WrongDeployment, WrongSetting
from runtime.robot_file import Robot, read_robots
from runtime.settings import Settings, wrong_setting
from runtime.team_file import Teams, read_teams
from runtime.upgrade import is_postgres

_STATUS: Final = re.compile(r"^(\s*)([1-5]\d\d):(?=\s|$)", re.MULTILINE)
T = TypeVar("T")
LARGEST: Final = 16 * 1024 * 1024
"""Most bytes of a data file: the description of a whole system fits."""


def connectors_of(
    settings: Settings, *, allowances: Allowances | None = None
) -> dict[str, Connector]:
    """Return the connectors that the settings name, by the part before the dot of an operation.

    The service's own, `appointments`, is there unless a table of that name stands in its place.
    `*`, the mock's, serves every operation that no other does. `allowances` count what they do for
    caps and paces; without, this process does for itself.

    Raises:
        WrongSetting: the mock file cannot be read, or is not one.
        WrongDeployment: the deployment file is wrong.
    """
    found: dict[str, Connector] = {appointing.NAME: appointing.Appointing()}
    if settings.mock is not None:
        found["*"] = mock_of(settings)
    path = deployment_file(settings)
    if path is None:
        return found
    try:
        deployment = read_deployment(path, settings)
        if allowances is not None:
            deployment = replace(deployment, allowances=allowances)
        found.update(open_connectors(deployment))
    except Misconfigured as wrong:
        raise told(wrong) from wrong
    return found


def registry_of(settings: Settings, connectors: Mapping[str, Connector]) -> Registry:
    """Return what does operations.

    Raises:
        WrongSetting: a setting names an operation that nothing does.
    """
    registry = Registry(connectors)
    for name in ("reply_operation", "alert_operation"):
        operation = getattr(settings, name)
        if operation is not None and registry.find(operation) is None:
            raise wrong_setting(
                name,
                f"aucun connecteur ne fait {operation} ; ajoutez sa table à connectors.toml",
                f"no connector does {operation}; add its table to connectors.toml",
            )
    return registry


def tellers_of(settings: Settings) -> dict[str, Teller]:
    """Return the systems that the settings let tell us something, by name.

    Raises:
        WrongDeployment: the deployment file is wrong.
    """
    path = deployment_file(settings)
    if path is None:
        return {}
    try:
        return open_tellers(read_deployment(path, settings))
    except Misconfigured as wrong:
        raise told(wrong) from wrong


def listeners_of(settings: Settings) -> list[Listener]:
    """Return whom the settings have told what happens in sessions.

    Raises:
        WrongDeployment: the deployment file is wrong.
    """
    path = deployment_file(settings)
    if path is None:
        return []
    try:
        return open_listeners(read_deployment(path, settings))
    except Misconfigured as wrong:
        raise told(wrong) from wrong


def robots_told(settings: Settings) -> list[Robot]:
    """Return the robots that the settings have walk by themselves.

    Raises:
        WrongDeployment: their file is wrong.
    """
    if settings.robots is None:
        return []
    try:
        return read_robots(Path(settings.robots))[0]
    except Misconfigured as wrong:
        raise told(wrong) from wrong


def teams_told(settings: Settings) -> Teams:
    """Return who is in which team, as the settings have it.

    Raises:
        WrongDeployment: their file is wrong.
    """
    if settings.teams is None:
        return Teams()
    try:
        folder = None if settings.secrets is None else Path(settings.secrets)
        return read_teams(Path(settings.teams), secrets=Secrets(os.environ, folder))
    except Misconfigured as wrong:
        raise told(wrong) from wrong


@dataclass(frozen=True, slots=True)
class Opened:
    """What a service runs with: the systems it calls, those that tell it, whom it tells, teams."""

    connectors: Mapping[str, Connector]
    tellers: Mapping[str, Teller]
    listeners: Sequence[Hears]
    teams: Teams


def opened(
    settings: Settings,
    allowances: Allowances | None = None,
    *,
    connectors: Mapping[str, Connector] | None = None,
    tellers: Mapping[str, Teller] | None = None,
    listeners: Sequence[Hears] | None = None,
) -> Opened:
    """Return all that the settings name, opened; what is given is taken in its place.

    Raises:
        WrongSetting: the mock file is wrong.
        WrongDeployment: everything wrong in the files of the deployment, robots and teams, at once.
    """
    faults: list[Fault] = []
    if connectors is None:
        connectors = _opened(lambda: connectors_of(settings, allowances=allowances), faults)
    if tellers is None:
        tellers = _opened(lambda: tellers_of(settings), faults)
    if listeners is None:
        listeners = _opened(lambda: listeners_of(settings), faults)
    teams = _opened(lambda: teams_told(settings), faults)
    _opened(lambda: robots_told(settings), faults)
    if faults:
        raise told(Misconfigured(faults))
    return Opened(connectors or {}, tellers or {}, listeners or (), teams or Teams())


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deployment holds, described and closed again; `unknown` is what could not be learnt.

    `tellers` are the systems that may tell us something.
    """

    connectors: dict[str, Connector]
    tellers: dict[str, Teller]
    unknown: list[Fault]


async def described(settings: Settings) -> Deployed:
    """Return what the settings' deployment holds, closed again.

    Raises:
        WrongSetting: the mock file is wrong.
        WrongDeployment: everything wrong in the deployment file, at once.
    """
    faults: list[Fault] = []
    connectors = _opened(lambda: connectors_of(settings), faults) or {}
    tellers = _opened(lambda: tellers_of(settings), faults) or {}
    listeners = _opened(lambda: listeners_of(settings), faults) or []
    try:
        if faults:
            raise told(Misconfigured(faults))
        return Deployed(connectors, tellers, await prepared(connectors))
    finally:
        await asyncio.gather(*(one.close() for one in listeners))
        await Registry(connectors).close()


def _opened(opening: Callable[[], T], faults: list[Fault]) -> T | None:
    try:
        return opening()
    except WrongDeployment as wrong:
        # A file that cannot be read at all is said once.
        faults += [one for one in wrong.faults if one not in faults]
        return None


async def prepared(connectors: Mapping[str, Connector]) -> list[Fault]:
    """Have connectors learn what they do, all at once; return what could not be learnt."""
    learning = [one.prepare() for one in connectors.values() if isinstance(one, Prepares)]
    return [fault for faults in await asyncio.gather(*learning) for fault in faults]


def deployment_file(settings: Settings) -> Path | None:
    """Return the deployment file: the one named, else the one beside an embedded database."""
    if settings.connectors is not None:
        return Path(settings.connectors)
    if is_postgres(settings.database):
        return None
    beside = Path(settings.database).parent / NAME
    return beside if beside.is_file() else None


def read_deployment(path: Path, settings: Settings) -> Deployment:
    """Return a deployment file, with the secrets of the environment and of the settings' folder.

    Raises:
        Misconfigured: it cannot be read as one.
    """
    folder = None if settings.secrets is None else Path(settings.secrets)
    return load_deployment(path, secrets_folder=folder, read=read_data)


def told(wrong: Misconfigured) -> WrongDeployment:
    """Return everything wrong in a deployment as one refusal to start."""
    said = {one: "\n".join(fault.text(one) for fault in wrong.faults) for one in ("fr", "en")}
    refusal = WrongDeployment(said, codes=[fault.code for fault in wrong.faults])
    refusal.faults = tuple(wrong.faults)
    return refusal


def read_data(path: Path) -> Any:
    """Return the plain data of a JSON or YAML file.

    Raises:
        ValueError: it cannot be read, and why.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(getattr(error, "strerror", None) or "not UTF-8") from error
    if len(content) > LARGEST:
        raise ValueError(f"more than {LARGEST} bytes")
    if path.suffix == ".json":
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"not JSON: {error}") from error
    found = read(text, path.as_posix())
    if any(one.code == "form.yaml-key" for one in found.findings):
        # Documents of systems write the statuses of answers bare: `200:`.
        found = read(_STATUS.sub(r'\1"\2":', text), path.as_posix())
    if found.findings:
        raise ValueError(to_text(found.findings[:5]).strip())
    return found.data


def mock_of(settings: Settings) -> Mock:
    """Return the stand-in for every system, whose answers the setting `mock` names.

    Raises:
        WrongSetting: the file cannot be read, or is not one.
    """
    path = Path(str(settings.mock))
    try:
        content = read_data(path)
        return Mock(content if isinstance(content, dict) else {})
    except (ValueError, WrongMock) as error:
        said = f"{path}: {error}"
        raise WrongSetting({"fr": said, "en": said}, setting="mock") from error
