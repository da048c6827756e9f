"""A process that plays contacts through the use cases and says what it was answered; tests kill it.

Usage: python -m tests.runtime.player DATABASE RUN; prints `session version step` after each answer.
"""

import asyncio
import json
import sys

from connectors.mock import Mock
from runtime.access import Actor
from runtime.idempotency import Answer
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


def say(answer: Answer) -> Answer:
    """Say an answer that was received."""
    view = json.loads(answer.body)["view"]
    shown = "-" if view["step"] is None else view["step"]["id"]
    sys.stdout.write(f"{answer.session} {answer.version} {shown}\n")
    sys.stdout.flush()
    return answer


async def play(service: Service, lane: int) -> None:
    """Play contacts one after the other, until the end of each."""
    while True:
        answer = say(
            await service.sessions.start(
                ANA, StartRequest("parcel", channel="phone", customer={"number": f"C-{lane}"})
            )
        )
        for values in ({"email": "zoe@example.org"}, {"order_id": "F-1"}):
            answer = say(
                await service.sessions.command(
                    ANA, answer.session, {"type": "answer", "values": values}, match=answer.version
                )
            )


async def main(database: str) -> None:
    """Play in four lanes at once, until killed."""
    settings = Settings(database=database, fsync_off_allowed=True)
    async with open_service(settings, connectors={"*": Mock(ANSWERS)}) as service:
        if not await service.revisions.live("acme"):
            await service.revisions.publish(Actor("acme", "author", "eve"), FILES)
        await asyncio.gather(*(play(service, lane) for lane in range(4)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
