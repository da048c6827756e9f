"""Operations of connectors: what journeys may ask of other systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authoring.building.desk import Desk
from authoring.building.fields import field
from authoring.building.ground import Ground
from authoring.building.spans import milliseconds
from authoring.building.types import answer_type
from authoring.building.words import label
from authoring.sources import Path
from engine.kinds import Kind
from engine.model import Field, Operation

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
        )
    ground.operations, ground.outputs = built, outputs


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
