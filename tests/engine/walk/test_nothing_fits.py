"""None of the answers offered is right. Source: docs/language.md, `none`; semantics.md 8, 11."""

from __future__ import annotations

from engine.events import Tripped
from engine.model import Library
from tests.support.sessions import Session, standing
from tests.support.small_libraries import small_library

MOTIVE = """
- {id: number, ask: {number: text}}
- id: motive
  ask: {motive: {type: choice, options: [a, b]}}
- {id: done, end: resolved, declares: order.late, qualifies: payment.card, acts: order.explained}
"""


def called(**keys: str) -> Library:
    """Return a library whose journey calls another one that asks."""
    more = "".join(f", {key}: {value}" for key, value in keys.items())
    main = f"""
- {{id: first, ask: {{first: text}}}}
- {{id: find, call: find{more}}}
- {{id: after, ask: {{after: text}}}}
- {{id: done, end: resolved, declares: order.late, qualifies: payment.card, acts: order.explained}}
- {{id: later, end: refused, declares: order.late, qualifies: payment.card, acts: order.explained}}
"""
    find = """
start: false
steps:
  - {id: which, ask: {which: {type: choice, options: [a, b]}}}
  - {id: found, end: resolved}
"""
    return small_library(main, {"find": find})


def tripped(session: Session) -> list[str]:
    return [e.code for e in session.events if isinstance(e, Tripped)]


def at_motive(library: Library) -> Session:
    session = Session(library).begin()
    session.answer(number="F1")
    return session


def test_none_of_these_leads_to_the_librarys_own_journey_and_is_no_failure() -> None:
    session = at_motive(small_library(MOTIVE))

    session.bring("none_of_these", category="other", text="a quince")
    assert session.step == "own_words"
    session.answer(need="a quince", answer_by="nothing")

    assert tripped(session) == []
    assert (session.state.status, session.state.outcome) == ("ended", "unresolved")


def test_what_was_said_before_may_still_be_changed_and_none_of_these_holds() -> None:
    session = at_motive(small_library(MOTIVE))
    session.bring("none_of_these", text="a quince")
    before = standing(session.state)

    session.amend("number", number="F2")
    assert (tripped(session), session.step) == ([], "own_words")
    session.amend("number", number="F1")

    assert standing(session.state) == before


def test_where_nothing_fits_in_a_called_journey_its_caller_ends_with_it() -> None:
    session = Session(called()).begin()
    session.answer(first="x")

    session.bring("none_of_these")
    session.answer(need="a quince", answer_by="nothing")

    assert tripped(session) == []
    assert (session.state.status, session.state.outcome) == ("ended", "unresolved")


def test_where_nothing_fits_in_a_digression_the_host_goes_on_and_may_be_changed() -> None:
    library = small_library(MOTIVE, {"hours": "start: false\nsteps:\n" + HOURS, "where": WHERE})
    session = at_motive(library)
    session.bring("digress", journey="hours")
    session.bring("none_of_these")
    session.answer(need="a quince", answer_by="nothing")
    assert (tripped(session), session.step, session.state.stack) == ([], "motive", ["main"])

    session.amend("number", number="F2")

    assert (tripped(session), session.step, session.state.stack) == ([], "motive", ["main"])


HOURS = """
  - {id: where, call: where}
  - {id: back, end: resolved}
"""
WHERE = """
start: false
steps:
  - {id: shop, ask: {shop: {type: choice, options: [a, b]}}}
  - {id: found, end: resolved}
"""
