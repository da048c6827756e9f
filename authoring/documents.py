"""One file of a library: read, held against its schema, and freed of what has not the right form.

What is wrong is reported once; the rest goes on to be built, so that one mistake hides no other.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

from authoring.building.desk import Desk
from authoring.findings import MAX_A_FILE, Fix
from authoring.schema import library_schemas
from authoring.schema.explain import Fault, explain
from authoring.schema.shape import Shape
from authoring.sources import Sources
from authoring.yaml.fix import quoted
from authoring.yaml.repair import read_repaired

SINGLE = {"library.yaml": "library", "codes.yaml": "codes", "connectors.yaml": "connectors"}
FOLDERS = {"journeys": "journey", "tables": "table", "tests": "test"}
SUFFIXES = (".yaml", ".yml")
IGNORED = ("mock.yaml", "mock.yml")
MAX_STEPS = 5_000
"""The longest journey. Source: language.md, publish limits."""
ROUNDS = 200
"""How many times what is wrong is cut out before a document is given up.

More than any person would mend at once.
"""


@dataclass(slots=True)
class Document:
    """A file's data, `broken` naming the numbers of its steps whose form was refused."""

    file: str
    kind: str
    data: Any
    broken: frozenset[int] = frozenset()
    clean: bool = True


def kind_of_file(path: str) -> str | None:
    """Return what a file of a library holds, None when the library does not read it."""
    if path in SINGLE:
        return SINGLE[path]
    folder, slash, _ = path.partition("/")
    return FOLDERS.get(folder) if slash and path.endswith(SUFFIXES) else None


@cache
def shapes() -> dict[str, Shape]:
    """Return the compiled schema of each kind of file."""
    return {kind: Shape(schema) for kind, schema in library_schemas().items()}


def document(desk: Desk, kind: str, text: str, *, sources: Sources) -> Document | None:
    """Return a file's document; None when nothing of it can be used.

    Everything wrong with it is on the desk.
    """
    read = read_repaired(text, desk.file)
    desk.findings += read.findings
    if read.text is not text:
        sources.mend(desk.file, read.text)
    data = read.data
    shape = shapes()[kind]
    if data is None and read.findings:
        return None
    if kind == "journey" and _too_long(desk, data):
        return None
    if shape.fits(data):
        return Document(desk.file, kind, data, clean=not read.findings)
    faults = explain(shape, data)
    _report(desk, faults, read.findings)
    if not isinstance(data, dict) or len(faults) >= MAX_A_FILE:
        return None
    kept = copy.deepcopy(data)
    broken: frozenset[int] = frozenset()
    if kind == "journey":
        broken = frozenset(
            part for fault in faults if fault.path[:1] == ("steps",) and len(fault.path) > 1
            if isinstance(part := fault.path[1], int)
        )  # fmt: skip
        faults = [fault for fault in faults if fault.path[:1] != ("steps",) or len(fault.path) == 1]
    if not _prune(shape, kept, faults, broken):
        return None
    return Document(desk.file, kind, kept, broken, clean=False)


def _too_long(desk: Desk, data: Any) -> bool:
    steps = data.get("steps") if isinstance(data, dict) else None
    if not isinstance(steps, list) or len(steps) <= MAX_STEPS:
        return False
    desk.report(
        "form.too-large",
        ("steps",),
        f"This journey has {len(steps):,} steps; the most is {MAX_STEPS:,}.",
        hint="Split it: parts of it may be journeys that it calls.",
    )
    return True


def _report(desk: Desk, faults: list[Fault], already: list[Any]) -> None:
    """Report faults of form, but where the reader has said already what is wrong there."""
    lines = {finding.line for finding in already}
    for fault in faults:
        place = desk.sources.place(desk.file, fault.path, key=fault.at_key)
        if place.line in lines:
            continue
        fix = None
        if fault.quote and place.style == "":
            text = desk.sources.texts[desk.file]
            fix = Fix(desk.file, place.start, place.end, quoted(text[place.start : place.end]))
        desk.report(
            fault.code, fault.path, fault.message, hint=fault.hint, key=fault.at_key, fix=fix
        )


def _prune(shape: Shape, data: dict[str, Any], faults: list[Fault], broken: frozenset[int]) -> bool:
    """Cut what is wrong out of a document; False when what is left cannot have the right form."""
    steps = data.get("steps")
    if broken and isinstance(steps, list):
        whole = [one for at, one in enumerate(steps) if at not in broken]
        data["steps"] = whole
        faults = [*faults, *explain(shape, data)] if not whole else faults
    for _ in range(ROUNDS):
        if any(not fault.path for fault in faults):
            break
        for path in sorted({fault.path for fault in faults}, key=_backwards, reverse=True):
            _cut(data, path)
        faults = explain(shape, data)
        if not faults:
            break
    missing = any(not fault.path for fault in faults)
    if broken and isinstance(steps, list):
        data["steps"] = steps
    return not missing and (not faults or broken == frozenset(range(len(steps or ()))))


def _backwards(path: tuple[str | int, ...]) -> tuple[tuple[int, str], ...]:
    # Items of a list are cut from its end, so that the numbers of the others stay right.
    return tuple((part, "") if isinstance(part, int) else (0, part) for part in path)


def _cut(data: Any, path: tuple[str | int, ...]) -> None:
    for part in path[:-1]:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return
    last = path[-1]
    if isinstance(data, dict):
        data.pop(last, None)
    elif isinstance(data, list) and isinstance(last, int) and last < len(data):
        del data[last]
