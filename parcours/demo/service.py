"""The demonstration's service: the shipped library published, keys for people and programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.deployment import NAME
from parcours.demo.systems.paying import Hook, secret_in
from parcours.demo.systems.running import deployment
from parcours.libraries import texts_of
from parcours.places import SHIPPED
from runtime.access import Actor
from runtime.errors import Unauthenticated
from runtime.personas import PERSONAS, TENANT
from runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from runtime.wiring import Service

ADVISORS = {one.id: one.name for one in PERSONAS if one.role == "advisor"}
"""Those who come with a key of their own; in a browser, one chooses among all personas."""
OTHERS = {
    "supervisor": ("supervisor", "diane", ()),
    "bot": ("bot", "chat", ()),
    "robot": ("robot", "post", ()),
    "pbx": ("robot", "pbx", ("cti.report",)),
}
"""Further keys, for what the documentation calls: role, name, and what alone it may do."""
SECRETS = "secrets"
"""The folder of secrets, in the data folder."""
TEAMS = Path(__file__).with_name("teams.toml")
"""Who is in its teams, and when they call back."""
CARD = "demo.json"
"""The file of the data folder that says where the service is and how its advisors come in."""


@dataclass(frozen=True, slots=True)
class Card:
    """Where a demonstration answers, the key of each advisor by short name, and its systems.

    `others` are the keys of `OTHERS`.
    """

    url: str
    keys: dict[str, str]
    systems: str
    others: dict[str, str] = field(default_factory=dict)


def hook_for(folder: Path, port: int) -> Hook:
    """Return how the demonstration's payment desk tells its service of a payment."""
    return Hook(f"http://127.0.0.1:{port}", secret_in(folder / SECRETS))


def settings_for(folder: Path, port: int, *, systems: str, language: str | None = None) -> Settings:
    """Return the settings of a demonstration whose data are in a folder.

    `language` is that of its pages; the browser's where nobody asked for one.

    The deployment file that leads to its systems is written there.
    """
    secret_in(folder / SECRETS)
    path = folder / NAME
    path.write_text(deployment(systems), encoding="utf-8")
    return load_settings(
        database=str(folder / "parcours.sqlite3"),
        bind="127.0.0.1",
        port=port,
        dev_mode=True,
        connectors=str(path),
        secrets=str(folder / SECRETS),
        teams=str(TEAMS),
        rate_per_s=0,
        language=language,
    )


async def prepare(service: Service, folder: Path, *, systems: str) -> Card:
    """Publish the shipped library, see to the advisors' keys, and write the card.

    Keys of an earlier start of the same folder are kept while they are good.

    Raises:
        LibraryRefused: the shipped library has errors.
    """
    await service.revisions.publish(Actor(TENANT, "admin", "demo"), texts_of(SHIPPED))
    known = read_card(folder)
    had = {} if known is None else {**known.keys, **known.others}
    keys = {
        name: await _key(service, had.get(name), "advisor", name=name, label=full_name)
        for name, full_name in ADVISORS.items()
    }
    others = {
        what: await _key(service, had.get(what), role, name=name, scopes=frozenset(scopes))
        for what, (role, name, scopes) in OTHERS.items()
    }
    card = Card(service.settings.address, keys, systems, others)
    path = folder / CARD
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(card)), encoding="utf-8")
    return card


async def _key(service: Service, had: str | None, role: str, **who: Any) -> str:
    """Return the key one had, while it is good, else a new one."""
    if had is not None and await _is_good(service, had):
        return had
    return (await service.keys.create(TENANT, role, **who)).token


async def _is_good(service: Service, token: str) -> bool:
    try:
        await service.keys.recognise(token)
    except Unauthenticated:
        return False
    return True


def read_card(folder: Path) -> Card | None:
    """Return the card of a data folder; None when there is none yet, or it is being written."""
    try:
        content = json.loads((folder / CARD).read_text(encoding="utf-8"))
        others = dict(content.get("others", {}))
        return Card(content["url"], dict(content["keys"]), content["systems"], others)
    except (FileNotFoundError, json.JSONDecodeError, KeyError):
        return None
