"""What every connector is: it says which operations it does, is asked for one, says what became.

A kind of connector is one file of this room, or a plug-in's (entry points `parcours.connectors`):
a function `connect(name, table, deployment)` that gives a `Connector` from its table of the
deployment's `connectors.toml`. The contract every one keeps is `tests/connectors/contract.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from connectors.faults import Fault

Status = Literal["succeeded", "refused", "failed", "unknown"]
EffectClass = Literal["read", "idempotent", "keyed", "unsafe"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an operation.

    `refused` is the other system's business answer, with its `reason`; `failed` a technical
    failure that surely changed nothing; `unknown` when it may have taken place.

    Attributes:
        result: what came back, in its JSON form, of the operation's output alone.
        reason: a stable code, `http.503`; never a text of the other system.
        sent: whether anything may have reached the other system; an `unsafe` operation is tried
            again only when nothing has (promises.md 2.4).
        again: whether the same call may succeed a little later: a connection refused, 429, 503.
        after_ms: how long the other system asks to be left alone first (`Retry-After`).
    """

    status: Status
    result: Any = None
    reason: str | None = None
    sent: bool = True
    again: bool = False
    after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Says:
    """A text that reaches a customer: on which channel, and in which input it is given.

    `most`: characters that it may have; None for what is usual on that channel.
    """

    channel: str
    text: str
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """One operation as its connector has it; schemas are JSON Schema 2020-12 of an object.

    Attributes:
        effect: what a repetition does (promises.md 2.4).
        timeout_ms: how long one attempt may take.
        sensitive: inputs and outputs that never stand in a log, an event header or an export.
        refusals: the reasons it may refuse with, as far as they are known.
        says: the text a customer reads of it; None when they read none.
        probe: the operation that says whether this one took place, asked after `unknown`.
    """

    input: Mapping[str, Any]
    output: Mapping[str, Any]
    effect: EffectClass = "unsafe"
    timeout_ms: int = 10_000
    sensitive: frozenset[str] = field(default_factory=frozenset)
    probe: str | None = None
    refusals: tuple[str, ...] = ()
    says: Says | None = None


class Connector(Protocol):
    """Does operations in another system."""

    def operations(self) -> Mapping[str, Described] | None:
        """Return what it does, by full name (`oms.get_order`); None: whatever it is asked."""
        ...

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Do one operation and say what became of it.

        Args:
            operation: its name in the library, `oms.get_order`.
            inputs: its parameters, in their JSON form.
            key: the same for every attempt at this very action; given to systems that honour it.
            timeout_ms: how long the whole call may take; the caller cancels it then.
        """
        ...

    async def close(self) -> None:
        """Let go of connections; nothing is asked of it afterwards."""
        ...


@runtime_checkable
class Prepares(Protocol):
    """A connector that learns what it does from the other system itself, once that answers."""

    async def prepare(self) -> Sequence[Fault]:
        """Learn it, and return what is wrong with it: `deployment.down` when nobody answers.

        Asked at start, beside everything else: a system that is down stops nothing. Called again
        later, it tries again.
        """
        ...
