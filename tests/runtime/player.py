"""A process that plays contacts through the use cases and says what it was answered; tests kill it.

Usage: python -m tests.runtime.player DATABASE RUN; prints `session version step` after
each answer, and of a command its key, the version it was brought on, its values and what it got.
"""

import asyncio
import json
import sys
from typing import Any

from connectors.mock import Mock
from runtime.access import Actor
from runtime.idempotency import Answer, Key
from runtime.sessions import StartRequest
from runtime.settings import Settings
from runtime.wiring import Service, open_service
from tests.runtime.library import FILES

ANA = Actor("acme", "advisor", "ana")
ANSWERS = {
    "operations": {
        "oms.get_order": [{"result": {"status": "lost"}}],
        "oms.resend": [{"result": {"parcel": "P-2"}}],
    }
}


def say(answer: Answer, *brought: str | int) -> Answer:
    """Say an answer that was received, and what it is to."""
    view = json.loads(answer.body)["view"]
    shown = "-" if view["step"] is None else view["step"]["id"]
    # One write, so that a kill leaves a whole line or none.
    line = " ".join(str(part) for part in (answer.session, answer.version, shown, *brought))
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    return answer


async def bring(
    service: Service, session: str, match: int, *, values: dict[str, Any], key: str
) -> Answer:
    """Bring values to a session, with a key."""
    body = {"type": "answer", "values": values}
    return await service.sessions.command(ANA, session, body, match=match, key=Key(key, key))


async def play(service: Service, lane: int) -> None:
    """Play contacts one after the other, until the end of each."""
    while True:
        answer = say(
            await service.sessions.start(
                ANA, StartRequest("parcel", channel="phone", customer={"number": f"C-{lane}"})
            )
        )
        for values in ({"email": "zoe@example.org"}, {"order_id": "F-1"}):
            key, before = f"{answer.session}-{next(iter(values))}", answer.version
            answer = await bring(service, answer.session, before, values=values, key=key)
            say(answer, key, before, json.dumps(values, separators=(",", ":")), answer.body.hex())


async def main(database: str) -> None:
    """Play in four lanes at once, until killed."""
    settings = Settings(database=database, fsync_off_allowed=True)
    async with open_service(settings, connectors={"*": Mock(ANSWERS)}) as service:
        if not await service.revisions.live("acme"):
            await service.revisions.publish(Actor("acme", "author", "eve"), FILES)
        await asyncio.gather(*(play(service, lane) for lane in range(4)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
