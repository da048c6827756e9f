"""Telling another system that something happened, signed as Standard Webhooks has it.

```toml
[crm]
kind = "webhook"
url = "https://crm.example/hooks/parcours"
secret = "secret://crm-hook"             # whsec_ and base64, or any text
old_secret = "secret://crm-hook-old"     # while one is replaced, messages carry both signatures
[crm.operations.order_changed]
type = "order.changed"
input = {order = "text", status = "text?"}
```

The body is `{"type", "timestamp", "data"}`, `data` the inputs and nothing else. The `webhook-id` is
the same at every attempt, so that who receives it acts once.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from connectors.deployment import Deployment
from connectors.fields import Fields
from connectors.outward import Answer, Ask, NotAnswered, Outward
from connectors.port import Described, EffectClass, Outcome, Status
from connectors.saying import read_says
from connectors.secret import Secret
from connectors.shapes import Misfit, accepted
from connectors.signatures import key_of, sign
from connectors.sql_values import kind_of

TIMEOUT: Final = 10_000
LARGEST: Final = 65_536
GONE: Final = 410
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_TYPE: Final = re.compile(r"[a-zA-Z0-9_]+(?:\.[a-zA-Z0-9_]+)*")
_UNSURE: Final = frozenset({408, 425, 429})

_log = logging.getLogger("parcours.connectors")


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of message: what its `type` says, and what an operation sends in it."""

    type: str
    described: Described


class Webhook:
    """Sends messages to one address."""

    def __init__(
        self,
        outward: Outward,
        url: str,
        *,
        secrets: Sequence[Secret],
        messages: Mapping[str, Message],
        wall: Callable[[], float],
    ) -> None:
        self._outward = outward
        self._url = url
        self._secrets = tuple(secrets)
        self._messages = dict(messages)
        self._wall = wall
        self._is_gone = False

    def operations(self) -> Mapping[str, Described]:
        """Return which messages it sends."""
        return {name: one.described for name, one in self._messages.items()}

    async def close(self) -> None:
        """Let connections go."""
        await self._outward.close()

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Send one message; see `Connector.call`."""
        message = self._messages.get(operation)
        if message is None:
            return Outcome("failed", reason="connector.unknown-operation", sent=False)
        if self._is_gone:
            return Outcome("failed", reason="webhook.gone", sent=False)
        try:
            data = accepted(message.described.input, dict(inputs), strict=True)
            ask = self._ask(message, data, key=key)
        except (Misfit, ValueError):
            return Outcome("failed", reason="connector.input", sent=False)
        within = min(timeout_ms, message.described.timeout_ms)
        try:
            answer = await self._outward.send(ask, within_ms=within)
        except NotAnswered as lost:
            status: Status = "unknown" if lost.sent else "failed"
            return Outcome(status, reason=lost.reason, sent=lost.sent, again=lost.again)
        return self._told(operation, answer, ask.headers["webhook-id"])

    def _ask(self, message: Message, data: Mapping[str, Any], *, key: str) -> Ask:
        at = int(self._wall())
        happened = datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
        content = {"type": message.type, "timestamp": happened, "data": data}
        identity = f"msg_{hashlib.sha256(key.encode()).hexdigest()[:32]}"
        live = [secret.reveal() for secret in self._secrets]
        return message_of(self._url, live, identity=identity, at_s=at, content=content)

    def _told(self, operation: str, answer: Answer, identity: str) -> Outcome:
        if 200 <= answer.status < 300:
            return Outcome("succeeded", {"message": identity})
        reason = f"http.{answer.status}"
        if answer.status == GONE:
            # Whoever receives asks to be left alone; only a restart or another address asks again.
            self._is_gone = True
            _log.error("webhook_gone", extra={"operation": operation})
            return Outcome("failed", reason="webhook.gone")
        if 400 <= answer.status < 500:
            again = answer.status in _UNSURE
            after = answer.after_ms if again else None
            return Outcome("failed", reason=reason, again=again, after_ms=after)
        after = answer.after_ms if answer.again else None
        return Outcome("unknown", reason=reason, again=answer.again, after_ms=after)


def message_of(
    url: str, secrets: Sequence[str], *, identity: str, at_s: int, content: Mapping[str, Any]
) -> Ask:
    """Return the request that carries a message, signed with every live secret.

    Raises:
        ValueError: its content is too large, or holds no number of JSON.
    """
    body = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    raw = body.encode()
    if len(raw) > LARGEST:
        raise ValueError("too large")
    signed = sign(secrets, identity, at_s=at_s, body=raw)
    return Ask("POST", url, {"Content-Type": "application/json", **signed}, raw)


def connect(name: str, table: Mapping[str, Any], deployment: Deployment) -> Webhook:
    """Return the connector of a table of the deployment.

    Raises:
        Misconfigured: everything wrong in it, at once.
    """
    fields = deployment.fields(name, table)
    egress = fields.egress()
    url = fields.url("url", egress)
    authorities = fields.file("authorities", None)
    secrets = [fields.secret("secret"), fields.secret("old_secret", None)]
    live = [secret for secret in secrets if secret is not None]
    if not fields.faults:
        for secret in live:
            fields.attempt("secret", partial(_refuse_wrong_secret, secret))
    messages = {
        f"{name}.{word}": _message(word, inside)
        for word, inside in fields.tables("operations").items()
    }
    if not messages:
        fields.wrong("operations", fr="au moins une opération", en="at least one operation")
    fields.done()
    outward = Outward([url], egress, resolve=deployment.resolve, authorities=authorities)
    return Webhook(outward, url, secrets=live, messages=messages, wall=deployment.wall)


def _refuse_wrong_secret(secret: Secret) -> None:
    key_of(secret.reveal())


def _message(word: str, fields: Fields) -> Message:
    if _NAME.fullmatch(word) is None:
        fields.refuse(None, "deployment.wrong-value", fr=f"« {word} » n'est pas un nom.",
                      en=f"`{word}` is not a name.")  # fmt: skip
    kind = fields.text("type")
    if kind and _TYPE.fullmatch(kind) is None:
        fields.wrong("type", fr="des mots séparés par des points",
                     en="words with dots between")  # fmt: skip
    properties, needed = _input(fields)
    sensitive = frozenset(fields.texts("sensitive"))
    if not sensitive <= set(properties):
        fields.wrong("sensitive", fr="des noms de input", en="names of input")
    # Who receives is held by the standard to act once for an id.
    effect: EffectClass = fields.text("effect", "keyed", among=("keyed", "idempotent", "unsafe"))
    described = Described(
        input={
            "type": "object", "properties": properties, "required": needed,
            "additionalProperties": False,
        },
        output={"type": "object", "properties": {"message": {"type": "string"}}},
        effect=effect,
        timeout_ms=fields.span("timeout", TIMEOUT, most_ms=60_000),
        sensitive=sensitive,
        says=read_says(fields, properties),
    )  # fmt: skip
    return Message(kind, described)


def _input(fields: Fields) -> tuple[dict[str, Any], list[str]]:
    properties: dict[str, Any] = {}
    needed = []
    given = fields.value("input", dict, {}, fr="une table", en="a table") or {}
    for name, written in given.items():
        kind = kind_of(written.removesuffix("?")) if isinstance(written, str) else None
        if kind is None:
            fields.wrong(
                "input",
                fr=f"« {name} » : text, number, integer, date, time, yes_no ou money EUR",
                en=f"`{name}`: text, number, integer, date, time, yes_no or money EUR",
            )
            continue
        properties[name] = dict(kind.schema)
        if not written.endswith("?"):
            needed.append(name)
    return properties, needed
