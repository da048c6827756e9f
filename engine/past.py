"""The past of a session, line by line, as one who looks is shown it."""

from __future__ import annotations

from typing import Any

from engine.evolve import PEOPLE
from engine.recap import HIDDEN
from engine.state import Visit
from engine.steps.base import Step
from engine.viewer import Viewer, asked

SHOWN = 100
"""Lines of the history shown with every answer, at least; the transcript has them all."""
BLOCK = 50
"""How many lines are left out at once."""


def lines(look: Viewer) -> list[dict[str, Any]]:
    """Return the visits of the path that concern people, oldest first.

    Then those undone by corrections.
    """
    live = [_made(look, line) for line in _live(look)]
    return live + [_line(look, visit, step, undone=True) for visit, step in _undone(look)]


def latest(look: Viewer) -> tuple[list[dict[str, Any]], int]:
    """Return the history as far as it is shown with every answer, and how many lines it lacks.

    Each answer is stored for a day: with all that went before, a session of the longest would
    take gigabytes.
    """
    live, undone = _live(look), _undone(look)
    # By blocks: what was made of the lines that stay is used again.
    earlier = max(0, len(live) - SHOWN) // BLOCK * BLOCK
    older = max(0, len(undone) - SHOWN)
    lines = [line if type(line) is dict else _made(look, line) for line in live[earlier:]]
    lines += [_line(look, visit, step, undone=True) for visit, step in undone[older:]]
    return lines, earlier + older


def _live(look: Viewer) -> list[Visit | dict[str, Any]]:
    """Return the visits that concern people; those whose line was made before, by their line.

    Every answer goes through the whole path here, so that little is done for each visit.
    """
    key = (look.audience, look.language, look.length)
    found: list[Visit | dict[str, Any]] = []
    for visit in look.state.path:
        line = visit.shown.get(key)
        if line is not None:
            found.append(line)
        elif (
            visit.how not in ("passed", "told")
            and visit.run in look.state.runs
            and look.walk.step(visit).KIND not in ("call", "decide", "end")
        ):
            found.append(visit)
    return found


def _undone(look: Viewer) -> list[tuple[Visit, Step | None]]:
    undone = set(look.state.undone)
    visits = [
        visit
        for visit in look.state.cache.values()
        if visit.id in undone and (visit.how in PEOPLE or visit.how == "succeeded")
    ]
    if not visits:
        return []
    journeys = {
        run: journey for v in look.state.cache.values() for run, journey, _, _ in v.opens
    } | {run.id: run.journey for run in look.state.runs.values()}
    found = []
    for visit in visits:
        journey = journeys.get(visit.run)
        steps = {} if journey is None else look.library.journeys[journey].steps
        found.append((visit, steps.get(visit.step)))
    return found


def _made(look: Viewer, line: Visit | dict[str, Any]) -> dict[str, Any]:
    """Return the line of a visit; that of one that was left is made once and kept with it."""
    if not isinstance(line, Visit):
        return line
    found = _line(look, line, look.walk.step(line), undone=False)
    if line.left_order is not None:
        key = (look.audience, look.language, look.length)
        line.__dict__["shown"] = {**line.shown, key: found}
    return found


def _line(look: Viewer, visit: Visit, step: Step | None, *, undone: bool) -> dict[str, Any]:
    """Return what a line of the history says of a visit."""
    fields = {f.name: f for f in asked(step, visit)} if step is not None else {}
    here = look.walk.here(visit) if visit.run in look.state.runs else None
    shown = {}
    for name, value in (visit.values or {}).items():
        field = fields.get(name)
        if field is None:
            continue
        if field.sensitive:
            shown[name] = HIDDEN
            continue
        labels = {o.id: look.text(o.label, None) or o.id for o in field.options}
        if field.options_from is not None and here is not None:
            listed = look.offered(field, look.walk.scope(here))
            labels = {item: label or item for item, _, label in listed}
        shown[name] = field.type.show(value, look.language, labels=labels)
    return {
        "visit": visit.id,
        "step": visit.step,
        "title": visit.step if step is None else look.title(step, here),
        "kind": None if step is None else step.KIND,
        "run": visit.run,
        "at": visit.at,
        "left_at": visit.left_at,
        "how": visit.how,
        "by": visit.by,
        "values": visit.values,
        "shown": shown,
        "source": visit.source,
        "codes": [list(code) for code in visit.codes],
        "undone": undone,
    }
