"""What happened in a session, in the order it happened.

Every event says when (`at`, integer milliseconds UTC, from the runtime's clock) and by whom (`by`,
such as `advisor:ana`, `robot`, `system`). Events are slotted and immutable by convention: they cost
a quarter of frozen ones, and a house test forbids assignment to them outside their constructor.

Fields named in `PAYLOAD` hold what a person said or a system answered: they are stored apart from
the header, so that they can be erased while codes, times and the chain stay. Source: semantics.md
1, 28; promises.md 2.7.
"""

from __future__ import annotations

from engine.events.actions import FellBack, Requested, Settled, Slept, Woken
from engine.events.base import Coded, Event, Json
from engine.events.service import (
    Accepted,
    Attached,
    ClockJumped,
    ConsultAnswered,
    Consulted,
    Declined,
    Erased,
    Flagged,
    Held,
    Marked,
    Noted,
    Offered,
    PassedOn,
    Paused,
    Piloted,
    Promised,
    PromiseFollowed,
    PromiseMoved,
    Recognised,
    Resumed,
    TransferAsked,
)
from engine.events.walking import (
    Amended,
    Closed,
    Ended,
    Entered,
    Focused,
    Halted,
    Left,
    Opened,
    Passed,
    Restored,
    Rewound,
    Started,
    Tripped,
)

__all__ = [
    "EVENTS",
    "Accepted",
    "Amended",
    "Attached",
    "ClockJumped",
    "Closed",
    "Coded",
    "ConsultAnswered",
    "Consulted",
    "Declined",
    "Ended",
    "Entered",
    "Erased",
    "Event",
    "FellBack",
    "Flagged",
    "Focused",
    "Halted",
    "Held",
    "Json",
    "Left",
    "Marked",
    "Noted",
    "Offered",
    "Opened",
    "Passed",
    "PassedOn",
    "Paused",
    "Piloted",
    "PromiseFollowed",
    "PromiseMoved",
    "Promised",
    "Recognised",
    "Requested",
    "Restored",
    "Resumed",
    "Rewound",
    "Settled",
    "Slept",
    "Started",
    "TransferAsked",
    "Tripped",
    "Woken",
]

EVENTS: dict[str, type[Event]] = {
    kind.KIND: kind
    for kind in (
        Started,
        Entered,
        Passed,
        Left,
        Restored,
        Opened,
        Closed,
        Rewound,
        Amended,
        Focused,
        Requested,
        Settled,
        FellBack,
        Slept,
        Woken,
        Halted,
        TransferAsked,
        Accepted,
        Declined,
        Piloted,
        Offered,
        Recognised,
        Attached,
        Paused,
        Resumed,
        Held,
        Marked,
        Consulted,
        ConsultAnswered,
        PassedOn,
        Noted,
        Flagged,
        Promised,
        PromiseFollowed,
        PromiseMoved,
        Tripped,
        ClockJumped,
        Ended,
        Erased,
    )
}
"""Every event of the session stream, by kind. A new one needs a decision record and a golden
file."""
