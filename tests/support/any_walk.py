"""Walks of any library by actors and systems who do anything they may, and what must then hold."""

from __future__ import annotations

from random import Random
from typing import Any

from authoring.checks.survey import Survey
from authoring.load import Loaded
from engine.events import Opened, Requested, Tripped
from engine.evolve import ENDED
from engine.model import AXES, CODED_OUTCOMES
from engine.refusals import Refused
from engine.state import Visit
from engine.view import view
from engine.viewer import asked
from tests.support.sessions import PARIS, Session
from tests.support.some_values import SAMPLES, some_value

AUTHORED = {"rule.requires", "rule.role", "rule.invariant"}
"""Rules that the author wrote, and that may break."""
BOUNDS = {"bound.call-depth", "bound.events"}
"""Bounds that circles through questions may come to."""
NEVER = {"command.not-here", "command.role", "command.unknown", "session.waiting", "session.ended"}
"""Refusals that no command among those offered may meet."""


class Walker:
    """One session of a checked library, and what chance does with it."""

    def __init__(self, loaded: Loaded, rnd: Random) -> None:
        library = loaded.library
        assert library is not None
        self.rnd = rnd
        self.survey = Survey(loaded, library)
        self.session = Session(library)
        self.finished = False
        self.refused: dict[str, int] = {}

    def begin(self, journey: str) -> None:
        """Start, as anybody, with or without what is known already."""
        known = {}
        if self.rnd.random() < 0.5:
            known = {"customer.mail": {"value": "old@example.org", "at": 1, "source": "crm"}}
        inputs = {}
        for name, field in self.session.library.journeys[journey].inputs.items():
            if field.required or self.rnd.random() < 0.5:
                inputs[name] = some_value(field.type, self.rnd)
        audience = self.rnd.choice(["advisor", "advisor", "advisor", "customer", "bot", "robot"])
        self.session.begin(journey, audience, known=known, inputs=inputs)
        self.assert_sound()

    def walk(self, turns: int) -> None:
        """Do anything, so many times."""
        for _ in range(turns):
            if self.session.state.status in ENDED:
                return
            self.turn()
            self.assert_sound()

    # What is done

    def turn(self) -> None:
        """Let somebody or something act."""
        state = self.session.state
        if self.rnd.random() < 0.03:
            self.session.now += 9 * 3_600_000
        if self.session.open_effects() and (state.status == "pending" or self.rnd.random() < 0.3):
            self.settle()
            return
        if state.wait is not None and state.wait.what != "effect" and self.rnd.random() < 0.5:
            if state.wait.what == "approval" and self.rnd.random() < 0.7:
                self.bring("approve", "supervisor", accept=self.rnd.random() < 0.6)
                return
            body = (
                {"event": {"x": 1}}
                if state.wait.what == "event" and self.rnd.random() < 0.5
                else {"timeout": True}
            )
            self.session.now = max(self.session.now, state.wait.due or 0)
            self.session.wake(**body)
            return
        role = self.role()
        names = self.session.look(role)["commands"]
        weights = {
            "answer": 30,
            "acknowledge": 12,
            "accept": 10,
            "resume": 10,
            "none_of_these": 2,
            "amend": 8,
            "provide": 3,
            "skip": 3,
            "not_done": 3,
            "cancel": 0.1,
            "finish": 0.1,
        }
        name = self.rnd.choices(names, [weights.get(one, 0.7) for one in names])[0]
        self.bring(name, role, **self.body(name))

    def role(self) -> str:
        """Return who acts: the one the session is with, an advisor where it waits for one."""
        state = self.session.state
        if state.transfer is not None or self.rnd.random() < 0.05:
            return self.rnd.choice(["advisor", "supervisor"])
        return state.audience

    def settle(self) -> None:
        """Give some open action a result."""
        effect = self.rnd.choice(self.session.open_effects())
        operation = self.session.library.operations[effect.operation]
        status = self.rnd.choice(
            ["succeeded", "succeeded", "succeeded", "refused", "failed", "unknown"]
        )
        body: dict[str, Any] = {}
        if status == "succeeded":
            body["result"] = {
                name: some_value(answers, self.rnd) for name, answers in operation.output.items()
            }
        elif status == "refused" and operation.refusals:
            body["reason"] = self.rnd.choice(operation.refusals)
        self.session.bring("effect_result", "system", effect=effect.id, status=status, **body)

    def bring(self, name: str, role: str, **body: Any) -> None:
        """Bring a command that is offered; a refusal is an answer too."""
        if name in ("finish", "cancel"):
            self.finished = True
        try:
            self.session.bring(name, role, **body)
        except Refused as refused:
            self.note(refused, name, role)

    def note(self, refused: Refused, name: str, role: str) -> None:
        """Count a refusal, which must be one that an offered command may meet."""
        assert refused.code not in NEVER, (name, role, refused.code, refused.params)
        self.refused[refused.code] = self.refused.get(refused.code, 0) + 1

    def body(self, name: str) -> dict[str, Any]:
        """Return the body of a command."""
        state, rnd = self.session.state, self.rnd
        people = [v for v in state.path if v.how in ("answered", "by_hand", "consulted")]
        match name:
            case "answer" | "acknowledge":
                values = self.answers()
                return {"values": values} if name == "answer" or values else {}
            case "amend":
                if not people:
                    return {"visit": 1, "values": {}}
                visit = rnd.choice(people)
                effects = {one: rnd.choice(["keep", "compensate"]) for one in state.effects}
                return {"visit": visit.id, "values": self.again(visit), "effects": effects}
            case "rewind":
                return {
                    "visit": rnd.choice(people).id if people else 1,
                    "effects": {one: rnd.choice(["keep", "compensate"]) for one in state.effects},
                }
            case "provide":
                kind = rnd.choice(list(SAMPLES))
                return {"values": {kind: rnd.choice(SAMPLES[kind])}}
            case "digress":
                return {"journey": rnd.choice(["aside", *self.session.library.system.values()])}
            case "transfer" | "consult":
                return {"team": "seller"}
            case "mark":
                return {"mark": "searching"}
            case "note":
                return {"text": "n"}
            case "promise":
                return {"what": "p"}
            case "move_promise":
                number = rnd.randint(1, len(state.promises) or 1)
                return {"promise": number, "slot": "2026-10-01T12:00:00+02:00", "by": "seller"}
            case "follow_promise":
                number = rnd.randint(1, len(state.promises) or 1)
                return {"promise": number, "state": rnd.choice(["kept", "broken"]), "reason": "r"}
            case "flag":
                return {"category": "c"}
            case "approve":
                return {"accept": rnd.random() < 0.5}
            case "back" if people and rnd.random() < 0.5:
                return {"visit": rnd.choice(people).id}
            case _:
                return {}

    def again(self, visit: Visit) -> dict[str, Any]:
        """Return other answers for a visit."""
        step = self.session.library.journeys[self.session.state.runs[visit.run].journey].steps[
            visit.step
        ]
        return {field.name: some_value(field.type, self.rnd) for field in asked(step, visit)}

    def answers(self) -> dict[str, Any]:
        """Return answers to the questions shown, among the options offered."""
        session = self.session
        visits = session.state.path
        shown = session.look()
        visit = next((v for v in visits if v.id == (shown["step"] or {}).get("visit")), None)
        if visit is None:
            return {}
        offered = {one["name"]: [o["id"] for o in one["options"]] for one in shown["fields"]}
        values: dict[str, Any] = {}
        for field in asked(
            session.library.journeys[shown["step"]["journey"]].steps[visit.step], visit
        ):
            if not field.required and self.rnd.random() < 0.4:
                continue
            ids = offered[field.name]
            if field.type.name == "choice" and ids:
                values[field.name] = self.rnd.choice(ids)
            elif field.type.name == "multiple" and ids:
                values[field.name] = [one for one in ids if self.rnd.random() < 0.6] or ids[:1]
            else:
                values[field.name] = some_value(field.type, self.rnd)
        return values

    # What must hold

    def assert_sound(self) -> None:
        """Assert what a library without errors promises, after any turn."""
        state = self.session.state
        tripped = [e for e in self.session.events if isinstance(e, Tripped)]
        for event in tripped:
            assert event.code in AUTHORED | BOUNDS, (event.code, event.detail)
        self.assert_ways()
        self.assert_given()
        if (
            state.status in ENDED
            and not self.finished
            and not tripped
            and (state.outcome in CODED_OUTCOMES)
        ):
            assert state.not_reached == (), [state.codes[axis] for axis in AXES]
        self.assert_views()

    def assert_ways(self) -> None:
        """Assert that every step came to was thought reachable, and left by a way it names."""
        for visit in self.session.state.path:
            run = self.session.state.runs.get(visit.run)
            if run is None or visit.how == "returned":
                continue
            subject = self.survey.subject(run.journey)
            place = subject.flow.number[visit.step]
            assert place in set(subject.flow.order), f"{visit.step} was thought unreachable"
            step = subject.flow.steps[place]
            if visit.exit is not None and step.KIND != "end":
                exits = {target.exit for target in step.targets()}
                assert visit.exit in exits, (step.id, visit.how, visit.exit, exits)

    def assert_given(self) -> None:
        """Assert that actions and called journeys got what they require."""
        library = self.session.library
        for event in self.session.events:
            if isinstance(event, Requested) and event.compensates is None:
                needed = [
                    n for n, f in library.operations[event.operation].inputs.items() if f.required
                ]
                assert all(event.inputs.get(name) is not None for name in needed), event
            elif isinstance(event, Opened):
                needed = [
                    n for n, f in library.journeys[event.journey].inputs.items() if f.required
                ]
                assert all(event.inputs.get(name) is not None for name in needed), event

    def assert_views(self) -> None:
        """Assert that everybody can look at it, in every language, and reads no hole."""
        for audience in ("advisor", "customer", "bot", "robot"):
            for language in self.session.library.languages:
                for channel in self.session.library.channels:
                    shown = view(
                        self.session.library,
                        self.session.state,
                        audience=audience,
                        language=language,
                        channel=channel,
                        now=self.session.now,
                        zone=PARIS,
                    )
                    words = [shown["do"], (shown["step"] or {}).get("title")]
                    words += [one[key] for one in shown["say"] for key in ("text", "goal")]
                    for field in shown["fields"]:
                        words += [
                            field["label"],
                            field["help"],
                            *(o["label"] for o in field["options"]),
                        ]
                    for text in words:
                        assert text is None or "…" not in text, (text, shown["step"])
                    if self.session.state.status == "active":
                        assert shown["step"] is not None
                        if audience == self.session.state.audience == "advisor":
                            self.assert_moves(shown)

    def assert_moves(self, shown: dict[str, Any]) -> None:
        """Assert that the advisor is offered a way on."""
        onward = {"answer", "acknowledge", "none_of_these", "skip", "not_done", "accept", "resume"}
        assert onward & set(shown["commands"]), shown["step"]
