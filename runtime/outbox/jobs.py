"""One attempt at an action, as its row of the table says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

from connectors.port import Outcome
from runtime.json_text import from_text
from runtime.outbox.retries import BACKGROUND, INTERACTIVE, Pace
from runtime.store import actions as a
from runtime.store.port import Row, Write

INTERRUPTED: Final = "interrupted"
"""The reason of an action whose worker is gone."""


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt at an action.

    Attributes:
        attempts: how many there may be; `attempt` is the number of this one.
        timeout: milliseconds it may take while somebody waits.
        deadline: when it is no longer tried, milliseconds UTC.
        token: of the lease it is done under; an outcome brought with another one is refused.
        background: nobody waits for its result.
        letter: the dead letter it was taken up from again.
        before: the reason of the attempt before, which stands when there is no time for another.
        also: what is recorded with its success.
        given: what systems are given as its key; its id, where it has none.
    """

    tenant: str
    session: str
    id: str
    operation: str
    effect_class: str
    attempt: int
    attempts: int
    timeout: int
    deadline: int
    token: int
    inputs: dict[str, Any]
    behind: bool = False
    background: bool = False
    letter: str | None = None
    before: str | None = None
    also: tuple[Write, ...] = ()
    given: str | None = None

    @property
    def key(self) -> str:
        """What the connector is given, the same at every attempt and for no other action."""
        return self.id if self.given is None else self.given

    @property
    def place(self) -> tuple[str, str, str]:
        """Which action it is, among all tenants'."""
        return self.tenant, self.session, self.id

    @property
    def may_repeat(self) -> bool:
        """Whether it may be sent again when it is not known whether it took place."""
        return self.effect_class != "unsafe"

    @property
    def is_first(self) -> bool:
        """Whether it is no second try of ours: the first of all, or since a supervisor's word.

        What one of our own processes left by its end says nothing against the other system.
        """
        left = self.attempts - self.attempt + 1
        is_taken_up = self.letter is not None and left == BACKGROUND.attempts
        return self.attempt == 1 or self.before == INTERRUPTED or is_taken_up

    def of_its_letter(self, outcome: Outcome, now: int) -> list[Write]:
        """Return what ends the dead letter it was taken up from, if there is one."""
        if self.letter is None:
            return []
        state = "succeeded" if outcome.status == "succeeded" else "open"
        became = (state, outcome.status, outcome.reason, now)
        return [(a.END_LETTER, (self.tenant, self.letter, *became))]

    @property
    def pace(self) -> Pace:
        """How it is tried again."""
        return BACKGROUND if self.background else INTERACTIVE


@runtime_checkable
class Serves(Protocol):
    """A connector to the service itself, which does an operation in the session that asks."""

    async def serve(self, job: Job, /) -> Outcome:
        """Do an operation and say what became of it."""
        ...


_FIELDS: Final = (
    "tenant", "session", "id", "operation", "effect_class", "attempt", "attempts", "timeout",
    "deadline", "token", "inputs", "behind", "background", "letter",
    "before", "given",
)  # fmt: skip


def job_of(row: Row) -> Job:
    """Return the attempt that a claimed row stands for."""
    fields = dict(zip(_FIELDS, row, strict=True))
    return Job(
        **{
            **fields,
            "inputs": from_text(fields["inputs"]),
            "behind": bool(fields["behind"]),
            "background": bool(fields["background"]),
        }
    )


Settle = Callable[[Job, Outcome, Sequence[Write]], Awaitable[None]]
"""Brings an outcome to its session, in one turn with the writes that end the action."""
