"""Answers that wait for the actions of their own turn.

The turn that ends the last of them stores the answer with its key, in its own transaction: what was
done and what is answered are on disk together, and a commit is spared. Source: promises.md 1, 3.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from runtime.access import Actor
from runtime.idempotency import Answer, Idempotency, Key
from runtime.outbox.outbox import Outbox
from runtime.states import States
from runtime.store.port import KeyTaken
from runtime.turns import Turn, awaited
from runtime.views import Views


@dataclass(slots=True, eq=False)
class Waiting:
    """A request whose first turn is committed, and whose answer is not known yet.

    Attributes:
        answer: what it gets, once that is on disk.
        let_go: set while no turn on its way to the disk carries its answer.
        is_apart: no turn carries it: its key has an answer already, which is looked up.
    """

    actor: Actor
    session: str
    key: Key | None
    language: str | None
    answer: Answer | None = None
    is_apart: bool = False
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.let_go.set()


Carried = Sequence[tuple[Waiting, Answer]]
"""Answers that a turn carries to the disk, and whose they are."""


@dataclass(slots=True)
class Inline:
    """The requests of this process that wait for their actions, `budget_ms` at most."""

    views: Views
    states: States
    outbox: Outbox
    idempotency: Idempotency
    budget_ms: int = field(kw_only=True)
    _waiting: defaultdict[tuple[str, str], list[Waiting]] = field(
        default_factory=lambda: defaultdict(list), kw_only=True
    )

    async def answer(
        self, actor: Actor, session: str, key: Key | None, *, language: str | None
    ) -> Answer:
        """Return the answer of a request whose turn was just committed, stored with its key."""
        place = (actor.tenant, session)
        waiting = Waiting(actor, session, key, language)
        self._waiting[place].append(waiting)
        try:
            await self.outbox.wait_for(*place, budget_ms=self.budget_ms)
            # On its way already: what is being stored is the answer, and no other.
            await waiting.let_go.wait()
        finally:
            self._leave(place, waiting)
        if waiting.answer is not None:
            return waiting.answer
        latest = await self.states.get(*place)
        answer = await self.views.answer(actor, latest, language=language)
        return await self.idempotency.finish(actor, key, answer)

    def _leave(self, place: tuple[str, str], waiting: Waiting) -> None:
        self._waiting[place].remove(waiting)
        if not self._waiting[place]:
            del self._waiting[place]

    async def carry(self, turn: Turn) -> Carried:
        """Add to a turn the answers it brings: those of all who wait, if it ends the last action.

        The turn fails with `KeyTaken` when one of them was answered meanwhile.
        """
        place = (turn.tenant, turn.warm.state.session)
        if place not in self._waiting or awaited(turn.jobs) or not self.outbox.is_last(*place):
            return ()
        carried = []
        for one in list(self._waiting[place]):
            if one.is_apart or not one.let_go.is_set():
                continue
            answer = await self.views.answer(one.actor, turn.warm, language=one.language)
            if one in self._waiting.get(place, ()):
                one.let_go.clear()
                self.idempotency.close(turn.unit, one.actor, key=one.key, answer=answer)
                carried.append((one, answer))
        return carried

    @staticmethod
    @contextmanager
    def carrying(carried: Carried) -> Iterator[None]:
        """Give those who wait their answers once the turn inside is on disk; else they wait on."""
        try:
            yield
        except KeyTaken:
            for one, _ in carried:
                one.is_apart = True
            raise
        else:
            for one, answer in carried:
                one.answer = answer
        finally:
            for one, _ in carried:
                one.let_go.set()
