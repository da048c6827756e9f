"""Code lists: trees of labels, flattened to dotted codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from authoring.building.desk import Desk
from authoring.building.words import wording
from authoring.sources import Path
from engine.model import AXES, CodeEntry

LISTS = {"declarations": "declaration", "qualifications": "qualification", "actions": "action"}
WEIGHTS = ("weight", "seconds", "cost", "dissatisfaction")


def code_lists(
    desk: Desk, data: Mapping[str, Any], languages: tuple[str, ...]
) -> dict[str, dict[str, CodeEntry]]:
    """Return the entries of each axis by dotted code, in written order.

    Parents before their children.
    """
    found: dict[str, dict[str, CodeEntry]] = {axis: {} for axis in AXES}
    for key, axis in LISTS.items():
        for part, spec in (data.get(key) or {}).items():
            for code, entry in _entries(desk, part, spec, (key, part), languages):
                if code in found[axis]:
                    desk.report(
                        "form.code", (key, part), f"The code `{code}` is given twice.", key=True
                    )
                found[axis][code] = entry
    return found


def _entries(
    desk: Desk, code: str, spec: Mapping[str, Any], path: Path, languages: tuple[str, ...]
) -> Iterator[tuple[str, CodeEntry]]:
    # Nesting is bounded by the reader (64), so that recursion is.
    children = spec.get("children") or {}
    yield (
        code,
        CodeEntry(
            code=code,
            label=wording(desk, spec["label"], (*path, "label"), languages=languages),
            leaf=not children,
            weights={key: float(spec[key]) for key in WEIGHTS if key in spec},
            synonyms=_words(spec.get("synonyms"), languages),
            examples=_words(spec.get("examples"), languages),
            prevents=spec.get("prevents"),
            corresponds=tuple(spec.get("corresponds") or ()),
        ),
    )
    for part, child in children.items():
        yield from _entries(desk, f"{code}.{part}", child, (*path, "children", part), languages)


def _words(data: Any, languages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    if data is None:
        return {}
    if isinstance(data, list):
        return {languages[0]: tuple(data)}
    return {language: tuple(words) for language, words in data.items()}


def leaves(
    codes: Mapping[str, Mapping[str, CodeEntry]], listed: str, under: str | None
) -> list[CodeEntry]:
    """Return the codes a journey may take of a list, or of the part of it under a code."""
    entries = codes.get(LISTS[listed], {}).values()
    return [
        entry
        for entry in entries
        if entry.leaf
        and (under is None or entry.code == under or entry.code.startswith(f"{under}."))
    ]
