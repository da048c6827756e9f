"""Changing an earlier answer. Source: semantics.md 8-11."""

from __future__ import annotations

from typing import Any

import pytest

from engine.events import Amended, Requested, Rewound
from engine.model import Library
from tests.support.sessions import Session, standing
from tests.support.small_libraries import small_library

BY_HAND = 'by_hand: {say: "Look it up.", fills: [order.status]}'
COMPLAINT = """
- id: complaint
  ask:
    complaint:
      type: choice
      options:
        - {id: late, label: Late, declares: order.late}
        - {id: damaged, label: Damaged, declares: order.damaged, next: damaged}
"""
ENDING = """
- {id: solved, end: resolved}
- id: damaged
  ask: {photo: {type: yes_no}}
- {id: seen, end: refused}
"""


def shop(middle: str, ending: str = ENDING) -> Library:
    """Return a complaint, what follows when it is late, and a question when it is damaged."""
    return small_library(COMPLAINT + middle + ending)


def look_up(**more: str) -> str:
    """Return a look-up and the question after it."""
    extra = "".join(f", {key}: {value}" for key, value in more.items())
    return f"""
- {{id: order, do: shop.read, with: {{id: complaint}}, saves: {{order: result}}, {BY_HAND}{extra}}}
- id: reason
  ask: {{reason: text}}
"""


def resend(**more: str) -> str:
    """Return a writing action with given keys, and the question after it."""
    extra = "".join(f", {key}: {value}" for key, value in more.items())
    return f"""
- id: number
  ask: {{number: text}}
- {{id: send, do: shop.resend, with: {{id: number}}, saves: {{sent: result}}, acts: order.resent,
   by_hand: {{say: "Send it."}}{extra}}}
- id: enough
  ask: {{enough: yes_no}}
"""


def sent(library: Library) -> Session:
    """Return a session in which the parcel was sent again."""
    session = Session(library).begin()
    session.answer(complaint="late")
    session.answer(number="F1")
    session.settle("succeeded", {"parcel": "P1"})
    assert session.step == "enough"
    return session


def test_what_no_longer_follows_is_undone_and_both_truths_stay_in_the_history() -> None:
    session = Session(shop(look_up())).begin()
    session.answer(complaint="late")
    session.settle("succeeded", {"status": "held"})

    session.amend("complaint", complaint="damaged")

    assert session.step == "damaged"
    assert session.values == {"complaint": "damaged"}
    assert session.state.codes["declaration"] == ["order.damaged"]
    assert [c["code"] for c in session.trace()["undone"]] == []
    undone = [h["step"] for h in session.look()["history"] if h["undone"]]
    assert undone == ["order"]


def test_an_answer_undone_in_a_called_journey_is_still_told_in_words() -> None:
    library = small_library(
        COMPLAINT + "- {id: which, call: choosing}\n- {id: reason, ask: {reason: text}}" + ENDING,
        {
            "choosing": """
start: false
steps:
  - {id: pick, title: Which order, ask: {order: {type: choice, options: [{id: F1, label: Lamp}]}}}
  - {id: picked, end: resolved}
"""
        },
    )
    session = Session(library).begin()
    session.answer(complaint="late")
    session.answer(order="F1")

    session.amend("complaint", complaint="damaged")

    [line] = [h for h in session.look()["history"] if h["undone"]]
    assert (line["title"], line["kind"], line["shown"]) == ("Which order", "ask", {"order": "Lamp"})


def test_a_code_undone_by_a_correction_is_told_apart_in_the_trace() -> None:
    session = sent(shop(resend(on_amend="keep")))

    session.amend("complaint", complaint="damaged")

    assert session.trace()["action"] == []
    assert [(c["axis"], c["code"]) for c in session.trace()["undone"]] == [
        ("action", "order.resent")
    ]


def test_an_amend_says_what_it_pruned_and_what_it_restored() -> None:
    session = Session(shop(look_up())).begin()
    session.answer(complaint="late")
    session.settle("succeeded", {"status": "held"})
    order, reason = session.at("order").id, session.at("reason").id

    away = session.amend("complaint", complaint="damaged")
    back = session.amend("complaint", complaint="late")

    assert [e.pruned for e in away if isinstance(e, Amended)] == [(order, reason)]
    assert [e.restored for e in back if isinstance(e, Amended)] == [(order, reason)]
    assert [e.reason for e in away if isinstance(e, Rewound)] == ["amend"]


def test_amending_twice_leaves_the_session_as_it_was_and_asks_no_system_twice() -> None:
    library = shop(look_up() + "\n- {id: more, ask: {more: text}}\n")
    session = Session(library).begin()
    session.answer(complaint="late")
    session.settle("succeeded", {"status": "held"})
    session.answer(reason="rain")
    before = standing(session.state)

    session.amend("complaint", complaint="damaged")
    session.amend("complaint", complaint="late")

    assert standing(session.state) == before
    assert session.step == "more"
    assert len(session.asked("shop.read")) == 1


def test_a_look_up_whose_inputs_changed_is_asked_again() -> None:
    library = small_library(f"""
- {{id: number, ask: {{number: text}}}}
- {{id: order, do: shop.read, with: {{id: number}}, saves: {{order: result}}, {BY_HAND}}}
- {{id: more, ask: {{more: text}}}}
- {{id: done, end: resolved}}
""")
    session = Session(library).begin()
    session.answer(number="F1")
    session.settle("succeeded", {"status": "held"})

    session.amend("number", number="F2")

    assert session.state.status == "pending"
    assert [e.inputs for e in session.asked("shop.read")] == [{"id": "F1"}, {"id": "F2"}]
    assert [e.generation for e in session.asked("shop.read")] == [1, 2]


def test_the_kth_time_reached_from_another_step_a_stored_answer_is_only_a_suggestion() -> None:
    library = small_library("""
- id: way
  ask: {way: {type: choice, options: [{id: short, label: S, next: name}, {id: long, label: L}]}}
- {id: detour, ask: {detour: text}}
- {id: name, ask: {name: text}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    session = Session(library).begin()
    session.answer(way="short")
    session.answer(name="Zoe")

    session.amend("way", way="long")
    session.answer(detour="left")

    assert session.step == "name"
    assert "name" not in session.values
    field = session.look()["fields"][0]
    assert (field["name"], field["suggested"], field["value"]) == ("name", "Zoe", None)


def test_an_answer_that_is_no_longer_valid_is_asked_again() -> None:
    library = small_library("""
- {id: most, ask: {most: {type: number}}}
- id: amount
  ask: {amount: {type: number, valid: {when: 'amount <= most', message: "Too much."}}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    session = Session(library).begin()
    session.answer(most=10)
    session.answer(amount=8)

    session.amend("most", most=5)

    assert session.step == "amount"
    assert session.look()["fields"][0]["suggested"] == 8


@pytest.mark.parametrize("choice", ["compensate", "keep"])
def test_an_executed_action_left_behind_is_dealt_with_as_its_step_says(choice: str) -> None:
    session = sent(shop(resend(on_amend=choice, compensate="shop.cancel")))

    happened = session.amend("complaint", complaint="damaged")

    amended = next(e for e in happened if isinstance(e, Amended))
    effect = session.asked("shop.resend")[0].effect
    expected: dict[str, Any] = {
        "compensate": ("compensating", (), (effect,)),
        "keep": ("kept", (effect,), ()),
    }
    status = session.state.effects[effect].status
    assert (status, amended.kept, amended.compensated) == expected[choice]
    undo = session.asked("shop.cancel")
    if choice == "compensate":
        assert [u.compensates for u in undo] == [effect]
        assert undo[0].inputs == {"id": "F1", "result": {"parcel": "P1"}}
    else:
        assert undo == []


def test_by_default_somebody_must_say_what_becomes_of_an_executed_action() -> None:
    session = sent(shop(resend(compensate="shop.cancel")))
    effect = session.asked("shop.resend")[0].effect

    refused = session.refuses(
        "amend", visit=session.at("complaint").id, values={"complaint": "damaged"}
    )

    assert refused.code == "amend.confirm"
    assert [(e["effect"], e["choices"]) for e in refused.params["effects"]] == [
        (effect, ["compensate", "keep"])
    ]
    session.amend("complaint", {effect: "keep"}, complaint="damaged")
    assert session.state.effects[effect].status == "kept"


def test_a_kept_action_satisfies_its_step_when_it_is_met_again() -> None:
    session = sent(shop(resend(on_amend="keep")))

    session.amend("complaint", complaint="damaged")
    session.amend("complaint", complaint="late")

    assert session.step == "enough"
    assert len(session.asked("shop.resend")) == 1
    assert session.values["sent"] == {"parcel": "P1"}
    assert session.state.codes["action"] == ["order.resent"]


def test_an_action_whose_inputs_changed_counts_as_off_the_path() -> None:
    session = sent(shop(resend(on_amend="compensate", compensate="shop.cancel")))

    session.amend("number", number="F2")

    first, second = session.asked("shop.resend")
    assert [first.inputs, second.inputs] == [{"id": "F1"}, {"id": "F2"}]
    assert second.generation == 2
    assert [u.compensates for u in session.asked("shop.cancel")] == [first.effect]


def test_an_action_done_anew_after_being_undone_is_another_generation() -> None:
    session = sent(shop(resend(on_amend="compensate", compensate="shop.cancel")))

    session.amend("complaint", complaint="damaged")
    session.settle("succeeded")
    session.amend("complaint", complaint="late")

    requests = session.asked("shop.resend")
    assert [r.generation for r in requests] == [1, 2]
    assert requests[0].effect != requests[1].effect
    assert session.state.status == "pending"


def test_an_action_under_way_must_end_before_an_amend() -> None:
    session = Session(shop(look_up())).begin()
    session.answer(complaint="late")

    refused = session.refuses(
        "amend", visit=session.at("complaint").id, values={"complaint": "damaged"}
    )

    assert refused.code == "amend.in-flight"
    session.settle("succeeded", {"status": "held"})
    session.amend("complaint", complaint="damaged")
    assert session.step == "damaged"


def test_an_undoing_under_way_must_end_before_another_amend() -> None:
    session = sent(shop(resend(on_amend="compensate", compensate="shop.cancel")))
    session.amend("complaint", complaint="damaged")

    refused = session.refuses(
        "amend", visit=session.at("complaint").id, values={"complaint": "late"}
    )

    assert refused.code == "amend.in-flight"


def test_a_preview_says_what_then_happens_and_does_nothing() -> None:
    session = sent(shop(resend(on_amend="keep")))
    count = len(session.events)

    told = session.preview("complaint", complaint="damaged")

    assert len(session.events) == count
    happened = session.amend("complaint", complaint="damaged")
    amended = next(e for e in happened if isinstance(e, Amended))
    assert told["allowed"] is True
    assert [v["visit"] for v in told["pruned"]] == list(amended.pruned)
    assert [v["visit"] for v in told["restored"]] == list(amended.restored)
    assert told["at"] == session.step
    assert told["codes"] == session.state.codes


def test_a_preview_shows_the_effects_that_need_a_decision() -> None:
    session = sent(shop(resend(compensate="shop.cancel")))
    effect = session.asked("shop.resend")[0].effect

    told = session.preview("complaint", complaint="damaged")

    assert (told["allowed"], told["code"]) == (False, "amend.confirm")
    assert told["effects"] == [
        {"effect": effect, "operation": "shop.resend", "step": "send", "status": "succeeded",
         "choices": ["compensate", "keep"]}
    ]  # fmt: skip
    assert session.preview("complaint", {effect: "compensate"}, complaint="damaged")["allowed"]


def test_an_amend_that_changes_nothing_makes_nothing_happen() -> None:
    session = sent(shop(resend()))

    assert session.amend("complaint", complaint="late") == []


def test_only_answers_on_the_path_may_be_changed() -> None:
    session = sent(shop(resend()))

    unknown = session.refuses("amend", visit=99, values={"complaint": "late"})
    action = session.refuses("amend", visit=session.at("send").id, values={"x": 1})

    assert unknown.code == "amend.unknown-visit"
    assert action.code == "amend.not-an-answer"
    assert unknown.params["allowed"] == [session.at("complaint").id, session.at("number").id]


def test_a_wrong_answer_in_an_amend_is_refused_and_nothing_is_undone() -> None:
    session = sent(shop(resend()))

    refused = session.refuses("amend", visit=session.at("complaint").id, values={"complaint": "x"})

    assert refused.code == "answer.refused"
    assert refused.fields["complaint"]["allowed"] == ["late", "damaged"]


def test_a_supervisor_sets_a_session_back_and_its_question_is_open_again() -> None:
    session = sent(shop(resend(on_amend="keep")))

    session.bring("rewind", "supervisor", visit=session.at("complaint").id)

    assert session.step == "complaint"
    assert session.values == {}
    assert session.look()["fields"][0]["options"][0]["id"] == "late"
    assert session.refuses("rewind", visit=1).code == "command.role"


def test_an_answer_done_by_hand_may_be_changed_too() -> None:
    session = Session(shop(look_up())).begin()
    session.answer(complaint="late")
    session.settle("failed", reason="timeout")
    session.bring("answer", values={"order.status": "held"})

    session.amend("order", None, **{"order.status": "sent"})

    assert session.values["order"] == {"status": "sent"}
    assert len([e for e in session.events if isinstance(e, Requested)]) == 1


def test_an_action_nobody_knows_the_end_of_is_not_done_for_being_kept() -> None:
    session = Session(shop(resend(on_amend="keep"))).begin()
    session.answer(complaint="late")
    session.answer(number="F1")
    session.settle("unknown")
    assert session.look()["step"]["by_hand"]

    session.amend("complaint", complaint="damaged")
    session.amend("complaint", complaint="late")

    assert session.step == "send"
    assert session.look()["step"]["by_hand"]
    assert session.state.codes["action"] == []
    assert len(session.asked("shop.resend")) == 1
