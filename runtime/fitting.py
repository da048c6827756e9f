"""Whether a deployment's connectors do what a library asks: told before the first call.

Source: promises.md 2.4; the issue's bad inputs.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from authoring.checks.nearest import near
from authoring.findings import Finding, Severity
from authoring.load import Loaded
from connectors.faults import Fault
from connectors.hooks import Heard, Teller
from connectors.port import Connector, Described
from connectors.registry import Registry
from engine.model import Library, Operation
from engine.steps.do import Do
from engine.steps.wait import Wait
from runtime.deploying import prepared
from runtime.errors import Failure

_log = logging.getLogger("parcours.connectors")

FILE: Final = "connectors.yaml"
MILD: Final = frozenset({"deployment.down", "deployment.no-cases", "deployment.unknown-column"})
"""A system could not say what it does, a robot's cases are not there yet or say more than is asked:
nothing is wrong with the file for all that."""
AS_SAFE: Final[Mapping[str, frozenset[str]]] = {
    "read": frozenset({"read"}),
    "idempotent": frozenset({"read", "idempotent", "keyed"}),
    "keyed": frozenset({"read", "idempotent", "keyed"}),
    "unsafe": frozenset({"read", "idempotent", "keyed", "unsafe"}),
}
"""What a connector's operation may be for each effect that a journey counts on."""
_TAKEN: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("text", "choice", "date", "time", "email", "phone", "identifier", "file"),
        frozenset({"string"}),
    ),
    "yes_no": frozenset({"boolean"}),
    "rating": frozenset({"number", "integer"}),
    **dict.fromkeys(("list", "multiple", "group"), frozenset({"array"})),
    **dict.fromkeys(("record", "address", "period", "consent"), frozenset({"object"})),
    "money": frozenset({"object", "string", "integer"}),
}
"""The JSON types that a type of the language takes; a number's depends on its unit."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing a library asks that a deployment does not do, or not so.

    Attributes:
        keys: where it stands in the library's connectors.yaml, below `operations`.
        journey: the journey whose step says it, in place of connectors.yaml; `step` is that step.
    """

    code: str
    severity: Severity
    operation: str
    message: str
    hint: str | None = None
    keys: tuple[str, ...] = field(default=())
    journey: str | None = None
    step: str | None = None


def gaps(
    library: Library, connectors: Mapping[str, Connector], tellers: Iterable[Teller] = ()
) -> Iterator[Gap]:
    """Yield all that a deployment lacks for a library: operations, and events it waits for."""
    yield from _of_operations(library, connectors)
    yield from _of_waits(library, [heard for one in tellers for heard in one.heard])


def _of_operations(library: Library, connectors: Mapping[str, Connector]) -> Iterator[Gap]:
    registry = Registry(connectors)
    used = _used(library)
    for name, operation in library.operations.items():
        connector = registry.find(name)
        if connector is None:
            system = name.partition(".")[0]
            yield Gap(
                "deployment.no-connector", "error" if name in used else "warning", name,
                f"No connector does '{name}'.", f"Add a table [{system}] to connectors.toml.",
            )  # fmt: skip
            continue
        described = connector.operations()
        if described is None:
            continue
        if name not in described:
            yield Gap(
                "deployment.no-operation", "error" if name in used else "warning", name,
                f"The connector of '{name}' has no such operation.", near(name, described),
            )  # fmt: skip
            continue
        yield from _of_operation(operation, described[name])
        for journey, step, effect in used.get(name, ()):
            if effect != operation.effect:
                yield from _understated(
                    name, effect, described[name].effect, journey=journey, step=step
                )


def _of_waits(library: Library, heard: Sequence[Heard]) -> Iterator[Gap]:
    told: dict[str, list[set[str]]] = {}
    for one in heard:
        told.setdefault(one.event, []).append(set(one.match))
    for journey in library.journeys.values():
        for step in journey.steps.values():
            if not isinstance(step, Wait) or step.event is None:
                continue
            # With a time limit the journey goes on all the same, as if nothing had come.
            severity: Severity = "error" if step.timeout is None else "warning"
            names = set(step.inputs)
            if step.event not in told:
                yield Gap(
                    "deployment.no-event", severity, step.event,
                    f"Nobody tells of '{step.event}', which this step waits for.",
                    "Declare it in connectors.toml: "
                    f'[hooks.SYSTEM.events."{step.event}"]. {near(step.event, told)}',
                    ("wait",), journey.id, step.id,
                )  # fmt: skip
            elif names not in told[step.event]:
                matched = " or ".join(_listed(one) for one in told[step.event])
                yield Gap(
                    "deployment.wrong-match", severity, step.event,
                    f"'{step.event}' is matched by {matched} in connectors.toml, and by "
                    f"{_listed(names)} here: it never wakes this step.",
                    "Give the wait's `with` and the event's `match` the same names.",
                    ("wait",), journey.id, step.id,
                )  # fmt: skip


def _listed(names: set[str]) -> str:
    return ", ".join(f"'{one}'" for one in sorted(names)) or "nothing"


def _used(library: Library) -> dict[str, list[tuple[str, str, str]]]:
    """Return the operations that steps ask for: journey, step, and the effect counted on."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for journey in library.journeys.values():
        for step in journey.steps.values():
            if isinstance(step, Do):
                place = (journey.id, step.id, step.effect)
                found.setdefault(step.operation.id, []).append(place)
                if step.compensate is not None:
                    undoing = (journey.id, step.id, step.compensate.effect)
                    found.setdefault(step.compensate.id, []).append(undoing)
    return found


def _of_operation(operation: Operation, described: Described) -> Iterator[Gap]:
    name = operation.id
    taken = described.input.get("properties", {})
    if described.input.get("additionalProperties") is False:
        for one in operation.sent:
            if one not in taken:
                yield Gap(
                    "deployment.unknown-parameter", "error", name,
                    f"The connector of '{name}' takes no '{one}'.", near(one, taken),
                    ("texts" if one in operation.texts else "input", one),
                )  # fmt: skip
    for one in described.input.get("required", ()):
        declared = operation.inputs.get(one) if one in operation.sent else None
        if one in operation.texts:
            continue
        if declared is None or not declared.required:
            yield Gap(
                "deployment.missing-parameter", "error" if declared is None else "warning", name,
                f"The connector of '{name}' needs '{one}', which "
                + ("is not declared." if declared is None else "may be missing."),
                f"Declare the input '{one}' as required.",
                ("input",) if declared is None else ("input", one),
            )  # fmt: skip
    given = described.output.get("properties", {})
    if described.output.get("additionalProperties") is False:
        for one in operation.output:
            if one not in given:
                yield Gap(
                    "deployment.missing-output", "warning", name,
                    f"The connector of '{name}' never answers '{one}'.", near(one, given),
                    ("output", one),
                )  # fmt: skip
    yield from _types(operation, described)
    yield from _sensitive(operation, described)
    yield from _understated(name, operation.effect, described.effect)


def _types(operation: Operation, described: Described) -> Iterator[Gap]:
    inputs = operation.inputs.items()
    declared = {one: value.type for one, value in inputs if one in operation.sent}
    for side, types, schema in (
        ("input", declared, described.input),
        ("output", operation.output, described.output),
    ):
        for one, answers in types.items():
            wanted = schema.get("properties", {}).get(one, {}).get("type")
            ours = _json_types(answers)
            if isinstance(wanted, str) and ours and wanted not in ours:
                yield Gap(
                    "deployment.wrong-type", "error", operation.id,
                    f"'{one}' of '{operation.id}' is {answers.name} here, and {wanted} for its "
                    "connector.",
                    "Correct one of them, or map the value in connectors.toml.",
                    (side, one),
                )  # fmt: skip


def _json_types(answers: Any) -> frozenset[str]:
    if answers.name == "number":
        return frozenset({"number", "integer"} if answers.unit is None else {"object"})
    return _TAKEN.get(answers.name, frozenset())


def _sensitive(operation: Operation, described: Described) -> Iterator[Gap]:
    ours = operation.sensitive | {n for n, one in operation.inputs.items() if one.sensitive}
    for one in sorted((ours & set(operation.sent)) - described.sensitive):
        yield Gap(
            "deployment.sensitive-out", "warning", operation.id,
            f"Sensitive '{one}' is sent by '{operation.id}', whose connector does not say that it "
            "is.",
            "List it under `sensitive` of the operation in connectors.toml, or do not send it.",
            ("input", one),
        )  # fmt: skip
    named = {*operation.inputs, *operation.output}
    for one in sorted((described.sensitive & named) - ours):
        side = "input" if one in operation.inputs else "output"
        yield Gap(
            "deployment.sensitive-shown", "warning", operation.id,
            f"'{one}' of '{operation.id}' is sensitive for its connector, and not here.",
            "List it under `sensitive` of the operation in connectors.yaml.",
            (side, one),
        )  # fmt: skip


def _understated(
    name: str, counted_on: str, effect: str, *, journey: str | None = None, step: str | None = None
) -> Iterator[Gap]:
    if effect not in AS_SAFE[counted_on]:
        yield Gap(
            "deployment.effect-understated", "error", name,
            f"'{name}' counts as {counted_on} here, and is {effect} for its connector.",
            f"Declare it {effect}; or say in connectors.toml what a repetition really does.",
            ("effect",), journey, step,
        )  # fmt: skip


def as_finding(gap: Gap, loaded: Loaded) -> Finding:
    """Return a gap as a finding, where the library says what is asked."""
    if gap.journey is not None:
        at = loaded.sources.locate(gap.journey, gap.step, *gap.keys)
        file, line, column = at.file, at.line, at.column
    else:
        file = FILE
        path = ("operations", gap.operation, *gap.keys)
        line, column = loaded.sources.position(FILE, path, key=True)
    return Finding(
        gap.code, gap.severity, file, line, column, gap.message, gap.hint,
        journey=gap.journey, step=gap.step,
    )  # fmt: skip


def fault_as_finding(fault: Fault, language: str) -> Finding:
    """Return what is wrong in the deployment file as a finding in that file."""
    about = f"{'.'.join(fault.path)}: " if fault.path else ""
    message = f"{about}{fault.message[language]}"
    severity: Severity = "warning" if fault.code in MILD else "error"
    return Finding(fault.code, severity, fault.file, fault.line, fault.column, message)


async def report(
    libraries: AsyncIterator[tuple[str, Library]], connectors: Mapping[str, Connector],
    tellers: Iterable[Teller],
) -> None:  # fmt: skip
    """Say in the log, at start, what the deployment lacks for the libraries that are live.

    It stops nothing: every action has its manual procedure.
    """
    for fault in await prepared(connectors):
        about = {"code": fault.code, "table": ".".join(fault.path), "why": fault.message["en"]}
        _log.warning("deployment_fault", extra=about)
    try:
        async for tenant, library in libraries:
            _tell(tenant, library, connectors, [one for one in tellers if one.tenant == tenant])
    except Failure as failure:
        _log.warning("deployment_not_examined", extra={"code": failure.code})


def _tell(
    tenant: str, library: Library, connectors: Mapping[str, Connector], tellers: Sequence[Teller]
) -> None:
    for gap in gaps(library, connectors, tellers):
        about = {
            "code": gap.code, "operation": gap.operation, "library": library.name,
            "tenant": tenant, "why": gap.message,
        }  # fmt: skip
        level = logging.ERROR if gap.severity == "error" else logging.WARNING
        _log.log(level, "deployment_gap", extra=about)
