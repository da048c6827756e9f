"""Coverage beyond steps and exits: the rows of tables, and what comes after a robot."""

from __future__ import annotations

from authoring.load import Loaded, load
from authoring.testkit import Coverage, covered, run_tests
from tests.authoring.checks.golden import files_with_defaults

JOURNEY = """
parcours: 1
journey: case
title: Suivi
inputs: {order_id: {type: text}}
steps:
  - {id: days, say: "Combien de jours ?", ask: {days: {type: number}}}
  - id: rule
    decide: {table: droits, with: {days: days}, saves: verdict}
  - id: order
    do: oms.get_order
    with: {id: order_id}
    saves: {order: result}
    on: {refused: {not_found: sorry}}
    by_hand: {say: "Ouvrez l'OMS.", fills: [order.status, order.amount]}
  - id: claim
    do: oms.resend
    with: {id: order_id}
    behind: true
    by_hand: {say: "Déclarez-le."}
  - {id: told, say: "{order.amount}"}
  - {id: solved, end: resolved}
  - {id: sorry, end: unresolved}
"""
TABLE = """
parcours: 1
table: droits
inputs: {days: {type: number}}
outputs: {ok: {type: yes_no}}
hit: first
rules:
  - {if: {days: "<= 10"}, then: {ok: true}}
  - {if: {days: "> 10"}, then: {ok: false}}
"""
TEST = """
parcours: 1
test: one way
as_of: "2026-10-01"
given:
  inputs: {order_id: F-1042}
  connectors:
    oms.get_order: {answer}
    oms.resend: {{}}
do:
  - start: case
  - answer: {{days: {days}}}
"""


def played(*tests: tuple[int, str]) -> Coverage:
    """Return what tests went through, each with a number of days and what the robot answers."""
    files = {"journeys/case.yaml": JOURNEY, "tables/droits.yaml": TABLE}
    for place, (days, answer) in enumerate(tests):
        text = TEST.replace("{answer}", answer).replace("{{days: {days}}}", f"{{days: {days}}}")
        files[f"tests/{place}.yaml"] = text.replace("{{}}", "{}")
    loaded: Loaded = load(files_with_defaults(files))
    results, wrong = run_tests(loaded)
    assert wrong == []
    return covered(loaded, [result.events for result in results])


def missed(coverage: Coverage, what: str) -> list[tuple[str, str, int]]:
    """Return what was left out of a kind: its name, file and line."""
    return [
        (one.name, one.file, one.line)
        for one in coverage.missed
        if one.what == what and one.step in {"rule", "order", "claim"}
    ]


FOUND = "{status: in_transit, amount: 80 EUR}"


def test_a_row_no_test_came_out_by_is_named_where_it_is_written() -> None:
    one = played((3, FOUND))
    both = played((3, FOUND), (30, FOUND))

    assert missed(one, "row") == [("droits 2", "tables/droits.yaml", 9)]
    assert missed(both, "row") == []
    assert both.share("rows") == 1.0


def test_a_robot_that_never_failed_in_a_test_leaves_its_procedure_untried() -> None:
    well = played((3, FOUND))
    failed = played((3, FOUND), (3, "{failed: true}"))
    refused = played((3, FOUND), (3, "{failed: true}"), (3, "{refused: not_found}"))

    assert [name for name, _, _ in missed(well, "failure")] == ["refused", "by_hand"]
    assert [name for name, _, _ in missed(failed, "failure")] == ["refused"]
    assert missed(failed, "failure")[0][1] == "journeys/case.yaml"
    assert missed(refused, "failure") == []


def test_what_is_done_behind_and_read_by_nobody_is_not_asked_to_be_tried_by_hand() -> None:
    found = played((3, "{failed: true}"), (3, "{refused: not_found}"))

    case = next(one for one in found.journeys if one.journey == "case")
    assert case.failures == (2, 2)
