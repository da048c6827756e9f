"""E-mails through an SMTP server: a fixed sender, one addressee, texts of the library.

```toml
[mail]
kind = "email"
host = "smtp.example"
port = 587
security = "starttls"                    # or tls (465); none only with allow_plain
user = "parcours"
password = "secret://smtp"
from = "La Boutique <bonjour@boutique.example>"
[mail.operations.order_resent]
```

The library writes `texts: {subject: …, body: …}`, in the customer's language, and `gives: [to]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from connectors.allowances import Allowances, NotCounted
from connectors.deployment import Deployment
from connectors.email_delivery import NotDelivered, Relay
from connectors.email_message import LONGEST_BODY, Written, WrongMessage, sender_of, write
from connectors.fields import Fields
from connectors.port import Described, Outcome, Says
from connectors.secret import Secret

TIMEOUT: Final = 10_000
EVERY: Final = 60_000
"""Milliseconds between two e-mails of one session. Source: promises.md 3.1."""
_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}")
SAYS: Final = Says("email", "body", LONGEST_BODY)
"""What customers read of an e-mail."""
LONGEST_INVITATION: Final = 65_536
_TEXT: Final = {"type": "string", "minLength": 1}
INPUT: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {
        "to": _TEXT,
        "subject": _TEXT,
        "body": _TEXT,
        "references": {"type": "array", "items": _TEXT},
        "by_person": {"type": "boolean"},
        "invitation": {"type": "string", "maxLength": LONGEST_INVITATION},
    },
    "required": ["to", "subject", "body"],
    "additionalProperties": False,
}
OUTPUT: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {"message": {"type": "string"}},
}


class Email:
    """Sends the e-mails of one table of the deployment."""

    def __init__(
        self,
        relay: Relay,
        sender: tuple[str, str],
        *,
        operations: Mapping[str, Described],
        wall: Callable[[], float],
        allowances: Allowances,
    ) -> None:
        self._relay = relay
        self._sender = sender
        self._operations = operations
        self._wall = wall
        self._allowances = allowances

    def operations(self) -> Mapping[str, Described]:
        """Return which e-mails it sends."""
        return self._operations

    async def close(self) -> None:
        """Have nothing to let go of: each e-mail has its own connection."""

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Send one e-mail; see `Connector.call`."""
        described = self._operations.get(operation)
        if described is None:
            return Outcome("failed", reason="connector.unknown-operation", sent=False)
        if not _fits(inputs):
            return Outcome("failed", reason="connector.input", sent=False)
        try:
            letter = write(
                self._sender, inputs["to"], subject=inputs["subject"], body=inputs["body"],
                written=Written(
                    key, self._wall(), tuple(inputs.get("references", ())),
                    is_a_persons=inputs.get("by_person") is True,
                    invitation=inputs.get("invitation"),
                ),
            )  # fmt: skip
        except WrongMessage:
            return Outcome("failed", reason="connector.input", sent=False)
        # How seldom a session may write: what loops does not fill somebody's box. The first
        # half of an action's key stands for its session.
        session, name = key.partition("/")[0], operation.partition(".")[0]
        try:
            wait = await self._allowances.pace(name, session, mark=key, every_ms=EVERY)
        except NotCounted:
            return Outcome("failed", reason="connector.not-counted", sent=False, again=True)
        if wait > 0:
            return Outcome("failed", reason="mail.too-often", sent=False, again=True, after_ms=wait)
        try:
            await self._relay.deliver(
                letter, within_s=min(timeout_ms, described.timeout_ms) / 1_000
            )
        except NotDelivered as lost:
            # What the server did not accept it does not have: it may be given it again.
            return Outcome(
                lost.status, reason=lost.reason, sent=lost.status == "unknown", again=lost.again
            )
        return Outcome("succeeded", {"message": letter.id})


def connect(name: str, table: Mapping[str, Any], deployment: Deployment) -> Email:
    """Return the connector of a table of the deployment.

    Raises:
        Misconfigured: everything wrong in it, at once.
    """
    fields = deployment.fields(name, table)
    relay = _relay(fields, deployment)
    said = fields.text("from")
    sender = fields.attempt("from", lambda: _sender(said)) if said else None
    operations = {
        f"{name}.{word}": _operation(word, inside)
        for word, inside in fields.tables("operations").items()
    }
    if not operations:
        fields.wrong("operations", fr="au moins une opération", en="at least one operation")
    fields.done()
    assert sender is not None
    return Email(
        relay, sender, operations=operations, wall=deployment.wall,
        allowances=deployment.allowances,
    )  # fmt: skip


def _fits(inputs: Mapping[str, Any]) -> bool:
    """Return whether these are the inputs of an e-mail: three texts, and what one of ours adds."""
    texts = [inputs.get(name) for name in ("to", "subject", "body")]
    references, invitation = inputs.get("references", []), inputs.get("invitation", "")
    return (
        set(inputs) <= set(INPUT["properties"])
        and all(isinstance(one, str) for one in texts)
        and isinstance(references, list)
        and all(isinstance(one, str) for one in references)
        and isinstance(inputs.get("by_person", False), bool)
        and isinstance(invitation, str)
        and len(invitation) <= LONGEST_INVITATION
    )


def _sender(said: str) -> tuple[str, str]:
    try:
        return sender_of(said)
    except WrongMessage:
        raise ValueError("Name <address@host> or address@host is expected") from None


def _relay(fields: Fields, deployment: Deployment) -> Relay:
    security = fields.text("security", "starttls", among=tuple(_PORTS))
    host, egress = fields.text("host"), fields.egress()
    if host and _HOST.fullmatch(host) is None:
        fields.wrong("host", fr="le nom d'un serveur", en="a server's name")
    fields.reachable("host", host or "", egress)
    if security == "none" and not fields.flag("allow_plain"):
        fields.wrong(
            "security",
            fr="starttls ou tls ; none seulement avec allow_plain = true",
            en="starttls or tls; none only with allow_plain = true",
        )
    user = fields.text("user", None)
    password: Secret | None = fields.secret("password", None)
    if (user is None) != ("password" not in fields):
        fields.wrong("user", fr="user et password, ou aucun des deux",
                     en="user and password, or neither")  # fmt: skip
    return Relay(
        host=host,
        port=fields.number("port", _PORTS[security], least=1, most=65_535),
        security=security,
        user=user,
        password=password,
        egress=egress,
        resolve=deployment.resolve,
        authorities=fields.file("authorities", None),
    )


def _operation(word: str, fields: Fields) -> Described:
    if _NAME.fullmatch(word) is None:
        fields.refuse(None, "deployment.wrong-value", fr=f"« {word} » n'est pas un nom.",
                      en=f"`{word}` is not a name.")  # fmt: skip
    return Described(
        input=INPUT,
        output=OUTPUT,
        effect="unsafe",
        timeout_ms=fields.span("timeout", TIMEOUT, most_ms=60_000),
        sensitive=frozenset(("to", "subject", "body")),
        says=SAYS if fields.flag("incidents", default=True) else None,
    )
