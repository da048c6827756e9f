"""The axes are proved over whole paths: through calls, jumps, skips and robots that fail."""

from __future__ import annotations

from authoring.check import check
from authoring.load import load
from tests.authoring.checks.golden import files_with_defaults

OTHER = """
parcours: 1
journey: other
title: Autre
start: false
steps:
  - {id: told, say: "Voilà.", %s}
  - {id: done, end: resolved}
"""


def _missing(steps: str, *, other: str | None = None) -> list[str]:
    text = f"parcours: 1\njourney: case\ntitle: Cas\nsteps:\n{steps}"
    more = {} if other is None else {"journeys/other.yaml": OTHER % other}
    findings = check(load(files_with_defaults({"journeys/case.yaml": text, **more})))
    assert {one.code for one in findings} <= {"trace.missing-axis"}
    return [
        f"{one.step}: {one.message.partition(' code of the ')[2].split()[0]}" for one in findings
    ]


CODED = "declares: livraison.suivi, qualifies: transport.retard"
END = "  - {id: solved, end: resolved}\n"


def test_a_called_journey_gives_its_caller_the_codes_it_surely_takes() -> None:
    steps = f"  - {{id: go, call: other, {CODED}}}\n" + END

    assert _missing(steps, other="acts: livraison.information") == []
    assert _missing(steps, other="tags: [a]") == ["solved: action"]


def test_a_jump_hands_on_what_was_coded_before_it() -> None:
    jump = "  - {id: go, goto_journey: other}\n"
    told = f'  - {{id: told, say: "Bien.", {CODED}}}\n'

    assert _missing(told + jump, other="acts: livraison.information") == []
    assert _missing(told + jump, other="tags: [a]") == ["go: action"]


def test_an_action_that_is_refused_or_declined_codes_nothing() -> None:
    steps = (
        f"  - {{id: told, say: Bien., {CODED}}}\n"
        "  - {id: order, do: oms.get_order, with: {id: '\"F\"'}, acts: livraison.information,"
        " on: {refused: {not_found: sorry}}, by_hand: {say: Lisez.}, next: solved}\n"
        "  - {id: sorry, end: refused}\n"
    )

    assert _missing(steps + END) == ["sorry: action"]


def test_a_step_that_may_be_skipped_codes_nothing_for_sure() -> None:
    steps = (
        f"  - {{id: told, say: Bien., {CODED}}}\n"
        "  - {id: ask, say: 'Et ?', ask: {more: yes_no}}\n"
        "  - {id: maybe, when: more == true, say: Aussi., acts: livraison.information}\n"
    )

    assert _missing(steps + END) == ["solved: action"]


def test_an_option_may_have_the_name_of_another_way_out() -> None:
    for name in ("none", "next", "again", "skipped"):
        steps = (
            f"  - {{id: told, say: Bien., {CODED}}}\n"
            "  - id: ask\n"
            "    say: 'Et ?'\n"
            "    acts: livraison.information\n"
            "    ask: {more: {type: choice, options: ["
            f"{{id: {name}, label: Rien, next: other}}, {{id: b, label: B}}]}}}}\n"
        )

        assert _missing(steps + END + "  - {id: other, end: resolved}\n") == []


def test_other_outcomes_need_no_code() -> None:
    assert (
        _missing(
            "  - id: ask\n"
            "    say: 'Et ?'\n"
            "    ask: {more: {type: yes_no, yes: {next: later}, no: {next: told}}}\n"
            "  - {id: later, end: unresolved}\n"
            f"  - {{id: told, say: Bien., {CODED}, acts: livraison.information}}\n" + END
        )
        == []
    )
