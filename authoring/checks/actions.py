"""Actions used against what they declare."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.flow import IDENTIFIED
from authoring.checks.survey import Subject
from authoring.checks.unknown_name import near
from authoring.findings import Finding
from engine.steps.do import Do

STRENGTH = ("read", "idempotent", "keyed", "unsafe")
"""Effects, the one that may be repeated most freely first."""


def actions(subject: Subject) -> Iterator[tuple[int, Do]]:
    """Yield the actions of a journey with their numbers."""
    return ((place, step) for place, step in enumerate(subject.flow.steps) if isinstance(step, Do))


class WhenWithoutElse(Check):
    """An action under a condition does not say where to go when the condition is not true.

    Somebody reading the journey could not tell whether an action left out on purpose is one forgotten.

    Wrong:
    ```yaml
    - {id: resend, when: 'order.amount > 10 EUR', do: oms.resend, with: {id: order_id}, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: resend, when: 'order.amount > 10 EUR', else: told, do: oms.resend, with: {id: order_id}, by_hand: {…}}
    ```
    """

    code = "safety.when-without-else"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the actions with `when` and without `else`."""
        for _, step in actions(subject):
            if step.when is not None and step.otherwise_when is None:
                yield self.found(
                    subject,
                    step.id,
                    "when",
                    message=f"Action '{step.id}' has a `when` and does not say where to go when it is not true.",
                    hint="Write `else:` with the id of a step.",
                )


class UnsafeRetry(Check):
    """An action that may not be repeated is told to retry.

    When the answer is lost, the action may have been done: trying again would do it twice.

    Wrong:
    ```yaml
    - {id: refund, do: bank.refund, with: {id: order_id}, effect: unsafe, retries: 2, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: refund, do: bank.refund, with: {id: order_id}, effect: unsafe, by_hand: {…}}
    ```
    """

    code = "safety.unsafe-retry"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the unsafe actions with retries."""
        for _, step in actions(subject):
            if step.effect == "unsafe" and step.retries > 0:
                yield self.found(
                    subject,
                    step.id,
                    "retries",
                    message=f"Action '{step.id}' is unsafe and must not be retried: it might be done twice.",
                    hint="Remove `retries`; or say `effect: keyed` if the connector takes an idempotency key.",
                )


class EffectUnderstated(Check):
    """A step says an action may be repeated more freely than its operation declares.

    Wrong:
    ```yaml
    - {id: refund, do: bank.refund, with: {id: order_id}, effect: read, by_hand: {…}}   # declared unsafe
    ```
    Right:
    ```yaml
    - {id: refund, do: bank.refund, with: {id: order_id}, by_hand: {…}}
    ```
    """

    code = "safety.effect-understated"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the actions said to be safer than they are; `keyed` may be said of any operation."""
        for _, step in actions(subject):
            said, declared = step.effect, step.operation.effect
            if said in {"read", "idempotent"} and STRENGTH.index(said) < STRENGTH.index(declared):
                yield self.found(
                    subject,
                    step.id,
                    "effect",
                    message=f"'{step.operation.id}' is declared {declared}, and step '{step.id}' says {said}.",
                    hint="Remove `effect`, or correct connectors.yaml.",
                )


class CompensateMismatch(Check):
    """What undoes an action does not fit it.

    `on_amend: compensate` needs a `compensate:` operation; one that only reads undoes nothing; and an irreversible action
    cannot be undone.

    Wrong:
    ```yaml
    - {id: resend, do: oms.resend, with: {id: order_id}, on_amend: compensate, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: resend, do: oms.resend, with: {id: order_id}, compensate: oms.cancel, on_amend: compensate, by_hand: {…}}
    ```
    """

    code = "safety.compensate"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the actions whose undoing makes no sense."""
        for _, step in actions(subject):
            why = None
            if step.on_amend == "compensate" and step.compensate is None:
                why, key = "says `on_amend: compensate` and names no operation to do it", "on_amend"
            elif step.compensate is not None and step.compensate.effect == "read":
                why, key = f"is undone by '{step.compensate.id}', which only reads", "compensate"
            elif step.compensate is not None and step.irreversible:
                why, key = "is irreversible, and names an operation to undo it", "compensate"
            elif step.compensate is not None and step.effect == "read":
                why, key = "only reads, and names an operation to undo it", "compensate"
            else:
                continue
            yield self.found(
                subject,
                step.id,
                key,
                message=f"Action '{step.id}' {why}.",
                hint="Correct `compensate:` or `on_amend:`.",
            )


class UnknownParameter(Check):
    """An action is given something its operation does not take.

    Wrong:
    ```yaml
    - {id: order, do: oms.get_order, with: {identifier: order_id}, saves: {order: result}, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: order, do: oms.get_order, with: {id: order_id}, saves: {order: result}, by_hand: {…}}
    ```
    """

    code = "safety.unknown-parameter"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the parameters that operations and called journeys do not declare."""
        for _, step in actions(subject):
            for name in step.inputs:
                if name not in step.operation.inputs:
                    yield self.found(
                        subject,
                        step.id,
                        "with",
                        name,
                        message=f"'{step.operation.id}' takes no '{name}'.",
                        hint=near(name, step.operation.inputs),
                    )
            for name, source in step.saves.items():
                part = source.partition(".")[2]
                if part and part not in step.operation.output:
                    yield self.found(
                        subject,
                        step.id,
                        "saves",
                        name,
                        message=f"'{step.operation.id}' answers no '{part}'.",
                        hint=near(part, step.operation.output),
                    )
            for reason in step.refused:
                if reason != "else" and reason not in step.operation.refusals:
                    yield self.found(
                        subject,
                        step.id,
                        "on",
                        "refused",
                        reason,
                        message=f"'{step.operation.id}' never refuses with '{reason}'.",
                        hint=near(reason, step.operation.refusals),
                    )


class MissingParameter(Check):
    """An action is not given what its operation requires.

    Wrong:
    ```yaml
    - {id: order, do: oms.get_order, saves: {order: result}, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: order, do: oms.get_order, with: {id: order_id}, saves: {order: result}, by_hand: {…}}
    ```
    """

    code = "safety.missing-parameter"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the required parameters left out."""
        for _, step in actions(subject):
            left_out = [
                name
                for name, question in step.operation.inputs.items()
                if question.required and question.default is None and name not in step.inputs
            ]
            if left_out:
                yield self.found(
                    subject,
                    step.id,
                    "with" if step.inputs else "do",
                    message=f"'{step.operation.id}' requires {', '.join(left_out)}.",
                    hint=f"Write `with: {{{left_out[0]}: …}}`.",
                )


class Unidentified(Check):
    """An irreversible action may be done before anybody was identified.

    What cannot be undone should not be done for somebody else. A question or a call whose `time` is `identification`, or an
    invariant on the step, counts as identification.

    Wrong:
    ```yaml
    - {id: refund, do: bank.refund, with: {id: order_id}, irreversible: true, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: identify, call: client.identification, time: identification, on: {refused: sorry}}
    - {id: refund, do: bank.refund, with: {id: order_id}, irreversible: true, by_hand: {…}}
    ```
    """

    code = "safety.unidentified"
    severity = "warning"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the irreversible actions that some path reaches without identification."""
        assured = {invariant.reach for invariant in subject.journey.invariants}
        reached = set(subject.flow.order)
        for place, step in actions(subject):
            final = step.irreversible or step.operation.irreversible
            if not final or step.id in assured or step.requires is not None or place not in reached:
                continue
            if not subject.sure[place] & IDENTIFIED:
                yield self.found(
                    subject,
                    step.id,
                    "do",
                    message=f"Irreversible action '{step.id}' may be done before anybody was identified.",
                    hint="Identify first (a step with `time: identification`), or state an invariant.",
                )


class SensitiveOut(Check):
    """A sensitive value is sent to an operation that does not say it takes one.

    Wrong:
    ```yaml
    - {id: card, say: "Votre numéro ?", ask: {number: {type: text, sensitive: true}}}
    - {id: send, do: crm.note, with: {text: number}, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: card, say: "Votre numéro ?", ask: {number: {type: text, sensitive: true}}}
    - {id: send, do: crm.note, with: {text: "'vérifié'"}, when: known(number), else: next_one, by_hand: {…}}
    ```
    Where the operation is made for it, declare its input `sensitive` in connectors.yaml.
    """

    code = "safety.sensitive-out"
    severity = "warning"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the inputs of actions that read a sensitive value and are not declared to."""
        secret = {
            question.name
            for step in subject.flow.steps
            for question in step.fields()
            if question.sensitive or step.sensitive
        }
        for _, step in actions(subject):
            operation = step.operation
            secret |= {
                f"{name}.{part}" if source == "result" else name
                for name, source in step.saves.items()
                for part in operation.sensitive
                if source in {"result", f"result.{part}"}
            }
        if not secret:
            return
        for _, step in actions(subject):
            for name, expression in step.inputs.items():
                declared = step.operation.inputs.get(name)
                allowed = name in step.operation.sensitive or (
                    declared is not None and declared.sensitive
                )
                sent = sorted(read for read in expression.reads if read in secret)
                if sent and not allowed:
                    yield self.found(
                        subject,
                        step.id,
                        "with",
                        name,
                        message=f"Sensitive '{sent[0]}' is sent to '{step.operation.id}' as '{name}'.",
                        hint="Do not send it; or list the input under `sensitive:` of the operation in connectors.yaml.",
                    )
