"""What holds of every journey and every way of walking it.

Source: semantics.md 1, 8-10; the bounds of promises.md.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.amend import AMENDABLE
from engine.evolve import ENDED
from engine.model import Library
from engine.refusals import Refused
from engine.state import Visit
from tests.support.made_journeys import VALUES, libraries
from tests.support.sessions import Session, standing

MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def answer_for(session: Session, data: st.DataObject, visit: Visit) -> dict[str, Any]:
    """Draw an answer to the questions of a visit."""
    step = session.library.journeys[session.state.runs[visit.run].journey].steps[visit.step]
    fields = step.by_hand.fills if step.KIND == "do" else step.fields()  # type: ignore[attr-defined]  # a Do has one
    return {f.name: data.draw(st.sampled_from(VALUES), label=f.name) for f in fields}


def go_on(session: Session, data: st.DataObject, *, failing: bool = True) -> None:
    """Do one thing that makes the session go on."""
    state = session.state
    current = state.current
    status = (
        data.draw(st.sampled_from(["succeeded", "succeeded", "failed", "refused", "unknown"]))
        if failing
        else "succeeded"
    )
    result = {"v": data.draw(st.sampled_from(VALUES))} if status == "succeeded" else None
    if state.status == "pending" or (current is None and state.effects):
        assert session.settle(status, result)
    elif state.status == "waiting":
        assert state.wait is not None
        session.bring("wake", "system", wait=state.wait.id, timeout=True)
    elif (
        current is not None
        and session.library.journeys[state.runs[current.run].journey].steps[current.step].KIND
        == "say"
    ):
        session.bring("acknowledge")
    elif current is not None:
        session.bring("answer", values=answer_for(session, data, current))


def walk(session: Session, data: st.DataObject, turns: int, *, failing: bool = True) -> None:
    """Walk some turns, checking each."""
    session.begin()
    session.check()
    for _ in range(turns):
        if session.state.status in ENDED:
            return
        go_on(session, data, failing=failing)
        session.check()


def settle_all(session: Session) -> None:
    """Let every action end."""
    while session.settle("succeeded", {"v": "a"}):
        pass


@MANY
@given(libraries(), st.data())
def test_a_walk_always_folds_survives_json_and_stops(library: Library, data: st.DataObject) -> None:
    session = Session(library)

    walk(session, data, 12)

    assert session.state.status in ("active", "pending", "waiting", "ended", "failed")
    if session.state.status not in ENDED:
        assert session.state.current is not None


@MANY
@given(libraries(), st.data())
def test_after_a_correction_the_session_stands_as_a_fresh_one_given_the_same_resolutions(
    library: Library, data: st.DataObject
) -> None:
    session = Session(library)
    walk(session, data, 8)
    settle_all(session)
    amendable = [v for v in session.state.path if v.how in AMENDABLE]
    assume(session.state.status not in ENDED and session.state.tripped is None and amendable)
    visit = data.draw(st.sampled_from(amendable))

    session.bring("amend", visit=visit.id, values=answer_for(session, data, visit))

    session.check()
    assume(session.state.tripped is None)
    assert standing(replayed(session)) == standing(session.state)


def replayed(session: Session) -> Any:
    """Return the state of a fresh session given the resolutions that survive in this one."""
    fresh = Session(session.library)
    fresh.begin()
    live = {v.key for v in session.state.path}
    kept = {v.key: v for v in session.state.path if v.left_order is not None}
    results = {
        (e.run, e.step, e.occ): e
        for e in session.state.effects.values()
        if e.compensates is None and (e.run, e.step, e.occ) in live
    }
    for _ in range(200):
        state = fresh.state
        open_effects = [e for e in state.effects.values() if e.status == "requested"]
        done = {key for key, effect in results.items() if effect.status != "requested"}
        ready = [e for e in open_effects if (e.run, e.step, e.occ) in done]
        if state.status in ENDED:
            break
        if ready:
            old = results[(ready[0].run, ready[0].step, ready[0].occ)]
            status = "succeeded" if old.status == "kept" else old.status
            fresh.bring(
                "effect_result",
                "system",
                effect=ready[0].id,
                status=status,
                result=old.result,
                reason=old.reason,
            )
            continue
        current = state.current
        assert current is not None
        old_visit = kept.get(current.key)
        if state.status == "waiting" and state.wait is not None and old_visit is not None:
            fresh.bring("wake", "system", wait=state.wait.id, timeout=True)
        elif state.status == "active" and old_visit is not None and old_visit.how == "acknowledged":
            fresh.bring("acknowledge")
        elif state.status == "active" and old_visit is not None and old_visit.values is not None:
            fresh.bring("answer", values=old_visit.values)
        elif state.status == "active" and old_visit is not None and old_visit.how in AMENDABLE:
            fresh.bring("answer", values={})
        else:
            break
    return fresh.state


@MANY
@given(libraries(), st.data())
def test_changing_an_answer_and_changing_it_back_restores_everything(
    library: Library, data: st.DataObject
) -> None:
    session = Session(library)
    walk(session, data, 8, failing=False)
    settle_all(session)
    amendable = [v for v in session.state.path if v.how == "answered" and v.values]
    assume(session.state.status == "active" and session.state.tripped is None and amendable)
    visit = data.draw(st.sampled_from(amendable))
    before = standing(session.state)
    old = dict(visit.values or {})

    session.bring("amend", visit=visit.id, values=answer_for(session, data, visit))
    settle_all(session)
    assume(session.state.tripped is None and session.state.status not in ENDED)
    undone = any(e.status.startswith("compensat") for e in session.state.effects.values())
    assume(not undone)
    session.bring("amend", visit=visit.id, values=old)

    session.check()
    assert standing(session.state) == before


@MANY
@given(libraries(), st.data())
def test_nothing_but_an_end_ends_a_session_and_an_ended_one_takes_no_answer(
    library: Library, data: st.DataObject
) -> None:
    session = Session(library)
    walk(session, data, 15)
    assume(session.state.status in ENDED)

    with pytest.raises(Refused) as refused:
        session.bring("answer", values={})

    assert refused.value.code == "session.ended"
