"""A thousand actions and a system in trouble: what it is asked, when, and how all of it ends. T20.

Time stands still but for what calls and rests take: nothing is waited for.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from connectors.port import Outcome
from connectors.registry import Registry
from engine.events import Requested
from engine.state import State
from runtime.opening import open_store
from runtime.outbox.breaker import PROBE_MS
from runtime.outbox.budget import RESERVE, TRICKLE_MS
from runtime.outbox.jobs import Job
from runtime.outbox.outbox import POLL, Outbox
from runtime.outbox.retries import CIRCUIT_OPEN, INTERACTIVE
from runtime.settings import Settings
from runtime.store import actions as a
from runtime.store.port import Store, Unit, Write, statement
from tests.runtime.fakes import Fake
from tests.runtime.test_retry_policy import distance_from_uniform

ACTIONS = 1_000
SEED = 20
CALL_MS = 5
APART_MS = 20
"""Between two actions somebody asks for, taken over all."""
TOGETHER = 10
WAITED_MS = 15_000
LOOKS_MS = int(POLL * 1_000)
OUTAGE_MS = 15_000
DOWN = Outcome("failed", reason="http.503", again=True)
RESTS = statement(
    "SELECT effect.not_before - attempt.ended FROM effect JOIN attempt "
    "ON attempt.tenant = effect.tenant AND attempt.session = effect.session "
    "AND attempt.effect = effect.id WHERE attempt.number = 1 AND effect.attempt = 1 "
    "AND effect.state = 'ready'"
)


@dataclass
class Desk(Fake):
    """A system that answers as it is told, and a watch that goes on with each of its calls."""

    answer: Callable[[], Outcome]
    now: int = 1_767_225_600_000
    calls: list[tuple[int, str]] = field(default_factory=list)
    """(when, key) of each."""

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        del operation, inputs, timeout_ms
        self.calls.append((self.now, key))
        self.now += CALL_MS
        return self.answer()

    def times(self, *, since: int = 0) -> list[int]:
        """Return when it was called."""
        return [at for at, _ in self.calls if at >= since]


@dataclass
class Bench:
    """An outbox before a desk, and what became of its actions."""

    desk: Desk
    store: Store
    outbox: Outbox
    ended: dict[str, Outcome] = field(default_factory=dict)

    async def settle(self, job: Job, outcome: Outcome, writes: Sequence[Write]) -> None:
        await self.store.commit(Unit(list(writes)))
        assert job.id not in self.ended
        self.ended[job.id] = outcome

    async def ask(self, first: int, count: int, *, background: bool) -> None:
        """Have so many actions asked for, as one committed turn does, and begin them."""
        unit, state = Unit(), State(session=f"ses_{first}")
        asked = [
            (number, requested(number, self.desk.now, background=background))
            for number in range(first, first + count)
        ]
        jobs = self.outbox.put(unit, "acme", state=state, events=asked)
        await self.store.commit(unit)
        self.outbox.launch(jobs)
        await self.outbox.drain_now()

    async def go_on(self, until: int) -> None:
        """Let time pass: what is due is done when it is."""
        while True:
            due = (await self.store.read(a.NEXT_EFFECT))[0][0]
            if due is None or due > until:
                self.desk.now = max(self.desk.now, until)
                return
            # A worker looks four times a second.
            self.desk.now = max(self.desk.now, min(until, due + LOOKS_MS))
            while await self.outbox.take():
                await self.outbox.drain_now()

    async def stream(self) -> None:
        """Have all of them asked for by people who wait, some at a time, and let all end."""
        for first in range(0, ACTIONS, TOGETHER):
            self.desk.now += APART_MS * TOGETHER
            await self.ask(first, TOGETHER, background=False)
            await self.go_on(self.desk.now)
        await self.go_on(self.desk.now + WAITED_MS)


def requested(number: int, now: int, *, background: bool) -> Requested:
    """Return what asks for one action."""
    return Requested(
        at=now, by="system", effect=f"e{number}", visit=1, run="r", step="s", occ=1, generation=1,
        operation="desk.tell", effect_class="keyed", behind=background, timeout=WAITED_MS,
        retries=47 if background else INTERACTIVE.attempts - 1, background=background,
    )  # fmt: skip


@asynccontextmanager
async def bench(database: str, answer: Callable[[], Outcome]) -> AsyncIterator[Bench]:
    """Give an outbox on a database, before a desk."""
    desk = Desk(answer)
    store = await open_store(Settings(database=database, fsync_off_allowed=True))
    registry = Registry({"desk": desk})
    outbox = Outbox(store, registry, real_time=lambda: desk.now, chance=Random(SEED))
    found = Bench(desk, store, outbox)
    outbox.settle_through(found.settle)
    try:
        yield found
    finally:
        await outbox.drain(within_s=0)
        await store.close()


def allowed(calls: int, ms: int) -> float:
    """Return how many second attempts so many first ones allow, over a time."""
    return RESERVE + calls / 10 + ms / TRICKLE_MS


def test_a_system_that_is_down_is_soon_left_alone_and_nobody_waits_for_it(database: str) -> None:
    async def play() -> Bench:
        async with bench(database, lambda: DOWN) as found:
            await found.stream()
            return found

    found = asyncio.run(play())

    assert len(found.ended) == ACTIONS
    assert {one.status for one in found.ended.values()} == {"failed"}
    attempts = Counter(key for _, key in found.desk.calls)
    assert max(attempts.values()) <= INTERACTIVE.attempts
    began = found.desk.calls[0][0]
    opened = began + 2_000
    # Twenty calls within two seconds are enough to leave it alone; then one each five seconds.
    probes = found.desk.times(since=opened)
    assert len(found.desk.calls) - len(probes) <= 2_000 / APART_MS
    assert probes
    assert all(after - before >= PROBE_MS for before, after in pairwise(probes))
    reasons = Counter(one.reason for one in found.ended.values())
    assert reasons[CIRCUIT_OPEN] > ACTIONS * 0.9


def test_second_attempts_are_a_tenth_of_the_traffic_and_rest_by_chance_alone(
    database: str,
) -> None:
    chance = Random(SEED)

    def answer() -> Outcome:
        return DOWN if chance.random() < 0.4 else Outcome("succeeded", {})

    async def play() -> Bench:
        async with bench(database, answer) as found:
            await found.stream()
            return found

    found = asyncio.run(play())

    assert len(found.ended) == ACTIONS
    attempts = Counter(key for _, key in found.desk.calls)
    assert len(attempts) == ACTIONS, "the circuit stays closed: each is called at least once"
    assert max(attempts.values()) <= INTERACTIVE.attempts
    spent = found.desk.now - found.desk.calls[0][0]
    assert len(found.desk.calls) - ACTIONS <= allowed(ACTIONS, spent)
    assert len(found.desk.calls) - ACTIONS > ACTIONS / 20


def test_the_rests_of_a_thousand_actions_are_full_jitter(database: str) -> None:
    chance = Random(SEED)

    def answer() -> Outcome:
        return DOWN if chance.random() < 0.4 else Outcome("succeeded", {})

    async def play() -> list[int]:
        async with bench(database, answer) as found:
            for first in range(0, ACTIONS, 100):
                await found.ask(first, 100, background=True)
            return [row[0] for row in await found.store.read(RESTS)]

    rests = asyncio.run(play())

    assert len(rests) > ACTIONS / 4
    assert min(rests) >= 0
    assert max(rests) <= INTERACTIVE.base
    assert distance_from_uniform(rests, INTERACTIVE.base) < 1.63 / len(rests) ** 0.5


def test_what_nobody_waits_for_is_kept_while_a_system_is_down_and_done_once_it_is_well(
    database: str,
) -> None:
    now = [DOWN]

    async def play() -> tuple[Bench, int]:
        async with bench(database, lambda: now[0]) as found:
            for first in range(0, ACTIONS, 100):
                await found.ask(first, 100, background=True)
            await found.go_on(found.desk.now + OUTAGE_MS)
            assert found.ended == {}
            assert sum((await found.outbox.states()).values()) == ACTIONS
            well = found.desk.now
            now[0] = Outcome("succeeded", {})
            await found.go_on(well + 60_000)
            assert await found.outbox.states() == {"succeeded": ACTIONS}
            return found, well

    found, well = asyncio.run(play())

    assert {one.status for one in found.ended.values()} == {"succeeded"}
    began = found.desk.calls[0][0]
    down = [at for at in found.desk.times(since=began + 2_000) if at < well]
    assert down
    assert all(after - before >= PROBE_MS for before, after in pairwise(down))
    first = {key for _, key in found.desk.calls}
    again = len(found.desk.calls) - len(first)
    assert again <= allowed(len(first), found.desk.calls[-1][0] - began)
