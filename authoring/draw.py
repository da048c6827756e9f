"""A journey as a drawing: its steps and their ways out, for Mermaid, Graphviz, or as JSON data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.model import Journey, Library, Target
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.call import Call
from engine.steps.decide import Decide
from engine.steps.do import Do
from engine.steps.end import End
from engine.steps.goto_journey import GotoJourney
from engine.wording import Text

LABEL_LENGTH = 60
PLAIN_EXITS = frozenset({"next", "resolved", "journey"})
"""Exits that need no label where they are the only way."""

MERMAID_SHAPES = {
    "ask": ("(", ")"),
    "decide": ("{", "}"),
    "do": ("[/", "/]"),
    "call": ("[[", "]]"),
    "goto_journey": ("[[", "]]"),
    "transfer": (">", "]"),
    "consult": (">", "]"),
    "wait": ("{{", "}}"),
    "approve": ("{{", "}}"),
    "end": ("([", "])"),
}
DOT_SHAPES = {
    "ask": "box, style=rounded",
    "decide": "diamond",
    "do": "component",
    "call": "box3d",
    "goto_journey": "box3d",
    "transfer": "rarrow",
    "consult": "rarrow",
    "wait": "hexagon",
    "approve": "hexagon",
    "end": "oval",
}


def graph_json(journey: Journey, library: Library, language: str) -> dict[str, Any]:
    """Return a journey as nodes and edges, in written order.

    A node: `{id, kind, title, human}`, with `outcome` of an end and `journey` of a call or jump. An
    edge: `{source, target, exit, label}`; `target` is None where it leads into another journey,
    named by `journey`.
    """
    nodes: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    for step in journey.steps.values():
        node: dict[str, Any] = {
            "id": step.id,
            "kind": step.KIND,
            "title": title(step, library, language),
            "human": step.HUMAN,
        }
        if isinstance(step, End):
            node["outcome"] = step.outcome
        if isinstance(step, (Call, GotoJourney)):
            node["journey"] = step.journey
        nodes.append(node)
        edges += _edges(step, library, language)
    return {
        "journey": journey.id,
        "title": _words(journey.title, library, language) or journey.id,
        "language": language,
        "start": journey.start,
        "nodes": nodes,
        "edges": edges,
    }


def mermaid(journey: Journey, library: Library, language: str) -> str:
    """Return a journey as a Mermaid flowchart.

    None-of-these ways that lead to the library's own journey are left out.
    """
    graph = graph_json(journey, library, language)
    name = {node["id"]: f"n{place}" for place, node in enumerate(graph["nodes"])}
    lines = ["flowchart TD"]
    for node in graph["nodes"]:
        opening, closing = MERMAID_SHAPES.get(node["kind"], ("[", "]"))
        lines.append(f'  {name[node["id"]]}{opening}"{_mermaid(node["title"])}"{closing}')
    outside: dict[str, str] = {}
    for edge in _shown(graph):
        target = name.get(edge["target"] or "")
        if target is None:
            other = edge.get("journey") or "?"
            target = outside.setdefault(other, f"j{len(outside)}")
        label = f'|"{_mermaid(edge["label"])}"|' if edge["label"] else ""
        lines.append(f"  {name[edge['source']]} -->{label} {target}")
    lines += (f'  {place}[["{_mermaid(other)}"]]' for other, place in outside.items())
    return "\n".join(lines) + "\n"


def dot(journey: Journey, library: Library, language: str) -> str:
    """Return a journey as a Graphviz digraph, drawn top down."""
    graph = graph_json(journey, library, language)
    lines = [f"digraph {_dot(journey.id)} {{", "  rankdir=TB;", "  node [shape=box];"]
    for node in graph["nodes"]:
        shape = DOT_SHAPES.get(node["kind"], "box")
        lines.append(f"  {_dot(node['id'])} [label={_dot(node['title'])}, shape={shape}];")
    outside: dict[str, None] = {}
    for edge in _shown(graph):
        target = edge["target"]
        if target is None:
            # A journey's name may be a step's too: the colon, which no step id has, keeps them
            # apart.
            target = f"journey:{edge.get('journey') or '?'}"
            outside[target] = None
        label = f" [label={_dot(edge['label'])}]" if edge["label"] else ""
        lines.append(f"  {_dot(edge['source'])} -> {_dot(target)}{label};")
    lines += (
        f"  {_dot(other)} [label={_dot(other.partition(':')[2])}, shape=box3d];"
        for other in outside
    )
    return "\n".join([*lines, "}"]) + "\n"


def title(
    step: Step, library: Library, language: str, *, names: Mapping[str, str] | None = None
) -> str:
    """Return what a step is called for a reader.

    Its title, else what it asks or says, else its id. With `names`, what values are called by
    dotted name, its holes are read as these; without, they stand as its author wrote them.
    """
    if isinstance(step, End):
        named = _words(step.title, library, language, names)
        return f"{named} ({step.outcome})" if named else f"{step.id}: {step.outcome}"
    labels = (question.label for question in step.fields())
    for text in (step.title, *labels, step.say, *(text for _, text in step.texts())):
        words = _words(text, library, language, names)
        if words:
            return words
    return step.id


def called(journey: Journey, library: Library, language: str) -> dict[str, str]:
    """Return what the values of a journey are called, by dotted name: the labels they come with."""
    by_hand = (
        field
        for step in journey.steps.values()
        if isinstance(step, Do) and step.by_hand is not None
        for field in step.by_hand.fills
    )
    asked = (field for step in journey.steps.values() for field in step.fields())
    return {
        field.name: _words(field.label, library, language)
        for field in (*by_hand, *journey.inputs.values(), *asked)
        if field.label is not None
    }


def step_title(library: Library, step: str, *, root: str, language: str) -> str | None:
    """Return what a step is called for a reader, by its id alone, in a walk that began at `root`.

    None where two journeys that the walk may be in have one of that id.
    """
    journeys = library.journeys
    found = [one for one in journeys.values() if step in one.steps]
    journey = journeys[root] if step in journeys[root].steps else None
    if journey is None and len(found) == 1:
        journey = found[0]
    if journey is None:
        return None
    names = called(journey, library, language)
    return title(journey.steps[step], library, language, names=names)


def _words(
    text: Text | None, library: Library, language: str, names: Mapping[str, str] | None = None
) -> str:
    if text is None:
        return ""
    for audience in (library.default_audience, *library.audiences):
        template = text.pick(audience, language, default_language=library.languages[0])
        if template is not None:
            said = template.source if names is None else template.named(names)
            words = " ".join(said.split())
            return words if len(words) <= LABEL_LENGTH else f"{words[: LABEL_LENGTH - 1].rstrip()}…"
    return ""


def _edges(step: Step, library: Library, language: str) -> Iterator[dict[str, Any]]:
    for target in step.targets():
        journey = target.journey
        if target.exit == "none" and journey is not None:
            journey = library.system.get(journey, journey)
        edge: dict[str, Any] = {
            "source": step.id,
            "target": target.step,
            "exit": target.exit,
            "label": _label(step, target, library, language),
        }
        if journey is not None:
            edge["journey"] = journey
        yield edge


def _label(step: Step, target: Target, library: Library, language: str) -> str:
    if isinstance(step, Ask):
        options = [
            option
            for question in step.questions
            for option in question.options
            if question.name == step.router
        ]
        chosen = [option for option in options if option.exit == target.exit]
        if target.exit == "next" and any(option.next is not None for option in options):
            chosen = [option for option in options if option.next is None]
        labels = [_words(option.label, library, language) or option.id for option in chosen]
        if labels:
            return ", ".join(labels[:3]) + (", …" if len(labels) > 3 else "")
    if isinstance(step, Decide):
        for rule in step.rules:
            if rule.exit == target.exit:
                return "else" if rule.when is None else rule.when.text
    return "" if target.exit in PLAIN_EXITS else target.exit


def _shown(graph: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the edges of a drawing.

    Those to nowhere and the inherited none-of-these are not drawn.
    """
    return (
        edge
        for edge in graph["edges"]
        if edge["target"] is not None or ("journey" in edge and edge["exit"] != "none")
    )


_ENTITIES = {
    "#": "#35;",
    '"': "#quot;",
    "&": "#amp;",
    "<": "#lt;",
    ">": "#gt;",
    "`": "#96;",
    "\\": "#92;",
}


def _mermaid(text: str) -> str:
    return "".join(_ENTITIES.get(letter, letter) for letter in " ".join(text.split()))


def _dot(text: str) -> str:
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
