"""What every step is: the keys any step may carry, and what the engine asks of its kind.

A kind is one file in this folder: its keys, where it leads, what it reads and writes, what happens
when the walk arrives (`arrive`) and when a person or a system resolves it (`resolve`). It imports
this base, never a sibling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.events import Json
from engine.expressions import Expression
from engine.parts import Code, Field, Promise, Target
from engine.wording import Text

if TYPE_CHECKING:
    from engine.commands import Command
    from engine.places import Here
    from engine.state import Effect, Run, Visit
    from engine.walk import Walk


@dataclass(slots=True, kw_only=True, eq=False)
class Step:
    """The base of all step kinds.

    `next` is resolved by the loader: None only where the journey falls off its end.
    """

    KIND: ClassVar[str] = ""
    SCHEMA: ClassVar[Mapping[str, Any]] = {}
    """JSON Schema of the kind's own keys, in YAML; the loader adds those any step may carry."""
    HUMAN: ClassVar[bool] = False
    """Whether a person must act for the walk to go on."""

    id: str
    next: str | None = None
    title: Text | None = None
    say: Text | None = None
    codes: tuple[Code, ...] = ()
    """Taken when the step is left (on success, of a `do`)."""
    time: str | None = None
    target: int | None = None
    when: Expression | None = None
    otherwise_when: str | None = None
    """`else`: where the step's being skipped leads; None means `next`."""
    requires: Expression | None = None
    requires_role: str | None = None
    sensitive: bool = False
    barrier: bool = False
    again: int | None = None
    otherwise: str | None = None
    prevents: str | None = None
    promise: Promise | None = None
    keeps: str | None = None
    """The step whose promise is kept once this one is left."""
    offer: str | None = None
    tags: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    """Root names of every value the step reads, wording included; filled by the loader (`reads` of
    all expressions)."""
    qualified: frozenset[str] = frozenset()
    """Value names somebody reads as `step.value`: assigned under both names."""

    def targets(self) -> Iterable[Target]:
        """Yield every way out, named; the checker, the drawing and coverage know no other."""
        raise NotImplementedError

    def common_targets(self) -> Iterable[Target]:
        """Yield the ways out any step may have beside its kind's own."""
        if self.when is not None:
            yield Target("skipped", self.otherwise_when or self.next)
        if self.again is not None:
            yield Target("again", self.otherwise)

    def expressions(self) -> Iterable[Expression]:
        """Yield every expression the kind holds beside those any step may carry."""
        return ()

    def texts(self) -> Iterable[tuple[str, Text]]:
        """Yield (key, text) for every wording a person sees.

        The checks of missing wording and of what it reads go through them.
        """
        if self.say is not None:
            yield "say", self.say
        if self.title is not None:
            yield "title", self.title

    def writes(self) -> Iterable[str]:
        """Yield the names of values that leaving the step surely assigns.

        A dotted name is part of a record.
        """
        return ()

    def may_write(self) -> Iterable[str]:
        """Yield the names of values that leaving the step may or may not assign."""
        return ()

    def fields(self) -> tuple[Field, ...]:
        """Return the questions it asks."""
        return ()

    def basis(self, walk: Walk, here: Here) -> dict[str, Json]:
        """Return what a yes or a no is given on: the values the step reads."""
        values = walk.state.runs[here.run].values
        return {name: values.get(name) for name in sorted(self.needs)}

    def arrive(self, walk: Walk, here: Here) -> None:
        """Do what reaching the step does: leave at once, or enter and stop."""
        raise NotImplementedError

    def resolve(self, walk: Walk, here: Here, command: Command) -> None:
        """Take a person's command for this step, and leave it, or refuse."""
        walk.refuse_command(command, here)

    def wake(self, walk: Walk, here: Here, command: Command) -> None:
        """Go on when what the open visit waited for is there, or did not come in time."""

    def returned(
        self,
        walk: Walk,
        here: Here,
        run: Run,  # noqa: ARG002 - a call reads its values
        *,
        outcome: str,  # noqa: ARG002 - a call leaves by it
    ) -> None:
        """Go on when a run opened at this visit is over.

        A digression leads back to where it was opened.
        """
        self.revisit(walk, here)

    def revisit(self, walk: Walk, here: Here) -> bool:
        """Give a visit met again its former resolution, after walking its digressions again.

        Gives False when it has none.
        """
        cached = walk.cached(here)
        if cached is None:
            return False
        if self.digress(walk, here):
            return True
        run = walk.aside()
        if run is not None and walk.left_early(cached):
            walk.enter(here)
            walk.come_back(run)
            return True
        return cached.how is not None and self.revive(walk, here, cached)

    def staffed(self, visit: Visit) -> bool:  # noqa: ARG002 - of a visit done by hand
        """Return whether an advisor alone may act at this visit, whoever else looks."""
        return False

    def digress(self, walk: Walk, here: Here) -> bool:
        """Walk the next digression that a visit met again had; False when there is no more."""
        cached = walk.cached(here)
        before = [] if cached is None else [o for o in cached.opens if o[2] == "digression"]
        if not before:
            return False
        walk.enter(here)
        done = sum(1 for o in walk.state.visit(here.visit).opens if o[2] == "digression")
        if done < len(before):
            walk.open(here, before[done][1], "digression", inputs=before[done][3])
        return done < len(before)

    def revive(self, walk: Walk, here: Here, cached: Visit) -> bool:
        """Bring back the resolution of a visit reached again from the same step.

        Gives False when it no longer holds.
        """
        walk.restore(
            here,
            cached,
            self.way(cached.exit or "next"),
            assigned=cached.assigned,
            codes=cached.codes,
            exit_name=cached.exit or "next",
        )
        return True

    def catch_up(self, walk: Walk, here: Here, effect: Effect) -> None:
        """Deal, at a step that reads its result, with an action behind that did not succeed."""

    def way(self, exit_name: str) -> str | None:
        """Return the step an exit leads to."""
        for target in self.targets():
            if target.exit == exit_name:
                return target.step
        return self.next
