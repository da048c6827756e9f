"""Cases found by walking libraries the checker had let through, and their corrections."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from authoring.check import check
from authoring.load import load
from tests.authoring.checks.golden import files_with_defaults

LOOK = "{{id: {id}, do: oms.get_order, with: {{id: '\"F1\"'}}, saves: {{order: result}}, by_hand: {{say: Ouvrez l'OMS., fills: [{fills}]}}}}"
WHOLE = "order.status, order.amount"
TOLD = '{id: told, say: "Montant {order.amount}."}'
DONE = "{id: done, end: resolved}"


def look(step: str, fills: str) -> str:
    """Return a look-up of an order, and what a person fills in of it."""
    return LOOK.format(id=step, fills=fills)


def journey(name: str, *steps: str, head: str = "") -> str:
    """Return a journey's file."""
    lines = "\n".join(f"  - {step}" for step in steps)
    return f"parcours: 1\njourney: {name}\ntitle: Cas\nstart: false\n{head}steps:\n{lines}\n"


def found(*steps: str, files: Mapping[str, str] | None = None) -> list[tuple[str, str | None]]:
    """Return the codes and steps of what is wrong in a journey of these steps."""
    case = {"journeys/case.yaml": journey("case", *steps), **(files or {})}
    return [(one.code, one.step) for one in check(load(files_with_defaults(case)))]


BY_HAND = "safety.by-hand-incomplete"


def test_what_a_person_fills_in_replaces_the_whole_of_what_was_saved_before() -> None:
    assert found(look("one", WHOLE), look("two", "order.status"), TOLD, DONE) == [(BY_HAND, "two")]
    assert found(look("one", "order.status"), look("two", WHOLE), TOLD, DONE) == []


def test_that_a_record_is_there_does_not_say_that_a_person_filled_all_of_it() -> None:
    guard = "{id: there, decide: [{when: known(order), next: told}, {else: true, next: done}]}"

    assert found(look("one", "order.status"), guard, TOLD, DONE) == [(BY_HAND, "one")]
    assert found(look("one", WHOLE), guard, TOLD, DONE) == []


def test_a_value_set_to_another_one_has_the_parts_that_one_has() -> None:
    copied = "{id: copied, decide: [{else: true, set: {mine: order}}]}"
    told = '{id: told, say: "Montant {mine.amount}."}'

    assert found(look("one", "order.status"), copied, told, DONE) == [(BY_HAND, "one")]
    assert found(look("one", WHOLE), copied, told, DONE) == []


def test_a_record_given_to_a_journey_has_the_parts_that_journey_reads() -> None:
    head = "inputs: {it: {type: record, fields: {amount: {type: money, currency: EUR}}}}\n"
    sub = {"journeys/sub.yaml": journey("sub", '{id: told, say: "{it.amount}"}', DONE, head=head)}
    call = "{id: call, call: sub, with: {it: order}}"

    assert found(look("one", "order.status"), call, DONE, files=sub) == [(BY_HAND, "one")]
    assert found(look("one", WHOLE), call, DONE, files=sub) == []


def test_a_text_set_in_place_of_a_record_has_none_of_its_parts() -> None:
    other = "{id: other, decide: [{else: true, set: {order: '\"none\"'}}]}"

    assert found(look("one", WHOLE), other, TOLD, DONE) == [("data.unassigned", "told")]


TABLE = """
parcours: 1
table: rates
inputs: {n: {type: number}}
outputs: {rate: {type: number}, word: {type: text}}
hit: first
rules:
  - {if: {n: "<= 3"}, then: {rate: 1, word: bas}}
  - {then: {rate: 2}}
"""


@pytest.mark.parametrize(("saves", "word"), [("row", "row.word"), ("[rate, word]", "word")])
def test_a_row_that_leaves_an_output_out_does_not_set_it(saves: str, word: str) -> None:
    call = f"{{id: call, decide: {{table: rates, with: {{n: '4'}}, saves: {saves}}}, on: {{none: done}}}}"
    told = f'{{id: told, say: "C\'est {{{word}}}."}}'
    guarded = told.replace("told,", f"told, when: known({word}),")
    files = {"tables/rates.yaml": TABLE}

    assert found(call, told, DONE, files=files) == [("data.unassigned", "told")]
    assert found(call, guarded, DONE, files=files) == []
