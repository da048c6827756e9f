"""Which questions are surely asked from here: those that every planned way ahead passes."""

from __future__ import annotations

from datetime import UTC

from engine.needed import needed
from engine.reading import Env, Reading
from tests.support.sessions import Session
from tests.support.small_libraries import small_library

STEPS = """
- id: first
  ask: {name: text}
- id: kind
  ask:
    kind:
      type: choice
      options: [{id: quick, next: order}, {id: slow}]
- id: why
  ask: {why: text}
- id: order
  ask: {order: text, note: {type: text, required: false}}
- id: maybe
  when: 'kind == "slow"'
  ask: {maybe: text}
- id: last
  call: hours
"""


def names(session: Session) -> list[str]:
    env = Env(0, UTC, "advisor:ana", "advisor")
    return [one.field.name for one in needed(Reading(session.library, session.state, env))]


def test_what_one_way_alone_asks_is_not_surely_asked_and_what_a_call_asks_is() -> None:
    session = Session(small_library(STEPS)).begin()

    assert names(session) == ["name", "kind", "order", "clear"]


def test_what_was_brought_is_no_longer_needed() -> None:
    session = Session(small_library(STEPS)).begin()
    session.bring("provide", values={"name": "Zoe", "order": "F-1"})

    assert names(session) == ["kind", "clear"]


def test_a_session_that_is_over_needs_nothing() -> None:
    session = Session(small_library("- {id: first, ask: {name: text}}")).begin()
    session.answer(name="Zoe")

    assert names(session) == []
