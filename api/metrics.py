"""What a monitoring system reads: requests, their times, refusals by code, and what waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

if TYPE_CHECKING:
    from runtime.outbox.lines import Line

MEDIA_TYPE = CONTENT_TYPE_LATEST.encode()

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)


class Metrics:
    """One service's own counters (a registry each, so that two services never mix)."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "parcours_requests",
            "Requests answered, by operation and status.",
            ("operation", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "parcours_request_seconds",
            "Time from the request's headers to its answer, by operation.",
            ("operation",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self._refusals = Counter(
            "parcours_refusals",
            "Requests refused, by problem code.",
            ("code",),
            registry=self.registry,
        )
        self._in_flight = Gauge(
            "parcours_in_flight", "Requests being answered.", registry=self.registry
        )
        self._effects = Gauge(
            "parcours_effects", "Actions by state.", ("state",), registry=self.registry
        )
        self._letters = Gauge(
            "parcours_dead_letters", "Dead letters by state.", ("state",), registry=self.registry
        )
        self._attempts = Gauge(
            "parcours_attempts",
            "Attempts at actions since this process began, by connector and outcome.",
            ("connector", "outcome"),
            registry=self.registry,
        )
        self._retries = Gauge(
            "parcours_retries",
            "Second attempts somebody waited for since this process began, by connector.",
            ("connector",),
            registry=self.registry,
        )
        self._circuits = Gauge(
            "parcours_circuit_open",
            "1 while this process leaves a connector's system alone.",
            ("connector",),
            registry=self.registry,
        )
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def answered(self, operation: str, status: int, *, seconds: float, code: str | None) -> None:
        """Count one answer."""
        pair = self._known.get((operation, status))
        if pair is None:
            pair = (
                self._requests.labels(operation, str(status)),
                self._seconds.labels(operation),
            )
            self._known[(operation, status)] = pair
        pair[0].inc()
        pair[1].observe(seconds)
        if code is not None:
            self._refusals.labels(code).inc()

    def acted(self, lines: Iterable[Line], letters: Mapping[str, int]) -> None:
        """Take in what became of actions: by connector, and those that came to nothing."""
        self._letters.clear()
        for state, count in letters.items():
            self._letters.labels(state).set(count)
        for line in lines:
            for outcome, count in line.outcomes.items():
                self._attempts.labels(line.name, outcome).set(count)
            self._retries.labels(line.name).set(line.retries)
            self._circuits.labels(line.name).set(line.breaker.is_open)

    def page(self, *, in_flight: int, effects: Mapping[str, int]) -> bytes:
        """Return everything counted, in Prometheus's text form."""
        self._in_flight.set(in_flight)
        self._effects.clear()
        for state, count in effects.items():
            self._effects.labels(state).set(count)
        return generate_latest(self.registry)
