"""What every request of one application shares."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.bundle import Bundle, find_bundle
from api.limits import Buckets, Room
from api.metrics import Metrics
from api.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from structlog.typing import FilteringBoundLogger

    from api.health import Readiness
    from measures.exporting.plan import Export
    from measures.facts.keeper import Keeper
    from runtime.wiring import Service

STREAMS = 256
"""Event streams open at once; they wait, so that they do not count as requests in flight."""


@dataclass(slots=True)
class Context:
    """One application's service, limits, counters and log.

    `personas` is the tenant of development mode's personas, None outside of it; `is_described`
    lets whoever asks read the API's description; `public_url` is where people reach the service,
    when that was said; `embed_origins` are those whose pages may frame ours and use links;
    `language` that of the console for who chose none; `exports` what is written by the clock.
    """

    log: FilteringBoundLogger
    callers: Buckets
    strangers: Buckets
    room: Room
    readiness: Readiness
    body_limit: int
    personas: str | None = None
    is_described: bool = False
    public_url: str | None = None
    embed_origins: tuple[str, ...] = ()
    language: str | None = None
    exports: Sequence[Export] = ()
    bundle: Bundle = field(default_factory=find_bundle)
    streams: Room = field(default_factory=lambda: Room(STREAMS))
    metrics: Metrics = field(default_factory=Metrics)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    opened: Service | None = None
    facts: Keeper | None = None

    @property
    def service(self) -> Service:
        """The service, while the application runs.

        Raises:
            Problem: 503 before it is open and once it closes.
        """
        if self.opened is None:
            raise Problem("service.busy")
        return self.opened
