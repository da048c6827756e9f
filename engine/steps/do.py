"""An automated action through a connector operation, with the manual procedure behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.expressions import Expression
from engine.model import Field, Operation, Target
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
    """Somebody's approval before an action is taken. `timeout` in milliseconds; `otherwise` is where a no leads."""

    role: str
    when: Expression | None = None
    timeout: int | None = None
    otherwise: str | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Do(Step):
    """An operation is asked of a connector; failing that, a person does it, with what is known already filled in.

    ```yaml
    - id: order
      do: oms.get_order
      with: {id: order_id}
      saves: {order: result}
      by_hand:
        say: {fr: "Ouvrez l'OMS et relevez l'état.", en: "Open the OMS and read the status."}
        fills: [order.status]
    ```
    """

    KIND: ClassVar[str] = "do"
    SCHEMA: ClassVar[Mapping[str, Any]] = {
        "do": {"$ref": "#/$defs/operationId"},
        "with": {"$ref": "#/$defs/with"},
        "saves": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^result(\\.[A-Za-z_]\\w*)?$"}},
        "behind": {"type": "boolean"},
        "effect": {"enum": ["read", "idempotent", "keyed", "unsafe"]},
        "timeout": {"$ref": "#/$defs/duration"},
        "retries": {"type": "integer", "minimum": 0, "maximum": 10},
        "on": {
            "type": "object",
            "properties": {
                "refused": {
                    "anyOf": [
                        {"$ref": "#/$defs/stepId"},
                        {"type": "object", "additionalProperties": {"$ref": "#/$defs/stepId"}},
                    ]
                },
                "not_done": {"$ref": "#/$defs/stepId"},
            },
            "additionalProperties": False,
        },
        "by_hand": {"$ref": "#/$defs/byHand"},
        "compensate": {"$ref": "#/$defs/operationId"},
        "on_amend": {"enum": ["compensate", "keep", "confirm"]},
        "irreversible": {"type": "boolean"},
        "approve": {"$ref": "#/$defs/gate"},
    }

    operation: Operation
    inputs: Mapping[str, Expression]
    saves: Mapping[str, str]
    """Value name -> `result` or `result.field`."""
    behind: bool = False
    effect: str = "unsafe"
    timeout: int = 15_000
    retries: int = 0
    refused: Mapping[str, str]
    """Refusal reason -> step; `else` for any other."""
    not_done: str | None = None
    by_hand: ByHand | None = None
    compensate: Operation | None = None
    on_amend: str = "confirm"
    irreversible: bool = False
    gate: Gate | None = None

    def targets(self) -> Iterable[Target]:
        """Yield success, refusals, not done, the manual procedure where it is a step, and a refused approval."""
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
        """Yield the names saved on success; the checker looks at `by_hand.fills` for the other way."""
        return self.saves.keys()
