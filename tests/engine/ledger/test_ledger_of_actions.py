"""What actions cost the customer: nothing behind talk, else a look-up or robot wait."""

from __future__ import annotations

from tests.engine.ledger.test_ledger import Call

BEHIND = """
- {id: name, ask: {name: text}}
- {id: order, do: shop.read, behind: true, with: {id: name}, saves: {order: result},
   by_hand: {say: "Look.", fills: [order.status]}}
- {id: talk, ask: {talk: text}}
- {id: told, say: "It is {order.status}.", verbatim: true}
- {id: done, end: resolved}
"""


def test_a_look_up_that_is_waited_for_is_one_where_its_step_says_so() -> None:
    call = Call("""
- {id: name, ask: {name: text}}
- {id: order, do: shop.read, with: {id: name}, saves: {order: result}, time: lookup,
   by_hand: {say: "Look.", fills: [order.status]}}
- {id: last, ask: {last: text}}
- {id: done, end: resolved}
""")
    call.after(5, "answer", values={"name": "Zoe"})
    call.result(9, status="held")
    call.after(6, "answer", values={"last": "x"})

    assert call.spent() == {"useful": 11, "lookup": 9}


def test_of_a_look_up_behind_talk_only_what_is_left_when_talk_ends_is_waited_for() -> None:
    call = Call(BEHIND)
    call.after(5, "answer", values={"name": "Zoe"})
    call.after(10, "answer", values={"talk": "x"})
    call.result(4, status="held")
    call.after(3, "acknowledge")

    assert call.spent() == {"useful": 18, "robot_wait": 4}


def test_what_failed_behind_talk_costs_from_when_a_person_does_it() -> None:
    call = Call(BEHIND)
    call.after(5, "answer", values={"name": "Zoe"})
    call.result(2, "failed")
    call.after(8, "answer", values={"talk": "x"})
    call.after(30, "answer", values={"order.status": "held"})
    call.after(3, "acknowledge")

    assert call.spent() == {"useful": 18, "procedure": 30}
