"""A journey from its document: names first, then steps, then what they read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from authoring.building.bench import Bench
from authoring.building.connectors import values
from authoring.building.declare import declare
from authoring.building.desk import Desk, near
from authoring.building.ground import Ground, Interface, Table
from authoring.building.names import Draft
from authoring.building.spans import targets
from authoring.building.steps import build_step, kind_of
from authoring.building.tables import table
from authoring.building.words import shown, wording
from engine.kinds import Kind, Unknown, resolve
from engine.model import Invariant, Journey
from engine.steps.base import Step
from engine.steps.end import End
from engine.steps.goto_journey import GotoJourney
from engine.steps.transfer import Transfer
from engine.wording import Text

FINAL = ("end", "goto_journey")
"""Kinds after which this journey does not go on."""


def step_ids(desk: Desk, steps: list[Any]) -> list[str]:
    """Return the id of every step: its own, or its kind and number.

    Ids that stand twice are reported.
    """
    ids: list[str] = []
    seen: set[str] = set()
    for at, data in enumerate(steps):
        own = data.get("id") if isinstance(data, dict) else None
        if isinstance(own, str):
            if own in seen:
                desk.report(
                    "form.duplicate-id",
                    ("steps", at, "id"),
                    f"Two steps have the id `{own}`.",
                    hint="Give each its own.",
                )
                own = f"{own}~{at + 1}"
        else:
            own = f"{kind_of(data) if isinstance(data, dict) else 'step'}-{at + 1}"
        seen.add(own)
        ids.append(own)
    return ids


def called(steps: Iterable[Any]) -> set[str]:
    """Return the journeys whose values or outcomes some steps, as written, depend on."""
    found: set[str] = set()
    for data in steps:
        if isinstance(data, dict):
            found.update(
                name for key in ("call", "goto_journey") if isinstance(name := data.get(key), str)
            )
    return found


class JourneyBuild:
    """One journey being built.

    `steps` are as written; those in `broken` have a form that was refused already.
    """

    def __init__(
        self,
        desk: Desk,
        ground: Ground,
        data: Mapping[str, Any],
        *,
        broken: frozenset[int],
        callees: Mapping[str, Interface],
    ) -> None:
        self.desk = desk
        self.ground = ground
        self.data = data
        self.broken = broken
        self.callees = callees
        self.id: str = data["journey"]
        self.steps: list[Any] = data["steps"]

    def build(self, today: date | None) -> tuple[Journey, Interface]:
        """Return the journey and what its callers see of it."""
        desk = self.desk
        desk.journey = self.id
        ids = step_ids(desk, self.steps)
        desk.sources.journeys[self.id] = desk.file
        desk.sources.steps[self.id] = {step: at for at, step in reversed(list(enumerate(ids)))}
        tables = self._tables()
        draft = Draft(self.ground, tables, self.callees)
        draft.broken_tables |= (self.data.get("tables") or {}).keys() - tables.keys()
        inputs = values(desk, self.ground, self.data.get("inputs"), path=("inputs",), required=True)
        for name, one in inputs.items():
            draft.values[name] = one.type.kind if one.required else one.type.kind.or_missing()
        self._declare(draft, ids)
        names = draft.settle()
        steps = self._build(draft, ids, names)
        reads = {step.id: tuple(dict.fromkeys(_reads(step))) for step in steps.values()}
        for step in steps.values():
            step.needs = frozenset(name.partition(".")[0] for name in reads[step.id])
            self._check_wording(step, names)
        invariants = self._invariants(names, frozenset(ids))
        asked = {name for one in invariants for name in one.requires.reads}.union(*reads.values())
        self._qualify(steps, asked, draft)
        self._review(today)
        outcomes = self._outcomes(steps.values())
        interface = self._interface(draft, outcomes)
        journey = Journey(
            id=self.id,
            title=self._title(),
            steps=steps,
            start=ids[0],
            inputs=inputs,
            outputs=None if self.data.get("outputs") is None else tuple(self.data["outputs"]),
            outcomes=outcomes,
            kinds={name: kind for name, kind in names.items() if "." not in name or name in asked},
            startable=self.data.get("start", True),
            audience=tuple(self.data.get("audience") or ()),
            owner=self.data.get("owner"),
            review_by=self.data.get("review_by"),
            targets=targets(desk, self.data.get("targets") or {}, ("targets",)),
            invariants=invariants,
            tables={
                name: one.table
                for name, one in tables.items()
                if name in (self.data.get("tables") or {})
            },
        )
        desk.journey = None
        return journey, interface

    def _title(self) -> Text:
        title = self.data.get("title")
        return Text.plain(self.id) if title is None else wording(
            self.desk, title, ("title",), languages=self.ground.languages
        )  # fmt: skip

    def _tables(self) -> dict[str, Table]:
        found = dict(self.ground.tables)
        for name, spec in (self.data.get("tables") or {}).items():
            built = table(self.desk, self.ground, name, data=spec, path=("tables", name))
            if built is not None:
                found[name] = built
        return found

    def _declare(self, draft: Draft, ids: list[str]) -> None:
        for at, data in enumerate(self.steps):
            if at in self.broken:
                draft.vague.update(_would_give(data))
                continue
            self.desk.step = ids[at]
            declare(self.desk, draft, kind_of(data), data=data, at=at, step=ids[at])
        self.desk.step = None

    def _build(self, draft: Draft, ids: list[str], names: Mapping[str, Kind]) -> dict[str, Step]:
        steps: dict[str, Step] = {}
        for at, data in enumerate(self.steps):
            if at in self.broken:
                continue
            self.desk.step = ids[at]
            kind = kind_of(data)
            following = ids[at + 1] if at + 1 < len(ids) and kind not in FINAL else None
            step = build_step(
                Bench(self.desk, draft, data, at=at, names=names),
                kind,
                ids[at],
                following=following,
            )
            if step is not None:
                steps[ids[at]] = step
        self.desk.step = None
        return steps

    def _check_wording(self, step: Step, names: Mapping[str, Kind]) -> None:
        """Report what a step's wording shows that nothing gives."""
        texts = list(step.texts())
        if step.promise is not None:
            texts.append(("promise", step.promise.what))
        for key, text in texts:
            for name in sorted(shown(text)):
                found = resolve(names, name.split("."))
                if isinstance(found, Unknown):
                    self._unknown(step, key, name, found)

    def _unknown(self, step: Step, key: str, name: str, found: Unknown) -> None:
        place = self.desk.sources.steps[self.id].get(step.id, 0)
        self.desk.step = step.id
        path, offset = _hole(self.steps[place], key, name)
        self.desk.report(
            "data.unknown-name",
            ("steps", place, *path),
            f"Nothing gives a value `{found.part}` to show in `{{{name}}}`.",
            hint=near(found.part, found.among),
            offset=offset,
        )
        self.desk.step = None

    def _qualify(self, steps: Mapping[str, Step], asked: Iterable[str], draft: Draft) -> None:
        """Tell steps which of their values are read as `step.value`."""
        wanted: dict[str, set[str]] = {}
        for name in asked:
            head, dot, rest = name.partition(".")
            if dot and head in draft.given and head not in draft.values:
                wanted.setdefault(head, set()).add(rest.partition(".")[0])
        for step_id, names in wanted.items():
            if step_id in steps:
                steps[step_id].qualified = frozenset(names)

    def _invariants(self, names: Mapping[str, Kind], ids: frozenset[str]) -> tuple[Invariant, ...]:
        found: list[Invariant] = []
        for at, spec in enumerate(self.data.get("invariants") or ()):
            path = ("invariants", at)
            if spec["reach"] not in ids:
                self.desk.report(
                    "graph.unknown-target",
                    (*path, "reach"),
                    f"There is no step `{spec['reach']}`.",
                    hint=near(spec["reach"], ids),
                )
                continue
            requires = self.ground.formulas.condition(
                self.desk, spec["requires"], (*path, "requires"), names=names
            )
            if requires is not None:
                found.append(Invariant(spec["reach"], requires))
        return tuple(found)

    def _outcomes(self, steps: Iterable[Step]) -> tuple[str, ...]:
        declared = self.data.get("outcomes")
        if declared is not None:
            return tuple(declared)
        found: dict[str, None] = {}
        for step in steps:
            if isinstance(step, End):
                found[step.outcome] = None
            elif isinstance(step, GotoJourney) and step.journey in self.callees:
                found.update(dict.fromkeys(self.callees[step.journey].outcomes))
        return tuple(found)

    def _interface(self, draft: Draft, outcomes: tuple[str, ...]) -> Interface:
        outputs = self.data.get("outputs")
        if outputs is None:
            return Interface(dict(draft.values), outcomes)
        for at, name in enumerate(outputs):
            if name not in draft.values:
                self.desk.report(
                    "data.unknown-name",
                    ("outputs", at),
                    f"Nothing gives a value `{name}`.",
                    hint=near(name, draft.values),
                )
        return Interface(
            {name: kind for name, kind in draft.values.items() if name in outputs}, outcomes
        )

    def _review(self, today: date | None) -> None:
        review_by = self.data.get("review_by")
        if today is not None and review_by is not None and review_by < today.isoformat():
            self.desk.report(
                "change.past-review",
                ("review_by",),
                f"This journey was to be reviewed by {review_by}.",
                severity="warning",
                hint="Read it again with its owner, and set the next date.",
            )


def _reads(step: Step) -> Iterable[str]:
    for expression in (step.when, step.requires):
        if expression is not None:
            yield from expression.reads
    for expression in step.expressions():
        yield from expression.reads
    for _, text in step.texts():
        yield from shown(text)
    if step.promise is not None:
        yield from shown(step.promise.what)
    if isinstance(step, Transfer):
        yield from step.context


def _hole(data: Any, key: str, name: str) -> tuple[tuple[str | int, ...], int | None]:
    """Return where in a step a wording shows a value.

    The path of the text as written, and the hole's offset in it.
    """
    shown = "{" + name
    todo: list[tuple[tuple[str | int, ...], Any]] = [((), data)]
    first = key.partition(".")[0]
    while todo:
        path, value = todo.pop()
        if isinstance(value, str) and shown in value and path and path[0] == first:
            return path, value.index(shown)
        if isinstance(value, dict):
            todo.extend(((*path, part), one) for part, one in reversed(value.items()))
        elif isinstance(value, list):
            todo.extend(((*path, at), one) for at, one in reversed(list(enumerate(value))))
    return (first,), None


def _would_give(data: Any) -> set[str]:
    """Return the names a step with a broken form would have given, as far as it can be told."""
    found: set[str] = set()
    if not isinstance(data, dict):
        return found
    consult = data.get("consult")
    fields = consult.get("fields") if isinstance(consult, dict) else None
    for part in (data.get("ask"), fields):
        if isinstance(part, dict):
            found.update(part)
    holders = [
        data,
        *(part for part in (data.get("decide"), data.get("wait")) if isinstance(part, dict)),
    ]
    for holder in holders:
        saves = holder.get("saves")
        if isinstance(saves, str):
            found.add(saves)
        elif isinstance(saves, list | dict):
            found.update(name for name in saves if isinstance(name, str))
    rules = data.get("decide")
    for rule in rules if isinstance(rules, list) else ():
        if isinstance(rule, dict) and isinstance(rule.get("set"), dict):
            found.update(rule["set"])
    return found
