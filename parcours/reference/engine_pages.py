"""Reference pages of what the engine knows: step kinds, events, commands, states."""

from __future__ import annotations

import dataclasses

from engine.commands import COMMANDS, EVERYONE, CommandSpec
from engine.events import EVENTS, Event
from engine.steps.registry import STEP_KINDS
from parcours.reference.markdown import block, code, page, section, shape, table, words
from parcours.reference.states import CONTACT, SESSION, diagram


def step_kinds() -> str:
    """Return the page of the step kinds: what each does, its keys, an example."""
    parts = [
        section(
            code(name),
            words(kind),
            table(
                ["key", "form"], ((code(key), shape(value)) for key, value in kind.SCHEMA.items())
            ),
        )
        for name, kind in STEP_KINDS.items()
    ]
    return page(
        "Step kinds",
        "What a step of a journey may be. Keys that any step may carry, such as `say`, `when` or "
        "`declares`, are in [the language](../language.md).",
        *parts,
    )


def events() -> str:
    """Return the page of the events: their fields, and which of them are erasable payload."""
    summary = table(
        ["event", "what happened", "raises the ETag"],
        (
            (f"[{name}](#{name})", _first_line(kind), "yes" if kind.MOVES else "")
            for name, kind in EVENTS.items()
        ),
    )
    return page(
        "Events of a session",
        "Every fact a session is made of, in the order of its stream. Each also carries `at` "
        "(milliseconds UTC) and `by` (`advisor:ana`, `system` …). Fields marked *payload* hold "
        "what a person said or a system answered: they are stored apart and can be erased.",
        summary,
        *(_event(name, kind) for name, kind in EVENTS.items()),
    )


def _event(name: str, kind: type[Event]) -> str:
    fields = (one for one in dataclasses.fields(kind) if one.name not in {"at", "by"})
    rows = (
        (code(one.name), code(str(one.type)), "payload" if one.name in kind.PAYLOAD else "")
        for one in fields
    )
    return section(name, words(kind), table(["field", "type", ""], rows), level=3)


def commands() -> str:
    """Return the page of the commands: who may bring each, and the fields of its body."""
    brought = [spec for spec in COMMANDS.values() if not spec.system]
    system = [spec for spec in COMMANDS.values() if spec.system]
    roles = table(
        ["command", *EVERYONE, "If-Match"],
        (
            (
                f"[{spec.name}](#{spec.name})",
                *("✓" if role in spec.roles else "" for role in EVERYONE),
                "needed" if spec.guarded else "",
            )
            for spec in brought
        ),
    )
    return page(
        "Commands, by role",
        'What is posted to `/v1/sessions/{id}/commands`, as `{"type": …}` with the fields below. '
        "`start` is `POST /v1/sessions`.",
        roles,
        *(_command(spec) for spec in brought),
        section("Of the system only", *(_command(spec) for spec in system)),
    )


def _command(spec: CommandSpec) -> str:
    rows = (
        (
            code(name),
            shape(schema),
            "needed" if name in spec.required else "",
            str(schema.get("description", "")),
        )
        for name, schema in spec.fields.items()
    )
    return section(spec.name, spec.doc, table(["field", "form", "", ""], rows), level=3)


def states() -> str:
    """Return the page of the states of sessions and contacts, drawn."""
    return page(
        "States",
        "Where a session and a contact may stand, and what leads from one state to the next.",
        section("A session", block(diagram(SESSION), "mermaid"), _legend(SESSION.meaning)),
        section("A contact", block(diagram(CONTACT), "mermaid"), _legend(CONTACT.meaning)),
    )


def _legend(meaning: dict[str, str]) -> str:
    return table(["state", "meaning"], ((code(name), said) for name, said in meaning.items()))


def _first_line(kind: type[Event]) -> str:
    return words(kind).split("\n", 1)[0]
