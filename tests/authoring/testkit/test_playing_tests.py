"""A library's tests are played against the engine, and a difference is shown where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from authoring.load import Loaded, load, load_folder
from authoring.testkit import Result, covered, run_tests
from tests.authoring.checks.golden import files_with_defaults

DEMO = Path(__file__).resolve().parents[3] / "journeys" / "demo"
JOURNEY = """
parcours: 1
journey: case
title: Suivi
inputs: {order_id: {type: text}}
steps:
  - id: identify
    call: client.identification
    on: {refused: sorry}
  - id: complaint
    say: "Que se passe-t-il ?"
    time: useful
    ask:
      complaint:
        type: choice
        options:
          - {id: late, label: En retard, declares: livraison.suivi}
          - {id: damaged, label: Abîmé, declares: livraison.suivi, next: damaged}
  - id: order
    do: oms.get_order
    with: {id: order_id}
    saves: {order: result}
    on: {refused: {not_found: sorry}}
    by_hand: {say: "Ouvrez l'OMS.", fills: [order.status, order.amount]}
  - id: cause
    decide:
      - {when: 'order.status == "in_transit"', qualifies: transport.retard, next: late}
      - {else: true, qualifies: transport.casse, next: late}
  - {id: damaged, say: "Gardez-le.", qualifies: transport.casse, next: resend}
  - {id: late, say: "Il vaut {order.amount}."}
  - id: sure
    say: "Je le renvoie ?"
    ask: {sure: {type: yes_no, yes: {next: resend}, no: {next: sorry}}}
  - {id: resend, do: oms.resend, with: {id: order_id}, compensate: oms.cancel,
     acts: livraison.information, by_hand: {say: "Renvoyez-le."}}
  - {id: sleep, wait: {event: parcel.delivered, timeout: 5 days}, on: {timeout: sorry}}
  - {id: solved, end: resolved}
  - {id: sorry, end: unresolved}
"""
GIVEN = """
given:
  inputs: {order_id: F-1042}
  calls: {client.identification: {outcome: resolved}}
  connectors:
    oms.get_order: [{status: in_transit, amount: 80 EUR}, {refused: not_found}]
    oms.resend: {delay: 3s, result: {}}
    oms.cancel: {result: {}}
"""
WHOLE = f"""
parcours: 1
test: late, corrected twice, sent again
as_of: "2026-10-01"
{GIVEN}
do:
  - start: case
    expect: {{at: complaint, says: "passe-t-il", fields: [complaint], options: [late, damaged]}}
  - answer: {{complaint: nothing}}
    refused: answer.unknown-option
  - wait: 40s
  - answer: {{complaint: late}}
    expect:
      at: sure
      qualification: transport.retard
      says: "80,00"
      values: {{order.status: in_transit}}
  - wait: 10s
  - amend: {{complaint: damaged}}
    expect: {{at: damaged, pruned: [order, cause, sure], declaration: livraison.suivi}}
  - wait: 5s
  - amend: {{complaint: late}}
    expect: {{at: sure, restored: [order], calls: {{oms.get_order: 1}}}}
  - answer: {{sure: true}}
    expect: {{status: pending, action: null}}
  - hold
  - unhold
  - note: "Il attend."
  - wait: 3s
    expect: {{at: sleep, status: waiting, wait: parcel.delivered, action: livraison.information}}
  - wake: parcel.delivered
expect:
  outcome: resolved
  trace:
    declaration: livraison.suivi
    qualification: transport.retard
    action: [livraison.information]
  time: {{rework: "5s", robot_wait: "3s", useful: ">= 40s"}}
  calls: {{oms.resend: 1, oms.cancel: 0}}
"""


def _played(*tests: str, journey: str = JOURNEY) -> tuple[Loaded, list[Result]]:
    files = {f"tests/{at}.yaml": text for at, text in enumerate(tests)}
    loaded = load(files_with_defaults({"journeys/case.yaml": journey, **files}))
    assert loaded.library is not None, loaded.findings
    assert [one for one in loaded.findings if one.severity == "error"] == []
    results, wrong = run_tests(loaded)
    assert wrong == []
    return loaded, results


def _test(do: str, given: str = GIVEN) -> str:
    return f"parcours: 1\ntest: a case\n{given}\ndo:\n{do}"


def test_a_whole_conversation_holds() -> None:
    _, [result] = _played(WHOLE)

    assert result.report() == ""
    assert result.passed


@pytest.mark.parametrize(
    ("expectation", "said"),
    [
        ("at: sorry", "at: expected sorry, is complaint"),
        ("says: Bonjour", "says: expected “Bonjour”, says “Que se passe-t-il ? complaint”"),
        ("fields: [other]", "fields: expected [other], asks [complaint]"),
        ("options: [late]", "options: expected [late], offers [late, damaged]"),
        ("status: waiting", "status: expected waiting, is active"),
        ("outcome: resolved", "outcome: expected resolved, is nothing"),
        ("declaration: livraison.suivi", "declaration: expected livraison.suivi, coded []"),
        ("calls: {oms.resend: 1}", "calls: expected oms.resend 1 time(s), was called 0"),
        ("pruned: [order]", "pruned: expected [order] among []"),
        ("wait: delay", "wait: expected delay, waits for []"),
        ("commands: [approve]", "commands: [approve] not allowed; allowed are"),
        ('time: {useful: "> 1s"}', "time: expected useful > 1s, is 0s"),
        ('time: {talking: "> 1s"}', "time: 'talking' is not a category"),
        ("trace: livraison.suivi", "trace: expected in the form {declaration"),
        ("calls: 1", "calls: expected in the form {operation: times}"),
        ("colour: red", "'colour' is not something a test can expect"),
    ],
)
def test_what_does_not_hold_is_said_with_its_line(expectation: str, said: str) -> None:
    _, [result] = _played(_test(f"  - start: case\n    expect:\n      {expectation}\n"))

    [problem] = result.problems
    assert problem.message.startswith(said.removesuffix(" complaint”"))
    assert problem.line == 15
    assert f"tests/0.yaml:15: {problem.message}" in result.report()


def test_a_report_shows_the_conversation_around_the_difference() -> None:
    _, [result] = _played(
        _test("  - start: case\n  - answer: {complaint: late}\n    expect: {at: damaged}\n")
    )

    report = result.report().splitlines()
    assert "  → start case" in report
    assert "  ← at complaint: “Que se passe-t-il ?”" in report
    assert "  → answer complaint: late" in report
    assert "  ✗ at: expected damaged, is sure   (tests/0.yaml:15)" in report


def test_a_refusal_that_was_not_expected_stops_the_conversation() -> None:
    _, [result] = _played(_test("  - start: case\n  - answer: {complaint: x}\n  - acknowledge\n"))

    assert len(result.problems) == 1
    assert "answer.unknown-option" in result.problems[0].message
    assert result.problems[0].line == 14


def test_a_refusal_that_does_not_come_is_a_difference() -> None:
    _, [result] = _played(
        _test("  - start: case\n  - answer: {complaint: late}\n    refused: answer.missing\n")
    )

    assert [one.message for one in result.problems] == [
        "refused: expected answer.missing, was taken"
    ]


def test_a_move_that_means_nothing_says_so() -> None:
    _, results = _played(
        _test("  - start: case\n  - dance\n"),
        _test("  - start: case\n  - amend: {complaint: late}\n"),
        _test("  - start: case\n  - wake: parcel.delivered\n"),
        _test("  - start: case\n  - wait: soon\n"),
    )

    assert [result.problems[0].message for result in results] == [
        "'dance' is not a move of a test.",
        "nothing on the path was answered for complaint.",
        "the session waits for nothing.",
        "'soon' is not a duration.",
    ]


def test_an_operation_without_a_stub_fails_and_is_done_by_hand() -> None:
    given = GIVEN.replace("    oms.get_order:", "    bank.check:")
    _, [result] = _played(
        _test(
            "  - start: case\n"
            "  - answer: {complaint: late}\n"
            "    expect: {at: order, says: Ouvrez}\n"
            "  - by_hand: {order.status: delivered, order.amount: 12.50 EUR}\n"
            "    expect: {at: sure, qualification: transport.casse, says: '12,50'}\n",
            given,
        )
    )

    assert result.report() == ""


def test_a_stub_gives_its_answers_in_turn_and_its_refusals() -> None:
    given = GIVEN.replace("[{status: in_transit, amount: 80 EUR}, ", "[")
    _, [result] = _played(
        _test(
            "  - start: case\n"
            "  - answer: {complaint: late}\n"
            "    expect: {outcome: unresolved, status: ended}\n",
            given,
        )
    )

    assert result.report() == ""


def test_a_timer_rings_when_the_clock_has_moved_that_far() -> None:
    _, [result] = _played(
        _test(
            "  - start: case\n"
            "  - answer: {complaint: damaged}\n"
            "  - acknowledge\n"
            "  - wait: 3s\n"
            "    expect: {status: waiting}\n"
            "  - wait: 4 days\n"
            "    expect: {status: waiting}\n"
            "  - wait: 1 days\n"
            "    expect: {outcome: unresolved}\n"
        )
    )

    assert result.report() == ""


def test_coverage_names_the_lines_no_test_went_through() -> None:
    loaded, results = _played(
        _test("  - start: case\n  - answer: {complaint: damaged}\n  - acknowledge\n  - wait: 5s\n")
    )

    found = covered(loaded, [result.events for result in results])

    case = next(one for one in found.journeys if one.journey == "case")
    missed = {(one.what, one.step, one.name): one.line for one in case.missed}
    assert ("step", "order", "") in missed
    assert missed["option", "complaint", "complaint = late"] == 17
    assert missed["exit", "cause", "1"] == 27
    assert ("exit", "complaint", "damaged") not in missed
    assert ("exit", "complaint", "none") not in missed
    assert case.options == (1, 4)
    share = found.share("steps")
    assert share is not None
    assert 0 < share < 1


def test_every_test_of_the_shipped_library_holds() -> None:
    results, wrong = run_tests(load_folder(DEMO))

    assert wrong == []
    assert "".join(result.report() for result in results) == ""
    assert results != []


def test_a_test_of_an_unreadable_day_is_a_finding() -> None:
    text = WHOLE.replace('"2026-10-01"', "tomorrow")
    loaded = load(files_with_defaults({"journeys/case.yaml": JOURNEY, "tests/0.yaml": text}))

    results, wrong = run_tests(loaded)

    assert results == []
    assert [(one.code, one.file, one.line) for one in wrong] == [("tests.as-of", "tests/0.yaml", 4)]


def test_a_test_that_is_not_well_formed_is_told_and_not_played() -> None:
    broken = WHOLE.replace("do:", "do: [")
    misspelt = WHOLE.replace("expect:", "expects:")
    files = {"journeys/case.yaml": JOURNEY, "tests/0.yaml": broken, "tests/1.yaml": misspelt}

    results, wrong = run_tests(load(files_with_defaults(files)))

    assert results == []
    assert {one.file for one in wrong} == {"tests/0.yaml", "tests/1.yaml"}


def test_a_stub_for_something_the_library_does_not_have_is_a_difference() -> None:
    given = GIVEN.replace("    oms.cancel:", "    oms.cancell:")
    _, [result] = _played(_test("  - start: case\n", given))

    assert [one.message for one in result.problems] == [
        "connectors: the library has no 'oms.cancell'"
    ]
