"""Corners a walk seldom comes to: each was a branch that no written sentence went through."""

from __future__ import annotations

import pytest

from engine.events import Slept
from tests.support.sessions import Session
from tests.support.small_libraries import small_library

CALLED = """
start: false
inputs: {number: {type: text}}
steps:
  - {id: order, do: shop.read, with: {id: number}, saves: {order: result}, behind: true,
     by_hand: {say: "Look.", fills: [order.status]}}
  - {id: more, ask: {more: text}}
  - {id: back, end: resolved}
"""


def test_a_result_behind_in_a_called_journey_leaves_it_what_it_was_called_with() -> None:
    session = Session(
        small_library(
            """
- {id: name, ask: {name: text}}
- {id: in, call: sub, with: {number: name}}
- {id: done, end: resolved}
""",
            {"sub": CALLED},
        )
    ).begin()
    session.answer(name="F-1")

    session.settle("succeeded", {"status": "held"})

    values = session.state.runs["main/in"].values
    assert (values["number"], values["order"]["status"]) == ("F-1", "held")


BEHIND = """
- {id: name, ask: {name: text}}
- {id: order, do: shop.read, with: {id: '"F-1"'}, saves: {order: result}, behind: true,
   on: {refused: {not_found: lost}}, by_hand: {say: "Look.", fills: [order.status]}}
- {id: more, ask: {more: text}}
- {id: told, say: "{order.status}", verbatim: true}
- {id: done, end: resolved}
- {id: lost, say: "Not found.", verbatim: true}
- {id: end, end: refused}
"""


def test_a_correction_that_changes_nothing_of_it_keeps_the_way_a_refusal_behind_had_taken() -> None:
    session = Session(small_library(BEHIND)).begin()
    session.answer(name="Zoe")
    session.settle("refused", reason="not_found")
    session.answer(more="x")
    assert session.step == "lost"

    session.amend("name", name="Max")

    assert session.step == "lost"
    assert session.values["more"] == "x"
    assert len(session.asked("shop.read")) == 1


BY_HAND = """
- {id: most, ask: {most: {type: choice, options: [{id: few, label: Few}, {id: many, label: Many}]}}}
- {id: order, do: big.count, saves: {count: result.count},
   by_hand: {say: "Count.", fills: [count]}}
- {id: end, ask: {end: text}}
- {id: done, end: resolved}
"""
COUNT = """
operations:
  big.count:
    effect: read
    output: {count: {type: number, min: 1, max: 9}}
"""


def test_what_was_filled_in_by_hand_comes_back_with_a_correction_of_something_else() -> None:
    session = Session(small_library(BY_HAND, files={"connectors.yaml": COUNT})).begin()
    session.answer(most="few")
    session.settle("failed", reason="down")
    session.answer(count=3)

    session.amend("most", most="many")

    assert (session.step, session.values["count"]) == ("end", 3)
    assert len(session.asked("big.count")) == 1


def test_a_day_that_is_not_known_is_not_waited_for() -> None:
    session = Session(
        small_library("""
- {id: day, ask: {day: {type: date, required: false}}}
- {id: sleep, wait: {until: day}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    ).begin()

    happened = session.answer()

    slept = next(e for e in happened if isinstance(e, Slept))
    assert slept.due == slept.at


def test_a_result_that_stays_unknown_makes_nothing_happen() -> None:
    session = Session(
        small_library("""
- {id: send, do: shop.resend, by_hand: {say: "Send."}}
- {id: done, end: resolved}
""")
    ).begin()
    effect = session.open_effects()[0].id
    session.bring("effect_result", "system", effect=effect, status="unknown", reason="timeout")

    again = session.bring("effect_result", "system", effect=effect, status="unknown")

    assert again == []
    assert session.step == "send"


@pytest.mark.parametrize(
    ("steps", "command", "body"),
    [
        ('- {id: a, do: shop.resend, by_hand: {say: "Send."}}', "none_of_these", {}),
        ("- {id: a, approve: {role: supervisor}, on: {refused: z}}", "skip", {}),
        ("- {id: a, transfer: {team: seller}}", "approve", {"accept": True}),
        ("- {id: a, wait: {delay: 2h}}", "approve", {"accept": True}),
    ],
)
def test_a_stop_refuses_what_it_cannot_take_and_stays(
    steps: str, command: str, body: dict[str, object]
) -> None:
    library = small_library(f"{steps}\n- {{id: y, end: resolved}}\n- {{id: z, end: refused}}")
    session = Session(library).begin()
    if session.open_effects():
        session.settle("failed", reason="down")

    refused = session.refuses(command, "supervisor", **body)

    assert refused.code in {"command.not-here", "session.waiting", "approve.none"}
    assert session.step == "a"
