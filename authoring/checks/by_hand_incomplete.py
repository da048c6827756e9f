"""Manual procedures that leave out what the robot would bring."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.steps.do import Do


class ByHandIncomplete(Check):
    """The manual procedure does not fill what later steps read of the robot's result.

    Done by hand, the action would leave those values missing, and the steps after it in the dark.

    Wrong:
    ```yaml
    - id: order
      do: oms.get_order
      with: {id: order_id}
      saves: {order: result}
      by_hand: {say: {advisor: "Ouvrez l'OMS."}, fills: [order.status]}
    - {id: told, say: "Montant : {order.amount}."}
    ```
    Right:
    ```yaml
    - id: order
      do: oms.get_order
      with: {id: order_id}
      saves: {order: result}
      by_hand: {say: {advisor: "Ouvrez l'OMS."}, fills: [order.status, order.amount]}
    - {id: told, say: "Montant : {order.amount}."}
    ```
    """

    code = "safety.by-hand-incomplete"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the actions, and calls of journeys, whose work by hand leaves a read value out."""
        if not subject.has_hands:
            return
        names = subject.names
        lacking = 0
        for place in subject.flow.order:
            lacking |= (
                subject.hand.needs[place] & subject.sure[place] & ~subject.sure_by_hand[place]
            )
        if not lacking:
            return
        lacking = _copied_into(subject, lacking)
        for place in sorted(subject.flow.order):
            for at, way in enumerate(subject.flow.out[place]):
                if way.by_hand is None or way.target < 0:
                    continue
                left_out = subject.robot.ways[place][at] & ~subject.hand.ways[place][at]
                open_names = (
                    left_out
                    & lacking
                    & subject.read_later[way.target]
                    & ~(subject.sure_by_hand[place] & ~subject.hand.loses[place][at])
                )
                missing = [name for name in names.named(open_names) if not name.endswith(".*")]
                if not missing:
                    continue
                step = subject.flow.steps[place]
                does = isinstance(step, Do)
                yield self.found(
                    subject,
                    step.id,
                    *(("by_hand", "fills") if does else ("call",)),
                    message=(
                        f"Done by hand, '{step.id}' leaves out what later steps read: "
                        f"{', '.join(missing)}."
                    ),
                    hint=(
                        f"Add them to `fills:`{'' if does else ' in the called journey'}, "
                        "or guard the reads with `known(…)`."
                    ),
                )


def _copied_into(subject: Subject, bits: int) -> int:
    """Return the bits, and those of the values that they are copies of."""
    pairs = [pair for out in subject.hand.copies for way in out for pair in way]
    before = 0
    while before != bits:
        before = bits
        for copied, to in pairs:
            bits |= copied if bits & to else 0
    return bits
