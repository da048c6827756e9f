"""Questions, what is told with them, and the ways past them. Source: semantics.md 7, 12, 13, 17."""

from __future__ import annotations

import pytest

from engine.events import Event, Left
from tests.support.sessions import Session
from tests.support.small_libraries import small_library

TWO = """
- id: name
  ask: {name: text, age: {type: number, min: 18, required: false}}
- id: reason
  ask: {reason: {type: choice, options: [{id: late, label: Late}, {id: lost, label: Lost}]}}
- {id: done, end: resolved}
"""


def two() -> Session:
    """Return a session on the first of two stops."""
    return Session(small_library(TWO)).begin()


def lefts(events: list[Event]) -> list[tuple[str, str]]:
    """Return how and by which exit each visit was left."""
    return [(e.how, e.exit) for e in events if isinstance(e, Left)]


def test_every_wrong_answer_is_named_at_once_with_what_is_allowed() -> None:
    refused = two().refuses("answer", values={"age": 12, "size": 3})

    assert refused.code == "answer.refused"
    assert {name: wrong["code"] for name, wrong in refused.fields.items()} == {
        "name": "answer.missing",
        "age": "answer.too-small",
        "size": "answer.unknown-field",
    }
    assert refused.fields["size"]["allowed"] == ["name", "age"]
    assert refused.fields["age"]["allowed"]["minimum"] == 18


def test_an_unknown_option_is_refused_with_those_there_are() -> None:
    session = two()
    session.answer(name="Zoe")

    refused = session.refuses("answer", values={"reason": "broken"})

    assert refused.fields["reason"]["code"] == "answer.unknown-option"
    assert refused.fields["reason"]["allowed"] == ["late", "lost"]


def test_an_answer_meant_for_another_step_is_refused() -> None:
    refused = two().refuses("answer", step="reason", values={"reason": "late"})

    assert refused.code == "answer.not-current"
    assert refused.fields["step"]["allowed"] == ["name"]


def test_a_rule_over_the_answers_says_its_message() -> None:
    session = Session(
        small_library("""
- id: dates
  ask:
    first: number
    last: {type: number, valid: {when: 'last >= first', message: "Not before {first}."}}
- {id: done, end: resolved}
""")
    ).begin()

    refused = session.refuses("answer", values={"first": 5, "last": 3})

    assert refused.fields["last"]["code"] == "answer.rule"
    assert refused.fields["last"]["message"] == {"en": "Not before 5."}
    session.answer(first=5, last=6)
    assert session.state.status == "ended"


def test_an_option_hidden_by_its_condition_is_neither_shown_nor_taken() -> None:
    session = Session(
        small_library("""
- {id: paid, ask: {paid: yes_no}}
- id: wish
  ask:
    wish:
      type: choice
      options: [{id: refund, label: Refund, when: 'paid'}, {id: advice, label: Advice}]
- {id: done, end: resolved}
""")
    ).begin()
    session.answer(paid=False)

    assert [o["id"] for o in session.look()["fields"][0]["options"]] == ["advice"]
    refused = session.refuses("answer", values={"wish": "refund"})
    assert refused.fields["wish"]["allowed"] == ["advice"]


def test_options_may_come_from_a_list_found_before() -> None:
    library = small_library(
        """
- {id: find, do: shop.list, saves: {orders: result.orders}, by_hand: {say: "Look."}}
- id: which
  ask: {which: {type: choice, options: {from: orders, id: id, label: label}}}
- {id: done, end: resolved}
""",
        files={
            "connectors.yaml": """
operations:
  shop.list:
    effect: read
    output:
      orders: {type: list, of: {type: record, fields: {id: {type: text}, label: {type: text}}}}
"""
        },
    )
    session = Session(library).begin()
    session.settle("succeeded", {"orders": [{"id": "F1", "label": "A lamp"}, {"id": "F2"}]})

    options = session.look()["fields"][0]["options"]

    assert [(o["id"], o["label"]) for o in options] == [("F1", "A lamp"), ("F2", "F2")]
    assert session.refuses("answer", values={"which": "F3"}).fields["which"]["allowed"] == [
        "F1", "F2",
    ]  # fmt: skip
    session.answer(which="F1")
    assert session.state.status == "ended"
    assert session.look()["history"][-1]["shown"] == {"which": "A lamp"}


NOTHING = """
- id: reason
  ask: {reason: {type: choice, options: [{id: late, label: Late}]}}
  none: {none}
- id: check
  decide: [{when: 'reason == "late"', next: done}, {else: true, next: other}]
- {id: done, end: resolved}
- {id: other, end: unresolved}
"""


def test_none_of_these_goes_where_the_step_says() -> None:
    session = Session(small_library(NOTHING.replace("{none}", "other"))).begin()

    happened = session.bring("none_of_these", text="my dog ate it", category="pets")

    left = next(e for e in happened if isinstance(e, Left))
    assert (left.how, left.exit, left.reason) == ("none", "none", "my dog ate it")
    assert session.state.outcome == "unresolved"


def test_without_a_way_of_its_own_none_of_these_leads_to_the_librarys_journey_for_it() -> None:
    session = Session(small_library(NOTHING.replace("none: {none}", "title: Reason"))).begin()

    session.bring("none_of_these")

    assert session.look()["step"]["journey"] == "sys.nothing_fits"
    assert session.state.status == "active"


def test_none_of_these_may_be_forbidden() -> None:
    session = Session(small_library(NOTHING.replace("{none}", "false"))).begin()

    assert session.refuses("none_of_these").code == "answer.none-forbidden"
    assert "none_of_these" not in session.look()["commands"]
    assert "skip" not in session.look()["commands"]


def test_none_of_these_is_brought_back_when_its_question_is_met_again() -> None:
    session = Session(
        small_library("""
- {id: way, ask: {way: {type: choice, options: [{id: a, label: A}, {id: b, label: B, next: off}]}}}
- {id: reason, ask: {reason: text}, none: more}
- {id: more, ask: {more: text}}
- {id: off, ask: {off: text}}
- {id: done, end: resolved}
""")
    ).begin()
    session.answer(way="a")
    session.bring("none_of_these", text="no")
    session.amend("way", way="b")

    session.amend("way", way="a")

    assert session.step == "more"
    assert session.at("reason").how == "none"


@pytest.mark.parametrize("name", ["none", "next", "skipped", "again", "returned"])
def test_an_option_may_have_the_name_of_another_way_out(name: str) -> None:
    session = Session(
        small_library(f"""
- {{id: way, ask: {{way: {{type: choice, options: [{{id: a, label: A}}, {{id: b, label: B}}]}}}}}}
- id: reason
  ask:
    reason: {{type: choice, options: [{{id: {name}, label: No, next: off}}, {{id: b, label: B}}]}}
  none: more
- {{id: more, ask: {{more: text}}}}
- {{id: off, ask: {{off: text}}}}
- {{id: done, end: resolved}}
""")
    ).begin()
    session.answer(way="a")
    session.bring("none_of_these", text="no")
    assert session.step == "more"

    session.amend("way", way="b")
    assert session.step == "more", "what did not fit still does not"
    session.amend("reason", reason=name)
    assert session.step == "off"


def test_an_optional_question_is_skipped_with_a_reason() -> None:
    session = Session(
        small_library("""
- {id: extra, ask: {extra: {type: text, required: false}}, qualifies: payment.card}
- {id: done, end: resolved}
""")
    ).begin()

    happened = session.bring("skip", reason="in a hurry")

    assert lefts(happened) == [("skipped", "next")]
    assert session.at("extra").reason == "in a hurry"
    assert session.state.codes["qualification"] == ["payment.card"]


def test_skipping_a_needed_question_leads_to_none_of_these() -> None:
    session = Session(small_library(NOTHING.replace("{none}", "other"))).begin()

    happened = session.bring("skip", reason="will not say")

    assert lefts(happened)[0] == ("none", "none")
    assert session.state.outcome == "unresolved"


# What is told


def test_what_is_told_joins_the_next_question_and_is_left_with_it() -> None:
    session = Session(
        small_library("""
- {id: hello, say: "Hello.", qualifies: payment.card}
- {id: sorry, say: "We are sorry."}
- {id: name, ask: {name: text}, say: "Your name?"}
- {id: done, end: resolved}
""")
    ).begin()

    assert session.step == "name"
    assert [s["text"] for s in session.look()["say"]] == ["Hello.", "We are sorry.", "Your name?"]
    assert session.state.codes["qualification"] == []
    happened = session.answer(name="Zoe")
    assert lefts(happened)[:3] == [("answered", "next"), ("told", "next"), ("told", "next")]
    assert session.state.codes["qualification"] == ["payment.card"]


def test_what_is_told_before_an_end_is_a_stop_of_its_own() -> None:
    session = Session(
        small_library('- {id: bye, say: "Bye."}\n- {id: done, end: resolved}')
    ).begin()

    assert (session.step, session.state.status) == ("bye", "active")
    session.bring("acknowledge")
    assert session.state.outcome == "resolved"


def test_what_is_told_before_each_kind_that_makes_people_wait_is_acknowledged_first() -> None:
    waiting = {
        "do": '{id: it, do: shop.read, by_hand: {say: "Look."}}',
        "wait": "{id: it, wait: {delay: 2h}}",
        "transfer": "{id: it, transfer: {team: seller}}",
        "consult": "{id: it, consult: {team: seller}}",
        "approve": "{id: it, approve: {role: supervisor}}",
    }
    for kind, step in waiting.items():
        session = Session(
            small_library(
                f'- {{id: told, say: "One moment."}}\n- {step}\n- {{id: done, end: resolved}}'
            )
        ).begin()
        assert (kind, session.step, session.state.status) == (kind, "told", "active")

        session.bring("acknowledge")

        assert (kind, session.step) == (kind, "it")


def test_what_is_told_before_an_action_behind_joins_the_question_after_it() -> None:
    session = Session(
        small_library("""
- {id: told, say: "One moment."}
- {id: it, do: shop.read, behind: true, by_hand: {say: "Look."}}
- {id: name, ask: {name: text}}
- {id: done, end: resolved}
""")
    ).begin()

    assert session.step == "name"
    assert [s["text"] for s in session.look()["say"]] == ["One moment."]


def test_a_text_to_be_said_word_for_word_is_a_stop_of_its_own() -> None:
    session = Session(
        small_library("""
- {id: legal, say: "This call is recorded.", verbatim: true}
- {id: name, ask: {name: text}}
- {id: done, end: resolved}
""")
    ).begin()

    assert session.look()["say"] == [
        {"visit": 1, "step": "legal", "text": "This call is recorded.", "goal": None,
         "verbatim": True}
    ]  # fmt: skip
    assert session.refuses("answer", values={}).code == "command.not-here"
    session.bring("acknowledge")
    assert session.step == "name"


def test_a_robot_needs_no_wording_and_goes_on() -> None:
    session = Session(
        small_library("""
- {id: legal, say: "This call is recorded.", verbatim: true}
- {id: name, ask: {name: text}}
- {id: done, end: resolved}
""")
    ).begin(audience="robot")

    assert session.step == "name"
    assert session.at("legal").how == "passed"


def test_wording_is_the_audiences_and_a_bot_has_the_customers() -> None:
    library = small_library("""
- id: name
  say: {advisor: "Ask the name.", customer: "What is your name?"}
  ask: {name: text}
- {id: done, end: resolved}
""")
    said = {
        audience: Session(library).begin().look(audience=audience)["say"][0]["text"]
        for audience in ("advisor", "customer", "bot")
    }

    assert said == {
        "advisor": "Ask the name.",
        "customer": "What is your name?",
        "bot": "What is your name?",
    }
