"""Systems that tell us something: how their messages are verified, and what is read in them.

```toml
[hooks.carrier]                          # POST /v1/hooks/carrier
signed = "standard"                      # standard, zammad, chatwoot or espocrm
secret = "secret://carrier-hook"
old_secret = "secret://carrier-hook-old" # both hold while one is replaced
[hooks.carrier.events."parcel.delivered"]
when = {type = "delivered"}              # of messages in which this holds
match = {order = "data.order.id"}        # a wait's `with: {order: order_id}` must have this value
fields = {place = "data.place"}          # what the wait saves; nothing else of the message is kept
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from connectors.deployment import HOOKS, Deployment
from connectors.faults import Fault, Misconfigured
from connectors.fields import Fields
from connectors.reading import Source
from connectors.secret import Secret
from connectors.signatures import SCHEMES, key_of

DAY: Final = 86_400_000
KEPT: Final = DAY
"""Milliseconds that what nobody waits for yet is kept, unless said otherwise."""
KEPT_MOST: Final = 7 * DAY
REMEMBERED: Final = 2 * DAY
"""Milliseconds a message's id is remembered when its time is signed: it is refused by then."""
REMEMBERED_UNTIMED: Final = 90 * DAY
"""The same when no time is signed, and only its content tells that it was sent again."""
ITEMS: Final = 100
"""Most things one message says; EspoCRM sends lists. A longer list is refused as it comes."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a message says: an event, whose it is, and what of it is kept."""

    event: str
    match: Mapping[str, Any]
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """What is read of a system's messages: paths such as `data.order.id` or `items.0.id`."""

    event: str
    when: Mapping[str, Any]
    match: Mapping[str, str]
    fields: Mapping[str, str]

    def of(self, message: Any) -> Said | None:
        """Return what a message says; None when it is about something else."""
        if not all(found(message, path) == value for path, value in self.when.items()):
            return None
        return Said(
            self.event,
            {name: found(message, path) for name, path in self.match.items()},
            {name: found(message, path) for name, path in self.fields.items()},
        )


@dataclass(frozen=True, slots=True)
class Teller:
    """One system that tells us something."""

    name: str
    tenant: str
    signed: str
    secrets: tuple[Secret, ...]
    kept_ms: int
    heard: tuple[Heard, ...]

    @property
    def remembered_ms(self) -> int:
        """How long a message's id is remembered."""
        timed = SCHEMES[self.signed].has_time
        return max(self.kept_ms, REMEMBERED if timed else REMEMBERED_UNTIMED)

    def accept(self, headers: Mapping[str, str], body: bytes, *, now_ms: int) -> str:
        """Return the id of a message that is this system's and of now.

        Args:
            headers: by name in small letters.
            body: as it came, to the byte.
            now_ms: milliseconds UTC.

        Raises:
            connectors.signatures.Forged: it is neither.
        """
        live = [secret.reveal() for secret in self.secrets]
        return SCHEMES[self.signed].verify(headers, body, secrets=live, now_s=now_ms // 1_000)

    def read(self, message: Any) -> list[Said]:
        """Return what a message says, in order: of each of its items the first event that fits."""
        items = message if isinstance(message, list) else [message]
        said = (next(filter(None, (one.of(item) for one in self.heard)), None) for item in items)
        return [one for one in said if one is not None]


def found(message: Any, path: str) -> Any:
    """Return what stands at a path of a message; None when nothing does."""
    for part in path.split("."):
        if isinstance(message, Mapping):
            message = message.get(part)
        elif isinstance(message, list) and part.isdigit() and int(part[:9]) < len(message):
            message = message[int(part[:9])]
        else:
            return None
    return message


def open_tellers(deployment: Deployment) -> dict[str, Teller]:
    """Return the systems that a deployment lets tell us something, by name.

    Raises:
        Misconfigured: everything wrong in their tables, at once.
    """
    opened: dict[str, Teller] = {}
    faults: list[Fault] = []
    for name, table in deployment.tables.get(HOOKS, {}).items():
        fields = Fields(
            table if isinstance(table, dict) else {},
            (HOOKS, name),
            Source(deployment.places, deployment.folder, deployment.secrets),
        )
        try:
            opened[name] = _teller(name, fields)
        except Misconfigured as wrong:
            faults += wrong.faults
    if faults:
        raise Misconfigured(faults)
    return opened


def _teller(name: str, fields: Fields) -> Teller:
    secrets = []
    for key in ("secret", "old_secret"):
        secret = fields.secret(key, *(() if key == "secret" else (None,)))
        if secret is not None and not fields.faults:
            fields.attempt(key, partial(_refuse_wrong_secret, secret))
            secrets.append(secret)
    heard = tuple(
        Heard(event, _conditions(inside), _paths(inside, "match"), _paths(inside, "fields"))
        for event, inside in fields.tables("events").items()
    )
    if not heard and not fields.faults:
        fields.wrong("events", fr="au moins un événement", en="at least one event")
    made = Teller(
        name,
        fields.text("tenant", "default"),
        fields.text("signed", "standard", among=tuple(SCHEMES)),
        tuple(secrets),
        fields.span("kept", KEPT, most_ms=KEPT_MOST),
        heard,
    )
    fields.done()
    return made


def _refuse_wrong_secret(secret: Secret) -> None:
    key_of(secret.reveal())


def _conditions(fields: Fields) -> Mapping[str, Any]:
    return _named(fields, "when", kinds=(str, int, bool), fr="un texte", en="a text")


def _paths(fields: Fields, key: str) -> Mapping[str, str]:
    return _named(fields, key, kinds=(str,), fr="un chemin", en="a path")


def _named(
    fields: Fields, key: str, *, kinds: tuple[type, ...], fr: str, en: str
) -> Mapping[str, Any]:
    value = fields.any(key, {})
    if not isinstance(value, dict) or not all(isinstance(one, kinds) for one in value.values()):
        fields.wrong(key, fr=f"{{nom = {fr}}}", en=f"{{name = {en}}}")
        return {}
    return value
