"""The manual procedure of an action, and the values a person relevels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from authoring.building.desk import Desk, near
from authoring.building.ground import Ground
from authoring.building.words import wording
from authoring.compound import RecordOf
from authoring.sources import Path
from engine.model import Field, Operation
from engine.steps.do import ByHand


def by_hand(
    desk: Desk, ground: Ground, data: Mapping[str, Any], *, operation: Operation, path: Path
) -> ByHand | None:
    """Return the procedure of a `do`, None when it has none."""
    spec = data.get("by_hand")
    if spec is None:
        return None
    here = (*path, "by_hand")
    say = wording(desk, spec["say"], (*here, "say"), languages=ground.languages)
    fills: list[Field] = []
    for at, name in enumerate(spec.get("fills") or ()):
        found = _filled(ground, data.get("saves") or {}, operation, name)
        if found is not None:
            fills.append(found)
            continue
        gives = [
            f"{saved}.{part}"
            for saved, source in (data.get("saves") or {}).items()
            if source == "result"
            for part in operation.output
        ]
        desk.report(
            "form.fills",
            (*here, "fills", at),
            f"`{name}` is not saved by this action: nobody would know its form.",
            hint=near(name, gives),
        )
    return ByHand(say, tuple(fills))


def _filled(
    ground: Ground, saves: Mapping[str, str], operation: Operation, name: str
) -> Field | None:
    root, *parts = name.split(".")
    source = saves.get(root)
    if source is None:
        return None
    path = [*source.split(".")[1:], *parts]
    outputs = ground.outputs.get(operation.id, {})
    if not path:
        return Field(name, RecordOf({key: one.type for key, one in outputs.items()}))
    field = outputs.get(path[0])
    if field is None:
        return None
    answers = field.type
    for part in path[1:]:
        if not isinstance(answers, RecordOf) or part not in answers.fields:
            return None
        answers = answers.fields[part]
    return replace(field, name=name, type=answers, required=True)
