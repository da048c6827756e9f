"""Records of an XES event log: one for each event, with its trace's attributes under `case:`.

Source: IEEE 1849-2016. Extensions, classifiers and nested attributes are left aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from parcours.records.record import How, Record, refused
from parcours.stops import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_READ: dict[str, Callable[[str], Any]] = {
    "string": str,
    "date": str,
    "id": str,
    "int": int,
    "float": float,
    "boolean": lambda text: text == "true",
}
DEEPEST = 64


class _Reader:
    """Follows a document's elements; entities are refused: it is no larger than it looks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records: list[Record] = []
        self.trace: dict[str, Any] = {}
        self.event: dict[str, Any] | None = None
        self.line = 0
        self.open: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.EntityDeclHandler = self.entity

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "trace":
            self.trace = {}
        elif tag == "event":
            self.event, self.line = {}, self.parser.CurrentLineNumber
        elif tag in _READ and self.open and self.open[-1] in {"trace", "event"}:
            self._attribute(tag, attributes)
        self.open.append(tag)
        if len(self.open) > DEEPEST:
            raise self._refusal("trop profond.", "too deep.")

    def _attribute(self, tag: str, attributes: dict[str, str]) -> None:
        key = attributes.get("key", "")
        try:
            value = _READ[tag](attributes.get("value", ""))
        except ValueError as error:
            raise self._refusal(f"« {key} » : {error}.", f"'{key}': {error}.") from error
        if self.event is not None:
            self.event[key] = value
        else:
            self.trace[f"case:{key}"] = value

    def end(self, name: str) -> None:
        self.open.pop()
        if name.rpartition(" ")[2] == "event" and self.event is not None:
            self.records.append(Record(self.line, {**self.trace, **self.event}))
            self.event = None

    def entity(self, *_: object) -> None:
        raise self._refusal("les entités sont refusées.", "entities are refused.")

    def _refusal(self, fr: str, en: str) -> Stop:
        place = f":{self.parser.CurrentLineNumber}:{self.parser.CurrentColumnNumber + 1}"
        return refused(self.path, place, fr=fr, en=en)


def xes(path: Path, raw: bytes, how: How) -> Iterator[Record]:
    """Yield the events of an XES log, trace after trace, in their order.

    Raises:
        Stop: it is not XML, or no XES log; where.
    """
    del how
    reader = _Reader(path)
    try:
        reader.parser.Parse(raw, True)
    except expat.ExpatError as error:
        place, why = f":{error.lineno}:{error.offset + 1}", expat.ErrorString(error.code)
        raise refused(path, place, fr=f"XML mal formé ({why}).", en=f"not XML ({why}).") from error
    yield from reader.records
