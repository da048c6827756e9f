"""Walking sessions as a client of the use cases does: keys, versions, answers."""

import json
from collections.abc import Mapping
from typing import Any

from engine.codec import encode
from engine.evolve import fold
from engine.snapshot import dump
from runtime.access import Actor
from runtime.idempotency import Answer, Key, fingerprint
from runtime.json_text import canonical
from runtime.sessions import StartRequest
from runtime.states import read_events
from runtime.wiring import Service


def seen(answer: Answer) -> dict[str, Any]:
    """Return the view of an answer."""
    view: dict[str, Any] = json.loads(answer.body)["view"]
    return view


def step(answer: Answer) -> str | None:
    """Return the step an answer shows."""
    shown = seen(answer)["step"]
    return None if shown is None else str(shown["id"])


def keyed(value: str, body: Any) -> Key:
    """Return an idempotency key for a body."""
    return Key(value, fingerprint("POST", "/v1/commands", body))


async def begin(service: Service, actor: Actor, **request: Any) -> Answer:
    """Begin the shop's journey."""
    return await service.sessions.start(
        actor, StartRequest(journey="parcel", **{"channel": "phone", **request})
    )


async def say(
    service: Service,
    actor: Actor,
    before: Answer,
    body: Mapping[str, Any],
    *,
    key: str | None = None,
) -> Answer:
    """Bring a command on what an answer showed."""
    return await service.sessions.command(
        actor, before.session, body, match=before.version,
        key=None if key is None else keyed(key, body),
    )  # fmt: skip


async def reply(service: Service, actor: Actor, before: Answer, **values: Any) -> Answer:
    """Answer the questions that an answer showed."""
    return await say(service, actor, before, {"type": "answer", "values": values})


async def to_order(service: Service, actor: Actor, **request: Any) -> Answer:
    """Begin, and come to the question before the order is looked up."""
    first = await begin(service, actor, **request)
    return await reply(service, actor, first, email="zoe@example.org")


async def assert_sound(service: Service, tenant: str, session: str) -> None:
    """Assert that the stored events have no gap and fold to the state in memory and as read."""
    events = await read_events(service.store, tenant, session)
    assert [seq for seq, _ in events] == list(range(1, len(events) + 1))
    folded = fold([event for _, event in events])
    warm = await service.sessions.states.get(tenant, session)
    assert canonical(dump(folded)) == canonical(dump(warm.state))
    assert all(encode(event) for _, event in events)
