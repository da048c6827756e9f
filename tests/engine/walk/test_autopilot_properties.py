"""What holds of a robot that goes on by itself, in every journey. Source: semantics.md 24."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.events import Event, Left
from engine.model import Library
from engine.pilot import BOUND
from tests.engine.walk.test_properties import MANY
from tests.support.made_journeys import FACT, VALUES, libraries
from tests.support.sessions import Session, standing

Move = tuple[str, str, dict[str, Any]]
OUTCOMES = ("succeeded", "succeeded", "succeeded", "failed", "refused", "unknown")


class Robot:
    """A session under a robot, with all that was brought to it and all the robot resolved."""

    def __init__(self, session: Session, data: st.DataObject) -> None:
        self.session, self.data, self.role = session, data, session.state.audience
        self.moves: list[Move] = []

    def bring(self, name: str, role: str, **body: Any) -> None:
        """Bring a command, and note it with what the robot then resolved."""
        happened = self.session.bring(name, role, **body)
        if name != "autopilot":
            self.moves.append((name, role, body))
        self.moves += [move for event in happened for move in self.by_hand(event)]

    def by_hand(self, event: Event) -> list[Move]:
        """Return the command that resolves by hand what the robot just resolved."""
        if not isinstance(event, Left) or event.by not in ("robot", "robot:test"):
            return []
        # What is known already answers itself, whoever walks.
        by_itself = event.source is not None and set(event.source.values()) == {"known"}
        if event.how == "answered" and not by_itself:
            return [("answer", self.role, {"values": event.values or {}})]
        return [("acknowledge", self.role, {})] if event.how == "acknowledged" else []

    def outside(self) -> bool:
        """Let what the robot waits for come; False when it waits for nothing."""
        session, draw = self.session, self.data.draw
        wait = session.state.wait
        if wait is not None and wait.what == "approval":
            accept = draw(st.booleans())
            self.bring("approve", "supervisor", accept=accept)
        elif wait is not None and wait.what != "effect":
            self.bring("wake", "system", wait=wait.id, timeout=True)
        elif waiting := session.open_effects():
            status = draw(st.sampled_from(OUTCOMES))
            result = {"v": draw(st.sampled_from(VALUES))} if status == "succeeded" else None
            effect = draw(st.sampled_from(waiting)).id
            self.bring("effect_result", "system", effect=effect, status=status, result=result)
        else:
            return False
        return True


def under_a_robot(library: Library, data: st.DataObject) -> tuple[Robot, dict[str, Any]]:
    """Return a session that a robot has brought as far as it could."""
    known = data.draw(st.sampled_from([{}, {FACT.name: {"value": "a", "at": 1, "source": "then"}}]))
    begun: dict[str, Any] = {
        "audience": data.draw(st.sampled_from(["robot", "advisor"])),
        "known": known,
    }
    robot = Robot(Session(library).begin(**begun), data)
    brought = data.draw(
        st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(VALUES), max_size=2)
    )
    if brought and robot.session.state.status == "active" and begun["audience"] == "advisor":
        robot.bring("provide", robot.role, values=brought)
    if robot.session.state.status in ("active", "pending") and not robot.session.state.transfer:
        robot.bring("autopilot", robot.role)
    for _ in range(BOUND):
        if robot.session.state.pilot is None or not robot.outside():
            break
    return robot, begun


@MANY
@given(libraries(), st.data())
def test_a_robot_stands_where_the_same_answers_by_hand_lead(
    library: Library, data: st.DataObject
) -> None:
    robot, begun = under_a_robot(library, data)

    other = Session(library).begin(**begun)
    for name, role, body in robot.moves:
        if name == "wake":
            other.wake(timeout=True)
        else:
            other.bring(name, role, **body)

    mine, theirs = standing(robot.session.state), standing(other.state)
    if robot.session.state.transfer is not None and other.state.status == "active":
        theirs["status"] = "waiting"
    assert mine == theirs
    assert robot.session.trace() == other.trace()


@MANY
@given(libraries(), st.data())
def test_a_robot_comes_to_an_end_or_to_somebody_and_executes_nothing_twice(
    library: Library, data: st.DataObject
) -> None:
    robot, _ = under_a_robot(library, data)

    session = robot.session
    resolved = [e for e in session.events if isinstance(e, Left) and e.by.startswith("robot")]
    assert session.state.pilot is None or session.state.status != "active"
    assert len([e for e in resolved if e.how in ("answered", "acknowledged")]) <= BOUND + 16
    keys = [(e.run, e.step, e.occ, e.generation) for e in session.state.effects.values()]
    assert len(keys) == len(set(keys))
