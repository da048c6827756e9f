"""Who is told what happens in sessions: addresses of the deployment, and which events each hears.

```toml
[subscriptions.crm]
url = "https://crm.example/hooks/parcours"
secret = "secret://crm-hook"
old_secret = "secret://crm-hook-old"     # while one is replaced
events = ["session.started", "session.ended", "action.failed"]
tenant = "default"
```
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from connectors.deployment import SUBSCRIPTIONS, Deployment
from connectors.faults import Fault, Misconfigured
from connectors.fields import Fields
from connectors.outward import NotAnswered, Outward
from connectors.reading import Source
from connectors.secret import Secret
from connectors.webhook import GONE, message_of

TYPES: Final = (
    "session.started", "session.waiting", "session.transferred", "session.accepted",
    "session.declined", "session.passed_on", "session.ended", "consult.asked", "consult.accepted",
    "consult.declined", "step.entered",
    "step.left", "action.asked", "action.succeeded", "action.refused", "action.failed",
    "action.unknown", "promise.made", "promise.moved", "promise.soon", "promise.overdue",
    "promise.kept", "promise.late", "promise.broken", "promise.dropped", "threshold.crossed",
    "threshold.back", "export.written", "export.failed", "irritant.overdue",
    "incident.validated", "incident.changed", "incident.ended",
)  # fmt: skip
"""What may be heard of."""
TIMEOUT: Final = 10_000


class NotHeard(Exception):
    """A message was not taken. `is_gone`: its address asks for no more; `reason` is a code."""

    def __init__(self, reason: str, *, is_gone: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_gone = is_gone


class Hears(Protocol):
    """Whoever is told what happens: `types` of it, in one tenant; `host` says where, for people."""

    @property
    def id(self) -> str:
        """Its own for this very place: another place is another listener."""

    @property
    def tenant(self) -> str:
        """Whose sessions it is told of."""

    @property
    def types(self) -> frozenset[str]:
        """What it is told of, of `TYPES`."""

    @property
    def host(self) -> str:
        """Where it is told."""

    async def hear(self, identity: str, content: Mapping[str, Any]) -> None:
        """Take one message, the same `identity` at every attempt. Raises NotHeard."""

    async def close(self) -> None:
        """Let connections go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """One address that is told of sessions.

    `id` is its own for this very address: another address is another listener.
    """

    id: str
    tenant: str
    types: frozenset[str]
    url: str
    secrets: Sequence[Secret]
    outward: Outward
    wall: Callable[[], float]

    @property
    def host(self) -> str:
        """The host of its address: the rest may be a secret."""
        return urlsplit(self.url).netloc

    async def hear(self, identity: str, content: Mapping[str, Any]) -> None:
        """Take one message; the same `identity` at every attempt.

        Raises:
            NotHeard: it did not.
        """
        live = [secret.reveal() for secret in self.secrets]
        ask = message_of(self.url, live, identity=identity, at_s=int(self.wall()), content=content)
        try:
            answer = await self.outward.send(ask, within_ms=TIMEOUT)
        except NotAnswered as lost:
            raise NotHeard(lost.reason) from None
        if not 200 <= answer.status < 300:
            raise NotHeard(f"http.{answer.status}", is_gone=answer.status == GONE)

    async def close(self) -> None:
        """Let connections go."""
        await self.outward.close()


def open_listeners(deployment: Deployment) -> list[Listener]:
    """Return who is told of sessions.

    Raises:
        Misconfigured: everything wrong in their tables, at once.
    """
    opened: list[Listener] = []
    faults: list[Fault] = []
    for name, table in deployment.tables.get(SUBSCRIPTIONS, {}).items():
        fields = Fields(
            table if isinstance(table, dict) else {},
            (SUBSCRIPTIONS, name),
            Source(deployment.places, deployment.folder, deployment.secrets),
        )
        try:
            opened.append(_listener(name, fields, deployment))
        except Misconfigured as wrong:
            faults += wrong.faults
    if faults:
        raise Misconfigured(faults)
    return opened


def _listener(name: str, fields: Fields, deployment: Deployment) -> Listener:
    egress = fields.egress()
    url = fields.url("url", egress)
    authorities = fields.file("authorities", None)
    secrets = [fields.secret("secret"), fields.secret("old_secret", None)]
    live = [secret for secret in secrets if secret is not None]
    types = fields.texts("events")
    if not types or not set(types) <= set(TYPES):
        listed = ", ".join(TYPES)
        fields.wrong("events", fr=f"parmi : {listed}", en=f"among: {listed}")
    tenant = fields.text("tenant", "default")
    if not fields.faults:
        for secret in live:
            fields.attempt("secret", partial(message_of, "", [secret.reveal()], identity="",
                                             at_s=0, content={}))  # fmt: skip
    fields.done()
    return Listener(
        id=f"{name}-{hashlib.sha256(url.encode()).hexdigest()[:8]}",
        tenant=tenant,
        types=frozenset(types),
        url=url,
        secrets=live,
        outward=Outward([url], egress, resolve=deployment.resolve, authorities=authorities),
        wall=deployment.wall,
    )
