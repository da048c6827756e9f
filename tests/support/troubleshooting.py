"""A published troubleshooting drawing, turned into a library of ours when a test runs.

A question becomes a look at the telephone or the network, and the question itself: a robot answers
it with what the look found, a person with what they see. An instruction that somebody carries out
becomes an action, with the instruction as its manual procedure; the others are told. The format is
explained beside the data.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.phone import Phone
from tests.support.smart_answers import ROOT, Json, to_yaml

LOOKS: Mapping[str, tuple[str, str]] = {
    "status bar shows no service": ("phone.status_bar", "no_service"),
    "service restored": ("phone.status_bar", "service"),
    "airplane mode on": ("phone.airplane_mode", "on"),
    "sim missing": ("phone.sim_card", "missing"),
    "sim locked": ("phone.sim_card", "locked"),
    "line suspended": ("network.line", "suspended"),
    "suspension type": ("network.line", "reason"),
    "overdue bill": ("network.line", "overdue"),
}
"""How each published question begins, and where its answer is seen."""
DEEDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "turn airplane mode off": ("phone.toggle_airplane_mode", ()),
    "re-seat the sim card": ("phone.reseat_sim_card", ()),
    "ask user to reset apn settings": ("phone.reset_apn_settings", ()),
    "restart their device": ("phone.reboot_device", ()),
    "reboot their device": ("phone.reboot_device", ()),
    "send payment request": ("network.send_payment_request", ("customer_id", "bill_id")),
    "make the payment": ("phone.make_payment", ()),
    "resume the line": ("network.resume_line", ("customer_id", "line_id")),
}
"""What each published instruction holds when somebody carries it out, and what that needs."""
LINE = ("customer_id", "line_id", "bill_id")


def data_folder() -> Path | None:
    """Return where the published drawings are, None when this machine has none."""
    told = os.environ.get("PARCOURS_REAL_DATA")
    base = Path(told) if told else ROOT.parent / "shared" / "data"
    for folder in (base / "tau2-telecom", base):
        if any(folder.glob("tech_support*.ir.json")):
            return folder
    return None


@dataclass(slots=True)
class Drawing:
    """One published drawing: its nodes, and the ways out of each with their labels."""

    journey: str
    nodes: dict[str, dict[str, Any]]
    ways: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def label(self, node: str) -> str:
        """Return what a node says."""
        text: str = self.nodes[node]["label"]
        return text

    def look(self, node: str) -> tuple[str, str] | None:
        """Return the operation and the part of its result that answer a node; None: no question."""
        if self.nodes[node]["type"] != "question":
            return None
        return _found(LOOKS, self.label(node))

    def deed(self, node: str) -> tuple[str, tuple[str, ...]] | None:
        """Return the operation that carries an instruction out, and its inputs; None: only told."""
        listed = [deed for words, deed in DEEDS.items() if words in self.label(node).lower()]
        return listed[0] if listed and self.nodes[node]["type"] == "instruction" else None


def _found(table: Mapping[str, tuple[str, str]], label: str) -> tuple[str, str]:
    for words, found in table.items():
        if words in label.lower():
            return found
    raise LookupError(f"nobody said where this is seen: {label}")


def drawings(folder: Path) -> list[Drawing]:
    """Return the published drawings of a folder."""
    found = []
    for path in sorted(folder.glob("tech_support*.ir.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        one = Drawing(content["journey"], content["nodes"])
        for edge in content["edges"]:
            one.ways.setdefault(edge["src"], []).append((edge["label"], edge["dst"]))
        found.append(one)
    return found


def answer(label: str) -> str:
    """Return what the way out of a question is called: yes, no, or the words of its label."""
    first = re.match(r"(yes|no)\b", label.lower())
    return first[1] if first else re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


def code(node: str, chosen: str) -> str:
    """Return the qualification that an answer takes."""
    return f"found.{node.lower()}_{chosen}"


def library(drawing: Drawing) -> dict[str, str]:
    """Return a drawing as a library's files."""
    steps: list[Json] = []
    found: dict[str, Json] = {}
    for node in drawing.nodes:
        steps += _steps(drawing, node, found)
    entry = [s for s in steps if s["id"].removesuffix("_look") == "Start"]
    steps = entry + [s for s in steps if s not in entry]
    deeds = {d[0].partition(".")[2] for d in DEEDS.values()} | {"told"}
    files: dict[str, Json] = {
        "library.yaml": {
            "parcours": 1, "library": "telecom", "title": "Technical support",
            "languages": ["en"], "audiences": ["advisor"], "channels": ["phone"],
            "declarations": {"trouble.no_service": drawing.journey},
            "teams": {"human_agents": {"title": "Human agents"}},
        },
        "codes.yaml": {
            "declarations": {
                "trouble": {"label": "Trouble", "children": {"no_service": {"label": "No service"}}}
            },
            "qualifications": {"found": {"label": "Found", "children": found}},
            "actions": {
                "done": {"label": "Done", "children": {d: {"label": d} for d in sorted(deeds)}}
            },
        },
        "connectors.yaml": {"operations": _operations(drawing)},
        f"journeys/{drawing.journey}.yaml": {
            "parcours": 1, "journey": drawing.journey, "title": "No service",
            "audience": ["advisor", "robot"],
            "inputs": {"phone": {"type": "text"}}, "steps": steps,
        },
    }  # fmt: skip
    return {name: to_yaml(content) for name, content in files.items()}


def _steps(drawing: Drawing, node: str, found: dict[str, Json]) -> list[Json]:
    """Return the steps a node becomes; the codes of its answers are added to `found`."""
    ways, label = drawing.ways.get(node, []), drawing.label(node)
    look = drawing.look(node)
    if look is not None:
        return _question(drawing, node, look, found)
    if not ways:
        if "human" in label.lower():
            return [
                {"id": node, "title": label, "transfer": {"team": "human_agents"}},
                {"id": f"{node}_end", "end": "transferred"},
            ]
        return [
            {"id": node, "say": label, "acts": "done.told"},
            {"id": f"{node}_end", "end": "resolved"},
        ]
    following = _entry(drawing, ways[0][1])
    deed = drawing.deed(node)
    if deed is None:
        told = {"id": node, "say": label, "next": following}
        return [{**told, "declares": "trouble.no_service"} if node == "Start" else told]
    operation, inputs = deed
    return [{
        "id": node, "do": operation, "with": {"phone": "phone", **{one: one for one in inputs}},
        "acts": f"done.{operation.partition('.')[2]}", "by_hand": {"say": label}, "next": following,
    }]  # fmt: skip


def _question(
    drawing: Drawing, node: str, look: tuple[str, str], found: dict[str, Json]
) -> list[Json]:
    operation, part = look
    name, label = node.lower(), drawing.label(node)
    saves = {name: f"result.{part}"}
    if operation == "network.line":
        saves |= {one: f"result.{one}" for one in LINE}
    routes: dict[str, Json] = {}
    for words, target in drawing.ways[node]:
        chosen = answer(words)
        found[code(node, chosen).partition(".")[2]] = {"label": f"{label} {words}"}
        routes[chosen] = {"next": _entry(drawing, target), "qualifies": code(node, chosen)}
    question: Json = {"label": label}
    if set(routes) == {"yes", "no"}:
        question |= {"type": "yes_no", **routes}
    else:
        options = [{"id": one, "label": one, **way} for one, way in routes.items()]
        question |= {"type": "choice", "options": options}
    return [
        {
            "id": f"{node}_look", "do": operation, "with": {"phone": "phone"}, "saves": saves,
            "time": "lookup", "by_hand": {"say": label, "fills": list(saves)},
        },
        {"id": node, "ask": {name: question}, "none": False},
    ]  # fmt: skip


def _entry(drawing: Drawing, node: str) -> str:
    return node if drawing.look(node) is None else f"{node}_look"


def _operations(drawing: Drawing) -> dict[str, Json]:
    reasons = [
        answer(words)
        for node in drawing.nodes
        if drawing.look(node) == ("network.line", "reason")
        for words, _ in drawing.ways[node]
    ]
    phone = {"phone": {"type": "text"}}
    made: dict[str, Json] = {}
    for operation, part in LOOKS.values():
        one = made.setdefault(operation, {"effect": "read", "input": phone, "output": {}})
        one["output"][part] = {"type": "yes_no"}
    made["network.line"]["output"] |= {
        "reason": {"type": "choice", "options": reasons},
        **{one: {"type": "text"} for one in LINE},
    }
    for operation, inputs in DEEDS.values():
        made[operation] = {
            "effect": "keyed", "input": {**phone, **{one: {"type": "text"} for one in inputs}}
        }  # fmt: skip
    return made


def deployment(port: int) -> str:
    """Return the connectors.toml that leads to a simulator on this machine."""
    lines = []
    shown: dict[str, list[str]] = {"network.line": [*LINE]}
    for operation, part in LOOKS.values():
        shown.setdefault(operation, []).append(part)
    operations = {**dict.fromkeys(shown, ()), **dict(DEEDS.values())}
    for system in ("phone", "network"):
        lines += [
            f"[{system}]", 'kind = "http"', f'base_url = "http://127.0.0.1:{port}"',
            "allow_http = true", 'allow_private = ["127.0.0.0/8"]',
        ]  # fmt: skip
        for operation, inputs in operations.items():
            name = operation.partition(".")[2]
            if operation.startswith(f"{system}."):
                lines += [
                    f"[{operation.replace('.', '.operations.')}]",
                    f'path = "/{{phone}}/{name}"',
                ]
                if operation in shown:
                    parts = ", ".join(f'{one} = "{one}"' for one in shown[operation])
                    lines.append(f"result = {{{parts}}}")
                else:
                    lines += ['method = "POST"', 'effect = "keyed"']
                if inputs:
                    given = ", ".join(f'{one} = "{one}"' for one in inputs)
                    lines.append(f"json = {{{given}}}")
    return "\n".join(lines) + "\n"


@dataclass(slots=True)
class Walked:
    """What following a drawing by hand comes to: answers, deeds, and where it ends."""

    answers: list[tuple[str, str]] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)
    end: str = ""


def followed(drawing: Drawing, phone: Phone) -> Walked:
    """Follow a drawing on a telephone, node by node, without any engine."""
    walked, node = Walked(), "Start"
    for _ in range(len(drawing.nodes) * 2):
        ways, look = drawing.ways.get(node, []), drawing.look(node)
        if not ways:
            walked.end = node
            return walked
        if look is None:
            deed = drawing.deed(node)
            if deed is not None:
                name = deed[0].partition(".")[2]
                known = phone.line()
                getattr(phone, name)(**{one: known[one] for one in deed[1]})
                walked.deeds.append(name)
            node = ways[0][1]
            continue
        seen = getattr(phone, look[0].partition(".")[2])()[look[1]]
        chosen = ("yes" if seen else "no") if isinstance(seen, bool) else str(seen)
        walked.answers.append((node, chosen))
        node = next(target for words, target in ways if answer(words) == chosen)
    raise AssertionError("the drawing leads in a circle")
