"""What other systems send us: verified, on disk, answered; acted upon afterwards."""

from __future__ import annotations

from typing import Final

from api import json_guard
from api.operations import NOTHING, Call, Example, Operation
from api.problems import Problem, Reply
from connectors.hooks import ITEMS
from connectors.signatures import Forged
from runtime.errors import NotFound

LARGEST: Final = 65_536
"""Most bytes of a message. Source: promises.md 3.1."""


async def take_in(call: Call) -> Reply:
    """Take in a message of another system, and resume the sessions that wait for what it says.

    `source` is a table `[hooks.source]` of the deployment file, which says how its messages are
    signed and what is read in them. The answer comes once the message is on disk, before anything
    is done about it. A message sent again is answered the same and has no further effect.
    """
    service = call.context.service
    teller = service.arrivals.tellers.get(call.params["source"])
    if teller is None:
        raise NotFound
    headers = {
        name.decode("latin-1"): value.decode("latin-1") for name, value in call.headers.items()
    }
    try:
        message = teller.accept(headers, call.body, now_ms=service.clock.now())
    except Forged as forged:
        raise Problem(f"hook.{forged.why}") from None
    try:
        content = json_guard.parse(call.body)
    except json_guard.MalformedJson as wrong:
        raise Problem("request.malformed", params={"why": wrong.why}) from None
    if isinstance(content, list) and len(content) > ITEMS:
        raise Problem("hook.too-many", params={"limit": ITEMS})
    await service.arrivals.take_in(teller, message, content)
    return Reply(202)


OPERATIONS = (
    Operation(
        id="hook.take-in", method="POST", path="/v1/hooks/{source}", permission=None,
        handler=take_in, body="Message", raw=True, answer=NOTHING, status=202, limit=LARGEST,
        tag="hooks",
        problems=(
            "hook.signature", "hook.stale", "hook.too-many", "not-found", "request.malformed",
            "request.too-many", "service.busy",
        ),
        examples=(
            Example(
                summary="A parcel was delivered",
                request={"type": "delivered", "data": {"order": {"id": "F-1042"}}},
            ),
        ),
    ),
)  # fmt: skip
