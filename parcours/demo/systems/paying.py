"""The customer who pays later: the payment desk tells the service in a signed message."""

from __future__ import annotations

import asyncio
import http.client
import json
import secrets
import time
import uuid
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from connectors.signatures import sign
from parcours.demo.systems.asked import Said, no
from parcours.demo.systems.world import World

NAME: Final = "payment-hook"
"""What the secret is called that both sides sign with, and its file."""
PATH: Final = "/v1/hooks/payment"
PATIENCE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Hook:
    """Where the payment desk tells of a payment, and what it signs with."""

    address: str
    secret: str


def secret_in(folder: Path) -> str:
    """Return the secret kept in a folder of secrets, made the first time."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / NAME
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return path.read_text(encoding="ascii")


async def pay(world: World, hook: Hook | None, body: Any) -> Said:
    """Have the customer pay for `{"order": "F-1042"}`, and say what the service answered."""
    number = body.get("order") if isinstance(body, dict) and set(body) == {"order"} else None
    if number not in world.orders:
        return no("NO_SUCH_ORDER", 404)
    if hook is None:
        return no("NOBODY_TO_TELL", 409)
    world.change(number, payment="ACCEPTED")
    try:
        status = await asyncio.to_thread(_tell, hook, number)
    except OSError:
        return no("SERVICE_AWAY", 502)
    return Said({"order": number, "told": status})


def _tell(hook: Hook, order: str) -> int:
    body = json.dumps({"type": "payment.received", "data": {"order": order}}).encode()
    headers = sign([hook.secret], f"msg_{uuid.uuid4().hex}", at_s=int(time.time()), body=body)
    place = urlsplit(hook.address).netloc
    with closing(http.client.HTTPConnection(place, timeout=PATIENCE_S)) as connection:
        connection.request(
            "POST", PATH, body=body, headers={**headers, "Content-Type": "application/json"}
        )
        return connection.getresponse().status
