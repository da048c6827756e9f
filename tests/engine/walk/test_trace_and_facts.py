"""What a session leaves: its trace, the facts it contributes, how far it is.

Source: semantics.md 6, 10, 14, 15.
"""

from __future__ import annotations

from typing import Any

from engine.facts import contributed
from tests.support.sessions import BEGUN, Session
from tests.support.small_libraries import small_library

CODED = """
- id: first
  ask: {first: text}
  declares: order.late
  qualifies: {code: payment.cheque, principal: true}
- {id: second, ask: {second: text}, qualifies: payment.card}
- {id: done, end: resolved, acts: order.explained}
"""


def codes(entries: list[dict[str, Any]]) -> list[tuple[str, bool]]:
    """Return each code and whether it is the principal one."""
    return [(entry["code"], entry["principal"]) for entry in entries]


def test_the_trace_names_the_codes_of_the_path_with_their_labels() -> None:
    session = Session(small_library(CODED)).begin()
    session.answer(first="x")
    session.answer(second="y")

    trace = session.trace()

    assert [(c["code"], c["label"], c["step"]) for c in trace["declaration"]] == [
        ("order.late", "Late", "first")
    ]
    assert codes(trace["qualification"]) == [("payment.cheque", True), ("payment.card", False)]
    assert codes(trace["action"]) == [("order.explained", True)]
    assert trace["not_reached"] == []


def test_without_a_mark_the_last_qualification_is_the_principal_one() -> None:
    library = small_library(CODED.replace(", principal: true", ""))
    session = Session(library).begin()
    session.answer(first="x")
    session.answer(second="y")

    assert codes(session.trace()["qualification"]) == [
        ("payment.cheque", False), ("payment.card", True),
    ]  # fmt: skip


def test_a_code_taken_twice_is_told_once() -> None:
    session = Session(
        small_library("""
- {id: name, ask: {name: text}, qualifies: payment.card}
- {id: more, ask: {more: {type: yes_no, yes: {next: name}}}}
- {id: done, end: resolved}
""")
    ).begin()
    session.answer(name="a")
    session.answer(more=True)
    session.answer(name="b")

    assert codes(session.trace()["qualification"]) == [("payment.card", True)]


def test_an_amended_answer_recodes_and_the_old_code_stays_in_the_history() -> None:
    session = Session(
        small_library("""
- id: way
  ask:
    way:
      type: choice
      options: [{id: a, label: A, next: cause}, {id: b, label: B, next: done}]
- {id: cause, ask: {cause: text}, qualifies: payment.card}
- {id: done, ask: {note: text}, declares: order.late}
- {id: over, end: resolved}
""")
    ).begin()
    session.answer(way="a")
    session.answer(cause="x")

    session.amend("way", way="b")

    trace = session.trace()
    assert trace["qualification"] == []
    assert [(c["axis"], c["code"]) for c in trace["undone"]] == [("qualification", "payment.card")]


FACTS = """
- {id: email, ask: {email: {type: email, fact: customer.email}}}
- {id: way, ask: {way: {type: yes_no, yes: {next: order}, no: {next: other}}}}
- {id: order, ask: {order: {type: text, fact: ticket.order}}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
- {id: other, ask: {other: text}}
- {id: gone, end: refused}
"""


def test_a_session_contributes_the_facts_it_was_given_and_when() -> None:
    session = Session(small_library(FACTS)).begin()
    session.answer(email="zoe@example.org")
    at = session.now
    session.answer(way=True)
    session.answer(order="F1")

    assert contributed(session.library, session.state) == {
        "customer.email": ("zoe@example.org", at),
        "ticket.order": ("F1", session.now),
    }


def test_what_a_correction_undoes_is_contributed_no_longer() -> None:
    session = Session(small_library(FACTS)).begin()
    session.answer(email="zoe@example.org")
    session.answer(way=True)
    session.answer(order="F1")

    session.amend("way", way=False)
    assert list(contributed(session.library, session.state)) == ["customer.email"]

    session.amend("way", way=True)
    assert contributed(session.library, session.state)["ticket.order"][0] == "F1"


def test_what_was_only_taken_over_from_what_was_known_is_no_contribution() -> None:
    known = {"customer.email": {"value": "zoe@example.org", "at": BEGUN - 1, "source": "s0"}}
    session = Session(small_library(FACTS)).begin(known=known)
    assert session.at("email").source == {"email": "known"}

    assert contributed(session.library, session.state) == {}


def test_a_corrected_fact_is_contributed_as_corrected() -> None:
    session = Session(small_library(FACTS)).begin()
    session.answer(email="zoe@example.org")

    session.amend("email", email="max@example.org")

    assert contributed(session.library, session.state)["customer.email"] == (
        "max@example.org", session.now,
    )  # fmt: skip


def test_progress_counts_the_stops_done_and_those_to_come_on_the_shortest_way() -> None:
    session = Session(small_library(FACTS)).begin()
    assert session.look()["progress"] == {"done": 0, "left": 3, "share": 0.0}
    session.answer(email="zoe@example.org")
    session.answer(way=True)

    assert session.look()["progress"] == {"done": 2, "left": 2, "share": 0.5}
    session.answer(order="F1")
    session.answer(more="x")
    assert session.look()["progress"] == {"done": 4, "left": 0, "share": 1.0}


TICKET = """
- id: way
  ask:
    way:
      type: choice
      options:
        - {id: a, label: A, qualifies: payment.card}
        - {id: b, label: B, qualifies: payment.cheque}
  declares: order.late
- id: more
  ask: {more: {type: yes_no, yes: {qualifies: {code: payment.card, principal: true}}}}
- id: ticket
  do: shop.resend
  with: {id: code(qualification)}
  saves: {parcel: result.parcel}
  on_amend: keep
  by_hand: {say: "Open the ticket."}
- {id: end, say: "Done.", ask: {ok: text}}
- {id: done, end: resolved, acts: order.explained}
"""


def test_an_action_is_given_the_principal_code_of_an_axis_as_it_stands() -> None:
    session = Session(small_library(TICKET)).begin()
    session.answer(way="b")
    session.answer(more=True)

    (asked,) = session.asked("shop.resend")

    assert asked.inputs == {"id": "payment.card"}
    assert codes(session.trace()["qualification"])[-1] == ("payment.card", True)


def test_walked_again_after_a_correction_an_action_is_given_the_code_found_then() -> None:
    undone = "on_amend: compensate\n  compensate: shop.cancel"
    session = Session(small_library(TICKET.replace("on_amend: keep", undone))).begin()
    session.answer(way="b")
    session.answer(more=False)
    session.settle("succeeded", {"parcel": "P-1"})

    session.amend("way", way="a")
    session.amend("way", way="a")

    given = [one.inputs for one in session.asked("shop.resend")]
    assert given == [{"id": "payment.cheque"}, {"id": "payment.card"}]
    assert [one.inputs["id"] for one in session.asked("shop.cancel")] == ["payment.cheque"]


def test_an_axis_on_which_nothing_was_taken_says_so() -> None:
    session = Session(small_library(TICKET.replace("qualification)", "action)"))).begin()
    session.answer(way="b")
    session.answer(more=False)

    (asked,) = session.asked("shop.resend")

    assert asked.inputs == {"id": "not_reached"}
