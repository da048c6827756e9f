"""What an answer shows of the past: the latest of it, whatever the length of the session."""

from __future__ import annotations

from engine.past import BLOCK, SHOWN
from tests.support.sessions import Session
from tests.support.small_libraries import small_library

ROUND = """
- id: more
  ask: {more: {type: yes_no, yes: {next: again}, no: {next: done}}}
- {id: again, decide: [{else: true, next: more}]}
- {id: done, end: resolved}
"""


def visits(session: Session) -> list[int]:
    return [line["visit"] for line in session.look()["history"]]


def test_a_long_history_is_shown_by_its_latest_lines_and_says_how_many_went_before() -> None:
    session = Session(small_library(ROUND)).begin()
    whole = visits(session)

    for _ in range(SHOWN + 2 * BLOCK):
        session.answer(more=True)
        whole.append(visits(session)[-1])
        shown, left_out = visits(session), session.look()["history_left_out"]
        assert shown == whole[left_out:]
        assert len(shown) <= SHOWN + BLOCK
        assert left_out == 0 or len(shown) >= SHOWN

    assert session.look()["history_left_out"] == 2 * BLOCK


def test_a_correction_repeated_for_ever_does_not_make_an_answer_longer_for_ever() -> None:
    session = Session(
        small_library("""
- {id: number, ask: {number: text}}
- {id: order, do: shop.read, with: {id: number}, saves: {order: result},
   by_hand: {say: "Look.", fills: [order.status]}}
- {id: last, ask: {last: text}}
- {id: done, end: resolved}
""")
    ).begin()
    session.answer(number="F0")
    session.settle("succeeded", {"status": "held"})
    for number in range(1, SHOWN + 20):
        session.amend("number", number=f"F{number}")
        session.settle("succeeded", {"status": "held"})

    undone = [line["visit"] for line in session.look()["history"] if line["undone"]]
    assert len(undone) == SHOWN
    assert undone == sorted(undone)
    assert session.look()["history_left_out"] == 19


def test_a_sensitive_answer_is_not_written_out_in_the_history() -> None:
    session = Session(
        small_library("""
- {id: card, ask: {pin: {type: text, sensitive: true}, name: text}}
- {id: last, ask: {last: text}}
- {id: done, end: resolved}
""")
    ).begin()

    session.answer(pin="4321", name="Zoe")

    [line] = [one for one in session.look()["history"] if one["step"] == "card"]
    assert line["shown"] == {"pin": "•••", "name": "Zoe"}
