"""What surrounds the step that is shown: the questions still ahead, what was learnt so far.

Whoever listens hears answers in any order: a screen that takes one line of them needs to know what
may be asked later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from engine.model import Library
from engine.parts import Field
from engine.past import lines
from engine.places import Here
from engine.provide import reachable
from engine.reading import Env, Reading
from engine.state import State
from engine.viewer import Viewer, asked


def looking(
    library: Library, state: State, *, audience: str, language: str, now: int, zone: tzinfo
) -> Viewer:
    """Return a look at a session with full-length wordings."""
    walk = Reading(library, state, Env(now, zone, "", audience))
    return Viewer(library, state, audience=audience, language=language, channel="", walk=walk)


def questions(look: Viewer) -> list[dict[str, Any]]:
    """Return the questions that may still be reached, nearest first: {name, type, label, …}.

    Options that only the walk will know (taken from a list that was looked up) are left out, but
    those of what is asked now.
    """
    current = look.state.current
    here = {f.name for f in asked(look.walk.step(current), current)} if current else set[str]()
    where = None if current is None else look.walk.here(current)
    found: dict[int, dict[str, Any]] = {}
    for field in reachable(look.library, look.state).values():
        if id(field) not in found:
            now = field.name in here
            found[id(field)] = {**_asked(look, field, where if now else None), "now": now}
    return list(found.values())


def _asked(look: Viewer, field: Field, here: Here | None) -> dict[str, Any]:
    """Return a question; `here`: where it is asked now, for what its options are taken from."""
    if here is None:
        options = look.options([(option.id, option, None) for option in field.options], None)
    else:
        options = look.options(look.offered(field, look.walk.scope(here)), here)
    return {
        "name": field.name,
        "type": field.type.name,
        "label": look.text(field.label, None),
        "options": options,
        "sensitive": field.sensitive,
        "valid": field.type.schema(),
        "form": field.type.form(look.language, look.audience),
    }


def learnt(look: Viewer) -> list[dict[str, Any]]:
    """Return the answers given on the live path, latest first, each name once.

    `{name, label, shown, value, visit, at, source, sensitive}`; `shown` is the value as people
    read it.
    """
    found: dict[str, dict[str, Any]] = {}
    told = {line["visit"]: line for line in lines(look)}
    for visit in reversed(look.state.path):
        line = told.get(visit.id)
        if not visit.values or line is None:
            continue
        fields = {field.name: field for field in asked(look.walk.step(visit), visit)}
        source: Mapping[str, str] = visit.source or {}
        for name, value in visit.values.items():
            field = fields.get(name)
            if field is None or value is None or name in found:
                continue
            found[name] = {
                "name": name,
                "label": look.text(field.label, None) or line["title"],
                "shown": line["shown"].get(name),
                "value": value,
                "visit": visit.id,
                "at": visit.left_at,
                "source": source.get(name),
                "sensitive": field.sensitive,
            }
    return list(found.values())
