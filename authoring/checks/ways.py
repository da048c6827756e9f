"""One way out of a step, in a journey's graph."""

from __future__ import annotations

from dataclasses import dataclass

from authoring.checks.guards import NOTHING


@dataclass(slots=True)
class Way:
    """One way out of a step.

    `by_hand` is what it writes when a person did the robot's work; `knows` what it proves. `bare`
    names are set, their parts being those `copies` (own name, another) bring; `replaces` are set by
    it or not, their former parts being gone in any case; `clears` are made missing. `of` is the
    step whose way it is, where a walk takes it from another one.
    """

    source: int
    target: int
    exit: str
    writes: tuple[str, ...] = ()
    by_hand: tuple[str, ...] | None = None
    marks: int = 0
    knows: frozenset[str] = NOTHING
    bare: tuple[str, ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    replaces: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    journey: str | None = None
    target_id: str | None = None
    of: int | None = None
