"""What a screen beside the walk asks for: the questions still ahead, the answers learnt so far."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from engine.ahead import learnt, looking, questions
from engine.viewer import Viewer
from tests.support.sessions import Session
from tests.support.small_libraries import small_library

THREE = """
- id: name
  ask: {name: {type: text, label: Your name}, age: {type: number, min: 18, required: false}}
- id: reason
  ask:
    reason:
      type: choice
      label: Why
      options: [{id: late, label: It is late}, {id: lost, label: It is lost, next: secret}]
  next: done
- id: secret
  ask: {pin: {type: text, sensitive: true}}
- {id: done, end: resolved}
"""


def three() -> Session:
    """Return a session on the first of three stops."""
    return Session(small_library(THREE)).begin()


def look(session: Session) -> Viewer:
    return looking(
        session.library, session.state, audience="advisor", language="en", now=0,
        zone=ZoneInfo("UTC"),
    )  # fmt: skip


def test_the_questions_ahead_come_nearest_first_with_those_asked_here_marked() -> None:
    session = three()

    ahead = questions(look(session))

    assert [(one["name"], one["now"]) for one in ahead] == [
        ("name", True),
        ("age", True),
        ("reason", False),
        ("pin", False),
    ]


def test_a_question_ahead_tells_its_type_its_options_and_whether_it_is_sensitive() -> None:
    ahead = {one["name"]: one for one in questions(look(three()))}

    assert ahead["reason"]["type"] == "choice"
    assert [(o["id"], o["label"]) for o in ahead["reason"]["options"]] == [
        ("late", "It is late"),
        ("lost", "It is lost"),
    ]
    assert [name for name, one in ahead.items() if one["sensitive"]] == ["pin"]


LISTED = """
- {id: find, do: shop.list, saves: {orders: result.orders}, by_hand: {say: "Look."}}
- id: which
  ask: {order: {type: choice, options: {from: orders, id: id, label: label}}}
- {id: done, end: resolved}
"""
SHOP = """
operations:
  shop.list:
    effect: read
    output:
      orders: {type: list, of: {type: record, fields: {id: {type: text}, label: {type: text}}}}
"""


def test_a_question_asked_here_tells_the_options_that_the_walk_found() -> None:
    session = Session(small_library(LISTED, files={"connectors.yaml": SHOP})).begin()
    before = {one["name"]: one for one in questions(look(session))}
    session.settle("succeeded", {"orders": [{"id": "F1", "label": "F1 · A lamp"}]})

    (order,) = questions(look(session))

    assert before["order"]["options"] == []
    assert [(one["id"], one["label"]) for one in order["options"]] == [("F1", "F1 · A lamp")]
    assert order["now"]


def test_what_was_passed_is_no_longer_ahead_and_nothing_is_after_the_end() -> None:
    session = three()
    session.answer(name="Zoe")
    assert [one["name"] for one in questions(look(session))] == ["reason", "pin"]

    session.answer(reason="late")

    assert questions(look(session)) == []


def test_what_was_learnt_is_worded_and_comes_latest_first() -> None:
    session = three()
    session.answer(name="Zoe", age=40)
    session.answer(reason="lost")

    found = learnt(look(session))

    assert [(one["name"], one["label"], one["shown"]) for one in found] == [
        ("reason", "Why", "It is lost"),
        ("name", "Your name", "Zoe"),
        ("age", "name", "40"),
    ]
    assert [one["value"] for one in found] == ["lost", "Zoe", 40]


def test_a_corrected_answer_is_learnt_as_corrected() -> None:
    session = three()
    session.answer(name="Zoe")
    session.bring("amend", visit=session.at("name").id, values={"name": "Max"})

    assert [one["shown"] for one in learnt(look(session)) if one["name"] == "name"] == ["Max"]
