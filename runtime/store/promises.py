"""The statements about promises. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostRace, insertion, statement

NEVER: Final = 9_007_199_254_740_991
"""Stands for the time of a promise that has none: after every other, and exact in JSON."""

NEW_PROMISE: Final = insertion(t.PROMISE)
FOLLOW_PROMISE: Final = statement(
    "UPDATE promise SET state = $4, owed = $5, state_at = $6, how = $7, said_by = $8, "
    "said_seq = $9 WHERE tenant = $1 AND session = $2 AND number = $3"
)
MOVE_PROMISE: Final = statement(
    "UPDATE promise SET team = $4, begins = $5, due = $6, state = 'open', state_at = $7, "
    "how = NULL, said_by = NULL, said_seq = NULL, moves = moves + 1 "
    "WHERE tenant = $1 AND session = $2 AND number = $3"
)
SLOTS_HELD: Final = statement(
    "SELECT session, number, begins, due FROM promise WHERE tenant = $1 AND team = $2 "
    "AND owed = 1 AND begins IS NOT NULL AND due > $3"
)
"""The slots of a team that promises which are owed take, after a time."""
SLOT_BOOK: Final = statement("SELECT page FROM slot_book WHERE tenant = $1 AND team = $2")
NEW_SLOT_BOOK: Final = insertion(t.SLOT_BOOK)
TURN_SLOT_BOOK: Final = statement(
    "UPDATE slot_book SET page = page + 1 WHERE tenant = $1 AND team = $2 AND page = $3",
    must=LostRace,
)
"""Nobody else took a slot of the team since its page was read."""
_SHOWN: Final = (
    "SELECT p.session, p.number, p.at, p.actor, p.team, p.keeps, p.due, p.state, p.state_at, "
    "p.how, p.said_by, s.ticket, s.customer, s.journey, s.status, s.holder, k.motive, "
    "p.begins, p.moves, w.payload, r.payload FROM promise p "
    "JOIN session s ON s.tenant = p.tenant AND s.id = p.session "
    "LEFT JOIN ticket k ON k.tenant = s.tenant AND k.id = s.ticket "
    "LEFT JOIN event_payload w ON w.tenant = p.tenant AND w.stream = 'session' "
    "AND w.stream_id = p.session AND w.seq = p.seq "
    "LEFT JOIN event_payload r ON r.tenant = p.tenant AND r.stream = 'session' "
    "AND r.stream_id = p.session AND r.seq = p.said_seq "
)
_WHOSE: Final = (
    "($3 = 'all' OR ($3 = 'mine' AND (p.actor = $4 OR s.holder = $4)) "
    "OR ($3 = 'team' AND p.team IN {each:5})) "
)
_AFTER: Final = (
    f"(COALESCE(p.due, {NEVER}) > $6 OR (COALESCE(p.due, {NEVER}) = $6 "
    "AND (p.session > $7 OR (p.session = $7 AND p.number > $8)))) "
    f"ORDER BY COALESCE(p.due, {NEVER}), p.session, p.number LIMIT $9"
)
PROMISES_OWED: Final = statement(
    f"{_SHOWN} WHERE p.tenant = $1 AND p.owed = 1 AND ($2 = '' OR p.state = $2) "
    f"AND {_WHOSE} AND {_AFTER}"
)
"""Those still to be kept, the longest overdue first."""
PROMISES: Final = statement(
    f"{_SHOWN} WHERE p.tenant = $1 AND p.state = $2 AND {_WHOSE} AND {_AFTER}"
)
PROMISES_OF_TICKET: Final = statement(
    f"{_SHOWN} WHERE p.tenant = $1 AND s.ticket = $2 ORDER BY p.at, p.session, p.number"
)
PROMISE: Final = statement(f"{_SHOWN} WHERE p.tenant = $1 AND p.session = $2 AND p.number = $3")
PROMISES_COME: Final = statement(
    "SELECT tenant, session, number, state, due FROM promise WHERE owed = 1 AND due <= $2 "
    "AND (state = 'soon' OR state = 'open') "
    "AND (due < $1 OR (state = 'open' AND due - at > $3)) ORDER BY due LIMIT $4"
)
"""Those whose time has passed, and those nobody was reminded of yet."""
_KEPT: Final = (
    "SELECT p.tenant, p.session, p.number FROM promise p "
    "JOIN session s ON s.tenant = p.tenant AND s.id = p.session "
    "JOIN session o ON o.tenant = s.tenant AND o.ticket = s.ticket "
)
KEPT_BY_CONTACT: Final = statement(
    _KEPT + "JOIN contact_session l ON l.tenant = o.tenant AND l.session = o.id "
    "JOIN contact c ON c.tenant = l.tenant AND c.id = l.contact "
    "WHERE p.owed = 1 AND p.keeps = 'contact' AND c.direction = 'outbound' AND c.answered > p.at "
    "GROUP BY p.tenant, p.session, p.number LIMIT $1"
)
KEPT_BY_RESOLUTION: Final = statement(
    _KEPT + "JOIN event e ON e.tenant = o.tenant AND e.stream = 'session' AND e.stream_id = o.id "
    "AND e.kind = 'ended' WHERE p.owed = 1 AND p.keeps = 'resolution' AND o.id <> p.session "
    "AND o.outcome IN ('resolved', 'refused') AND e.at > p.at "
    "GROUP BY p.tenant, p.session, p.number LIMIT $1"
)
