"""One step being built: its keys with the places they stand at, and what any step may carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authoring.building.coding import coded
from authoring.building.desk import Desk, near
from authoring.building.fields import field
from authoring.building.ground import Ground
from authoring.building.names import Draft
from authoring.building.spans import milliseconds
from authoring.building.words import label, wording
from authoring.sources import Path
from engine.expressions import Expression
from engine.kinds import Kind
from engine.model import Field, Operation, Promise
from engine.wording import Text

TIMES = {"transfer": "transfer", "consult": "hold", "do": "robot_wait"}
"""Class of a kind's time where neither the step nor the library says. Source: semantics.md 27."""


class Bench:
    """One step being built.

    Its keys, where they stand, and the keys any step may carry already built.
    """

    def __init__(
        self,
        desk: Desk,
        draft: Draft,
        data: Mapping[str, Any],
        *,
        at: int,
        names: Mapping[str, Kind],
    ) -> None:
        self.desk = desk
        self.draft = draft
        self.ground: Ground = draft.ground
        self.data = data
        self.at = at
        self.path: Path = ("steps", at)
        self.names = names

    def common(self, kind: str, step_id: str, following: str | None) -> dict[str, Any]:
        """Return the keys any step may carry."""
        data = self.data
        requires = data.get("requires")
        role = requires["role"] if isinstance(requires, dict) else None
        return {
            "id": step_id,
            "next": data.get("next", following),
            "title": self.label("title"),
            "say": self.label("say"),
            "codes": coded(data),
            "time": data.get("time") or self.ground.times.get(kind) or self.default_time(kind),
            "target": self.span("target"),
            "when": self.condition(data.get("when"), "when"),
            "otherwise_when": data.get("else"),
            "requires": None if role is not None else self.condition(requires, "requires"),
            "requires_role": role,
            "sensitive": data.get("sensitive", False),
            "barrier": data.get("barrier", False),
            "again": data.get("again"),
            "otherwise": data.get("otherwise"),
            "prevents": data.get("prevents"),
            "promise": self.promise(),
            "keeps": data.get("keeps"),
            "offer": data.get("offer"),
            "tags": tuple(data.get("tags") or ()),
        }

    def default_time(self, kind: str) -> str | None:
        """Return the class of the kind's time; an action behind has none of its own."""
        return None if kind == "do" and self.data.get("behind") else TIMES.get(kind)

    def label(self, *keys: str) -> Text | None:
        """Return the wording under some keys, None when there is none."""
        value: Any = self.data
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return label(self.desk, value, (*self.path, *keys), languages=self.ground.languages)

    def span(self, *keys: str) -> int | None:
        """Return the duration under some keys in milliseconds, None when there is none."""
        value: Any = self.data
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return milliseconds(self.desk, value, (*self.path, *keys))

    def condition(self, data: Any, *keys: str | int) -> Expression | None:
        """Return a condition, None when there is none."""
        return self.ground.formulas.condition(
            self.desk, data, (*self.path, *keys), names=self.names
        )

    def inputs(self, data: Mapping[str, Any] | None, *keys: str) -> dict[str, Expression]:
        """Return what is given to an operation, a journey or a table."""
        return self.ground.formulas.mapping(self.desk, data, (*self.path, *keys), names=self.names)

    def promise(self) -> Promise | None:
        """Return what the step promises."""
        data = self.data.get("promise")
        if data is None:
            return None
        path = (*self.path, "promise")
        within = milliseconds(self.desk, data["within"], (*path, "within"))
        what = wording(self.desk, data["what"], (*path, "what"), languages=self.ground.languages)
        working, by = data.get("working", False), data.get("by")
        return Promise(what, within or 0, working, by, data.get("kept_by"))

    def fields(self, data: Mapping[str, Any] | None, *keys: str) -> tuple[Field, ...]:
        """Return questions whose types are built already; a field sees those asked with it."""
        found = []
        for name, spec in (data or {}).items():
            answers = self.draft.types.get((self.at, name))
            if answers is not None:
                path = (*self.path, *keys, name)
                found.append(
                    field(
                        self.desk,
                        self.ground,
                        name,
                        spec=spec,
                        path=path,
                        answers=answers,
                        names=self.names,
                    )
                )
        return tuple(found)

    def operation(self, name: str, *keys: str) -> Operation | None:
        """Return an operation, reported when the library has none of that name."""
        found = self.ground.operations.get(name)
        if found is None and name not in self.ground.broken_operations:
            self.desk.report(
                "safety.unknown-operation",
                (*self.path, *keys),
                f"connectors.yaml declares no operation `{name}`.",
                hint=near(name, self.ground.operations),
            )
        return found
