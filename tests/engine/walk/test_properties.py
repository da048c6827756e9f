"""What holds of every journey and every way of walking it.

Source: semantics.md 1, 8-10; the bounds of promises.md.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.evolve import AMENDABLE, ENDED
from engine.model import Library
from engine.refusals import Refused
from tests.support.made_journeys import FACT, libraries
from tests.support.random_moves import Mover
from tests.support.replays import replayed
from tests.support.sessions import Session, standing

MANY = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large,
    ],
)  # fmt: skip


def begun(library: Library, data: st.DataObject) -> Mover:
    """Return somebody who walks a session that has just begun, maybe for a known customer."""
    known = {FACT.name: {"value": "a", "at": 1, "source": "before"}}
    session = Session(library).begin(known=data.draw(st.sampled_from([{}, known])))
    return Mover(session, data)


def walk(mover: Mover, turns: int, *, failing: bool = True, asides: bool = False) -> None:
    """Walk some turns."""
    for _ in range(turns):
        if mover.session.state.status in ENDED:
            return
        if asides and mover.draw(*range(6)) == 0:
            mover.aside()
        else:
            mover.go_on(failing=failing)


@MANY
@given(libraries(), st.data())
def test_whatever_is_brought_a_session_folds_survives_json_and_stops(
    library: Library, data: st.DataObject
) -> None:
    mover = begun(library, data)

    for _ in range(12):
        mover.anything()
        session = mover.session
        seen = session.look()
        assert session.state.status in ("active", "pending", "waiting", "paused", "ended", "failed")
        assert (session.state.current is None) is (session.state.status in ENDED)
        assert seen["status"] == session.state.status
        session.trace()


@MANY
@given(libraries(), st.data())
def test_after_a_correction_the_session_stands_as_a_fresh_one_given_the_same_resolutions(
    library: Library, data: st.DataObject
) -> None:
    mover = begun(library, data)
    session = mover.session
    walk(mover, 8, asides=True)
    mover.settle_all()
    amendable = [v for v in session.state.path if v.how in AMENDABLE]
    assume(session.state.status not in ENDED and session.state.tripped is None and amendable)

    for _ in range(4):
        mover.settle_all()
        mover.amend()

    assume(session.state.tripped is None)
    assert standing(replayed(session)) == standing(session.state)


@MANY
@given(libraries(), st.data())
def test_changing_an_answer_and_changing_it_back_restores_everything(
    library: Library, data: st.DataObject
) -> None:
    mover = begun(library, data)
    session = mover.session
    walk(mover, 8, failing=False, asides=True)
    mover.settle_all()
    amendable = [v for v in session.state.path if v.how == "answered" and v.values]
    assume(session.state.status == "active" and session.state.tripped is None and amendable)
    visit = data.draw(st.sampled_from(amendable))
    before = standing(session.state)
    old = dict(visit.values or {})
    keep = dict.fromkeys(session.state.effects, "keep")

    mover.bring("amend", visit=visit.id, values=mover.answers(visit), effects=keep)
    mover.settle_all()
    assume(session.state.tripped is None and session.state.status not in ENDED)
    undone = any(e.status.startswith("compensat") for e in session.state.effects.values())
    # A barrier that what is known answered by itself stands between as any other does.
    crossed = any(
        v.left_order is not None and mover.step(v).barrier
        for v in session.state.path
        if v.order > session.state.visit(visit.id).order
    )
    assume(not undone and not crossed)
    keep = dict.fromkeys(session.state.effects, "keep")
    mover.bring("amend", visit=visit.id, values=old, effects=keep)

    assert standing(session.state) == before


@MANY
@given(libraries(), st.data())
def test_a_preview_tells_what_the_amend_then_does(library: Library, data: st.DataObject) -> None:
    mover = begun(library, data)
    session = mover.session
    walk(mover, 8)
    mover.settle_all()
    amendable = [v for v in session.state.path if v.how in AMENDABLE]
    assume(session.state.status not in ENDED and session.state.tripped is None and amendable)
    visit = data.draw(st.sampled_from(amendable))
    effects = dict.fromkeys(session.state.effects, "keep")
    values = mover.answers(visit)

    told = session.preview_at(visit.id, values, effects)

    if not told["allowed"]:
        refused = session.refuses("amend", visit=visit.id, values=values, effects=effects)
        assert refused.code == told["code"]
        return
    session.bring("amend", visit=visit.id, values=values, effects=effects)
    assert (told["at"], told["outcome"], told["codes"]) == (
        session.step, session.state.outcome, session.state.codes,
    )  # fmt: skip


@MANY
@given(libraries(), st.data())
def test_nothing_but_an_end_ends_a_session_and_an_ended_one_takes_no_answer(
    library: Library, data: st.DataObject
) -> None:
    mover = begun(library, data)
    walk(mover, 15)
    assume(mover.session.state.status in ENDED)

    with pytest.raises(Refused) as refused:
        mover.session.bring("answer", values={})

    assert refused.value.code == "session.ended"
