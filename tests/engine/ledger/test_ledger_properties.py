"""Whatever was done in a contact, its time is partitioned exactly. Source: measures.md A1."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.events import Event
from engine.ledger import CATEGORIES, Contact, machine_time, segments, totals, useful_share
from engine.model import Library
from tests.support.made_journeys import libraries
from tests.support.random_moves import Mover
from tests.support.sessions import Session

MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
SPANS = st.sampled_from([0, 1, 900, 20_000, 400_000])


def walked(library: Library, data: st.DataObject) -> list[Event]:
    """Return the events of a session in which anything happened, at any pace, on any clock."""
    mover = Mover(Session(library).begin(), data)
    for _ in range(8):
        mover.session.now += data.draw(SPANS)
        mover.anything()
    events = mover.session.events
    if data.draw(st.booleans()):
        # A clock that was set back.
        events[-1].at -= data.draw(SPANS)
    return events


@MANY
@given(libraries(), st.data())
def test_the_time_of_any_contact_is_partitioned_exactly(
    library: Library, data: st.DataObject
) -> None:
    sessions = [walked(library, data) for _ in range(data.draw(st.integers(0, 2)))]
    begun = sessions[0][0].at if sessions else 1_790_000_000_000
    offered = begun - data.draw(SPANS)
    answered = data.draw(st.sampled_from([None, begun, begun + 500]))
    ended = data.draw(st.none() | st.builds(lambda span: begun + 500 + span, SPANS))
    wrapped = None if ended is None else data.draw(st.sampled_from([None, ended, ended + 30_000]))
    channel = data.draw(st.sampled_from(["phone", "chat", "email", "web"]))
    contact = Contact("c", channel, "inbound", offered, answered, ended, wrapped)

    found = segments(contact, sessions)

    last = max((event.at for events in sessions for event in events), default=offered)
    stop = wrapped or ended or max(last, offered)
    edges = [offered, *(one.end for one in found)]
    assert [one.start for one in found] == edges[:-1]
    assert all(one.start < one.end for one in found)
    if wrapped or ended:
        assert edges[-1] == stop
    else:
        # A time set back counts as the time before it.
        assert edges[-1] >= stop
    sums = totals(found)
    assert sum(sums.values()) == edges[-1] - offered
    assert set(sums) == set(CATEGORIES)
    share = useful_share(sums)
    assert share is None or 0 <= share <= 1
    assert all(start <= end for events in sessions for _, start, end, _ in machine_time(events))


@MANY
@given(libraries(), st.data())
def test_what_comes_later_never_changes_a_time_that_was_not_undone(
    library: Library, data: st.DataObject
) -> None:
    mover = Mover(Session(library).begin(), data)
    for _ in range(5):
        mover.go_on() if mover.session.state.current is not None else None
    session = mover.session
    contact = Contact("c", "phone", "inbound", session.events[0].at, session.events[0].at)
    before = segments(contact, [list(session.events)])

    session.bring("note", text="…")
    after = segments(contact, [session.events])

    assert [(s.start, s.category) for s in after][: len(before)] == [
        (s.start, s.category) for s in before
    ]
