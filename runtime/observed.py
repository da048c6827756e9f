"""What a contact's own stream says of how its time was spent, where no session says it."""

from __future__ import annotations

from typing import Final

from engine.ledger import Observed
from runtime.json_text import from_text
from runtime.store.port import Store, statement

KIND: Final = "observed"
OBSERVED: Final = statement(
    "SELECT at, header FROM event WHERE tenant = $1 AND stream = 'contact' AND stream_id = $2 "
    "AND kind = 'observed' ORDER BY seq"
)


async def observed(store: Store, tenant: str, contact: str) -> list[Observed]:
    """Return what was observed of a contact, in order; none of one that its sessions describe.

    An event from before the one before it keeps its own time, so that the ledger flags it.
    """
    found = []
    for at, header in await store.read(OBSERVED, tenant, contact):
        said = from_text(header)
        own = said["at"]
        found.append(Observed(at if own is None else own, said["time"], said["what"]))
    return found
