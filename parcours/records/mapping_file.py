"""A mapping file: YAML of a known form, its faults told at their line and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authoring.findings import Finding, ordered, to_text
from authoring.schema.explain import explain
from authoring.schema.shape import Shape
from authoring.sources import Sources
from authoring.yaml.reader import read
from parcours.stops import Stop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from authoring.sources import Path as Keys


@dataclass(frozen=True, slots=True)
class MappingFile:
    """What a mapping file says, and where it says it."""

    name: str
    data: dict[str, Any]
    sources: Sources

    def refusal(self, *faults: tuple[Keys, str]) -> Stop:
        """Return the refusal of some of what it says: (keys to it, why)."""
        found = [
            Finding("mapping.wrong", "error", self.name, *self.sources.position(self.name, keys,
                    key=True), message)
            for keys, message in faults
        ]  # fmt: skip
        return _stop(found)


def read_mapping(path: Path, schema: Mapping[str, Any]) -> MappingFile:
    """Return a mapping file that has the form its schema asks for.

    Raises:
        Stop: it cannot be read, or something in it is wrong: each at its line and column.
    """
    name = path.as_posix()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "UTF-8"
        raise Stop(
            fr=f"{path} : illisible ({why}).", en=f"{path}: cannot be read ({why})."
        ) from error
    content = read(text, name)
    if content.findings:
        raise _stop(content.findings)
    sources = Sources({name: text})
    faults = explain(Shape(schema), content.data)
    if faults or not isinstance(content.data, dict):
        raise _stop(
            [
                Finding(
                    one.code, "error", name, *sources.position(name, one.path, key=one.at_key),
                    one.message, one.hint,
                )
                for one in faults
            ]
        )  # fmt: skip
    return MappingFile(name, content.data, sources)


def _stop(found: Sequence[Finding]) -> Stop:
    said = to_text(ordered(found)).rstrip("\n")
    return Stop(fr=said, en=said)
