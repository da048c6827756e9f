"""Libraries that say something to figures: budgets, targets, costs, the weights of codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from measures.policy import Policy
from tests.support.small_libraries import as_file, small_library

_BASE = {
    "parcours": 1, "library": "shop", "title": "Shop", "languages": ["en"],
    "audiences": ["advisor"], "channels": ["phone", "email", "chat"],
    "teams": {"supervisor": {"title": "Supervisor"}},
}  # fmt: skip


def policy_of(said: Mapping[str, Any] | None, volumes: Mapping[str, Any] | None = None) -> Policy:
    """Return what a library says: `tickets`, `costs`, `answer_within`, and `codes` by axis.

    `volumes`: what contacts are divided by, by kind and month of Paris.
    """
    if said is None:
        return Policy((), volumes or {}, "Europe/Paris")
    settings = {**_BASE, **{k: said[k] for k in ("tickets", "costs", "answer_within") if k in said}}
    named: dict[str, Any] = {code: {} for code in (said.get("tickets") or {}).get("motives", {})}
    codes = {"declarations": named, "qualifications": {}, "actions": {}, **said.get("codes", {})}
    files = {
        "library.yaml": as_file(settings),
        "codes.yaml": as_file(
            {"parcours": 1, **{axis: _labelled(of) for axis, of in codes.items()}}
        ),
    }
    return Policy((small_library("- {id: end, end: resolved}", {}, files=files),))


def _labelled(codes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        code: {"label": code, **entry, **({"children": _labelled(entry["children"])}
                                          if "children" in entry else {})}
        for code, entry in codes.items()
    }  # fmt: skip
