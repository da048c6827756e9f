"""An event log as OCEL 2.0, JSON.

Source: OCEL 2.0 specification (ocel-standard.org), 2023: section 6.
"""

from __future__ import annotations

import json
from typing import Any

from measures.logs.log import EVENT, OBJECTS, Log, moment


def to_json(log: Log) -> bytes:
    """Return a log as an OCEL 2.0 document."""
    document = {
        "objectTypes": [
            {"name": kind, "attributes": [_attribute(name) for name in names]}
            for kind, names in OBJECTS.items()
        ],
        "eventTypes": [
            {"name": kind, "attributes": [_attribute(name) for name in EVENT]}
            for kind in sorted({one.kind for one in log.happenings})
        ],
        "objects": [
            {
                "id": one.id,
                "type": one.kind,
                "attributes": [
                    {"name": name, "time": moment(one.at), "value": value}
                    for name, value in one.attributes.items()
                ],
                "relationships": _related(one.related),
            }
            for one in log.things.values()
        ],
        "events": [
            {
                "id": one.id,
                "type": one.kind,
                "time": moment(one.begins),
                "attributes": [
                    {"name": name, "value": value} for name, value in one.attributes.items()
                ],
                "relationships": _related(one.related),
            }
            for one in log.happenings
        ],
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _attribute(name: str) -> dict[str, str]:
    return {"name": name, "type": "time" if name == "ends" else "string"}


def _related(related: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    return [{"objectId": thing, "qualifier": qualifier} for thing, qualifier in related]
