"""Every step kind behaves as its golden conversations say, and its manual's example loads."""

from __future__ import annotations

import re
from textwrap import dedent, indent
from typing import Any

import pytest

from authoring.load import load
from authoring.yaml.reader import read
from engine.steps.registry import STEP_KINDS
from tests.support.small_libraries import CODES, LIBRARY
from tests.support.step_cases import FOLDER, Player, cases

KINDS = sorted(STEP_KINDS)
CASES = [(kind, case) for kind in KINDS for case in cases(kind)]


def test_every_step_kind_has_its_golden_file_and_every_file_its_kind() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == KINDS


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{kind}: {case['case']}") for kind, case in CASES]
)
def test_a_conversation_goes_as_written(case: dict[str, Any]) -> None:
    player = Player(case)

    played: dict[str, Any] = {"begins": player.begin()}
    played["turns"] = [{**turn, **player.turn(turn)} for turn in case.get("turns", [])]
    played["after"] = player.after()

    assert {**case, **{key: played[key] for key in played if key in case}} == case


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_happens_when_it_is_reached_and_when_it_is_left(kind: str) -> None:
    events = [
        line
        for case in cases(kind)
        for lines in [case.get("begins", []), *(t.get("events", []) for t in case.get("turns", []))]
        for line in lines
    ]

    assert any(line.startswith(("left", "passed")) for line in events)


SHOP = """
operations:
  oms.get_order:
    effect: read
    input: {id: {type: text}}
    output: {status: {type: choice, options: [suspended, sent]}}
"""
# What the examples of the manual lead to and call.
JOURNEYS = {
    "client.identification": """
  - {id: who, ask: {client: text}}
  - {id: found, end: resolved}
  - {id: unknown, end: refused}
""",
    "remboursement": """
  - {id: done, end: resolved}
inputs: {order_id: {type: text}}
""",
}
BEFORE = """
  - {id: before, ask: {order_id: text}}
  - id: read
    do: oms.get_order
    with: {id: order_id}
    saves: {order: result}
    by_hand: {say: Look., fills: [order.status]}
"""


def example(kind: str) -> str:
    """Return the YAML example of a kind's docstring."""
    found = re.search(r"```yaml\n(.*?)```", STEP_KINDS[kind].__doc__ or "", re.DOTALL)
    assert found is not None, f"{kind} has no example"
    return dedent(found[1])


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kinds_manual_is_a_step_of_that_kind_that_loads(kind: str) -> None:
    text = example(kind)
    written = read(text, "example.yaml").data[0]
    named = sorted(_named(written) - {written["id"]})

    loaded = load(files_around(text, named))

    assert [one for one in loaded.findings if one.severity == "error"] == []
    assert loaded.library is not None
    assert kind == loaded.library.journeys["example"].steps[written["id"]].KIND


def _named(written: dict[str, Any]) -> set[str]:
    """Return the steps a step leads to."""
    rules = written.get("decide", [])
    ways = [rule["next"] for rule in rules if "next" in rule]
    return {*ways, *written.get("on", {}).values()}


def files_around(text: str, named: list[str]) -> dict[str, str]:
    """Return a library in which an example stands, with the steps and journeys it names."""
    after = [f"{{id: {step}, end: unresolved}}" for step in named]
    if "end:" not in text and "goto_journey:" not in text:
        after.insert(0, "{id: over, end: resolved}")
    steps = BEFORE + indent(text, "  ") + "".join(f"  - {step}\n" for step in after)
    library = LIBRARY.replace("languages: [en]", "languages: [fr, en]")
    return {
        "library.yaml": library.replace("hours", "remboursement").replace(": main", ": example"),
        "codes.yaml": CODES,
        "connectors.yaml": SHOP,
    } | {
        f"journeys/{name}.yaml": f"parcours: 1\njourney: {name}\ntitle: {name}\nsteps:\n{body}"
        for name, body in {**JOURNEYS, "example": steps}.items()
    }
