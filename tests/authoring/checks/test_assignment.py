"""A value counts as there only where every path set it, or where the text makes sure of it."""

from __future__ import annotations

import pytest

from authoring.check import check
from authoring.checks.guards import guarded
from authoring.load import load
from engine.expressions import parse
from tests.authoring.checks.golden import files_with_defaults

HEAD = (
    "parcours: 1\njourney: case\ntitle: Cas\nstart: false\n"
    "inputs: {x: {type: number, required: false}}\n"
)
SOMETIMES = """
  - {id: have, say: "Et ?", ask: {has: {type: yes_no, yes: {next: number}, no: {next: after}}}}
  - {id: number, say: "Combien ?", ask: {y: number}}
"""


def _codes(steps: str, *, head: str = HEAD, more: dict[str, str] | None = None) -> list[str]:
    text = f"{head}steps:\n{steps}\n  - {{id: solved, end: resolved}}\n"
    findings = check(load(files_with_defaults({"journeys/case.yaml": text, **(more or {})})))
    return [f"{one.code}@{one.step}" for one in findings]


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("x > 1", {"x"}),
        ("known(x)", set()),
        ("known(x) and x > 1", set()),
        ("x > 1 and known(x)", set()),
        ("not known(x) or x > 1", set()),
        ("known(x) or x > 1", {"x"}),
        ("known(o) and o.part > 1", set()),
        ("known(o.part) and o.other > 1", {"o.other"}),
        ("default(x, 0) > 1", set()),
        ("default(x, y) > 1", {"y"}),
        ("not (known(x) and known(y)) or x > y", set()),
        ("any(i in items: i.price > x)", {"items", "x"}),
        ("all(i in default(items, []): known(i.price))", set()),
    ],
)
def test_what_an_expression_needs(text: str, needs: set[str]) -> None:
    assert guarded(parse(text)).needs == needs


def test_a_condition_that_held_tells_what_is_known() -> None:
    assert guarded(parse("known(x) and known(y)")).true == {"x", "y"}
    assert guarded(parse("known(x) or known(y)")).true == set()
    assert guarded(parse("not known(x)")).not_true == {"x"}
    assert guarded(parse("not known(x) or z == 1")).not_true == {"x"}
    assert guarded(parse("not known(x) and z == 1")).not_true == set()


@pytest.mark.parametrize(
    "reading",
    [
        '  - {id: after, say: "{y}"}',
        '  - {id: after, when: y > 1, say: "Oui."}',
        "  - {id: after, do: oms.resend, with: {id: text(y)}, by_hand: {say: Faites.}}",
        "  - {id: after, decide: [{when: y > 1, next: solved}, {else: true, next: solved}]}",
        "  - {id: after, decide: [{else: true, set: {z: y + 1}, next: solved}]}",
        """
  - {id: after, say: "Et ?", ask: {z: {type: number, valid: {when: z > y, message: Non}}}}
  - {id: shown, say: "{z}"}""",
        "  - {id: after, wait: {delay: 2h}, promise: {what: 'Avant {y}', within: 2h}}",
        "  - {id: after, call: client.identification, with: {a: y}, on: {refused: solved}}",
    ],
)
def test_reading_what_one_path_does_not_set_is_found_wherever_it_is_read(reading: str) -> None:
    assert "data.unassigned@after" in _codes(SOMETIMES + reading)


@pytest.mark.parametrize(
    "reading",
    [
        '  - {id: after, when: known(y), say: "{y}"}',
        """
  - {id: after, decide: [{when: known(y) and y > 1, next: x}, {else: true, next: solved}]}
  - {id: x, say: "Bien."}""",
        """
  - {id: after, decide: [{when: not known(y), next: solved}, {else: true, next: read}]}
  - {id: read, say: "{y}"}""",
        """
  - {id: after, decide: [{when: known(y), next: read}, {else: true, next: solved}]}
  - {id: read, say: "{y}"}""",
        """
  - {id: after, decide: [{else: true, set: {z: 'default(y, 0)'}, next: read}]}
  - {id: read, say: "{z}"}""",
    ],
)
def test_a_guard_spares_what_it_proves(reading: str) -> None:
    assert _codes(SOMETIMES + reading) == []


def test_a_value_is_reported_where_it_is_first_read_only() -> None:
    found = _codes(SOMETIMES + '  - {id: after, say: "{y}"}\n  - {id: again, say: "{y}"}')

    assert found == ["data.unassigned@after"]


def test_an_input_that_may_be_missing_is_not_there_by_itself() -> None:
    assert _codes('  - {id: told, say: "{x}"}') == ["data.unassigned@told"]
    assert _codes('  - {id: told, when: known(x), say: "{x}"}') == []


CALLED = """
parcours: 1
journey: called
title: Appelé
start: false
steps:
  - {id: have, say: "Et ?", ask: {has: {type: yes_no, yes: {next: number}, no: {next: sorry}}}}
  - {id: number, say: "Combien ?", ask: {y: number}}
  - {id: done, end: resolved}
  - {id: sorry, end: refused}
"""


def test_what_a_call_saves_is_there_only_on_the_outcomes_that_surely_set_it() -> None:
    call = "  - {id: go, call: called, saves: [y], on: {refused: no}}\n"
    yes = '  - {id: yes, say: "{y}", next: solved}\n'

    good = _codes(
        call + yes + '  - {id: no, say: "Dommage."}', more={"journeys/called.yaml": CALLED}
    )
    bad = _codes(call + yes + '  - {id: no, say: "{y}"}', more={"journeys/called.yaml": CALLED})

    assert good == []
    assert bad == ["data.unassigned@no"]


def test_what_a_called_journey_does_by_hand_must_fill_what_its_caller_reads() -> None:
    called = CALLED.replace(
        '  - {id: number, say: "Combien ?", ask: {y: number}}',
        "  - {id: number, do: oms.get_order, with: {id: '\"F\"'}, saves: {y: result},"
        " by_hand: {say: Lisez., fills: [y.status]}}",
    )
    call = "  - {id: go, call: called, saves: [y], on: {refused: solved}}\n"

    good = _codes(call + '  - {id: told, say: "{y.status}"}', more={"journeys/called.yaml": called})
    bad = _codes(call + '  - {id: told, say: "{y.amount}"}', more={"journeys/called.yaml": called})

    assert good == []
    assert bad == ["safety.by-hand-incomplete@go"]


TABLE = """
parcours: 1
table: delay
inputs: {days: {type: number}}
outputs: {late: {type: yes_no}}
hit: first
rules:
  - {if: {days: "> 5"}, then: {late: true}}
  - {if: {days: "%s"}, then: {late: false}}
"""


def test_a_table_that_says_what_a_missing_value_gives_may_be_given_one() -> None:
    call = "  - {id: after, decide: {table: delay, with: {days: y}, saves: verdict}}\n"

    said = _codes(SOMETIMES + call, more={"tables/delay.yaml": TABLE % "missing"})
    unsaid = _codes(SOMETIMES + call, more={"tables/delay.yaml": TABLE % "<= 5"})

    assert "data.unassigned@after" not in said
    assert "data.unassigned@after" in unsaid
