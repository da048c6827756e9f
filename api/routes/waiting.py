"""What waits for one's teams, followed."""

from __future__ import annotations

from collections.abc import AsyncIterator

from api.operations import Call, Operation
from api.problems import Reply
from runtime.access import Actor
from runtime.waiting import Round
from runtime.wiring import Service


async def follow_waiting(call: Call) -> Reply:
    """Follow what waits for one's teams and customers, as server-sent events.

    `snapshot` comes first, with all that waits (`items`; `more` beyond the hundred newest), also to
    who comes back: nothing is missed. Then `asked` (`item`) when a transfer, a hand-over or a side
    call is asked for, `changed` when what is known of it did, `gone` (`session`) when it was
    accepted, declined, passed on to others or is over. An item is one of the list of sessions with
    what is `asked`, of whom, by whom and since when, and its `motives`. A sign-in that is over ends
    it; following does not keep one going.
    """
    service = call.context.service
    return Reply(200, rounds=_rounds(service, call.actor, call.language))


async def _rounds(service: Service, actor: Actor, language: str) -> AsyncIterator[Round]:
    async for events in service.lists.waiting.follow(actor, language=language):
        # Whoever signed out, or went away long ago, hears no more of it.
        if events and not await service.sign_ins.lasts(actor):
            return
        yield events


OPERATIONS = (
    Operation(
        id="waiting.stream", method="GET", path="/v1/waiting/stream", permission="session.list",
        handler=follow_waiting, answer="text/event-stream", tag="sessions",
    ),
)  # fmt: skip
