"""Where a contact's time went, cut into typed intervals.

Each elementary interval has exactly one category, the strongest that is known: a phase of the
channel, what the engine knows, the actor's mark, the step's class; nothing known is `unattributed`.
The sum of all is the contact's duration, exactly. Times are milliseconds; intervals are half-open.
Source: measures.md A1, A4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine import events as e
from engine.evolve import ENDED, evolve
from engine.state import State

CATEGORIES = (
    "useful",
    "identification",
    "ivr",
    "queue",
    "lookup",
    "analysis",
    "procedure",
    "hold",
    "transfer",
    "repetition",
    "deferral",
    "robot_wait",
    "masked",
    "rework",
    "after_call",
    "idle",
    "unattributed",
)
"""All categories, in the order they are shown."""
LOSSES = (
    "ivr",
    "queue",
    "lookup",
    "analysis",
    "procedure",
    "hold",
    "transfer",
    "repetition",
    "robot_wait",
    "rework",
    "idle",
)
"""What filler can mask: time the customer would not call useful."""
MARKS = {
    "searching": "lookup",
    "consulting": "hold",
    "analysing": "analysis",
    "wrap_up": "after_call",
}
IDLE_AFTER: Mapping[str, int] = {
    "chat": 300_000,
    "email": 900_000,
    "social": 900_000,
    "internal": 900_000,
}
"""Gap without event, by channel, above which time is idle; a voice channel has none. Source:
measures.md A1."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One exchange on one channel; its phases in milliseconds UTC, None while not reached."""

    id: str
    channel: str
    direction: str
    offered: int
    answered: int | None = None
    ended: int | None = None
    wrapped: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One interval [start, end) of a contact.

    `raw` is the category before filler masked it; `flag` a doubt on it.
    """

    start: int
    end: int
    category: str
    session: str | None = None
    visit: int | None = None
    step: str | None = None
    raw: str | None = None
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """What a log says of a contact that served no session: from `at` on, time is of that class."""

    at: int
    time: str | None
    what: str


@dataclass(slots=True)
class _Moment:
    """What is going on from `at` until the next moment."""

    at: int
    session: str | None = None
    visit: int | None = None
    step: str | None = None
    known: str | None = None
    """What the channel or the engine knows."""
    mark: str | None = None
    filler: bool = False
    clazz: str | None = None
    flag: str | None = None


@dataclass(slots=True)
class _Tracker:
    """Follows one session's events to say what is going on after each."""

    state: State = field(default_factory=State)
    times: dict[int, str | None] = field(default_factory=dict)
    repeats: set[int] = field(default_factory=set)
    session: str = ""

    def take(self, event: e.Event) -> None:
        """Follow one event."""
        if isinstance(event, e.Started):
            self.session = event.session
        elif isinstance(event, e.Entered):
            self.times[event.visit] = event.time
            if event.repeats:
                self.repeats.add(event.visit)
        elif isinstance(event, e.FellBack):
            self.times[event.visit] = "procedure"
        elif isinstance(event, e.Requested) and not event.behind and event.compensates is None:
            again = any(v.id == event.visit and v.by_hand is not None for v in self.state.path)
            known = None if again else self.times.get(event.visit)
            self.times[event.visit] = known or "robot_wait"
        evolve(self.state, event)

    def moment(self, at: int, undone: frozenset[int]) -> _Moment:
        """Return what is going on now."""
        state = self.state
        current = state.current
        moment = _Moment(at, self.session)
        if state.status in ENDED or state.status == "new":
            return moment
        if current is not None:
            moment.visit, moment.step = current.id, current.step
            moment.clazz = self.times.get(current.id)
        moment.known = self._known(undone)
        moment.filler = "filler" in state.marks
        moment.mark = next((MARKS[m] for m in MARKS if m in state.marks), None)
        return moment

    def _known(self, undone: frozenset[int]) -> str | None:
        state = self.state
        visit = state.current
        if state.held or state.consulting is not None:
            return "hold"
        if state.transfer is not None:
            return "transfer"
        if state.status == "paused" or (state.wait is not None and state.status == "waiting"):
            return "idle"
        if visit is not None and visit.id in undone:
            return "rework"
        if visit is not None and visit.id in self.repeats:
            return "repetition"
        if state.wait is not None:
            return "hold" if state.wait.what == "approval" else "robot_wait"
        if state.status == "active" and (state.audience == "robot" or state.pilot is not None):
            return "robot_wait"
        if state.status == "pending":
            return (self.times.get(visit.id) if visit is not None else None) or "robot_wait"
        return None


def segments(
    contact: Contact,
    sessions: Sequence[Sequence[e.Event]],
    *,
    until: int | None = None,
    idle_after: Mapping[str, int] = IDLE_AFTER,
    observed: Sequence[Observed] = (),
) -> list[Segment]:
    """Return the partition of a contact's time, oldest first.

    No interval is empty, and no two that touch say the same.

    Args:
        contact: its phases. An unanswered one is all queue, unless customers served themselves:
            a page's, or one of which a walk or a log says what went on; a call is even so.
        sessions: the whole event list of each session the contact served, in order of start; the
            one with the latest event is in focus.
        until: where to stop while the contact has not ended (default: its last event).
        idle_after: gap above which time without event is idle, by channel.
        observed: what a log says of it, in the log's order, where it served no session.

    Returns:
        Segments that cover [offered, wrapped or ended or until) exactly. A time before the previous
        one counts as the previous one and is flagged `negative`; an interval across which the clock
        jumped is flagged `jump`.
    """
    moments = _moments(sessions) if sessions else _observed(observed)
    last = max((m.at for m in moments), default=contact.offered)
    stop = contact.wrapped or contact.ended or max(until or last, contact.offered)
    cuts = _phases(contact, stop, served=bool(sessions or observed))
    found: list[Segment] = []
    gap = idle_after.get(contact.channel)
    for start, end, phase in cuts:
        if phase is not None:
            found.append(Segment(start, end, phase))
            continue
        for index, moment in enumerate(moments):
            following = moments[index + 1].at if index + 1 < len(moments) else end
            begins, ends = max(start, moment.at), min(end, following)
            if begins < ends:
                idle = gap is not None and ends - begins > gap
                found.append(_segment(moment, begins, ends, idle=idle))
        first = moments[0].at if moments else end
        if start < min(first, end):
            found.append(Segment(start, min(first, end), "unattributed"))
    found.sort(key=lambda s: s.start)
    return _merged(found)


def _phases(contact: Contact, stop: int, *, served: bool) -> list[tuple[int, int, str | None]]:
    """Cut a contact by the phases its channel knows; None is the exchange itself."""
    answered = contact.answered
    cuts: list[tuple[int, int, str | None]]
    if answered is None:
        # Nobody answered: all of it was waiting, unless the customer served themselves.
        waited = contact.channel == "phone" or not (served or contact.channel == "web")
        cuts = [(contact.offered, stop, "queue" if waited else None)]
    else:
        talk_end = contact.ended if contact.ended is not None else stop
        cuts = [
            (contact.offered, answered, "queue"),
            (answered, min(talk_end, stop), None),
            (talk_end, stop, "after_call"),
        ]
    return [(start, end, phase) for start, end, phase in cuts if start < end]


def _moments(sessions: Sequence[Sequence[e.Event]]) -> list[_Moment]:
    """Return what is going on after each event of all sessions, in order of time."""
    trackers = [_Tracker() for _ in sessions]
    undone = [frozenset(_undone(events)) for events in sessions]
    clocked: list[tuple[int, int, int, e.Event]] = []
    late: set[tuple[int, int]] = set()
    for index, events in enumerate(sessions):
        before = 0
        for number, event in enumerate(events):
            if event.at < before:
                late.add((index, number))
            before = max(before, event.at)
            clocked.append((before, index, number, event))
    clocked.sort(key=lambda item: item[:3])
    found: list[_Moment] = []
    for position, (at, index, number, event) in enumerate(clocked):
        trackers[index].take(event)
        if isinstance(event, e.ClockJumped) and found:
            # It is told by the first event after it: the interval before is the doubtful one.
            found[-1].flag = "jump"
        if position + 1 < len(clocked) and clocked[position + 1][0] == at:
            continue
        moment = trackers[index].moment(at, undone[index])
        if (index, number) in late:
            moment.flag = "negative"
        found.append(moment)
    return found


def _observed(observed: Sequence[Observed]) -> list[_Moment]:
    """Return what goes on after each event of a log; of those at one time, the last one tells."""
    found: list[_Moment] = []
    for one in observed:
        before = found[-1].at if found else one.at
        flag = "negative" if one.at < before else None
        at = max(before, one.at)
        if found and found[-1].at == at:
            same = found.pop()
            flag = flag or same.flag
        found.append(_Moment(at, step=one.what, clazz=one.time, flag=flag))
    return found


def _undone(events: Sequence[e.Event]) -> tuple[int, ...]:
    state = State()
    for event in events:
        evolve(state, event)
    return state.undone


def _segment(moment: _Moment, start: int, end: int, *, idle: bool) -> Segment:
    """Return the interval of a moment in the strongest category known."""
    category = "idle" if idle else moment.known or moment.mark or moment.clazz or "unattributed"
    if category not in CATEGORIES:
        category = "unattributed"
    raw = None
    if moment.filler and category in LOSSES:
        category, raw = "masked", category
    return Segment(
        start, end, category, moment.session, moment.visit, moment.step, raw, moment.flag
    )


def _merged(found: list[Segment]) -> list[Segment]:
    """Join touching intervals that say the same."""
    merged: list[Segment] = []
    for segment in found:
        if merged and merged[-1].end == segment.start:
            last = merged[-1]
            if replace(last, start=segment.start, end=segment.end) == segment:
                merged[-1] = replace(last, end=segment.end)
                continue
        merged.append(segment)
    return merged


def totals(found: Sequence[Segment]) -> dict[str, int]:
    """Return milliseconds by category, all categories named.

    Their sum is the contact's duration.
    """
    sums = dict.fromkeys(CATEGORIES, 0)
    for segment in found:
        sums[segment.category] += segment.end - segment.start
    return sums


def useful_share(
    sums: Mapping[str, int], *, handling: bool = False, identification_useful: bool = False
) -> float | None:
    """Return useful time over time the customer spent (`duc_experienced`), unrounded, in [0, 1].

    The queue counts and after-call work does not; with `handling` (`duc_handling`) it is the other
    way round. None when no time was spent. Not calibrated by ratings: it is what the steps' classes
    say.

    Source: the DUC article; measures.md A1, A3 and finding 1.
    """
    left_out = {"deferral", "queue", "ivr"} if handling else {"deferral", "after_call"}
    total = sum(ms for category, ms in sums.items() if category not in left_out)
    if total == 0:
        return None
    useful = sums["useful"] + (sums["identification"] if identification_useful else 0)
    return useful / total


def machine_time(events: Sequence[e.Event]) -> list[tuple[str, int, int, bool]]:
    """Return what machines did and when, for what they cost.

    Each is (effect, requested at, settled at, whether behind).

    Work behind talk costs the customer nothing; its raw time is kept here. Source: measures.md A1.
    """
    begun: dict[str, tuple[int, bool]] = {}
    found = []
    for event in events:
        if isinstance(event, e.Requested):
            begun[event.effect] = (event.at, event.behind)
        elif isinstance(event, e.Settled) and event.effect in begun and event.status != "kept":
            at, behind = begun.pop(event.effect)
            found.append((event.effect, at, max(at, event.at), behind))
    return found
