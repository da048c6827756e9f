"""The service itself: is it well, what does it count, how is it described."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from api import metrics
from api.operations import Call, Operation
from api.problems import Reply
from api.replies import as_json
from api.schemas import Health
from authoring.schema import library_schemas
from runtime.errors import NotFound


async def live(_: Call) -> Reply:
    """Say that the process is alive."""
    return as_json(Health("ok"))


async def ready(call: Call) -> Reply:
    """Say whether the service can take work: it writes, has room, and is not being stopped."""
    context = call.context
    health = await context.readiness.look(context.service, is_closing=context.closing.is_set())
    return as_json(health, status=200 if health.status == "ok" else 503)


async def read_metrics(call: Call) -> Reply:
    """Read the counters, in Prometheus's text form."""
    context = call.context
    effects = await context.service.outbox.states()
    letters = await context.service.letters.states()
    context.metrics.acted(context.service.outbox.lines.all(), letters)
    page = context.metrics.page(in_flight=context.room.taken, effects=effects)
    return Reply(200, page, media_type=metrics.MEDIA_TYPE)


async def read_schema(call: Call) -> Reply:
    """Read the JSON Schema of a kind of library file, which editors complete and check with."""
    name, dot, kind = call.params["name"].rpartition(".")
    found = _schemas().get(name if dot and kind == "json" else "")
    if found is None:
        raise NotFound
    return Reply(200, found, media_type=b"application/schema+json")


@lru_cache(maxsize=1)
def _schemas() -> dict[str, bytes]:
    return {name: msgspec.json.encode(schema) for name, schema in library_schemas().items()}


OPERATIONS = (
    Operation(
        id="service.live", method="GET", path="/live", permission=None, handler=live,
        answer=Health, tag="service",
    ),
    Operation(
        id="service.ready", method="GET", path="/ready", permission=None, handler=ready,
        answer=Health, tag="service", other={503: Health},
    ),
    Operation(
        id="service.metrics", method="GET", path="/metrics", permission="metrics.read",
        handler=read_metrics, answer="text/plain", tag="service",
    ),
    Operation(
        id="schema.read", method="GET", path="/v1/schemas/{name}", permission=None,
        handler=read_schema, answer="application/schema+json", tag="libraries",
        problems=("not-found",),
    ),
)  # fmt: skip
