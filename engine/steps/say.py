"""Something to tell the customer, or for the advisor to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.parts import Target
from engine.steps.base import Step
from engine.wording import Text

if TYPE_CHECKING:
    from engine.commands import Command
    from engine.places import Here
    from engine.state import Run
    from engine.walk import Walk


@dataclass(slots=True, kw_only=True, eq=False)
class Say(Step):
    """Told with the next question rather than costing a key of its own, unless `verbatim`.

    ```yaml
    - id: legal
      say: {fr: "Cet appel est enregistré.", en: "This call is recorded."}
      verbatim: true
    ```
    """

    KIND: ClassVar[str] = "say"
    SCHEMA: ClassVar[Mapping[str, Any]] = {
        "say": {"$ref": "#/$defs/text"},
        "goal": {"$ref": "#/$defs/text"},
        "verbatim": {"type": "boolean"},
    }

    verbatim: bool = False
    goal: Text | None = None

    def targets(self) -> Iterable[Target]:
        """Yield `next`."""
        yield Target("next", self.next)
        yield from self.common_targets()

    def texts(self) -> Iterable[tuple[str, Text]]:
        """Yield the wording, and the goal where it stands in for one."""
        if self.goal is not None:
            yield "goal", self.goal
        yield from Step.texts(self)

    def arrive(self, walk: Walk, here: Here) -> None:
        """Be told with the next stop; a verbatim text is a stop.

        A robot needs no wording and goes on.
        """
        if walk.state.audience == "robot":
            walk.leave(here, "next", self.next, codes=self.codes)
            return
        if self.verbatim and not here.entered:
            cached = walk.cached(here)
            met = cached is not None and cached.how in (None, "acknowledged")
            if met and self.revisit(walk, here):
                return
        walk.enter(here, keep=not self.verbatim)
        if not self.verbatim:
            walk.go(here.run, self.next, self.id)

    def returned(self, walk: Walk, here: Here, run: Run, *, outcome: str) -> None:
        """Go on where the walk had stopped, if what was told had been acknowledged before."""
        ahead = walk.state.ahead
        if ahead is None:
            Step.returned(self, walk, here, run, outcome=outcome)
        elif not self.digress(walk, here) and walk.acknowledged(here):
            walk.next = ahead[1:]

    def resolve(self, walk: Walk, here: Here, command: Command) -> None:
        """Take the acknowledgement: everything told so far has been told."""
        if command.type not in ("acknowledge", "skip"):
            walk.refuse_command(command, here)
        ahead = walk.state.ahead
        if ahead is None:
            walk.leave(here, "next", self.next, how="acknowledged", codes=self.codes)
            return
        walk.leave(here, "next", ahead[2], how="acknowledged", codes=self.codes)
        walk.next = ahead[1:]
