"""Actions asked of systems, and the people behind them.

Source: semantics.md 9, 14; promises.md 2.4.
"""

from __future__ import annotations

import pytest

from engine.effects import requests
from engine.events import FellBack, Settled, TransferAsked
from tests.support.sessions import Session
from tests.support.small_libraries import small_library

ORDER = """
- {{id: number, ask: {{number: text}}}}
- id: order
  do: shop.read
  with: {{id: number}}
  saves: {{order: result, status: result.status}}
  acts: order.explained
  by_hand: {{say: "Open the shop and read the status.", fills: [order.status, order.amount]}}
  {more}
- {{id: more, ask: {{more: text}}}}
- {{id: done, end: resolved}}
- {{id: other, ask: {{other: text}}}}
- {{id: gone, end: refused}}
"""


def ordered(more: str = "time: lookup", audience: str = "advisor") -> Session:
    """Return a session that waits for a look-up; `more` is another key of that step."""
    session = Session(small_library(ORDER.format(more=more))).begin(audience=audience)
    session.bring("answer", audience, values={"number": "F1"})
    assert (session.step, session.state.status) == ("order", "pending")
    return session


def test_an_action_asks_with_a_key_of_its_own_and_waits() -> None:
    session = ordered()

    asked = requests(session.events)

    assert [(r.operation, r.inputs, r.timeout, r.effect_class, r.behind) for r in asked] == [
        ("shop.read", {"id": "F1"}, 5_000, "read", False)
    ]
    assert asked[0].effect == "s/main/order~1.1"
    assert session.look()["pending"]["operation"] == "shop.read"
    assert session.refuses("answer", values={"x": 1}).code == "session.waiting"


def test_success_keeps_the_result_and_takes_the_codes() -> None:
    session = ordered()

    session.settle("succeeded", {"status": "held", "amount": None, "secret": "not declared"})

    assert session.step == "more"
    assert session.values["order"] == {"status": "held"}
    assert session.values["status"] == "held"
    assert session.state.codes["action"] == ["order.explained"]
    assert session.trace()["action"][0]["by_hand"] is False


@pytest.mark.parametrize(
    ("effect", "status"),
    [("read", "failed"), ("idempotent", "unknown"), ("keyed", "unknown"), ("unsafe", "unknown")],
)
def test_a_result_of_the_wrong_form_is_a_failure_that_may_hide_a_deed(
    effect: str, status: str
) -> None:
    session = ordered(f"effect: {effect}")

    session.settle("succeeded", {"status": "exploded"})

    settled = next(e for e in session.events if isinstance(e, Settled))
    assert (settled.status, settled.reason) == (status, "connector.schema")
    assert session.look()["step"]["by_hand"] is True


@pytest.mark.parametrize(
    ("on", "reason", "stops_at"),
    [
        ("on: {refused: other}", "not_found", "other"),
        ("on: {refused: other}", "never heard of", "other"),
        ("on: {refused: {not_found: other, else: more}}", "not_found", "other"),
        ("on: {refused: {not_found: other, else: more}}", "something", "more"),
        ("on: {refused: {not_found: other}}", "something", "order"),
        ("time: lookup", "not_found", "order"),
    ],
)
def test_a_business_refusal_goes_its_own_way_or_to_a_person(
    on: str, reason: str, stops_at: str
) -> None:
    session = ordered(on)

    session.settle("refused", reason=reason)

    assert session.step == stops_at
    assert session.look()["step"]["by_hand"] is (stops_at == "order")
    assert session.state.codes["action"] == []


@pytest.mark.parametrize("status", ["failed", "unknown"])
def test_a_technical_failure_leads_through_the_manual_procedure(status: str) -> None:
    session = ordered()

    session.settle(status, reason="timeout")

    seen = session.look()
    assert seen["do"] == "Open the shop and read the status."
    assert [f["name"] for f in seen["fields"]] == ["order.status", "order.amount"]
    money = {"amount": "80.00", "currency": "EUR"}
    session.bring("answer", values={"order.status": "held", "order.amount": money})
    assert session.values["order"] == {"status": "held", "amount": money}
    action = session.trace()["action"][0]
    assert (action["code"], action["by_hand"], action["after_failure"]) == (
        "order.explained", True, True,
    )  # fmt: skip


def test_a_manual_procedure_may_be_a_step_of_its_own() -> None:
    steps = ORDER.format(more="otherwise: other")
    start = steps.index("  by_hand:")
    steps = steps[:start] + steps[steps.index("  otherwise:") :]
    session = Session(small_library(steps)).begin()
    session.answer(number="F1")

    session.settle("failed")

    assert session.step == "other"
    assert session.at("order").how == "failed"


def test_what_cannot_be_done_by_hand_either_has_its_own_way() -> None:
    session = ordered("on: {not_done: other}")
    session.settle("failed")
    assert "not_done" in session.look()["commands"]

    session.bring("not_done", reason="the shop is closed")

    assert session.step == "other"
    assert session.at("order").how == "not_done"
    assert session.state.codes["action"] == []


def test_without_such_a_way_an_action_must_be_done() -> None:
    session = ordered()
    session.settle("failed")

    assert session.refuses("not_done").code == "action.must-be-done"
    assert "not_done" not in session.look()["commands"]


@pytest.mark.parametrize("audience", ["customer", "bot", "robot"])
def test_who_cannot_do_it_by_hand_gets_an_advisor_at_that_very_step(audience: str) -> None:
    session = ordered(audience=audience)

    session.settle("failed", reason="timeout")

    handed = next(e for e in session.events if isinstance(e, TransferAsked))
    assert (handed.what, handed.to, handed.visit) == (
        "hand_over",
        "advisor",
        session.at("order").id,
    )
    assert session.state.status == "waiting"
    session.bring("accept")
    assert (session.step, session.state.status, session.state.audience) == (
        "order", "active", "advisor",
    )  # fmt: skip
    assert [f["name"] for f in session.look()["fields"]] == ["order.status", "order.amount"]


@pytest.mark.parametrize("audience", ["customer", "bot", "robot"])
def test_a_manual_procedure_is_the_advisors_to_answer_and_to_change(audience: str) -> None:
    session = ordered(audience=audience)
    session.settle("failed")
    session.bring("accept")
    seen = session.look(audience)
    assert seen["fields"] == []
    assert {"answer", "acknowledge"}.isdisjoint(seen["commands"])

    values = {"order.status": "held", "order.amount": {"amount": "1.00", "currency": "EUR"}}
    refused = session.refuses("answer", audience, values=values)
    assert refused.code == "step.advisor-only"
    session.bring("answer", values=values)
    visit = session.at("order").id
    assert session.refuses("amend", audience, visit=visit, values=values).code in (
        "step.advisor-only",
        "command.role",
    )


def test_an_advisor_takes_over_from_a_slow_robot_and_its_late_result_is_only_suggested() -> None:
    session = ordered()

    session.bring("take_over")

    assert [e.reason for e in session.events if isinstance(e, FellBack)] == ["taken_over"]
    session.settle("succeeded", {"status": "held"})
    assert session.step == "order"
    assert session.look()["fields"][0]["suggested"] == "held"
    money = {"amount": "80.00", "currency": "EUR"}
    session.bring("answer", values={"order.status": "sent", "order.amount": money})
    assert session.values["order"] == {"status": "sent", "amount": money}
    assert session.trace()["action"][0]["by_hand"] is True
    assert session.trace()["action"][0]["after_failure"] is False


def test_a_second_result_for_the_same_action_makes_nothing_happen() -> None:
    session = ordered()
    effect = session.open_effects()[0].id
    session.settle("succeeded", {"status": "held"})

    again = session.bring("effect_result", "system", effect=effect, status="failed")

    assert again == []
    assert session.state.effects[effect].status == "succeeded"


def test_an_unknown_outcome_may_become_known_later() -> None:
    session = ordered()
    effect = session.open_effects()[0].id
    session.settle("unknown", reason="timeout")

    session.bring(
        "effect_result", "system", effect=effect, status="succeeded", result={"status": "held"}
    )

    assert session.state.effects[effect].status == "succeeded"
    assert session.look()["fields"][0]["suggested"] == "held"
    assert session.look()["step"]["by_hand"] is True


def test_a_result_for_an_action_nobody_asked_is_refused() -> None:
    refused = ordered().refuses("effect_result", "system", effect="x", status="failed")

    assert refused.code == "effect.unknown"


def test_an_action_skipped_by_its_condition_leaves_by_else() -> None:
    session = Session(
        small_library("""
- {id: sure, ask: {sure: yes_no}}
- {id: send, do: shop.resend, when: 'sure', else: other, by_hand: {say: "Send it."}}
- {id: done, end: resolved}
- {id: other, end: refused}
""")
    ).begin()

    session.answer(sure=False)

    assert session.asked("shop.resend") == []
    assert session.state.outcome == "refused"


@pytest.mark.parametrize("audience", ["customer", "bot", "robot"])
def test_a_side_call_is_the_advisors_and_others_are_handed_over(audience: str) -> None:
    session = Session(
        small_library("""
- {id: name, ask: {name: text}}
- {id: expert, consult: {team: expert, question: "Does it fit?", fields: {advice: text}}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    ).begin(audience=audience)
    session.bring("answer", audience, values={"name": "Zoé"})

    assert (session.step, session.state.status) == ("expert", "waiting")
    assert session.look(audience)["fields"] == []
    session.bring("accept")
    refused = session.refuses("answer", audience, values={"advice": "yes"})
    assert refused.code == "step.advisor-only"
    session.bring("answer", values={"advice": "yes"})
    assert session.step == "more"


def test_a_correction_is_offered_once_there_is_something_to_correct() -> None:
    session = Session(
        small_library("""
- {id: legal, say: "This call is recorded.", verbatim: true}
- {id: name, ask: {name: text}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    ).begin()
    session.bring("acknowledge")
    assert {"back", "amend"} & set(session.look()["commands"]) == {"back"}

    session.answer(name="Zoé")
    assert {"back", "amend"} & set(session.look()["commands"]) == {"back", "amend"}
