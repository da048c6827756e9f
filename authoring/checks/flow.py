"""A journey as a graph: every way out of every step, with what it surely writes, codes and proves.

The analyses of the checker read this graph and nothing else of the step kinds, so that a new kind
needs a line here only where one of its ways differs from another in what it writes or codes.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from authoring.checks.behind import take_where_read
from authoring.checks.guards import NOTHING
from authoring.checks.reads import Guards
from authoring.checks.ways import Way
from engine.expressions import nodes
from engine.model import AXES, Code, Field, Journey, Target
from engine.steps.approve import Approve
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.call import Call
from engine.steps.consult import Consult
from engine.steps.decide import Decide, Rule
from engine.steps.do import Do
from engine.steps.say import Say
from engine.steps.transfer import Transfer
from engine.steps.wait import Wait

OFF = -1
"""The target of a way that falls off the journey's end, or names a step that does not exist."""
AWAY = -2
"""The target of a way that leads into another journey and does not return."""

DECLARED, QUALIFIED, ACTED = 1, 2, 4
CODED = DECLARED | QUALIFIED | ACTED
IDENTIFIED = 8
STOPPED = 16
"""What a way may surely do beside writing values, as bits.

The three axes, identification, a stop for somebody.
"""
MARKS = 5
AXIS_BIT: Mapping[str, int] = dict(zip(AXES, (DECLARED, QUALIFIED, ACTED), strict=True))


@dataclass(frozen=True, slots=True)
class Given:
    """What a called journey surely gives at one outcome: names by robot and by hand, and marks."""

    writes: frozenset[str] = NOTHING
    by_hand: frozenset[str] = NOTHING
    marks: int = 0


Outcomes = Mapping[str, Given]
"""What a called journey gives, by outcome; an outcome it never reaches is absent."""


@dataclass
class Flow:
    """The graph of one journey.

    Its steps by number, their ways out, and the numbers of those a walk can reach.
    """

    journey: Journey
    steps: Sequence[Step]
    number: Mapping[str, int]
    out: Sequence[list[Way]]
    order: Sequence[int] = field(default_factory=list)
    """The steps that can be reached, each before those after it, cycles apart."""

    @property
    def start(self) -> int:
        """The number of the first step, `OFF` in a journey without any."""
        return self.number.get(self.journey.start, OFF)

    @cached_property
    def edges(self) -> dict[int, list[int]]:
        """The steps that each step leads to, of those that can be reached."""
        return {place: [w.target for w in self.out[place] if w.target >= 0] for place in self.order}

    @cached_property
    def has_circles(self) -> bool:
        """Whether some path comes back to a step."""
        rank = {place: at for at, place in enumerate(self.order)}
        return any(
            rank[target] <= rank[place]
            for place, targets in self.edges.items()
            for target in targets
        )


def build(
    journey: Journey,
    guards: Guards,
    called: Callable[[str], Outcomes | None],
    *,
    left_out: Container[str] = (),
    given_back: frozenset[str] = NOTHING,
) -> Flow:
    """Return the graph of a journey.

    `called` gives what another journey does, None where not known; `left_out` are steps of broken
    form: a way to one of them leads to all it should. `given_back` is what callers save of it.
    """
    steps = list(journey.steps.values())
    number = {step.id: place for place, step in enumerate(steps)}
    out: list[list[Way]] = [
        list(_ways(step, place, guards, called)) for place, step in enumerate(steps)
    ]
    for ways in out:
        for way in ways:
            if way.target_id is not None:
                lost = AWAY if way.target_id in left_out else OFF
                way.target = number.get(way.target_id, lost)
    flow = Flow(journey, steps, number, out)
    take_where_read(steps, out, given_back)
    flow.order = _order(flow)
    return flow


def _order(flow: Flow) -> list[int]:
    """Return the reachable steps in reverse postorder, without recursion.

    A journey may have thousands of steps.
    """
    if flow.start < 0:
        return []
    done: list[int] = []
    seen = {flow.start}
    stack = [(flow.start, iter(flow.out[flow.start]))]
    while stack:
        place, ways = stack[-1]
        for way in ways:
            if way.target >= 0 and way.target not in seen:
                seen.add(way.target)
                stack.append((way.target, iter(flow.out[way.target])))
                break
        else:
            done.append(place)
            stack.pop()
    return done[::-1]


def _ways(
    step: Step, place: int, guards: Guards, called: Callable[[str], Outcomes | None]
) -> Iterator[Way]:
    """Yield a step's ways out.

    What its kind does on each, and what being skipped or worn out does.
    """
    match step:
        case Ask():
            ways = _of_ask(step, place)
        case Decide():
            ways = _of_decide(step, place, guards)
        case Do():
            ways = _of_do(step, place)
        case Call():
            ways = _of_call(step, place, called(step.journey))
        case _:
            ways = _of_any(step, place)
    inside = guards.of(step.when).true if step.when is not None else NOTHING
    own = _own_marks(step)
    for way in ways:
        way.marks |= own
        way.knows |= inside
        yield way
    for target in step.common_targets():
        way = _to(place, target)
        if target.exit == "skipped" and step.when is not None:
            way.knows = guards.of(step.when).not_true
        yield way


def _to(place: int, target: Target, **rest: object) -> Way:
    away = AWAY if target.journey is not None else OFF
    way = Way(place, away, target.exit, journey=target.journey, target_id=target.step)
    for name, value in rest.items():
        setattr(way, name, value)
    return way


def marks_of(codes: Iterable[Code]) -> int:
    """Return the axes that codes stand on, as bits."""
    marks = 0
    for code in codes:
        marks |= AXIS_BIT.get(code.axis, 0)
    return marks


def _own_marks(step: Step) -> int:
    marks = 0
    if step.time == "identification" and isinstance(step, (Ask, Call)):
        marks |= IDENTIFIED
    if isinstance(step, (Ask, Consult, Wait, Transfer, Approve)) or (
        isinstance(step, Say) and step.verbatim
    ):
        marks |= STOPPED
    return marks


def _own_targets(step: Step) -> Iterator[Target]:
    common = set(step.common_targets())
    return (target for target in step.targets() if target not in common)


def _of_any(step: Step, place: int) -> Iterator[Way]:
    writes, marks = tuple(step.writes()), marks_of(step.codes)
    if isinstance(step, Transfer) and step.refused is None:
        # Somebody's no goes on all the same, and codes nothing.
        yield _to(place, Target("next", step.next))
    for target in _own_targets(step):
        if target.exit in {"next", "journey"} or isinstance(step, Wait):
            yield _to(place, target, writes=writes, marks=marks)
        else:
            yield _to(place, target)


def _of_ask(step: Ask, place: int) -> Iterator[Way]:
    writes = tuple(step.writes())
    marks = marks_of(step.codes)
    for question in step.questions:
        if question.name != step.router:
            marks |= _sure(question)
    if all(question.skippable or not question.required for question in step.questions):
        # A skip takes no answer and none of the options' codes.
        yield _to(place, Target("next", step.next), marks=marks_of(step.codes))
    router = next((question for question in step.questions if question.name == step.router), None)
    for target in _own_targets(step):
        if target.exit == "none" and (target.step is not None or target.journey is not None):
            yield _to(place, target)
        elif router is None:
            yield _to(place, target, writes=writes, marks=marks)
        elif target.exit == "next":
            falling = [option for option in router.options if option.next is None]
            taken = (
                _common([marks_of(option.codes) for option in falling]) if router.required else 0
            )
            yield _to(place, target, writes=writes, marks=marks | taken)
        else:
            option = next(option for option in router.options if option.exit == target.exit)
            chosen = (*writes, router.name)
            yield _to(place, target, writes=chosen, marks=marks | marks_of(option.codes))


def _sure(question: Field) -> int:
    """Return the axes that any answer to a question codes.

    An optional or a several-choice one may code none.
    """
    if not question.required or question.type.name == "multiple" or not question.options:
        return 0
    return _common([marks_of(option.codes) for option in question.options])


def _common(marks: Sequence[int]) -> int:
    if not marks:
        return 0
    common = CODED
    for each in marks:
        common &= each
    return common


def _of_decide(step: Decide, place: int, guards: Guards) -> Iterator[Way]:
    own = marks_of(step.codes)
    if step.table is None:
        ruled_out = NOTHING
        for rule in step.rules:
            knows = ruled_out
            if rule.when is not None:
                told = guards.of(rule.when)
                knows = ruled_out | told.true
                ruled_out |= told.not_true
            yield _to(
                place,
                Target(rule.exit, rule.next or step.next),
                marks=own | marks_of(rule.codes),
                knows=knows,
                **_set(rule),
            )
        return
    call = step.table
    for row, given in zip(call.rows, call.table.given, strict=True):
        known = [name for name, value in given.items() if value is not None]
        saved: tuple[str, ...] = step.saved()
        clears: tuple[str, ...] = ()
        if call.table.hit != "collect" and isinstance(call.saves, str) and len(known) < len(given):
            saved = tuple(f"{call.saves}.{name}" for name in known)
        elif call.table.hit != "collect" and isinstance(call.saves, tuple):
            saved = tuple(name for name in call.saves if name in known)
            clears = tuple(name for name in call.saves if name not in known)
        sets = _set(row)
        sets["writes"] = (*saved, *sets["writes"])
        target = Target(row.exit, row.next or step.next)
        yield _to(place, target, marks=own | marks_of(row.codes), clears=clears, **sets)
    if call.table.catches_all:
        return
    saved = step.saved() if call.table.hit == "collect" else ()
    yield _to(place, Target("none", call.none or step.next), writes=saved, marks=own)


def _set(rule: Rule) -> dict[str, Any]:
    """Return what a rule's `set` writes.

    Another value's name brings the parts that one has; what is no record has none.
    """
    copies = tuple(
        (name, value.ast.dotted) for name, value in rule.sets if isinstance(value.ast, nodes.Name)
    )
    whole = tuple(
        name
        for name, value in rule.sets
        if value.kind.name in {"record", "any"} and not isinstance(value.ast, nodes.Name)
    )
    bare = tuple(name for name, _ in rule.sets if name not in whole)
    return {"writes": whole, "bare": bare, "copies": copies}


def _of_do(step: Do, place: int) -> Iterator[Way]:
    # What runs behind may still be running when the journey ends: its codes are then not taken.
    done = 0 if step.behind else marks_of(step.codes)
    for target in _own_targets(step):
        if target.exit == "next":
            by_hand = None
            if step.by_hand is not None:
                by_hand = tuple(fill.name for fill in step.by_hand.fills)
            yield _to(place, target, writes=tuple(step.saves), by_hand=by_hand, marks=done)
        else:
            yield _to(place, target)


def _of_call(step: Call, place: int, outcomes: Outcomes | None) -> Iterator[Way]:
    own = marks_of(step.codes)
    for target in _own_targets(step):
        if outcomes is None:
            # The journey is unknown, or calls itself: other findings say so, and none is added
            # here.
            yield _to(
                place, target, writes=tuple(step.saves), marks=own | CODED | IDENTIFIED | STOPPED
            )
            continue
        given = outcomes.get(target.exit)
        if given is None:
            yield _to(place, target, marks=own)
            continue
        writes = tuple(renamed(step.saves, given.writes))
        by_hand = tuple(renamed(step.saves, given.by_hand))
        yield _to(
            place,
            target,
            writes=writes,
            by_hand=None if by_hand == writes else by_hand,
            replaces=tuple(step.saves),
            marks=own | given.marks,
        )


def renamed(saves: Mapping[str, str], given: frozenset[str]) -> Iterator[str]:
    """Yield the caller's names for what a called journey gives.

    `x.*` there says that all of `x` is given.
    """
    for mine, theirs in saves.items():
        if f"{theirs}.*" in given:
            yield mine
            continue
        for name in sorted(given):
            if name.startswith(f"{theirs}.") and not name.endswith(".*"):
                yield mine + name[len(theirs) :]
