"""Libraries as an expert might write them, made up from a source of chance, as YAML files.

They are mostly right by construction. What the checker still finds is mended as its hints say, as
an expert would; a library that stays wrong is not used.
"""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

import yaml

from authoring.check import check, has_errors
from authoring.load import Loaded, load
from tests.support.written_steps import Steps
from tests.support.written_words import Written, told, whole

OUTCOMES = ("resolved", "refused", "deferred", "unresolved")
SHARED: dict[str, Any] = {
    "library.yaml": {
        "parcours": 1,
        "library": "written",
        "title": told("Written"),
        "languages": ["fr", "en"],
        "audiences": ["advisor", "customer"],
        "channels": ["phone", "sms"],
        "short_channels": ["sms"],
        "timezone": "Europe/Paris",
        "declarations": {"d.a": "main"},
        "digressions": ["aside"],
        "provide": {"implied": ["customer"]},
        "teams": {"seller": {"title": told("Seller")}},
        "facts": {"customer.mail": {"type": "email", "holder": "customer"}},
        "calendar": {
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "open": "09:00",
            "close": "18:00",
        },
    },
    "codes.yaml": {
        axis: {
            letter: {
                "label": told(axis),
                "children": {"a": {"label": told("A")}, "b": {"label": told("B")}},
            }
        }
        for axis, letter in (("declarations", "d"), ("qualifications", "q"), ("actions", "x"))
    },
    "connectors.yaml": {
        "operations": {
            "shop.read": {
                "effect": "read",
                "input": {"id": {"type": "text"}},
                "output": {
                    "status": {"type": "choice", "options": ["held", "sent"]},
                    "amount": {"type": "money", "currency": "EUR"},
                    "day": {"type": "date"},
                    "lines": {
                        "type": "list",
                        "of": {
                            "type": "record",
                            "fields": {"id": {"type": "text"}, "name": {"type": "text"}},
                        },
                    },
                },
                "refusals": ["not_found", "closed"],
            },
            "shop.send": {
                "effect": "keyed",
                "input": {"id": {"type": "text", "required": True}},
                "output": {"parcel": {"type": "text"}},
                "refusals": ["too_late"],
            },
            "shop.undo": {"effect": "keyed", "input": {"id": {"type": "text"}}},
            "shop.pay": {
                "effect": "keyed",
                "irreversible": True,
                "input": {"id": {"type": "text"}},
            },
        }
    },
    "tables/rates.yaml": {
        "parcours": 1,
        "table": "rates",
        "inputs": {
            "status": {"type": "choice", "options": ["held", "sent"]},
            "n": {"type": "number"},
        },
        "outputs": {"rate": {"type": "number"}, "word": {"type": "text"}},
        "hit": "first",
        "rules": [
            {"if": {"status": "held", "n": "<= 3"}, "then": {"rate": 1, "word": "low"}},
            {"if": {"status": "sent"}, "then": {"rate": 2}, "from": "2026-09-22"},
            {"if": {"n": "missing"}, "then": {"rate": 3, "word": "none"}},
        ],
    },
    "tables/all.yaml": {
        "parcours": 1,
        "table": "all",
        "inputs": {"n": {"type": "number"}},
        "outputs": {"rate": {"type": "number"}},
        "hit": "collect",
        "columns": ["n", "=> rate"],
        "rows": [["> 2", 1], ["[3..9)", 2]],
    },
    "journeys/aside.yaml": {
        "parcours": 1,
        "journey": "aside",
        "title": told("Aside"),
        "start": False,
        "steps": [
            {"id": "told", "say": told("An aside."), "ask": {"clear": "yes_no"}},
            {"id": "back", "end": "resolved"},
        ],
    },
}


class _Plain(yaml.SafeDumper):
    """Writes data out in full: the journey language has no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - yaml fixes the name
        return True


def as_yaml(data: Any) -> str:
    """Return data as the YAML an expert would write."""
    return yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110)


def journey(rnd: Random, name: str, others: dict[str, Written]) -> Written:
    """Return one journey; `others` are those written before, which it may call or jump to."""
    starts = name == "main"
    steps = Steps(rnd, others)
    if not starts and rnd.random() < 0.6:
        steps.input("given", "number")
    body = [steps.one(at) for at in range(rnd.randint(3, 10))]
    ends = _ends(rnd, starts=starts)
    ids = [step["id"] for step in body + ends]
    for at, step in enumerate(body):
        steps.route(step, ids[:at], ids[at + 1 :])
    data: dict[str, Any] = {"parcours": 1, "journey": name, "title": told(name)}
    if not starts:
        data["start"] = False
    if steps.inputs:
        data["inputs"] = steps.inputs
    data["steps"] = body + ends
    return Written(data, dict(steps.have))


def _ends(rnd: Random, *, starts: bool) -> list[dict[str, Any]]:
    ends = []
    for at, outcome in enumerate(["resolved", *rnd.sample(OUTCOMES, rnd.randint(1, 2))]):
        end: dict[str, Any] = {"id": f"end{at}", "end": outcome}
        if starts and rnd.random() < 0.7:
            end |= {"declares": "d.a", "qualifies": "q.a", "acts": "x.a"}
        if outcome == "deferred":
            end["promise"] = {"what": told("We call back."), "within": "24h"}
        if rnd.random() < 0.3:
            end["say"] = told("The end.")
        ends.append(end)
    return ends


def library(rnd: Random) -> dict[str, Any]:
    """Return a library's files as data: `main` to start, and journeys it calls or jumps to."""
    others: dict[str, Written] = {}
    for name in ["sub1", "sub2"][: rnd.choice([0, 1, 1, 2])]:
        others[name] = journey(rnd, name, others)
    others["main"] = journey(rnd, "main", others)
    return {**SHARED, **{f"journeys/{name}.yaml": one.data for name, one in others.items()}}


def written(files: dict[str, Any]) -> dict[str, str]:
    """Return a library's files as text."""
    return {name: as_yaml(data) for name, data in files.items()}


def mended(files: dict[str, Any], findings: list[Any]) -> bool:
    """Follow the first hint that can be followed, in place; False when there is none."""
    for found in findings:
        path = f"journeys/{found.journey}.yaml"
        if found.severity != "error" or path not in files or found.step is None:
            continue
        steps = files[path]["steps"]
        step = next((one for one in steps if one["id"] == found.step), None)
        if step is not None and _follow(steps, step, found):
            return True
    return False


def _follow(steps: list[dict[str, Any]], step: dict[str, Any], found: Any) -> bool:
    code = found.code
    if code in ("graph.unreachable", "data.unassigned", "graph.endless-cycle", "graph.dead-end",
                "graph.no-outcome"):  # fmt: skip
        return _left_out(steps, step)
    if code == "trace.missing-axis":
        target = step if step.get("end") else steps[0]
        target.update(declares="d.a", qualifies="q.a", acts="x.a")
        return True
    if code == "graph.unmapped-outcome":
        step["on"] = {name: steps[-1]["id"] for name in OUTCOMES if name != "resolved"}
        return True
    if (
        code == "safety.by-hand-incomplete"
        and "do" in step
        and (step["by_hand"].get("fills") != whole(step["saves"]))
    ):
        step["by_hand"]["fills"] = whole(step["saves"])
        return True
    return _left_out(steps, step)


def _left_out(steps: list[dict[str, Any]], step: dict[str, Any]) -> bool:
    """Take a step out; what led to it leads to the one below."""
    at = steps.index(step)
    if "end" in step and at == len(steps) - 1:
        return False
    if len([s for s in steps if "end" not in s]) <= 1 and "end" not in step:
        return False
    below = steps[(at + 1) % len(steps)]["id"]
    steps.remove(step)
    for other in steps:
        _lead(other, step["id"], below)
    return True


def _lead(data: Any, gone: str, below: str) -> None:
    """Put another step in place of one that is gone, wherever a way is written."""
    if isinstance(data, dict):
        for key, value in data.items():
            if value == gone and key not in ("id", "label"):
                data[key] = below
            else:
                _lead(value, gone, below)
    elif isinstance(data, list):
        for one in data:
            _lead(one, gone, below)


MENDS = 12
"""How often an expert follows the checker's hints before giving a library up."""


def checked_library(rnd: Random) -> Loaded | None:
    """Return a library without errors, mended where it had some; None where it could not be."""
    files = deepcopy(library(rnd))
    for _ in range(MENDS):
        loaded = load(written(files))
        found = check(loaded)
        if not has_errors(found):
            return loaded
        if not mended(files, found):
            return None
    return None
