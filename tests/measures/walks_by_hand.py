"""Walks written by hand, as the visits that they leave in the facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from measures.streams.reading import Walks
from tests.measures.facts_by_hand import NOW, T0

Rows = list[dict[str, Any]]
ALL = Walks("parcel", T0, NOW)


def visits_of(walks: Iterable[Mapping[str, Any]]) -> Rows:
    """Return the visits of walks: each `times` times, in a contact of its own.

    Where a walk goes on it has no end; delays lie between the ends of what was not undone.
    """
    made: Rows = []
    for kind, walk in enumerate(walks):
        for place in range(walk.get("times", 1)):
            made += _visits(walk, f"w{kind}.{place}", walk.get("start", 0))
    return made


def _visits(walk: Mapping[str, Any], name: str, start: float) -> Rows:
    root, before, made = walk.get("root", "parcel"), None, []
    last = start + max(one["finished"] for one in walk["visits"])
    ended = None if walk.get("goes_on") else last
    for number, visit in enumerate(walk["visits"], 1):
        times = {one: start + visit[one] for one in ("entered", "finished")}
        row = {
            "journey": root, "root": root, "revision": walk.get("revision", "r1"),
            "motive": walk.get("motive"), "advisor": walk.get("advisor"), "session": name,
            "contact": name, "visit": number, "ended": ended, **visit, **times, "delay_ms": None,
        }  # fmt: skip
        if not visit.get("undone"):
            begun = visit["entered"] if before is None else before
            row["delay_ms"], before = round((visit["finished"] - begun) * 1000), visit["finished"]
        made.append(row)
    return made
