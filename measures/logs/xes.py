"""An event log as XES: one trace a ticket, each step with its start and its completion.

A contact on two tickets is in both traces, so that nothing is to be summed over this file.
Source: IEEE 1849-2016 (XES); measures.md A15.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import quoteattr

from measures.logs.log import Happening, Log, Thing, moment

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1849-2016" xes.features="nested-attributes">\n'
    '<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>\n'
    '<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>\n'
    '<extension name="Lifecycle" prefix="lifecycle" '
    'uri="http://www.xes-standard.org/lifecycle.xesext"/>\n'
    '<classifier name="Step" keys="concept:name"/>\n'
)


def to_xes(log: Log) -> bytes:
    """Return a log as XES."""
    of_ticket: dict[str, list[Happening]] = {}
    for one in log.happenings:
        for thing, qualifier in one.related:
            if qualifier == "ticket":
                of_ticket.setdefault(thing, []).append(one)
    traces = "".join(
        _trace(log.things[ticket], found) for ticket, found in sorted(of_ticket.items())
    )
    return f"{_HEAD}{traces}</log>\n".encode()


def _trace(ticket: Thing, found: list[Happening]) -> str:
    named = {"concept:name": ticket.id, **ticket.attributes}
    head = "".join(_string(name, value) for name, value in named.items())
    moments = sorted(
        (at, place, half, one)
        for place, one in enumerate(found)
        for half, at in enumerate((one.begins, one.ends))
    )
    events = "".join(_event(one, at, half) for at, _, half, one in moments)
    return f"<trace>{head}{events}</trace>\n"


def _event(one: Happening, at: int, half: int) -> str:
    return "".join(_parts(one, at, half))


def _parts(one: Happening, at: int, half: int) -> Iterator[str]:
    yield "<event>"
    yield _string("concept:name", one.kind)
    yield _string("concept:instance", one.id)
    yield _string("lifecycle:transition", ("start", "complete")[half])
    yield f'<date key="time:timestamp" value={quoteattr(moment(at))}/>'
    for name in ("how", "actor", "channel"):
        yield _string(name, one.attributes[name])
    yield "</event>"


def _string(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"
