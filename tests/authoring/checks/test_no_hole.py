"""Cases found by walking libraries the checker had let through, and their corrections."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from authoring.check import check
from authoring.load import load
from tests.authoring.checks.golden import DEFAULTS, files_with_defaults

LOOK = (
    "{{id: {id}, do: oms.get_order, with: {{id: '\"F1\"'}}, saves: {{order: result}}, "
    "by_hand: {{say: Ouvrez l'OMS., fills: [{fills}]}}}}"
)
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
    case = {"journeys/case.yaml": journey("case", *(steps or (DONE,))), **(files or {})}
    return [(one.code, one.step) for one in check(load(files_with_defaults(case)))]


BY_HAND = "safety.by-hand-incomplete"


def test_what_a_person_fills_in_replaces_the_whole_of_what_was_saved_before() -> None:
    assert found(look("one", WHOLE), look("two", "order.status"), TOLD, DONE) == [(BY_HAND, "two")]
    assert found(look("one", "order.status"), look("two", WHOLE), TOLD, DONE) == []


def test_that_a_record_is_there_does_not_say_that_a_person_filled_all_of_it() -> None:
    guard = "{id: there, decide: [{when: known(order), next: told}, {else: true, next: done}]}"

    assert found(look("one", "order.status"), guard, TOLD, DONE) == [(BY_HAND, "one")]
    assert found(look("one", WHOLE), guard, TOLD, DONE) == []


BEHIND = (
    "{id: order, do: oms.get_order, with: {id: '\"F1\"'}, saves: {order: result}, behind: true, "
    "on: {refused: {not_found: sorry}}, by_hand: {say: Lisez., fills: [order.status]}}"
)
ASKED = "{id: name, ask: {name: {type: text, label: Nom}}}"
READ = "{id: read, decide: [{when: known(order)}, {else: true}]}"


def test_an_action_behind_comes_to_nothing_where_its_result_is_read() -> None:
    sorry = '{id: sorry, say: "Rien, {name}."}'

    assert found(BEHIND, ASKED, READ, DONE, sorry, DONE.replace("done", "end")) == []


def test_what_was_refused_behind_has_no_result() -> None:
    sorry = '{id: sorry, say: "{order.status}, {name}."}'

    assert found(BEHIND, ASKED, READ, DONE, sorry, DONE.replace("done", "end")) == [
        ("data.unassigned", "sorry")
    ]


def test_a_question_asked_again_after_a_refusal_behind_is_told() -> None:
    again = BEHIND.replace("sorry", "name")

    assert found(again, ASKED, READ, '{id: last, say: "{name}"}', DONE) == [
        ("data.asked-twice", "name")
    ]


def test_a_refusal_behind_that_nobody_reads_leads_nowhere() -> None:
    assert found(BEHIND, DONE, "{id: sorry, end: refused}") == [("graph.unreachable", "sorry")]


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
    table = f"table: rates, with: {{n: '4'}}, saves: {saves}"
    call = f"{{id: call, decide: {{{table}}}, on: {{none: done}}}}"
    told = f'{{id: told, say: "C\'est {{{word}}}."}}'
    guarded = told.replace("told,", f"told, when: known({word}),")
    files = {"tables/rates.yaml": TABLE}

    assert found(call, told, DONE, files=files) == [("data.unassigned", "told")]
    assert found(call, guarded, DONE, files=files) == []


NUMBERED = "inputs: {n: {type: number}}\n"
SHOWN = '{id: shown, say: "{n}"}'


@pytest.mark.parametrize("opens", ["call", "goto_journey"])
def test_a_journey_is_given_what_it_requires_and_nothing_else(opens: str) -> None:
    sub = {"journeys/sub.yaml": journey("sub", SHOWN, DONE, head=NUMBERED)}
    first = '{id: first, say: "Déjà ?", ask: {yes: {type: yes_no, yes: {next: done}}}}'
    step = "{id: there, %s: sub%s}"

    def case(given: str) -> list[tuple[str, str | None]]:
        return found(first, step % (opens, given), DONE, files=sub)

    assert case("") == [("safety.missing-parameter", "there")]
    assert case(", with: {n: '1', m: '2'}") == [("safety.unknown-parameter", "there")]
    assert case(", with: {n: '1'}") == []


def test_what_an_actor_opens_is_given_nothing_and_may_require_nothing() -> None:
    settings = DEFAULTS["library.yaml"] + "digressions: [sub]\n"

    def case(head: str) -> list[str]:
        sub = journey("sub", SHOWN.replace("shown,", "shown, when: known(n),"), DONE, head=head)
        files = {"library.yaml": settings, "journeys/sub.yaml": sub}
        return [code for code, _ in found(TOLD.replace("{order.amount}", "x"), DONE, files=files)]

    assert case(NUMBERED) == ["safety.missing-parameter"]
    assert case("inputs: {n: {type: number, required: false}}\n") == []


def test_an_outcome_that_a_journey_does_not_declare_is_one_all_the_same() -> None:
    ask = '{id: ask, say: "Encore ?", ask: {yes: {type: yes_no, no: {next: no}}}, none: false}'
    files = {
        "journeys/sub.yaml": journey(
            "sub", ask, DONE, "{id: no, end: refused}", head="outcomes: [resolved]\n"
        )
    }

    assert found("{id: there, call: sub}", DONE, files=files) == [
        ("graph.unmapped-outcome", "there")
    ]
    assert found("{id: there, call: sub, on: {refused: done}}", DONE, files=files) == []


ENDLESS = "graph.endless-cycle"
UNTIL = (
    "{id: until, decide: [{when: 'qualification within \"transport\"', next: done}, "
    "{else: true, next: a}]}"
)
TELLS = '{id: a, say: "Patientez."}'


@pytest.mark.parametrize(
    "steps",
    [
        (TELLS.replace("}", ", verbatim: true}"), UNTIL),
        (TELLS, look("b", "order.status"), UNTIL),
    ],
    ids=["verbatim", "before an action"],
)
def test_what_is_said_stops_people_and_no_robot(steps: tuple[str, ...]) -> None:
    case = journey("case", *steps, DONE)
    people = case.replace("start: false", "start: false\naudience: [advisor, customer]")

    assert (ENDLESS, "a") in found(files={"journeys/case.yaml": case})
    assert found(files={"journeys/case.yaml": people}) == []


def test_a_circle_beside_an_action_is_not_stopped_by_what_is_said_before_the_action() -> None:
    case = journey(
        "case",
        TELLS,
        "{id: which, decide: [{when: 'today > date(\"2026-01-01\")', next: until}, {else: true}]}",
        look("b", "order.status"),
        UNTIL,
        DONE,
    ).replace("start: false", "start: false\naudience: [advisor, customer]")

    assert (ENDLESS, "a") in found(files={"journeys/case.yaml": case})


def test_a_bound_is_one_only_below_the_engines_own() -> None:
    def case(times: int) -> list[tuple[str, str | None]]:
        step = f"{{id: a, decide: [{{else: true}}], again: {times}, otherwise: done}}"
        return found(step, UNTIL, DONE)

    assert case(120) == [(ENDLESS, "a")]
    assert case(20) == []


def test_journeys_that_jump_to_one_another_must_stop_somebody() -> None:
    one = journey("one", '{id: told, say: "Un."}', "{id: to, goto_journey: two}")
    two = journey("two", "{id: back, goto_journey: one}")
    asks = journey(
        "two",
        '{id: ask, say: "Encore ?", ask: {yes: {type: yes_no, no: {next: done}}}}',
        "{id: back, goto_journey: one}",
        DONE,
    )
    files = {"journeys/one.yaml": one, "journeys/two.yaml": two}
    first = "{id: first, goto_journey: one}"

    assert found(first, files=files) == [(ENDLESS, "to")]
    assert (ENDLESS, "to") not in found(first, files={**files, "journeys/two.yaml": asks})


REPLY = '{c: {type: text, label: "{order.amount}"}}'
OPTION = '{id: a, label: Un, short: "{order.amount}"}'


@pytest.mark.parametrize(
    "step",
    [
        f'{{id: told, say: "Lequel ?", ask: {{c: {{type: choice, options: [{OPTION}]}}}}}}',
        f"{{id: told, consult: {{team: seller, question: Oui, fields: {REPLY}}}}}",
    ],
    ids=["short label", "label of a reply"],
)
def test_every_wording_people_see_is_proved(step: str) -> None:
    skipped = look("one", WHOLE).replace("{id: one", "{id: one, when: known(c), else: told")

    assert ("data.unassigned", "told") in found(skipped, step, SHOWS_C, DONE)
    assert found(look("one", WHOLE), step, SHOWS_C, DONE) == []


SHOWS_C = '{id: shown, say: "{c}"}'
