"""A contact coded on its three axes by the walk itself.

Source: domain.md; semantics.md 10, 14, 15.
"""

from __future__ import annotations

from typing import Any

from engine.live import principal
from engine.model import AXES, Library
from engine.state import State, Visit


def trace(library: Library, state: State, language: str) -> dict[str, Any]:
    """Return the codes of the live path by axis, those not reached, and those undone.

    Each code is {code, label, visit, step, principal}; an action also says `by_hand` and
    `after_failure`. On `qualification` one is principal: the last one so marked, else the last one
    taken.
    """
    taken: dict[str, list[dict[str, Any]]] = {axis: [] for axis in AXES}
    for visit in state.path:
        for entry in _codes(library, visit, language):
            axis = entry.pop("axis")
            if all(entry["code"] != other["code"] for other in taken[axis]):
                taken[axis].append(entry)
    for axis in AXES:
        _mark_principal(taken[axis])
    undone = [
        entry
        for visit in state.cache.values()
        if visit.id in state.undone
        for entry in _codes(library, visit, language)
    ]
    return {
        **taken,
        "not_reached": [axis for axis in AXES if not taken[axis]]
        if state.outcome is not None
        else [],
        "undone": undone,
    }


def _codes(library: Library, visit: Visit, language: str) -> list[dict[str, Any]]:
    found = []
    for axis, code, is_principal in visit.codes:
        known = library.codes.get(axis, {}).get(code)
        template = (
            None
            if known is None
            else known.label.pick("*", language, default_language=library.languages[0])
        )
        entry: dict[str, Any] = {
            "axis": axis,
            "code": code,
            "label": code if template is None else template.source,
            "visit": visit.id,
            "step": visit.step,
            "principal": is_principal,
        }
        if axis == "action":
            entry["by_hand"] = visit.how == "by_hand"
            entry["after_failure"] = visit.how == "by_hand" and visit.by_hand not in (
                None,
                "taken_over",
            )
        found.append(entry)
    return found


def _mark_principal(entries: list[dict[str, Any]]) -> None:
    chosen = principal([entry["principal"] for entry in entries])
    for place, entry in enumerate(entries):
        entry["principal"] = place == chosen
