"""Signed messages between systems: Standard Webhooks both ways, and what some helpdesks send.

Every comparison takes the same time whatever is wrong, and every live secret is compared with.
Sources: standardwebhooks.com, specification 1.0.0; promises.md 3; experience.md 3.4.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

TOLERANCE_S: Final = 300
"""How far from now a message's own time may be, before and after."""
_PREFIX: Final = "whsec_"
_LONGEST_ID: Final = 255


class Forged(Exception):
    """A message is not accepted.

    Attributes:
        why: a stable word: `signature` (none, or none of ours) or `stale` (too old, or ahead).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def key_of(secret: str) -> bytes:
    """Return what a secret signs with: the bytes behind `whsec_`, else the text itself.

    Raises:
        ValueError: what follows `whsec_` is not base64.
    """
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret[len(_PREFIX) :], validate=True)
    except ValueError as error:
        raise ValueError("whsec_ is followed by base64") from error


def sign(secrets: Sequence[str], message: str, *, at_s: int, body: bytes) -> dict[str, str]:
    """Return the headers of a message, signed with every live secret, the newest first."""
    content = f"{message}.{at_s}.".encode() + body
    given = " ".join(f"v1,{_base64(_mac('sha256', key_of(one), content))}" for one in secrets)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at_s),
        "webhook-signature": given,
    }


def standard(headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now_s: int) -> str:
    """Return the id of a message signed as Standard Webhooks has it.

    Raises:
        Forged: it is not signed with a live secret, or is not of now.
    """
    message, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    content = f"{message}.{at}.".encode() + body
    expected = [f"v1,{_base64(_mac('sha256', key_of(one), content))}" for one in secrets]
    given = headers.get("webhook-signature", "").split(" ")[:10]
    if not message or len(message) > _LONGEST_ID or not _is_any(given, expected):
        raise Forged("signature")
    _refuse_stale(at, now_s)
    return message


def zammad(headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now_s: int) -> str:
    """Return the id of a message of Zammad (`X-Hub-Signature: sha1=…`).

    Its delivery number is not signed, so that its content names it: sent twice, it is one.

    Raises:
        Forged: it is not signed with a live secret.
    """
    del now_s
    expected = [f"sha1={_mac('sha1', one.encode(), body).hex()}" for one in secrets]
    return _signed([headers.get("x-hub-signature", "")], expected, body)


def chatwoot(headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now_s: int) -> str:
    """Return the id of a message of Chatwoot (`X-Chatwoot-Signature`, over its time and body).

    Raises:
        Forged: it is not signed with a live secret, or is not of now.
    """
    at = headers.get("x-chatwoot-timestamp", "")
    content = f"{at}.".encode() + body
    expected = [f"sha256={_mac('sha256', one.encode(), content).hex()}" for one in secrets]
    message = _signed([headers.get("x-chatwoot-signature", "")], expected, body)
    _refuse_stale(at, now_s)
    return message


def espocrm(headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now_s: int) -> str:
    """Return the id of a message of EspoCRM (`Signature`: the hook's id and a MAC, in base64).

    Raises:
        Forged: it is not signed with a live secret.
    """
    del now_s
    try:
        said = base64.b64decode(headers.get("signature", ""), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        said = ""
    expected = [_mac("sha256", one.encode(), body).hex() for one in secrets]
    return _signed([said.rpartition(":")[2]], expected, body)


Verify = Callable[..., str]
"""Takes headers, body, `secrets` and `now_s`; returns the message's id."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way of signing.

    `has_time`: the time is signed too, so that what was captured cannot be sent again later.
    """

    verify: Verify
    has_time: bool


SCHEMES: Final[Mapping[str, Scheme]] = {
    "standard": Scheme(standard, has_time=True),
    "zammad": Scheme(zammad, has_time=False),
    "chatwoot": Scheme(chatwoot, has_time=True),
    "espocrm": Scheme(espocrm, has_time=False),
}
"""How messages may be signed, by the name a deployment file gives it."""


def _mac(digest: str, key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, digest)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _is_any(given: Sequence[str], expected: Sequence[str]) -> bool:
    found = False
    for one in given:
        for own in expected:
            # No `or`: whichever is right, all are compared.
            found |= hmac.compare_digest(one.encode(), own.encode())
    return found


def _signed(given: Sequence[str], expected: Sequence[str], body: bytes) -> str:
    if not _is_any(given, expected):
        raise Forged("signature")
    return hashlib.sha256(body).hexdigest()


def _refuse_stale(at: str, now_s: int) -> None:
    is_number = at.isascii() and at.isdigit() and len(at) <= 12
    if not is_number or abs(int(at) - now_s) > TOLERANCE_S:
        raise Forged("stale")
