"""Where everything stands in a library's files.

The place of any key or value, found when it is asked for.

Positions are worked out again from a file's text the first time one is wanted: a library without
findings pays nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from authoring.yaml.positions import Place, positions


class Position(NamedTuple):
    """A file of the library, a line and a column, both from 1."""

    file: str
    line: int
    column: int


Path = tuple[str | int, ...]


class Sources:
    """The texts of a library's files, and where journeys and steps are in them."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)
        self.journeys: dict[str, str] = {}
        """Journey id -> its file."""
        self.steps: dict[str, dict[str, int]] = {}
        """Journey id -> step id -> its place in the list of steps."""
        self._places: dict[str, Place] = {}

    def place(self, file: str, path: Path = (), *, key: bool = False) -> Place:
        """Return the place of a value (or of its key).

        Or of the nearest part around it that exists.
        """
        place = self._places.get(file)
        if place is None:
            place = self._places[file] = positions(self.texts.get(file, ""))
        return place.find(path, key=key)

    def position(self, file: str, path: Path = (), *, key: bool = False) -> tuple[int, int]:
        """Return line and column of a value (or of its key).

        Or of the nearest part around it that exists.
        """
        place = self.place(file, path, key=key)
        return (place.line, place.column)

    def mend(self, file: str, text: str) -> None:
        """Look places up in another text of a file.

        The one that was read once quotes had been put where they lacked.

        Its lines are those of the file; columns behind such a quote are off by it.
        """
        self._places[file] = positions(text)

    def locate(self, journey: str, step: str | None = None, *keys: str | int) -> Position:
        """Return where a journey, a step of it, or something in that step is written."""
        file = self.journeys.get(journey)
        if file is None:
            return Position("library.yaml", 1, 1)
        path: Path = keys
        if step is not None:
            index = self.steps.get(journey, {}).get(step)
            path = ("steps",) if index is None else ("steps", index, *keys)
        return Position(file, *self.position(file, path))
