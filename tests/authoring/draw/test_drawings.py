"""A journey is drawn as it is written: every step, every way out, in the reader's language."""

from __future__ import annotations

import re

import pytest

from authoring.draw import dot, graph_json, mermaid
from authoring.load import load
from engine.model import Library
from tests.authoring.checks.golden import files_with_defaults

JOURNEY = r"""
parcours: 1
journey: case
title: Cas
start: false
steps:
  - {id: identify, call: client.identification, on: {refused: sorry}}
  - id: motive
    say: "Que se \"passe\"-t-il, {{ au juste }} ?"
    ask:
      complaint:
        type: choice
        options:
          - {id: late, label: "En retard | <b>très</b> #1"}
          - {id: lost, label: Perdu, next: sorry}
  - id: cause
    decide:
      - {when: 'complaint == "late"', next: solved}
      - {else: true, next: away}
  - {id: away, goto_journey: client.identification}
  - {id: sorry, title: Fin, end: refused}
  - {id: solved, end: resolved}
"""


@pytest.fixture(scope="module")
def library() -> Library:
    loaded = load(files_with_defaults({"journeys/case.yaml": JOURNEY}))
    assert loaded.library is not None, loaded.findings
    return loaded.library


def test_the_graph_has_every_step_and_every_way_out(library: Library) -> None:
    graph = graph_json(library.journey("case"), library, "fr")

    assert [node["id"] for node in graph["nodes"]] == [
        "identify", "motive", "cause", "away", "sorry", "solved",
    ]  # fmt: skip
    edges = {(edge["source"], edge["exit"]): edge for edge in graph["edges"]}
    assert edges["identify", "refused"]["target"] == "sorry"
    assert edges["motive", "lost"]["label"] == "Perdu"
    assert edges["motive", "next"]["label"] == "En retard | <b>très</b> #1"
    assert edges["cause", "1"]["label"] == 'complaint == "late"'
    assert edges["away", "journey"]["journey"] == "client.identification"
    assert edges["motive", "none"]["journey"] == library.system["nothing_fits"]
    assert {(node["id"], node["kind"]) for node in graph["nodes"]} >= {("motive", "ask")}


def test_a_mermaid_drawing_escapes_what_people_wrote(library: Library) -> None:
    drawn = mermaid(library.journey("case"), library, "fr")

    assert drawn.startswith("flowchart TD\n")
    assert "#quot;passe#quot;" in drawn
    assert '-->|"En retard | #lt;b#gt;très#lt;/b#gt; #35;1"| ' in drawn
    assert "<b>" not in drawn


def test_every_line_of_a_mermaid_drawing_is_a_step_or_a_way(library: Library) -> None:
    lines = mermaid(library.journey("case"), library, "fr").splitlines()[1:]

    step = re.compile(r'  [nj]\d+(\(\[?|\{\{?|\[\[?/?|>)"[^"]*"(\]?\)|\}\}?|/?\]\]?)')
    way = re.compile(r'  n\d+ -->(\|"[^"]*"\|)? [nj]\d+')
    assert [line for line in lines if not step.fullmatch(line) and not way.fullmatch(line)] == []


def test_a_graphviz_drawing_escapes_quotes_and_names_other_journeys(library: Library) -> None:
    drawn = dot(library.journey("case"), library, "fr")

    assert drawn.startswith('digraph "case" {\n')
    assert 'label="Que se \\"passe\\"-t-il' in drawn
    assert '"away" -> "journey:client.identification";' in drawn
    assert drawn.count("{") - drawn.count("{{") * 2 == drawn.count("}") - drawn.count("}}") * 2


def test_a_drawing_is_the_same_each_time(library: Library) -> None:
    journey = library.journey("case")

    assert mermaid(journey, library, "fr") == mermaid(journey, library, "fr")
    assert dot(journey, library, "fr") == dot(journey, library, "fr")


def test_every_journey_of_the_shipped_libraries_is_drawn(library: Library) -> None:
    for journey in library.journeys.values():
        graph = graph_json(journey, library, "en")

        ids = {node["id"] for node in graph["nodes"]}
        assert all(edge["target"] in ids for edge in graph["edges"] if edge["target"] is not None)
