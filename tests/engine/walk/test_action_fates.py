"""What a person may do about an action: try again, leave it for later, take its late result.

Source: experience.md 1, 15.
"""

from __future__ import annotations

import pytest

from tests.support.sessions import Session
from tests.support.small_libraries import small_library

FATES = {"retry", "later", "use_result"}
STEPS = """
- id: order
  do: shop.read
  saves: {{order: result}}
  acts: order.explained
  by_hand: {{say: "Look.", fills: [order.status]}}
  {more}
- {{id: name, ask: {{name: text}}}}
- id: cause
  decide:
    - {{when: 'order.status == "held"', next: done}}
    - {{else: true, next: gone}}
- {{id: done, end: resolved}}
- {{id: gone, end: refused}}
"""


def ordered(more: str = "time: lookup") -> Session:
    """Return a session that waits for a look-up; `more` is another key of that step."""
    return Session(small_library(STEPS.format(more=more))).begin()


def offered(session: Session, role: str = "advisor") -> set[str]:
    """Return what is offered about the action at hand."""
    return FATES & set(session.look(role)["commands"])


@pytest.mark.parametrize(
    ("effect", "status", "offers"),
    [
        ("read", "failed", {"retry", "later"}),
        ("read", "unknown", {"retry", "later"}),
        ("idempotent", "unknown", {"retry", "later"}),
        ("keyed", "failed", {"retry", "later"}),
        ("keyed", "unknown", {"later"}),
        ("unsafe", "failed", {"retry", "later"}),
        ("unsafe", "unknown", {"later"}),
        ("read", "refused", {"later"}),
    ],
)
def test_only_what_is_surely_not_done_or_harmless_twice_is_tried_again(
    effect: str, status: str, offers: set[str]
) -> None:
    session = ordered(f"effect: {effect}")

    session.settle(status)

    assert offered(session) == offers
    if "retry" not in offers:
        assert session.refuses("retry").code == "command.not-here"


def test_what_is_offered_about_an_action_is_offered_to_staff_alone() -> None:
    session = ordered()
    assert offered(session) == {"later"}
    assert offered(session, "customer") == set()

    session.settle("failed")

    assert offered(session, "supervisor") == {"retry", "later"}
    assert session.refuses("retry", "customer").code == "command.role"


@pytest.mark.parametrize("more", ["irreversible: true", "barrier: true"])
def test_what_closes_the_way_back_is_not_left_for_later(more: str) -> None:
    session = ordered(more)

    assert offered(session) == set()
    assert session.refuses("later").code == "command.not-here"
    session.settle("failed")
    assert offered(session) == {"retry"}


def test_a_second_request_has_a_key_of_its_own_and_the_first_is_nobodys_task_any_more() -> None:
    session = ordered("effect: keyed")
    session.settle("failed", reason="http.503")
    session.bring("retry")
    assert [r.effect for r in session.asked("shop.read")] == [
        "s/main/order~1.1",
        "s/main/order~1.2",
    ]

    session.settle("failed", reason="http.503")

    assert offered(session) == {"retry", "later"}
    session.bring("retry")
    session.settle("succeeded", {"status": "held"})
    assert session.step == "name"
    assert session.look()["attention"] == []
    assert session.trace()["action"][0]["by_hand"] is False


def test_a_look_back_takes_nothing_of_an_action() -> None:
    session = Session(small_library("- {id: first, ask: {first: text}}" + STEPS.format(more="")))
    session.begin()
    session.answer(first="x")
    session.settle("failed")

    session.bring("back")

    assert offered(session) == set()
    assert session.refuses("retry").code == "command.not-here"


def test_what_is_left_for_later_and_never_read_is_somebodys_task() -> None:
    session = Session(
        small_library("""
- {id: send, do: shop.resend, acts: order.resent, by_hand: {say: "Send it."}}
- {id: name, ask: {name: text}}
- {id: done, end: resolved}
""")
    ).begin()

    session.bring("later")

    assert (session.step, session.state.status) == ("name", "active")
    assert session.state.codes["action"] == []
    session.settle("failed", reason="http.503")
    assert [(x["step"], x["reason"]) for x in session.look()["attention"]] == [("send", "http.503")]


def test_what_is_left_for_later_and_succeeds_takes_its_code_where_it_was_asked() -> None:
    session = ordered()
    session.bring("later")

    session.settle("succeeded", {"status": "held"})

    assert session.state.codes["action"] == ["order.explained"]
    assert (session.step, session.values["order"]) == ("name", {"status": "held"})
    session.answer(name="Zoe")
    assert session.state.outcome == "resolved"


def test_a_late_result_is_offered_as_it_would_be_filled_in_and_taken_when_asked() -> None:
    session = ordered()
    session.bring("take_over")
    assert offered(session) == {"later"}

    session.settle("succeeded", {"status": "held"})

    late = session.look()["late"]
    assert [(x["by_hand"], x["values"], x["shown"]) for x in late] == [
        (False, {"order.status": "held"}, {"order.status": "held"})
    ]
    assert offered(session) == {"use_result"}
    session.bring("use_result")
    assert (session.step, session.look()["late"]) == ("name", [])
    assert session.trace()["action"][0]["by_hand"] is False


def test_a_late_result_stays_offered_after_it_was_done_by_hand() -> None:
    session = ordered()
    session.bring("take_over")
    session.answer(**{"order.status": "sent"})

    session.settle("succeeded", {"status": "held"})

    late = session.look()["late"][0]
    assert (late["by_hand"], late["values"]) == (True, {"order.status": "held"})
    session.amend("order", **late["values"])
    assert session.values["order"] == {"status": "held"}


def test_a_late_result_of_what_was_left_for_later_is_taken_where_it_is_needed() -> None:
    session = ordered()
    session.bring("later")
    effect = session.open_effects()[0].id
    session.answer(name="Zoe")
    session.bring("take_over")
    assert session.look()["step"]["by_hand"] is True

    session.bring(
        "effect_result", "system", effect=effect, status="succeeded", result={"status": "held"}
    )

    assert offered(session) == {"use_result"}
    session.bring("use_result")
    assert session.state.outcome == "resolved"
    assert session.state.codes["action"] == ["order.explained"]


def test_nothing_is_taken_where_the_system_has_not_answered() -> None:
    session = ordered()
    session.bring("take_over")

    assert session.refuses("use_result").code == "command.not-here"
    assert session.refuses("later", step="name").code == "answer.not-current"
