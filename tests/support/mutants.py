"""The library the product ships, with one thing changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from authoring.yaml.reader import read

Data = dict[str, Any]
FOLDER = Path(__file__).resolve().parents[2] / "journeys" / "demo"
PARTS = ("library.yaml", "codes.yaml", "connectors.yaml", "journeys", "tables")
LANGUAGES = {"fr", "en"}


@cache
def _texts() -> dict[str, str]:
    return {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(FOLDER.rglob("*.yaml"))
        if path.relative_to(FOLDER).parts[0] in PARTS
    }


def demo_texts() -> dict[str, str]:
    """Return the files of the shipped library as they are, its tests aside."""
    return dict(_texts())


def demo() -> Data:
    """Return the shipped library's files as data, its tests aside."""
    return {file: read(text, file).data for file, text in _texts().items()}


def as_files(data: Data) -> dict[str, str]:
    """Return files as text: JSON is YAML."""
    return {name: json.dumps(one, ensure_ascii=False) for name, one in data.items()}


Path_ = tuple[str | int, ...]


def deletions(data: Data) -> Iterator[tuple[str, Path_]]:
    """Yield (file, path) of everything in journeys that may be left out: keys, items, steps."""
    for file, written in data.items():
        if file.startswith("journeys/"):
            for path in _below(written):
                # A step's own identity, and the file's, are no defects but other libraries.
                if path[-1] not in ("parcours", "journey", "steps"):
                    yield file, path


def _below(data: Any, path: Path_ = ()) -> Iterator[Path_]:
    if path:
        yield path
    if isinstance(data, dict) and not data.keys() <= LANGUAGES:
        for key, one in data.items():
            yield from _below(one, (*path, key))
    elif isinstance(data, list):
        for at, one in enumerate(data):
            yield from _below(one, (*path, at))


def without(data: Data, file: str, path: Path_) -> Data:
    """Return the library with one key or item left out."""
    changed = {**data, file: deepcopy(data[file])}
    holder = changed[file]
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return changed


def changed(data: Data, journey: str, step: str, change: Callable[[Data], object]) -> Data:
    """Return the library with one step changed."""
    file = f"journeys/{journey}.yaml"
    mutant = {**data, file: deepcopy(data[file])}
    change(next(one for one in mutant[file]["steps"] if one.get("id") == step))
    return mutant


WAYS = frozenset({
    "next", "else", "otherwise", "none", "not_done", "refused", "timeout", "reach", "resolved",
    "deferred", "transferred", "abandoned", "unresolved", "not_found", "out_of_stock",
    "already_shipped", "slot_taken", "card_expired",
})  # fmt: skip
"""Keys of the shipped library whose value names a step."""


def renamed(data: Data) -> Data:
    """Return a journey with every step under another id, and its ways with them."""
    if "journey" not in data:
        return data
    names = {step["id"] for step in data["steps"] if "id" in step}
    steps = [{**_led(step, names), "id": f"z-{step['id']}"} for step in data["steps"]]
    return {**_led({k: v for k, v in data.items() if k != "steps"}, names), "steps": steps}


def _led(data: Any, names: set[str]) -> Any:
    if isinstance(data, dict):
        return {
            key: f"z-{one}"
            if key in WAYS and isinstance(one, str) and one in names
            else _led(one, names)
            for key, one in data.items()
        }
    return [_led(one, names) for one in data] if isinstance(data, list) else data
