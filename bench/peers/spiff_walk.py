"""The measured walk on SpiffWorkflow: a specification, manual tasks for what is waited for."""

from __future__ import annotations

import itertools
from typing import Any

from SpiffWorkflow.operators import Attrib, Equal
from SpiffWorkflow.specs.ExclusiveChoice import ExclusiveChoice
from SpiffWorkflow.specs.Simple import Simple
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from bench.floor import RATES, REASONS

GIVEN: dict[str, Any] = {
    "reason": "late", "weight": 12, "trace": {"place": "Lyon"}, "place": "depot", "resend": {},
    "content": True,
}  # fmt: skip


class Computed(Simple):  # type: ignore[misc]  # it publishes no types
    """A step the engine does by itself: values from values."""

    def _on_complete_hook(self, my_task: Any) -> None:
        DEEDS[self.name](my_task.data)
        super()._on_complete_hook(my_task)


def _known(data: dict[str, Any]) -> None:
    data["level"] = 2 if data["reason"] == "late" else 1


def _trust(data: dict[str, Any]) -> None:
    data["trusted"] = data["level"] > 1


def _identified(_: dict[str, Any]) -> None:
    """Nothing is to be worked out: the called part of the journey ends."""


def _rate(data: dict[str, Any]) -> None:
    for low, high, where, rate in RATES:
        if low <= data["weight"] < high and data["zone"] == where:
            data["rate"] = rate
            return


def _zone(where: str) -> Any:
    def work(data: dict[str, Any]) -> None:
        data["zone"] = where

    return work


DEEDS = {
    "known": _known, "trust": _trust, "identified": _identified, "rate": _rate,
    "far": _zone("far"), "near": _zone("near"),
    "carrier": lambda data: data.__setitem__("qualification", "cause.carrier"),
    "payment": lambda data: data.__setitem__("qualification", "cause.payment"),
}  # fmt: skip


def _spec() -> WorkflowSpec:
    spec = WorkflowSpec(name="walk", addstart=True)
    tasks = {name: Simple(spec, name, manual=True) for name in GIVEN}
    tasks |= {name: Computed(spec, name) for name in DEEDS}
    urgent, cause = ExclusiveChoice(spec, "urgent"), ExclusiveChoice(spec, "cause")
    solved = Simple(spec, "solved")
    spec.start.connect(tasks["reason"])
    tasks["reason"].connect(urgent)
    urgent.connect_if(Equal(Attrib("reason"), "late"), tasks["far"])
    urgent.connect(tasks["near"])
    tasks["far"].connect(tasks["known"])
    tasks["near"].connect(tasks["known"])
    line = ["known", "trust", "identified", "weight", "rate", "trace", "place"]
    for before, after in itertools.pairwise(line):
        tasks[before].connect(tasks[after])
    tasks["place"].connect(cause)
    cause.connect_if(Equal(Attrib("trusted"), True), tasks["carrier"])
    cause.connect(tasks["payment"])
    tasks["carrier"].connect(tasks["resend"])
    tasks["payment"].connect(tasks["resend"])
    tasks["resend"].connect(tasks["content"])
    tasks["content"].connect(solved)
    return spec


SPEC = _spec()


def walk() -> Workflow:
    """Walk once; the specification is shared."""
    workflow = Workflow(SPEC)
    workflow.run_all()
    while not workflow.is_completed():
        task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
        given = GIVEN[task.task_spec.name]
        assert task.task_spec.name != "reason" or given in REASONS
        task.set_data(**{task.task_spec.name: given})
        task.run()
        workflow.run_all()
    assert workflow.last_task.data["qualification"] == "cause.carrier"
    return workflow
