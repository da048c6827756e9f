"""An automated action through a connector operation, with the manual procedure behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.answering import accept
from engine.events import FellBack, Json, Requested, Woken
from engine.places import Here
from engine.refusals import Refused
from engine.steps.action import Action, ByHand, Gate
from engine.steps.base import Step

if TYPE_CHECKING:
    from engine.commands import Command
    from engine.state import Effect, Run, Visit
    from engine.walk import Walk

__all__ = ["EXECUTED", "ByHand", "Do", "Gate", "nested"]

BY_OTHERS = ("by_hand", "refused", "failed", "not_done", "declined")
"""Ways of leaving an action that its result alone does not bring back."""
EXECUTED = ("succeeded", "unknown")
"""An action in one of these states was, or may have been, carried out."""


@dataclass(slots=True, kw_only=True, eq=False)
class Do(Action):
    """An operation is asked of a connector.

    Failing that, a person does it, with what is known already filled in.

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
        "saves": {
            "type": "object",
            "additionalProperties": {"type": "string", "pattern": "^result(\\.[A-Za-z_]\\w*)?$"},
        },
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

    # When the walk arrives

    def arrive(self, walk: Walk, here: Here) -> None:
        """Reuse what was done for the same inputs.

        Else ask the connector, after an approval where one is needed.
        """
        if not self.behind and walk.halts(here):
            return
        inputs = {
            name: value
            for name, value in walk.evaluate(here, self.inputs).items()
            if value is not None
        }
        if not here.entered and self.reuse(walk, here, walk.effect_of(here, inputs), inputs=inputs):
            return
        if self.gate is not None and not (walk.approved == here.visit and here.entered):
            condition = self.gate.when
            if condition is None or condition.evaluate(walk.scope(here)) is True:
                walk.enter(here, time="hold")
                due = None if self.gate.timeout is None else walk.env.now + self.gate.timeout
                walk.sleep(here, "approval", due=due, name=self.gate.role)
                return
        self.request(walk, here, before=walk.effect_of(here), inputs=inputs)

    def reuse(
        self, walk: Walk, here: Here, effect: Effect | None, *, inputs: dict[str, Json]
    ) -> bool:
        """Take what this very place already got, if it still holds.

        Deal with an effect whose inputs changed.

        Source: semantics.md 8. A kept effect satisfies the step whatever its inputs.
        """
        same = effect is None or effect.inputs == inputs
        cached = walk.cached(here)
        if (
            effect is not None
            and effect.status in EXECUTED
            and not same
            and effect.effect_class != "read"
        ):
            walk.left_behind(effect, self)
            effect = walk.effect_of(here)
        # One still open has only its digressions, to be walked before it is done by hand.
        again = cached is not None and (
            cached.how in BY_OTHERS or (effect is not None and effect.is_fruitless)
        )
        if again and same and self.revisit(walk, here):
            return True
        if effect is None or not (same or effect.status == "kept"):
            return False
        if effect.is_fruitless:
            return self.fail_again(walk, here, effect)
        if effect.status not in ("succeeded", "kept"):
            return False
        self.take_again(walk, here, cached=cached, effect=effect)
        return True

    def fail_again(self, walk: Walk, here: Here, effect: Effect) -> bool:
        """Take an action that came to nothing for these very inputs as it was.

        It is not tried anew.
        """
        walk.enter(here, time=self.time or (None if self.behind else "robot_wait"))
        if self.behind:
            walk.leave(here, "next", self.next, how="behind", source={"effect": effect.id})
        elif effect.status == "refused":
            self.refuse(walk, here, effect.reason)
        else:
            self.fall_back(walk, here, effect.reason or effect.status)
        return True

    def take_again(self, walk: Walk, here: Here, *, cached: Visit | None, effect: Effect) -> None:
        """Leave with a result that was already there."""
        assigned = self.saved(effect.result)
        if self.behind or cached is None or cached.how != "succeeded":
            walk.enter(here)
            how = "behind" if self.behind else "succeeded"
            walk.leave(
                here,
                "next",
                self.next,
                how=how,
                source={"effect": effect.id} if self.behind else None,
                assigned=walk.assigned(here, assigned),
                codes=self.codes,
            )
        else:
            walk.restore(
                here,
                cached,
                self.next,
                assigned=walk.assigned(here, assigned),
                codes=self.codes,
                exit_name="next",
            )

    def request(
        self, walk: Walk, here: Here, *, before: Effect | None, inputs: dict[str, Json]
    ) -> None:
        """Ask the connector.

        An execution is unique per run, step, occurrence and generation (semantics.md 9).
        """
        generation = 1 if before is None else before.generation + 1
        walk.enter(here, time=self.time or (None if self.behind else "robot_wait"))
        effect_id = f"{walk.state.session}/{here.run}/{self.id}~{here.occ}.{generation}"
        walk.emit(
            Requested(
                walk.env.now,
                walk.env.by,
                effect_id,
                here.visit,
                here.run,
                self.id,
                here.occ,
                generation,
                self.operation.id,
                self.effect,
                self.behind,
                self.timeout,
                self.retries,
                None,
                inputs,
                self.operation.given(inputs, walk.state.language),
                self.in_background,
            )
        )
        if self.behind:
            walk.leave(here, "next", self.next, how="behind", source={"effect": effect_id})

    # When its result is there

    def succeed(self, walk: Walk, here: Here, result: Json) -> None:
        """Leave by success: values are kept and codes taken."""
        assigned = walk.assigned(here, self.saved(result))
        walk.leave(here, "next", self.next, how="succeeded", assigned=assigned, codes=self.codes)

    def refuse(self, walk: Walk, here: Here, reason: str | None) -> None:
        """Leave by a business refusal.

        Where no way is given for it, the matter goes to a person.
        """
        exit_name, to = self.refusal(reason)
        if to is None:
            self.fall_back(walk, here, reason or "refused")
        else:
            walk.leave(here, exit_name, to, how="refused", reason=reason)

    def fall_back(self, walk: Walk, here: Here, reason: str) -> None:
        """Go to the manual procedure.

        Whoever cannot do it by hand gets an advisor at this very step (semantics.md 14).
        """
        if self.by_hand is None and self.otherwise is not None:
            walk.leave(here, "failed", self.otherwise, how="failed", reason=reason)
            return
        walk.emit(FellBack(walk.env.now, walk.env.by, here.visit, reason))
        walk.fetch_advisor(here, reason)

    def catch_up(self, walk: Walk, here: Here, effect: Effect) -> None:
        """Deal, at the first step that reads it, with what came to nothing behind.

        What failed is done by hand; a refusal takes its way.
        """
        occ = walk.state.occurrences.get((here.run, self.id), 0) + 1
        came = f"@{effect.id}@{here.step.id}@{here.came}"
        place = Here(here.run, self, occ, came, here.today, 0)
        if self.revisit(walk, place):
            return
        if effect.status == "refused":
            exit_name, to = self.refusal(effect.reason)
            if to is not None:
                walk.enter(place)
                walk.leave(place, exit_name, to, how="refused", reason=effect.reason)
                return
        walk.enter(place, time=self.time or "procedure")
        self.fall_back(walk, place, effect.reason or effect.status)

    def returned(
        self,
        walk: Walk,
        here: Here,
        run: Run,  # noqa: ARG002 - of a digression
        *,
        outcome: str,  # noqa: ARG002 - of a digression
    ) -> None:
        """Go on after a digression: what a person was doing is still to be done."""
        visit = walk.state.visit(here.visit)
        if not self.revisit(walk, here) and visit.by_hand is None:
            name = here.came.split("@")[1] if here.came.startswith("@") else ""
            effect = walk.state.effects.get(name) or walk.effect_of(here)
            reason = None if effect is None else effect.reason or effect.status
            self.fall_back(walk, here, reason or "taken_over")

    def onward(self, here: Here) -> str | None:
        """Return the step after success: `next`, or the one that had to wait for it."""
        return here.came.rsplit("@", 2)[1] if here.came.startswith("@") else self.next

    # When a person does it, or approves it

    def staffed(self, visit: Visit) -> bool:
        """Return whether it is done by hand here."""
        return visit.by_hand is not None

    def resolve(self, walk: Walk, here: Here, command: Command) -> None:
        """Take the manual procedure's end, an approval, or somebody's taking over."""
        visit = walk.state.visit(here.visit)
        if (
            command.type == "approve"
            and walk.state.wait is not None
            and walk.state.wait.what == "approval"
        ):
            self.decided(
                walk, here, accepted=bool(command.body["accept"]), reason=command.body.get("reason")
            )
        elif command.type == "take_over" and walk.state.status == "pending":
            self.fall_back(walk, here, "taken_over")
        elif visit.by_hand is None:
            walk.refuse_command(command, here)
        elif command.type == "not_done":
            self.leave_undone(walk, here, command.body.get("reason"))
        elif command.type in ("answer", "acknowledge") and self.by_hand is not None:
            taken = accept(
                walk,
                here,
                self.by_hand.fills,
                given=command.body.get("values", {}),
                before=command.body.get("before"),
            )
            assigned = walk.assigned(here, nested(taken))
            walk.leave(
                here,
                "next",
                self.onward(here),
                how="by_hand",
                values=taken,
                assigned=assigned,
                codes=self.codes,
                reason=visit.by_hand,
            )
            walk.came_back(here)
        else:
            walk.refuse_command(command, here)

    def leave_undone(self, walk: Walk, here: Here, reason: str | None) -> None:
        """Leave because it could not be done by hand either."""
        to = self.not_done or self.refused.get("else")
        if to is None:
            raise Refused(
                "action.must-be-done",
                {
                    "fr": "Ce parcours ne prévoit pas que cette action ne soit pas faite : "
                    "finissez ou transférez.",
                    "en": "This journey has no way for this action not to be done: "
                    "finish or transfer.",
                },
                params={"step": self.id},
            )
        walk.leave(
            here, "not_done" if self.not_done else "refused", to, how="not_done", reason=reason
        )

    def decided(self, walk: Walk, here: Here, *, accepted: bool, reason: str | None) -> None:
        """Go on after an approval's yes, or leave by its no."""
        if accepted:
            walk.emit(Woken(walk.env.now, walk.env.by, here.visit))
            walk.approved = here.visit
            self.arrive(walk, here)
        else:
            gate = self.gate
            to = (gate.otherwise if gate is not None else None) or self.not_done or self.next
            basis = self.basis(walk, here)
            walk.leave(here, "declined", to, how="declined", values=basis, reason=reason)

    def wake(self, walk: Walk, here: Here, command: Command) -> None:  # noqa: ARG002 - any timer means the same
        """Take an approval that did not come in time as a no."""
        self.decided(walk, here, accepted=False, reason="timeout")

    def revive(self, walk: Walk, here: Here, cached: Visit) -> bool:
        """Bring back what was done by hand, refused or given up at this place."""
        if cached.how == "by_hand" and self.by_hand is not None:
            try:
                taken = accept(
                    walk, here, self.by_hand.fills, given=cached.values or {}, before=cached.values
                )
            except Refused:
                return False
            walk.restore(
                here,
                cached,
                self.onward(here),
                assigned=walk.assigned(here, nested(taken)),
                codes=self.codes,
                exit_name="next",
            )
            walk.came_back(here)
            return True
        if cached.how == "declined" and (cached.values or {}) != self.basis(walk, here):
            return False
        if cached.how in ("refused", "failed", "not_done", "declined"):
            return Step.revive(self, walk, here, cached)
        return False


def nested(values: dict[str, Json]) -> dict[str, Json]:
    """Return dotted names as records: `order.status` becomes {order: {status: …}}."""
    records: dict[str, Json] = {}
    for name, value in values.items():
        root, _, rest = name.partition(".")
        if rest:
            records.setdefault(root, {})[rest] = value
        else:
            records[root] = value
    return records
