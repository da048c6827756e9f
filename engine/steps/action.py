"""What an automated action declares: what is asked, what is kept of it, how it may come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.events import Json
from engine.expressions import Expression
from engine.parts import RETRIES, Field, Operation, Target
from engine.steps.base import Step
from engine.wording import Text


@dataclass(slots=True)
class ByHand:
    """What a person does when the robot cannot: a procedure, and the values to relevel."""

    say: Text
    fills: tuple[Field, ...] = ()
    """Fields named as the values they fill, `order.status`."""


@dataclass(slots=True)
class Gate:
    """Somebody's approval before an action is taken.

    `timeout` in milliseconds; `otherwise` is where a no leads.
    """

    role: str
    when: Expression | None = None
    timeout: int | None = None
    otherwise: str | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Action(Step):
    """The declaration of a `do`; what happens to it is in `engine.steps.do`."""

    operation: Operation
    inputs: Mapping[str, Expression]
    saves: Mapping[str, str]
    """Value name -> `result` or `result.field`."""
    behind: bool = False
    effect: str = "unsafe"
    timeout: int = 15_000
    retries: int = RETRIES
    says_retries: bool = False
    """Whether it was written how often it is tried again."""
    refused: Mapping[str, str]
    """Refusal reason -> step; `else` for any other."""
    not_done: str | None = None
    by_hand: ByHand | None = None
    compensate: Operation | None = None
    on_amend: str = "confirm"
    irreversible: bool = False
    gate: Gate | None = None

    @property
    def in_background(self) -> bool:
        """Whether nobody waits for its result: it runs behind talk, and nothing of it is kept."""
        return self.behind and not self.saves

    def targets(self) -> Iterable[Target]:
        """Yield every way it may come out.

        They are success, refusals, not done, the manual procedure where it is a step, and a refused
        approval.
        """
        yield Target("next", self.next)
        for reason, step in self.refused.items():
            yield Target("refused" if reason == "else" else f"refused:{reason}", step)
        if self.not_done is not None:
            yield Target("not_done", self.not_done)
        if self.by_hand is None and self.otherwise is not None:
            yield Target("failed", self.otherwise)
        if self.gate is not None:
            yield Target("declined", self.gate.otherwise or self.not_done or self.next)
        yield from self.common_targets()

    def expressions(self) -> Iterable[Expression]:
        """Yield what is given to the operation, and the condition of its approval."""
        yield from self.inputs.values()
        if self.gate is not None and self.gate.when is not None:
            yield self.gate.when

    def texts(self) -> Iterable[tuple[str, Text]]:
        """Yield the wording and the manual procedure."""
        yield from Step.texts(self)
        if self.by_hand is not None:
            yield "by_hand.say", self.by_hand.say

    def writes(self) -> Iterable[str]:
        """Yield the names saved on success.

        The checker looks at `by_hand.fills` for the other way.
        """
        return self.saves.keys()

    def saved(self, result: Json) -> dict[str, Json]:
        """Return the values kept of a result."""
        assigned = {}
        for name, source in self.saves.items():
            value = result
            if source != "result":
                value = (
                    result.get(source.removeprefix("result.")) if isinstance(result, dict) else None
                )
            if value is not None:
                assigned[name] = value
        return assigned

    def refusal(self, reason: str | None) -> tuple[str, str | None]:
        """Return the exit and step of a refusal."""
        if reason is not None and reason in self.refused and reason != "else":
            return f"refused:{reason}", self.refused[reason]
        return "refused", self.refused.get("else")
