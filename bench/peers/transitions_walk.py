"""The measured walk on `transitions`: a flat machine, conditions on its transitions."""

from __future__ import annotations

from typing import Any

from transitions import Machine

from bench.floor import RATES, REASONS

GIVEN: dict[str, Any] = {
    "reason": "late", "weight": 12, "trace": {"place": "Lyon"}, "place": "depot", "resend": {},
    "content": True,
}  # fmt: skip
STATES = [
    "reason", "urgent_far", "urgent_near", "known", "trust", "identified", "weight", "rate",
    "trace", "place", "cause", "resend", "content", "solved",
]  # fmt: skip


class Contact:
    """One contact being walked: its values, its codes, and the trace of where it went."""

    state: str

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.codes: list[tuple[str, str]] = []
        self.path: list[str] = []

    def is_late(self, given: Any = None) -> bool:
        return bool(self.values.get("reason", given) == "late")

    def is_valid(self, given: Any) -> bool:
        step = self.state
        if step == "reason":
            return given in REASONS
        return step != "weight" or 0 <= given <= 1000

    def keep(self, given: Any) -> None:
        self.values[self.state] = given
        if self.state == "reason":
            self.codes.append(("declaration", "order.late"))

    def level(self, _: Any = None) -> None:
        self.values["level"] = 2 if self.is_late() else 1

    def trusted(self, _: Any = None) -> None:
        self.values["trusted"] = self.values["level"] > 1

    def rate(self, _: Any = None) -> None:
        weight, zone = self.values["weight"], "far" if self.is_late() else "near"
        for low, high, where, rate in RATES:
            if low <= weight < high and zone == where:
                self.values["rate"] = rate
                return

    def cause(self, _: Any = None) -> None:
        carrier = self.values["trusted"] and self.values["rate"] > 5
        self.codes.append(("qualification", "cause.carrier" if carrier else "cause.payment"))

    def trace(self, _: Any = None) -> None:
        self.path.append(self.state)


def _machine() -> Machine:
    machine = Machine(
        model=None, states=STATES, initial="reason", auto_transitions=False,
        after_state_change="trace",
    )  # fmt: skip
    answer = {"conditions": "is_valid", "before": "keep"}
    machine.add_transition("give", "reason", "urgent_far", **{**answer, "conditions": ["is_valid"]})
    machine.add_transition("step", "urgent_far", "known", after="level")
    machine.add_transition("step", "known", "trust", after="trusted")
    machine.add_transition("step", "trust", "identified")
    machine.add_transition("step", "identified", "weight")
    machine.add_transition("give", "weight", "rate", **answer)
    machine.add_transition("step", "rate", "trace", before="rate")
    machine.add_transition("give", "trace", "place", **answer)
    machine.add_transition("give", "place", "cause", **answer)
    machine.add_transition("step", "cause", "resend", before="cause")
    machine.add_transition("give", "resend", "content", **answer)
    machine.add_transition("give", "content", "solved", **answer)
    return machine


MACHINE = _machine()
WAITS = frozenset(GIVEN) | {"solved"}


def walk() -> Contact:
    """Walk once; the machine's definition is shared, the model is new."""
    contact = Contact()
    MACHINE.add_model(contact)
    while contact.state != "solved":
        contact.give(GIVEN[contact.state])  # type: ignore[attr-defined]  # the machine adds it
        while contact.state not in WAITS:
            contact.step()  # type: ignore[attr-defined]  # the machine adds it
    MACHINE.remove_model(contact)
    assert contact.codes[-1] == ("qualification", "cause.carrier"), contact.codes
    return contact
