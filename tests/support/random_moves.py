"""Anything that people and systems may do to a session, drawn by Hypothesis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from engine.evolve import AMENDABLE, ENDED
from engine.refusals import Refused
from engine.state import Visit
from engine.steps.base import Step
from engine.steps.do import Do
from tests.support.made_journeys import VALUES
from tests.support.sessions import Session

HARMLESS = frozenset({
    "amend.in-flight", "amend.confirm", "amend.barrier", "answer.none-forbidden", "answer.refused",
    "action.must-be-done", "back.at-start", "command.not-here", "command.role",
})  # fmt: skip
"""Why a move that was drawn may be refused; any other refusal is a wrong move or a wrong engine."""


class Mover:
    """Draws moves for one session, and brings them."""

    def __init__(self, session: Session, data: st.DataObject) -> None:
        self.session, self.data = session, data

    def draw(self, *choices: Any) -> Any:
        """Draw one of these."""
        return self.data.draw(st.sampled_from(choices))

    def bring(self, name: str, role: str = "advisor", **body: Any) -> None:
        """Bring a command that may be refused for reasons of the session's own."""
        count, code = len(self.session.events), None
        try:
            self.session.bring(name, role, **body)
        except Refused as refused:
            code = refused.code
        assert code is None or (code in HARMLESS and len(self.session.events) == count), code

    def step(self, visit: Visit) -> Step:
        """Return the step of a visit."""
        run = self.session.state.runs[visit.run]
        return self.session.library.journeys[run.journey].steps[visit.step]

    def answers(self, visit: Visit) -> dict[str, Any]:
        """Draw answers to what a visit asks."""
        step = self.step(visit)
        if isinstance(step, Do):
            fields = step.by_hand.fills if step.by_hand is not None else ()
        else:
            fields = step.fields()
        found = {f.name: True if f.type.name == "yes_no" else self.draw(*VALUES) for f in fields}
        return {name: value for name, value in found.items() if name != "t" or self.draw(1, 0)}

    # Going on

    def go_on(self, *, failing: bool = True) -> None:
        """Do one thing that makes the session go on."""
        state, session = self.session.state, self.session
        current = state.current
        assert current is not None
        if state.status == "paused":
            self.bring("resume", channel=self.draw("phone", "chat"))
        elif state.transfer is not None:
            self.bring(self.draw("accept", "accept", "decline"))
        elif state.wait is not None and state.wait.what == "approval":
            if self.draw(True, True, False):
                self.bring("approve", "supervisor", accept=self.draw(True, True, False))
            else:
                session.wake(timeout=True)
        elif state.wait is not None and state.wait.what != "effect":
            session.wake(timeout=True)
        elif state.status == "pending":
            assert self.result(failing=failing)
        elif self.step(current).KIND == "say":
            self.bring("acknowledge")
        else:
            self.resolve(current)

    def resolve(self, visit: Visit) -> None:
        """Leave a question, a side call or a manual procedure, one way or another."""
        kind = self.step(visit).KIND
        how = self.draw("answer", "answer", "answer", "answer", "other")
        if how == "answer":
            self.bring("answer", values=self.answers(visit))
        elif kind == "do":
            self.bring("not_done")
        elif kind == "ask":
            self.bring(self.draw("skip", "none_of_these"))

    def result(self, *, failing: bool = True) -> bool:
        """Give an action under way its result; False when there is none."""
        waiting = self.session.open_effects()
        if not waiting:
            return False
        ends = ("succeeded", "succeeded", "failed", "refused", "unknown")
        status = self.draw(*ends) if failing else "succeeded"
        result = {"v": self.draw(*VALUES)} if status == "succeeded" else None
        effect = self.draw(*waiting)
        self.bring("effect_result", "system", effect=effect.id, status=status, result=result)
        return True

    # Anything else

    def amend(self) -> None:
        """Change an answer, saying what becomes of executed actions."""
        state = self.session.state
        visits = [v for v in state.path if v.how in AMENDABLE and v.run in state.runs]
        if visits and state.tripped is None and state.status not in (*ENDED, "paused"):
            visit = self.draw(*visits)
            choice = self.draw("keep", "compensate")
            effects = dict.fromkeys(state.effects, choice)
            self.bring("amend", visit=visit.id, values=self.answers(visit), effects=effects)

    def look_back(self) -> None:
        """Look at an earlier stop, and answer there, or come back."""
        self.bring("back")
        focus = self.session.state.focus
        visit = None if focus is None else self.session.state.visit(focus)
        if visit is not None and visit.how in AMENDABLE and self.draw(1, 0):
            self.bring("answer", values=self.answers(visit))
        if self.session.state.focus is not None:
            self.bring("acknowledge")

    def aside(self) -> None:
        """Open a digression, or come back from one."""
        state = self.session.state
        open_ones = [r for r in state.stack if state.runs[r].mode == "digression"]
        if open_ones and self.draw(1, 0):
            self.bring("return")
        elif state.status == "active" and len(state.stack) < 4:
            self.bring("digress", journey="aside")

    def beside(self) -> None:
        """Do something that leaves the walk where it is, or puts the session down."""
        status = self.session.state.status
        if status != "paused":
            self.bring("provide", values={self.draw("x", "y", "nowhere"): self.draw(*VALUES, None)})
            self.bring(self.draw("hold", "unhold"))
            self.bring("mark", mark="searching", on=self.draw(True, False))
            if self.draw(1, 0):
                self.bring("pause")
        self.bring("note", text="…")

    def relay(self) -> None:
        """Pass the session on, or take over what is waited for."""
        state = self.session.state
        if state.status == "active" and state.transfer is None:
            self.bring("transfer", team="team")
        elif state.status == "pending":
            self.bring("take_over")

    def robot(self) -> None:
        """Let the robot go on by itself."""
        state = self.session.state
        if state.status in ("active", "pending") and state.focus is None and not state.transfer:
            self.bring("autopilot")

    def late(self) -> None:
        """Bring a result in its own time, or a wake-up that nobody waits for."""
        self.result()
        self.session.bring("wake", "system", wait="w0.0", timeout=True)

    def anything(self) -> None:
        """Bring anything that may come now."""
        moves: tuple[Callable[[], None], ...] = (
            self.go_on, self.go_on, self.go_on, self.go_on, self.amend, self.look_back, self.aside,
            self.beside, self.relay, self.late, self.robot,
        )  # fmt: skip
        active = self.session.state.status not in ENDED
        if self.session.state.status == "paused":
            moves = (self.go_on, self.beside, self.late)
        if active:
            moves[self.data.draw(st.integers(0, len(moves) - 1))]()

    def settle_all(self) -> None:
        """Let every action end well."""
        while self.session.settle("succeeded", {"v": "a"}):
            pass
