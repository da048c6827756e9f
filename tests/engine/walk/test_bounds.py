"""Whatever loops or breaks ends in the library's failure journey.

Source: semantics.md 10; promises.md, limits.
"""

from __future__ import annotations

import pytest

from engine.commands import Command
from engine.events import Ended, Tripped
from engine.machine import decide
from engine.walk import AUTOMATIC_BOUND, DEPTH_BOUND, EVENT_BOUND
from tests.support.sessions import Session
from tests.support.small_libraries import LIBRARY, small_library


def tripped(session: Session) -> list[tuple[str, str]]:
    """Return what tripped: (code, detail)."""
    return [(e.code, e.detail) for e in session.events if isinstance(e, Tripped)]


def in_failure(session: Session) -> bool:
    """Return whether it stands in the failure journey."""
    return bool(session.look()["step"]["journey"] == "sys.failure")


SPIN = """
- {id: name, ask: {name: text}}
- {id: one, decide: [{else: true, next: two}]}
- {id: two, decide: [{else: true, next: one}]}
- {id: done, end: resolved}
"""


def test_a_journey_that_loops_ends_in_the_failure_journey() -> None:
    session = Session(small_library(SPIN)).begin()

    session.answer(name="Zoe")

    assert [code for code, _ in tripped(session)] == ["bound.automatic-steps"]
    assert in_failure(session)
    assert session.look()["failure"] == "bound.automatic-steps"
    assert len(session.events) < AUTOMATIC_BOUND + 20
    session.bring("acknowledge")
    assert (session.state.status, session.state.outcome) == ("failed", "unresolved")


def test_the_bound_of_automatic_steps_counts_from_the_last_resolution() -> None:
    session = Session(
        small_library("""
- {id: name, ask: {name: text}}
- {id: one, decide: [{else: true}]}
- {id: again, ask: {again: {type: yes_no, yes: {next: name}}}}
- {id: done, end: resolved}
""")
    ).begin()

    for _ in range(AUTOMATIC_BOUND // 2):
        session.answer(name="Zoe")
        session.answer(again=True)

    assert len(session.state.path) > AUTOMATIC_BOUND
    assert tripped(session) == []
    assert session.step == "name"


def test_an_amend_counts_its_steps_from_the_last_resolution_it_restores() -> None:
    session = Session(
        small_library("""
- {id: name, ask: {name: text}}
- {id: one, decide: [{else: true}]}
- {id: again, ask: {again: {type: yes_no, yes: {next: one}}}}
- {id: done, end: resolved}
""")
    ).begin()
    session.answer(name="Zoe")
    for _ in range(AUTOMATIC_BOUND // 2 + 10):
        session.answer(again=True)

    session.amend("name", name="Max")

    assert tripped(session) == []
    assert session.values == {"name": "Max", "again": True}


def test_a_journey_that_calls_itself_stops_at_sixteen_deep() -> None:
    session = Session(
        small_library(
            "- {id: in, call: deep}\n- {id: done, end: resolved}",
            {"deep": "- {id: on, call: deep}\n- {id: out, end: resolved}"},
        )
    ).begin()

    assert [code for code, _ in tripped(session)] == ["bound.call-depth"]
    assert max(run.count("/") for run in session.state.runs) == DEPTH_BOUND - 1


def test_a_session_of_very_many_events_ends_before_the_store_refuses_it() -> None:
    session = Session(
        small_library("""
- {id: name, ask: {name: text}, next: name}
- {id: done, end: resolved}
""")
    ).begin()
    session.state.seq = EVENT_BOUND - AUTOMATIC_BOUND
    command = Command("answer", {"values": {"name": "Zoe"}})

    decision = decide(session.library, session.state, command, session.env("advisor"))

    assert [e.code for e in decision.events if isinstance(e, Tripped)] == ["bound.events"]
    assert decision.state.seq < EVENT_BOUND


COSTLY = """
- id: items
  ask: {items: {type: group, fields: {n: number}, min: 0, max: 1000}}
- id: cost
  decide:
    - {when: 'any(x in items: any(y in items: x.n == y.n + 5000))', next: done}
    - {else: true, next: done}
- {id: done, end: resolved}
"""


def test_an_expression_that_costs_too_much_ends_in_the_failure_journey() -> None:
    library = small_library(COSTLY)
    session = Session(library).begin()

    session.answer(items=[{"n": n} for n in range(1000)])

    assert tripped(session) == [("bound.expression-cost", "cost")]
    assert in_failure(session)


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ("- {id: way, decide: [{when: 'name == \"x\"', next: done}]}", "walk.no-rule"),
        ("- {id: way, ask: {way: text}, requires: 'name == \"x\"'}", "rule.requires"),
        ("- {id: way, ask: {way: text}, requires: {role: supervisor}}", "rule.role"),
        ("- {id: way, call: sub}", "walk.outcome-unmapped"),
    ],
)
def test_a_rule_that_breaks_ends_in_the_failure_journey(steps: str, code: str) -> None:
    library = small_library(
        f"- {{id: name, ask: {{name: text}}}}\n{steps}\n- {{id: done, end: resolved}}",
        {"sub": "start: false\nsteps:\n  - {id: no, end: refused}"},
    )
    session = Session(library).begin()

    session.answer(name="Zoe")

    assert [one for one, _ in tripped(session)] == [code]
    assert in_failure(session)


def test_an_invariant_holds_whenever_its_step_is_reached() -> None:
    library = small_library("""
invariants: [{reach: send, requires: 'sure'}]
steps:
  - {id: sure, ask: {sure: yes_no}}
  - {id: send, do: shop.resend, by_hand: {say: "Send."}}
  - {id: done, end: resolved}
""")
    kept, broken = Session(library).begin(), Session(library).begin()

    kept.answer(sure=True)
    broken.answer(sure=False)

    assert len(kept.asked("shop.resend")) == 1
    assert tripped(broken) == [("rule.invariant", "send")]
    assert broken.asked("shop.resend") == []


def test_a_role_that_is_required_and_there_goes_on() -> None:
    library = small_library("""
- {id: name, ask: {name: text}}
- {id: way, ask: {way: text}, requires: {role: supervisor}}
- {id: done, end: resolved}
""")
    session = Session(library).begin()

    session.bring("answer", "supervisor", values={"name": "Zoe"})

    assert (tripped(session), session.step) == ([], "way")


def test_a_table_with_two_rows_where_one_must_match_ends_in_the_failure_journey() -> None:
    library = small_library(
        """
- {id: days, ask: {days: {type: number}}}
- {id: rule, decide: {table: rule, with: {days: days}, saves: verdict}}
- {id: done, end: resolved}
""",
        files={
            "tables/rule.yaml": """
parcours: 1
table: rule
inputs: {days: {type: number}}
outputs: {ok: {type: yes_no}}
hit: unique
rules:
  - {if: {days: "<= 10"}, then: {ok: true}}
  - {if: {days: ">= 10"}, then: {ok: false}}
"""
        },
    )
    session = Session(library).begin()

    session.answer(days=10)

    assert len(tripped(session)) == 1
    assert tripped(session)[0][0].startswith("table.")


def test_a_step_entered_again_too_often_leaves_otherwise() -> None:
    session = Session(
        small_library("""
- {id: name, ask: {name: text}, again: 1, otherwise: enough}
- {id: more, ask: {more: {type: yes_no, yes: {next: name}}}}
- {id: done, end: resolved}
- {id: enough, end: unresolved}
""")
    ).begin()
    session.answer(name="a")
    session.answer(more=True)
    session.answer(name="b")

    session.answer(more=True)

    assert session.state.outcome == "unresolved"
    assert session.values["name"] == "b"


FAILING = """
start: false
steps:
  - {id: sorry, say: "Sorry.", verbatim: true}
  - {id: spin, decide: [{when: '1 > 2', next: over}]}
  - {id: over, end: unresolved}
"""


def test_a_second_failure_ends_the_session() -> None:
    library = small_library(
        SPIN,
        {"own.failure": FAILING},
        files={"library.yaml": LIBRARY + "system: {failure: own.failure}"},
    )
    session = Session(library).begin()
    session.answer(name="Zoe")

    session.bring("acknowledge")

    assert [code for code, _ in tripped(session)] == ["bound.automatic-steps", "walk.no-rule"]
    ended = session.events[-1]
    assert isinstance(ended, Ended)
    assert (ended.outcome, ended.status) == ("unresolved", "failed")


def test_after_a_failure_only_a_supervisor_may_set_the_session_back() -> None:
    session = Session(small_library(SPIN)).begin()
    session.answer(name="Zoe")

    refused = session.refuses("amend", visit=session.at("name").id, values={"name": "Max"})
    listed = session.look()["commands"]
    session.bring("back")
    looking = session.look()["commands"]
    answered = session.refuses("answer", values={"name": "Max"})
    session.bring("rewind", "supervisor", visit=session.at("name").id)

    assert (refused.code, answered.code) == ("amend.after-failure", "amend.after-failure")
    assert "amend" not in listed
    assert {"amend", "answer"}.isdisjoint(looking)
    assert (session.step, session.state.tripped) == ("name", None)


BIG = """
operations:
  big.read:
    effect: read
    output: {lines: {type: list, of: {type: record, fields: {id: {type: text}}}}}
"""


def test_options_too_costly_to_work_out_trip_rather_than_break_every_look() -> None:
    library = small_library(
        """
- {id: lines, do: big.read, saves: {order: result}, by_hand: {say: h, fills: [order.lines]}}
- id: pick
  ask:
    which:
      type: choice
      options:
        - {id: a, label: A}
        - id: b
          label: B
          when: 'any(x in order.lines: any(y in order.lines: y.id != x.id and y.id == "zz"))'
- {id: done, end: refused}
""",
        files={"connectors.yaml": BIG},
    )
    session = Session(library).begin()

    session.settle("succeeded", {"lines": [{"id": f"l{at}"} for at in range(1000)]})

    assert session.state.tripped == "bound.expression-cost"
    assert session.look()["say"] != []


def test_an_option_that_costs_too_much_to_offer_ends_in_the_failure_journey() -> None:
    library = small_library("""
- id: items
  ask: {items: {type: group, fields: {n: number}, min: 0, max: 1000}}
- id: way
  ask:
    way:
      type: choice
      options:
        - {id: a, label: A, when: 'any(x in items: any(y in items: x.n == y.n + 5000))'}
        - {id: b, label: B}
- {id: done, end: resolved}
""")
    session = Session(library).begin()

    session.answer(items=[{"n": n} for n in range(1000)])

    assert session.state.status in ("active", "failed")
    if session.step == "way":
        session.answer(way="b")
    assert [code for code, _ in tripped(session)] == ["bound.expression-cost"]
