"""Recorded public-service journeys, turned into a library of ours.

Nothing in it was written by the house.

The format is explained beside the data. Declaration is the journey, qualification the outcome
reached, action the information given. Ids that our language cannot hold are renamed, and the
renaming is kept so that recorded answers can be given back.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SLUG = re.compile(r"[A-Za-z0-9_?-]+")
NO_TEXT = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
RESERVED = frozenset(
    {"and", "or", "not", "in", "true", "false", "null", "known", "default", "any", "all", "today"}
    | {"within", "qualification", "declaration", "action", "result"}
)
NOT_RECORDED = "not_recorded"
INFORMATION = "information"

Json = Any


def data_folder() -> Path | None:
    """Return where the recorded journeys are, None when this machine has none."""
    told = os.environ.get("PARCOURS_REAL_DATA")
    base = Path(told) if told else ROOT.parent / "shared" / "data"
    for folder in (base / "smart-answers", base):
        if any(folder.glob("*.ir.json")):
            return folder
    return None


@dataclass(slots=True)
class Question:
    """A recorded question: the field it became, and what each recorded answer is called in it."""

    node: str
    step: str
    field: str
    several: bool
    ids: Mapping[str, str]

    def value(self, answer: str) -> Json:
        """Return a recorded answer in its JSON form."""
        if self.several:
            return [self.ids[part] for part in parts(answer)]
        return self.ids[answer] if self.ids else answer


@dataclass(slots=True)
class Recorded:
    """One recorded journey: the id it got, its questions, and how its outcomes are called."""

    id: str
    questions: dict[str, Question]
    outcomes: dict[str, str]
    replays: Path

    def step(self, node: str) -> str:
        """Return the step a recorded node became."""
        question = self.questions.get(node)
        return question.step if question is not None else self.outcomes[node]

    def paths(self) -> Iterator[tuple[list[tuple[str, str]], str]]:
        """Yield every recorded path: (node, answer) in turn, and the outcome."""
        if not self.replays.exists():
            return
        with gzip.open(self.replays, "rt", encoding="utf-8") as lines:
            for line in lines:
                path = json.loads(line)
                yield [(node, answer) for node, answer in path["steps"]], path["outcome"]


@dataclass(slots=True)
class Adapted:
    """A library's files, and the recordings to play against it."""

    files: dict[str, str] = field(default_factory=dict)
    journeys: list[Recorded] = field(default_factory=list)


def parts(answer: str) -> list[str]:
    """Return the choices of an answer of several, in a settled order: the recording's varies.

    An answer of none is a choice too.
    """
    return sorted({part.strip() for part in answer.split(",") if part.strip()}) or [""]


def adapt(folder: Path) -> Adapted:
    """Return the library that a folder of recorded journeys makes."""
    texts_file = folder / "texts.json"
    texts = json.loads(texts_file.read_text(encoding="utf-8")) if texts_file.exists() else {}
    adapted = Adapted()
    declarations: dict[str, Json] = {}
    qualifications: dict[str, Json] = {}
    mapped: dict[str, str] = {}
    taken: set[str] = set()
    for file in sorted(folder.glob("*.ir.json")):
        recording = json.loads(file.read_text(encoding="utf-8"))
        name = recording.get("journey") or file.name.removesuffix(".ir.json")
        one = _Journey(name, recording, texts.get(name) or {}, taken)
        replays = file.with_name(file.name.removesuffix(".ir.json") + ".replays.jsonl.gz")
        adapted.journeys.append(Recorded(one.id, one.questions, one.outcomes, replays))
        adapted.files[f"journeys/{one.id}.yaml"] = to_yaml(one.document())
        declarations[one.id] = {"label": one.title}
        children = {code: {"label": label} for code, label in one.qualifications().items()}
        qualifications[one.id] = {"label": one.title, "children": children}
        mapped[one.id] = one.id
    adapted.files["library.yaml"] = to_yaml({
        "parcours": 1,
        "library": "smart-answers",
        "title": "Recorded public-service journeys",
        "languages": ["en"],
        "audiences": ["advisor", "customer"],
        "timezone": "Europe/London",
        "declarations": mapped,
    })  # fmt: skip
    adapted.files["codes.yaml"] = to_yaml({
        "declarations": declarations,
        "qualifications": qualifications,
        "actions": {INFORMATION: {"label": "Information given"}},
    })  # fmt: skip
    return adapted


class _Journey:
    """One recording on its way to a journey."""

    def __init__(
        self, name: str, recording: Mapping[str, Json], texts: Mapping[str, Json], taken: set[str]
    ) -> None:
        self.start: str = recording["start"]
        self.nodes = _reached(recording["nodes"], self.start)
        self.texts = texts
        self.id = _unique(slug(name), taken)
        self.title = _words(self._text(name).get("title") or name)
        steps: set[str] = set()
        names: set[str] = set()
        self.questions: dict[str, Question] = {}
        self.decisions: dict[str, str] = {}
        for node, content in self.nodes.items():
            answers = _answers(node, content, self.nodes)
            several = any("," in answer for answer in answers) and all(
                part == "" or SLUG.fullmatch(part) for answer in answers for part in parts(answer)
            )
            choices = sorted({part for a in answers for part in parts(a)}) if several else answers
            ids: set[str] = set()
            self.questions[node] = Question(
                node,
                _unique(slug(node), steps),
                _unique(_identifier(node), names),
                several,
                {choice: _unique(slug(choice), ids) for choice in choices},
            )
        for node, question in self.questions.items():
            self.decisions[node] = _unique(f"{question.step}-then", steps)
        ends = dict.fromkeys([*recording.get("outcomes", ()), *self._targets()])
        reached = set(self._targets())
        self.outcomes = {
            end: _unique(slug(end), steps)
            for end in ends
            if end not in self.nodes and end in reached
        }
        self.not_recorded = _unique(NOT_RECORDED, steps)
        self.open = False

    def _targets(self) -> Iterator[str]:
        return (rule["next"] for content in self.nodes.values() for rule in content["rules"])

    def _text(self, node: str) -> Mapping[str, Json]:
        """Return what was published for a node: its name there has neither marks nor dashes."""
        for key in (node, node.rstrip("?"), re.sub(r"\W+", "_", node).strip("_")):
            found = self.texts.get(key)
            if isinstance(found, dict):
                return found
        return {}

    def qualifications(self) -> dict[str, str]:
        """Return the outcomes as codes, with their labels."""
        return {
            step: _words(self._text(end).get("title") or end) for end, step in self.outcomes.items()
        }

    def document(self) -> dict[str, Json]:
        """Return the journey in our language.

        A question a step, a decision after it where rules look back.
        """
        steps: list[dict[str, Json]] = []
        first = [self.start, *(node for node in self.nodes if node != self.start)]
        for place, node in enumerate(first):
            steps += self._question(node, first=place == 0)
        for end, step in self.outcomes.items():
            title = _words(self._text(end).get("title") or end)
            qualifies = f"{self.id}.{step}"
            steps.append(
                {
                    "id": step,
                    "title": title,
                    "end": "resolved",
                    "qualifies": qualifies,
                    "acts": INFORMATION,
                }
            )
        if self.open:
            steps.append({"id": self.not_recorded, "title": "Not recorded", "end": "unresolved"})
        return {
            "parcours": 1,
            "journey": self.id,
            "title": self.title,
            "audience": ["advisor", "customer", "bot", "robot"],
            "steps": steps,
        }

    def _question(self, node: str, *, first: bool) -> Iterator[dict[str, Json]]:
        question = self.questions[node]
        content = self.nodes[node]
        published = self._text(node)
        labels = published.get("options") or {}
        options: list[dict[str, Json]] = [
            {"id": option, "label": _words(labels.get(choice) or choice)}
            for choice, option in question.ids.items()
        ]
        rules = content["rules"]
        targets = {rule["next"] for rule in rules}
        # A question of which no answer was recorded takes any text.
        kind = "multiple" if question.several else "choice"
        ask: dict[str, Json] = {"type": kind, "options": options} if options else {"type": "text"}
        step: dict[str, Json] = {
            "id": question.step,
            "say": _words(published.get("title") or node),
            "ask": {question.field: ask},
        }
        if first:
            step["declares"] = self.id
        wheres = any(rule.get("when") for rule in rules)
        anything = any(rule.get("answer") is None and not rule.get("when") for rule in rules)
        covered = {rule.get("answer") for rule in rules} >= set(_answers(node, content, self.nodes))
        if len(targets) == 1 and not wheres and (covered or anything):
            step["next"] = self._step(targets.pop())
            yield step
        elif wheres or anything or question.several:
            yield step
            yield self._decision(question, rules)
        elif not rules:
            step["next"] = self._left_open()
            yield step
        else:
            leads = {rule["answer"]: rule["next"] for rule in reversed(rules)}
            for choice, option in zip(question.ids, options, strict=True):
                option["next"] = self._step(leads[choice]) if choice in leads else self._left_open()
            yield step

    def _decision(self, question: Question, rules: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
        written: list[dict[str, Json]] = []
        for rule in rules:
            terms = [] if rule.get("answer") is None else [_is(question, rule["answer"])]
            # A question that no path reaches is never asked.
            looked_back = {
                node: answer
                for node, answer in sorted((rule.get("when") or {}).items())
                if node in self.questions or answer is not None
            }
            if not looked_back.keys() <= self.questions.keys():
                continue
            for node, answer in looked_back.items():
                earlier = self.questions[node]
                if answer is None:
                    terms.append(f"not known({earlier.field})")
                elif node != question.node:
                    terms.append(f"known({earlier.field}) and {_is(earlier, answer)}")
            if terms:
                written.append({"when": " and ".join(terms), "next": self._step(rule["next"])})
            else:
                written.append({"else": True, "next": self._step(rule["next"])})
                break
        if not written or "else" not in written[-1]:
            written.append({"else": True, "next": self._left_open()})
        return {"id": self.decisions[question.node], "decide": written}

    def _step(self, node: str) -> str:
        return self.questions[node].step if node in self.questions else self.outcomes[node]

    def _left_open(self) -> str:
        self.open = True
        return self.not_recorded


def _reached(nodes: Mapping[str, Json], start: str) -> dict[str, Json]:
    """Return the questions that some path leads to, in the recording's order."""
    todo, seen = [start], {start}
    for node in todo:
        for rule in nodes[node]["rules"] if node in nodes else ():
            if rule["next"] not in seen:
                seen.add(rule["next"])
                todo.append(rule["next"])
    return {node: content for node, content in nodes.items() if node in seen}


def _answers(node: str, content: Mapping[str, Json], nodes: Mapping[str, Json]) -> list[str]:
    """Return every answer recorded for a question: listed, ruled on, or looked back at."""
    found = dict.fromkeys(content.get("answers", ()))
    found.update(
        (rule["answer"], None) for rule in content["rules"] if rule.get("answer") is not None
    )
    for other in nodes.values():
        for rule in other["rules"]:
            answer = (rule.get("when") or {}).get(node)
            if answer is not None:
                found[answer] = None
    return list(found)


def _is(question: Question, answer: str) -> str:
    return f"{question.field} == {json.dumps(question.value(answer), ensure_ascii=False)}"


def slug(text: str) -> str:
    """Return a text as an id of our language."""
    return re.sub(r"[^A-Za-z0-9_?-]+", "-", text).strip("-") or "x"


def _identifier(node: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_]+", "_", node).strip("_") or "answer"
    return f"q_{name}" if name[0].isdigit() or name in RESERVED else name


def _unique(name: str, taken: set[str]) -> str:
    """Return a name nobody has, and take it."""
    free, count = name, 1
    while free in taken:
        count += 1
        free = f"{name}-{count}" if "-" in name else f"{name}_{count}"
    taken.add(free)
    return free


def _words(text: str) -> str:
    """Return a published text as wording: its braces are only braces."""
    return str(text).replace("{", "{{").replace("}", "}}")


def to_yaml(value: Json, indent: int = 0) -> str:
    """Return data as block YAML, every text in quotes."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        lines = []
        for key, inner in value.items():
            nested = isinstance(inner, (dict, list)) and inner
            shown = f"\n{to_yaml(inner, indent + 1)}" if nested else f" {_scalar(inner)}\n"
            lines.append(f"{pad}{_scalar(str(key))}:{shown}")
        return "".join(lines)
    if isinstance(value, list) and value:
        lines = []
        for inner in value:
            nested = isinstance(inner, (dict, list)) and inner
            # The first key of an item stands beside its dash.
            shown = to_yaml(inner, indent + 1)[len(pad) + 2 :] if nested else f"{_scalar(inner)}\n"
            lines.append(f"{pad}- {shown}")
        return "".join(lines)
    return f"{pad}{_scalar(value)}\n"


def _scalar(value: Json) -> str:
    written = json.dumps(value, ensure_ascii=False)
    # What is no text in YAML stands escaped; a character of two escapes would be two lone ones.
    return NO_TEXT.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
