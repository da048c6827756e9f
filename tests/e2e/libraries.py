"""Libraries made for the browser: many steps, every answer type, texts that try to be a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from typing import Any, Final

CODES: Final = {
    "declarations": {"asked": {"label": "Asked"}},
    "qualifications": {"seen": {"label": "Seen"}},
    "actions": {"told": {"label": "Told"}},
}
PAYLOADS: Final = (
    "<img src=x onerror=window.pwned=1>",
    "<script>window.pwned=1</script>",
    "<svg onload=window.pwned=1>",
    '"><iframe srcdoc="<script>parent.pwned=1</script>">',
    "<a href='javascript:window.pwned=1'>here</a>",
    "<img src=https://evil.example/beacon.png>",
    "<style>@import url(https://evil.example/a.css)</style>",
    "{{constructor.constructor('window.pwned=1')()}}",
    "</textarea><script>window.pwned=1</script>",
    "![](https://evil.example/b.png) [x](javascript:window.pwned=1)",
)
TYPES: Final[dict[str, dict[str, Any]]] = {
    "choice": {"type": "choice", "options": [{"id": "one", "label": "One"},
                                              {"id": "two", "label": "Two"}]},
    "multiple": {"type": "multiple", "options": [{"id": "screen", "label": "Screen"},
                                                  {"id": "sound", "label": "Sound"}]},
    "yes_no": {"type": "yes_no"},
    "text": {"type": "text"},
    "lines": {"type": "text", "multiline": True},
    "number": {"type": "number", "unit": "kg", "decimals": 1},
    "money": {"type": "money", "currency": "EUR"},
    "date": {"type": "date"},
    "period": {"type": "period"},
    "time": {"type": "time"},
    "phone": {"type": "phone"},
    "email": {"type": "email"},
    "address": {"type": "address"},
    "identifier": {"type": "identifier", "scheme": "luhn"},
    "rating": {"type": "rating"},
    "consent": {"type": "consent", "text": "I agree to be called back."},
    "group": {"type": "group", "fields": {"article": {"type": "text"}}, "max": 3},
}  # fmt: skip
"""A question of each type a person can answer with a keyboard alone, by its name."""


def _library(name: str, journey: str, steps: list[Any], *, title: str = "") -> dict[str, str]:
    head = {
        "parcours": 1, "library": name, "title": name, "languages": ["en"],
        "audiences": ["advisor", "customer"], "channels": ["phone", "chat", "web"],
        "timezone": "Europe/Paris", "declarations": {"asked": journey},
    }  # fmt: skip
    body = {
        "parcours": 1, "journey": journey, "title": title or name,
        "audience": ["advisor", "customer"], "steps": steps,
    }  # fmt: skip
    return {
        "library.yaml": json.dumps(head),
        "codes.yaml": json.dumps(CODES),
        "connectors.yaml": json.dumps({"operations": {}}),
        f"journeys/{journey}.yaml": json.dumps(body),
    }


def _ends(reads: list[str]) -> list[Any]:
    shown = " ".join(f"{{{name}}}" for name in reads)
    return [
        {"id": "told", "say": f"That was it. {shown}", "acts": "told", "qualifies": "seen",
         "declares": "asked"},
        {"id": "solved", "end": "resolved"},
    ]  # fmt: skip


def thirty_steps() -> dict[str, str]:
    """Return a journey of thirty questions, every third one of words."""
    steps: list[Any] = []
    for number in range(1, 31):
        kind: dict[str, Any] = (
            {"type": "text", "label": f"Word {number}"}
            if number % 3 == 0
            else {
                "type": "choice", "label": f"Question {number}",
                "options": [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}],
            }
        )  # fmt: skip
        steps.append({"id": f"s{number}", "title": f"Step {number}", "ask": {f"v{number}": kind}})
    names = [f"v{number}" for number in range(1, 31)]
    return _library("thirty", "thirty.steps", [*steps, *_ends(names)], title="Thirty steps")


def every_type() -> dict[str, str]:
    """Return a journey that asks one question of each type."""
    steps = [
        {"id": f"ask_{name}", "title": f"The {name}", "ask": {name: {**settings, "label": name}}}
        for name, settings in TYPES.items()
    ]
    reads = [name for name in TYPES if name not in ("group", "address", "consent", "period")]
    ask = [{"id": "kept", "decide": [
        {"when": "known(group) and known(address) and known(consent) and known(period)",
         "next": "told"}, {"else": True}]}]  # fmt: skip
    return _library("types", "every.type", [*steps, *ask, *_ends(reads)], title="Every type")


def every_type_at_once() -> dict[str, str]:
    """Return a journey that asks a question of each type in one step."""
    ask = {name: {**settings, "label": f"The {name}"} for name, settings in TYPES.items()}
    steps: list[Any] = [
        {"id": "all", "title": "Everything at once", "ask": ask},
        {"id": "kept", "decide": [
            {"when": " and ".join(f"known({name})" for name in TYPES), "next": "told"},
            {"else": True}]},
    ]  # fmt: skip
    files = _library("at.once", "types.at_once", [*steps, *_ends([])], title="At once")
    head = json.loads(files["library.yaml"]) | {"languages": ["en", "fr"]}
    return files | {"library.yaml": json.dumps(head)}


def with_files() -> dict[str, str]:
    """Return a journey that asks for a picture, then for papers in a group."""
    photo = {"type": "file", "label": "A picture", "media_types": ["image/*"], "max_bytes": 2_000}
    papers = {"type": "group", "label": "Papers", "fields": {"paper": {"type": "file"}}, "max": 2}
    steps: list[Any] = [
        {"id": "picture", "title": "The picture", "ask": {"photo": photo}},
        {"id": "others", "title": "The papers", "ask": {"papers": papers}},
        {"id": "kept", "decide": [{"when": "known(papers)", "next": "told"}, {"else": True}]},
    ]
    return _library("files", "with.files", [*steps, *_ends(["photo"])], title="With files")


def _poison() -> Callable[[str], str]:
    """Return a function that adds a payload to words, each time the next one."""
    texts = count()

    def bad(words: str) -> str:
        return f"{words} {PAYLOADS[next(texts) % len(PAYLOADS)]}".replace("{", "{{").replace(
            "}", "}}"
        )

    return bad


def poisoned_further() -> dict[str, str]:
    """Return a journey whose rarer texts are payloads: goals, marks, units, parts, teams."""
    bad = _poison()
    fields = {"article": {"type": "text"}, "count": {"type": "number", "unit": "<b>kg</b>"}}
    ask = {
        "mark": {"type": "rating", "label": bad("Mark"), "max": 3,
                 "labels": {str(mark): bad(f"Mark {mark}") for mark in (1, 2, 3)}},
        "kinds": {"type": "multiple", "label": bad("Kinds"), "options": [
            {"id": "k", "label": bad("Kind")}]},
        "sure": {"type": "yes_no", "label": bad("Sure"), "help": bad("Sure help")},
        "parts": {"type": "group", "label": bad("Parts"), "fields": fields, "max": 2},
    }  # fmt: skip
    steps: list[Any] = [
        {"id": "aim", "goal": bad("Aim")},
        {"id": "all", "title": bad("Further"), "ask": ask},
        {"id": "kept", "decide": [
            {"when": " and ".join(f"known({name})" for name in ask), "next": "told"},
            {"else": True}]},
    ]  # fmt: skip
    files = _library("further", "poisoned.further", [*steps, *_ends([])], title=bad("Further"))
    head = json.loads(files["library.yaml"]) | {"teams": {"t": {"title": bad("Team")}}}
    return files | {"library.yaml": json.dumps(head)}


def poisoned() -> dict[str, str]:
    """Return a journey whose every text tries to be markup, a script, or a request elsewhere."""
    bad = _poison()
    steps: list[Any] = [
        {"id": "opening", "title": bad("Opening"), "say": bad("Hello"),
         "ask": {"why": {"type": "choice", "label": bad("Why"), "help": bad("Help"), "options": [
             {"id": "a", "label": bad("First"), "short": bad("1")},
             {"id": "b", "label": bad("Second")}]}}},
        {"id": "words", "title": bad("Words"), "say": bad("And then"),
         "ask": {"words": {"type": "text", "label": bad("Words"), "help": bad("Help")}}},
        {"id": "agree", "say": bad("Almost"), "promise": {"what": bad("Promise"), "within": "2h"},
         "ask": {"agreed": {"type": "consent", "label": bad("Agree"), "text": bad("I agree")}}},
        {"id": "heard", "title": bad("Heard"), "say": bad("Listen"), "verbatim": True},
    ]  # fmt: skip
    files = _library(
        "poisoned", "poisoned.texts",
        [*steps, {"id": "kept", "decide": [{"when": "known(why) and known(agreed)",
                                            "next": "told"}, {"else": True}]}, *_ends(["words"])],
        title=bad("Poisoned"),
    )  # fmt: skip
    files["codes.yaml"] = json.dumps(
        {axis: {code: {"label": bad(code)} for code in codes} for axis, codes in CODES.items()}
    )
    return files
