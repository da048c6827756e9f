"""Operations of connectors: what journeys may ask of other systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authoring.building.desk import Desk, near
from authoring.building.fields import field
from authoring.building.ground import Ground
from authoring.building.spans import milliseconds
from authoring.building.types import answer_type
from authoring.building.words import label, shown, wording
from authoring.sources import Path
from engine.kinds import Kind
from engine.model import Field, Operation
from engine.wording import ANYONE, Text

TIMEOUT = 15_000
"""What an action may take while a customer waits, in milliseconds. Source: semantics.md 23."""


def operations(desk: Desk, ground: Ground, data: Mapping[str, Any]) -> None:
    """Put every operation on the library's ground.

    Its values as fields that people may fill in by hand.
    """
    built: dict[str, Operation] = {}
    outputs: dict[str, Mapping[str, Field]] = {}
    for name, spec in (data.get("operations") or {}).items():
        path: Path = ("operations", name)
        given = values(desk, ground, spec.get("output"), path=(*path, "output"), required=True)
        outputs[name] = given
        sensitive = {key for key, one in given.items() if one.sensitive}
        built[name] = Operation(
            id=name,
            title=label(desk, spec.get("title"), (*path, "title"), languages=ground.languages),
            effect=spec.get("effect", "unsafe"),
            inputs=values(desk, ground, spec.get("input"), path=(*path, "input"), required=False),
            output={key: one.type for key, one in given.items()},
            kind=Kind.record({key: one.type.kind.or_missing() for key, one in given.items()}),
            refusals=tuple(spec.get("refusals") or ()),
            timeout=milliseconds(desk, spec.get("timeout"), (*path, "timeout")) or TIMEOUT,
            irreversible=spec.get("irreversible", False),
            sensitive=frozenset(sensitive.union(spec.get("sensitive") or ())),
            texts=_texts(desk, ground, spec, path=path),
            gives=_gives(desk, spec, path=path),
        )
    ground.operations, ground.outputs = built, outputs


def _texts(desk: Desk, ground: Ground, spec: Mapping[str, Any], *, path: Path) -> dict[str, Text]:
    """Return the texts an operation writes, each worded in every language, of its inputs alone."""
    inputs = spec.get("input") or {}
    found: dict[str, Text] = {}
    for name, written in (spec.get("texts") or {}).items():
        here = (*path, "texts", name)
        known = len(desk.findings)
        text = found[name] = wording(desk, written, here, languages=ground.languages)
        for hole in sorted(shown(text)):
            if hole.partition(".")[0] not in inputs:
                desk.report(
                    "form.wording",
                    here,
                    f"`{{{hole}}}` shows what is no input of the operation.",
                    hint=near(hole.partition(".")[0], inputs),
                )
        told = text.languages("customer")
        for language in ground.languages:
            # One that cannot be read was told of already, and is left out.
            if len(desk.findings) == known and not {language, ANYONE} & told:
                desk.report(
                    "people.missing-wording",
                    here,
                    f"'{name}' is not worded in '{language}'.",
                    hint=f"Write `{language}: …` beside the others.",
                )
        if name in inputs:
            desk.report(
                "form.wording",
                here,
                f"`{name}` is an input already.",
                hint="Give the text another name, or leave the input out.",
                key=True,
            )
    return found


def _gives(desk: Desk, spec: Mapping[str, Any], *, path: Path) -> tuple[str, ...] | None:
    """Return the inputs an operation gives beside its texts; None where it does not say."""
    if spec.get("gives") is None:
        return None
    inputs = spec.get("input") or {}
    named = tuple(spec["gives"])
    for place, name in enumerate(named):
        if name not in inputs:
            desk.report(
                "form.wording",
                (*path, "gives", place),
                f"`{name}` is no input of the operation.",
                hint=near(name, inputs),
            )
    return named


def values(
    desk: Desk, ground: Ground, data: Any, *, path: Path, required: bool
) -> dict[str, Field]:
    """Return named values as fields; `required` is what holds where a value does not say."""
    found: dict[str, Field] = {}
    for name, spec in (data or {}).items():
        answers = answer_type(desk, ground, spec, path=(*path, name))
        if answers is None:
            continue
        if answers.name in {"list", "record"}:
            found[name] = Field(
                name,
                answers,
                label=label(
                    desk, spec.get("label"), (*path, name, "label"), languages=ground.languages
                ),
                required=spec.get("required", required),
                sensitive=spec.get("sensitive", False),
            )
        else:
            written = spec if isinstance(spec, str) else {"required": required, **spec}
            found[name] = field(
                desk, ground, name, spec=written, path=(*path, name), answers=answers
            )
            if isinstance(spec, str):
                found[name].required = required
    return found
