"""Steps of each kind from their keys, once the kinds of all values are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from authoring.building.bench import Bench
from authoring.building.coding import coded
from authoring.building.declare import saved_names
from authoring.building.desk import near
from authoring.building.hand import by_hand
from authoring.sources import Path
from engine.expressions import Expression
from engine.parts import RETRIES, RETRIES_BEHIND
from engine.steps.approve import Approve
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.call import Call
from engine.steps.consult import Consult
from engine.steps.decide import Decide, Rule, TableCall
from engine.steps.do import Do, Gate
from engine.steps.end import End
from engine.steps.goto_journey import GotoJourney
from engine.steps.say import Say
from engine.steps.transfer import Transfer
from engine.steps.wait import Wait

Common = dict[str, Any]


def _say(bench: Bench, common: Common) -> Step:
    return Say(**common, verbatim=bench.data.get("verbatim", False), goal=bench.label("goal"))


def _ask(bench: Bench, common: Common) -> Step:
    questions = bench.fields(bench.data["ask"], "ask")
    routers = [q for q in questions if any(option.next is not None for option in q.options)]
    for extra in routers[1:]:
        bench.desk.report(
            "form.two-routers",
            (*bench.path, "ask", extra.name),
            "Only one question of a step may say where to go on.",
            hint="Put the other question in a step of its own, or route with a `decide` step.",
            key=True,
        )
    for question in routers[:1]:
        if question.type.name == "multiple":
            bench.desk.report(
                "form.two-routers",
                (*bench.path, "ask", question.name),
                "Several options may be chosen: none can say where to go on.",
                hint="Route with a `decide` step.",
                key=True,
            )
    return Ask(
        **common,
        questions=questions,
        none=bench.data.get("none"),
        router=routers[0].name if routers else None,
    )


def _decide(bench: Bench, common: Common) -> Step | None:
    data = bench.data["decide"]
    if isinstance(data, dict):
        call = _table_call(bench, data)
        return None if call is None else Decide(**common, table=call)
    rules = []
    for at, rule in enumerate(data):
        path = ("decide", at)
        when = None if "else" in rule else bench.condition(rule["when"], "decide", at, "when")
        if when is None and "else" not in rule:
            continue
        exit_name = "else" if when is None else str(at + 1)
        rules.append(_rule(bench, rule, exit_name, when, path))
    return Decide(**common, rules=tuple(rules))


def _rule(
    bench: Bench, rule: Mapping[str, Any], exit_name: str, when: Expression | None, path: Path
) -> Rule:
    sets = bench.ground.formulas.mapping(
        bench.desk, rule.get("set"), (*bench.path, *path, "set"), names=bench.names
    )
    return Rule(exit_name, when, rule.get("next"), coded(rule), tuple(sets.items()))


def _table_call(bench: Bench, data: Mapping[str, Any]) -> TableCall | None:
    name = data["table"]
    found = bench.draft.tables.get(name)
    if found is None:
        if name not in bench.draft.broken_tables:
            bench.desk.report(
                "form.unknown-table",
                (*bench.path, "decide", "table"),
                f"There is no table `{name}`.",
                hint=near(name, {*bench.draft.tables, *bench.draft.broken_tables}),
            )
        return None
    inputs = bench.inputs(data.get("with"), "decide", "with")
    for key in data.get("with") or {}:
        if key not in found.inputs:
            bench.desk.report(
                "form.unknown-column",
                (*bench.path, "decide", "with", key),
                f"`{key}` is no input of the table.",
                hint=near(key, found.inputs),
                key=True,
            )
    saves = data.get("saves")
    for at, key in enumerate(saves if isinstance(saves, list) else ()):
        if key not in found.outputs:
            bench.desk.report(
                "form.unknown-column",
                (*bench.path, "decide", "saves", at),
                f"`{key}` is no output of the table.",
                hint=near(key, found.outputs),
            )
    rows = tuple(
        _rule(bench, row, str(at + 1), None, ("decide",)) for at, row in enumerate(found.rows)
    )
    none = (bench.data.get("on") or {}).get("none")
    return TableCall(
        found.table, inputs, tuple(saves) if isinstance(saves, list) else saves, rows, none
    )


def _do(bench: Bench, common: Common) -> Step | None:
    data = bench.data
    operation = bench.operation(data["do"], "do")
    compensate = bench.operation(data["compensate"], "compensate") if "compensate" in data else None
    if operation is None:
        return None
    saves = data.get("saves") or {}
    for name, source in saves.items():
        part = source.removeprefix("result").removeprefix(".")
        if part and part not in operation.output:
            bench.desk.report(
                "data.unknown-name",
                (*bench.path, "saves", name),
                f"`{operation.id}` gives no `{part}`.",
                hint=near(part, operation.output),
            )
    on = data.get("on") or {}
    refused = on.get("refused") or {}
    waits = not data.get("behind", False) or bool(saves)
    return Do(
        **common,
        operation=operation,
        inputs=bench.inputs(data.get("with"), "with"),
        saves=saves,
        behind=data.get("behind", False),
        effect=data.get("effect", operation.effect),
        timeout=bench.span("timeout") or operation.timeout,
        retries=data.get("retries", RETRIES if waits else RETRIES_BEHIND),
        says_retries=data.get("retries", 0) > 0,
        refused={"else": refused} if isinstance(refused, str) else dict(refused),
        not_done=on.get("not_done"),
        by_hand=by_hand(bench.desk, bench.ground, data, operation=operation, path=bench.path),
        compensate=compensate,
        on_amend=data.get("on_amend", "confirm"),
        irreversible=data.get("irreversible", operation.irreversible),
        gate=_gate(bench),
    )


def _gate(bench: Bench) -> Gate | None:
    data = bench.data.get("approve")
    if data is None:
        return None
    when = bench.condition(data.get("when"), "approve", "when")
    return Gate(data["role"], when, bench.span("approve", "timeout"), data.get("otherwise"))


def _call(bench: Bench, common: Common) -> Step:
    data = bench.data
    saves = saved_names(data.get("saves"))
    callee = bench.draft.callees.get(data["call"])
    for mine, theirs in saves.items():
        if callee is not None and theirs not in callee.values:
            bench.desk.report(
                "data.unknown-name",
                (*bench.path, "saves"),
                f"`{data['call']}` gives its callers no `{theirs}`.",
                hint=near(theirs, callee.values),
            )
        del mine
    return Call(
        **common,
        journey=data["call"],
        inputs=bench.inputs(data.get("with"), "with"),
        saves=saves,
        on=data.get("on") or {},
    )


def _goto(bench: Bench, common: Common) -> Step:
    return GotoJourney(
        **common,
        journey=bench.data["goto_journey"],
        inputs=bench.inputs(bench.data.get("with"), "with"),
    )


def _transfer(bench: Bench, common: Common) -> Step:
    data = bench.data["transfer"]
    for at, name in enumerate(data.get("context") or ()):
        if name not in bench.names:
            bench.desk.report(
                "data.unknown-name",
                (*bench.path, "transfer", "context", at),
                f"Nothing gives a value `{name}`.",
                hint=near(name, (one for one in bench.names if "." not in one)),
            )
    return Transfer(
        **common,
        team=data["team"],
        reason=bench.label("transfer", "reason"),
        context=tuple(data.get("context") or ()),
        refused=(bench.data.get("on") or {}).get("refused"),
    )


def _consult(bench: Bench, common: Common) -> Step:
    data = bench.data["consult"]
    replies = bench.fields(data.get("fields"), "consult", "fields")
    return Consult(
        **common, team=data["team"], question=bench.label("consult", "question"), replies=replies
    )


def _wait(bench: Bench, common: Common) -> Step:
    data = bench.data["wait"]
    kinds = [key for key in ("call_back", "event", "delay", "until") if data.get(key)]
    if not kinds:
        bench.desk.report(
            "form.missing-key",
            (*bench.path, "wait"),
            "`wait` says for what: delay, until, event or call_back.",
        )
    until = data.get("until")
    return Wait(
        **common,
        what=kinds[0] if kinds else "delay",
        delay=bench.span("wait", "delay"),
        until=None
        if until is None
        else bench.ground.formulas.build(
            bench.desk, until, (*bench.path, "wait", "until"), names=bench.names
        ),
        event=data.get("event"),
        timeout=bench.span("wait", "timeout"),
        working=data.get("working", False),
        inputs=bench.inputs(data.get("with"), "wait", "with"),
        saves=tuple(data.get("saves") or ()),
        then=bench.data.get("then", "advisor"),
        on_timeout=(bench.data.get("on") or {}).get("timeout"),
    )


def _approve(bench: Bench, common: Common) -> Step:
    data = bench.data["approve"]
    on = bench.data.get("on") or {}
    if common["when"] is None:
        common["when"] = bench.condition(data.get("when"), "approve", "when")
    return Approve(
        **common,
        role=data["role"],
        timeout=bench.span("approve", "timeout"),
        refused=on.get("refused", data.get("otherwise")),
        on_timeout=on.get("timeout"),
    )


def _end(bench: Bench, common: Common) -> Step:
    return End(**common, outcome=bench.data["end"])


BUILDERS: dict[str, Callable[[Bench, Common], Step | None]] = {
    "say": _say,
    "ask": _ask,
    "decide": _decide,
    "do": _do,
    "call": _call,
    "goto_journey": _goto,
    "transfer": _transfer,
    "consult": _consult,
    "wait": _wait,
    "approve": _approve,
    "end": _end,
}
"""By kind of step; a test holds it against the engine's registry."""


def kind_of(data: Mapping[str, Any]) -> str:
    """Return the kind of a step whose form is right.

    `say` beside another kind is its wording, `approve` a `do`'s gate.
    """
    kinds = [kind for kind in BUILDERS if kind in data]
    if len(kinds) > 1:
        kinds = [
            kind for kind in kinds if kind != "say" and not (kind == "approve" and "do" in kinds)
        ]
    return kinds[0] if kinds else "say"


def build_step(bench: Bench, kind: str, step_id: str, *, following: str | None) -> Step | None:
    """Return a step; None with a finding where something it cannot do without is not there."""
    return BUILDERS[kind](bench, bench.common(kind, step_id, following))
