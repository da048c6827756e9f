"""The statements about tickets. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostRace, insertion, statement

NEW_TICKET: Final = insertion(t.TICKET)
TICKET: Final = statement("SELECT * FROM ticket WHERE tenant = $1 AND id = $2")
TICKETS: Final = statement(
    "SELECT * FROM ticket WHERE tenant = $1 AND id < $2 AND status <> 'moved' "
    "ORDER BY id DESC LIMIT $3"
)
_FIRST: Final = (
    "NOT EXISTS (SELECT 1 FROM session s "
    "WHERE s.tenant = $1 AND s.ticket = $2 AND s.id < {session})"
)
"""Whether the ticket was opened for a session: those that came later do not name its motive."""
MARK_TICKET: Final = statement(
    "UPDATE ticket SET status = $3, outcome = $4, closed_at = $6, "  # noqa: S608 - our own names
    f"motive = CASE WHEN motive IS NULL OR {_FIRST.format(session='$7')} THEN $5 ELSE motive END "
    "WHERE tenant = $1 AND id = $2"
)
SET_TICKET_MOTIVE: Final = statement(
    "UPDATE ticket SET motive = $3 WHERE tenant = $1 AND id = $2 "  # noqa: S608 - our own names
    f"AND (motive IS NULL OR {_FIRST.format(session='$4')})"
)
CLOSE_SETTLED: Final = statement(
    "UPDATE ticket SET status = 'closed', closed_at = $3 WHERE tenant = $1 AND id = $2 "
    "AND status = 'settled'"
)
SET_TICKET_CUSTOMER: Final = statement(
    "UPDATE ticket SET customer = $3 WHERE tenant = $1 AND id = $2 "
    "AND (customer IS NULL OR customer = $4)"
)
SET_SESSION_TICKET: Final = statement(
    "UPDATE session SET ticket = $3 WHERE tenant = $1 AND id = $2"
)
REOPEN_TICKET: Final = statement(
    "UPDATE ticket SET status = 'open', reopened_at = $3, closed_before = closed_at, "
    "closed_at = NULL WHERE tenant = $1 AND id = $2 AND status IN ('settled', 'closed')",
    must=LostRace,
)
JOIN_TICKET: Final = statement(
    "UPDATE ticket SET status = 'open' WHERE tenant = $1 AND id = $2 AND status = 'open'",
    must=LostRace,
)
"""Those who attach to one another's ticket at once do not change places."""
CLOSE_AGAIN: Final = statement(
    "UPDATE ticket SET status = CASE WHEN closed_before IS NULL THEN 'settled' ELSE 'closed' END, "
    "closed_at = closed_before, closed_before = NULL, reopened_at = NULL "
    "WHERE tenant = $1 AND id = $2 AND reopened_at = $3 AND status = 'open'"
)
"""What a session opened again by mistake is closed as it was, if nobody else opened it since."""
LEAVE_TICKET: Final = statement(
    "UPDATE ticket SET status = 'moved' WHERE tenant = $1 AND id = $2 AND NOT EXISTS "
    "(SELECT 1 FROM session s WHERE s.tenant = $1 AND s.ticket = $2 AND s.id <> $3)"
)
SESSIONS_OF_TICKET: Final = statement(
    "SELECT * FROM session WHERE tenant = $1 AND ticket = $2 ORDER BY id"
)
CONTACTS_OF_TICKET: Final = statement(
    "SELECT DISTINCT c.id, c.direction, c.channel, c.offered, c.ended FROM session s "
    "JOIN contact_session l ON l.tenant = s.tenant AND l.session = s.id "
    "JOIN contact c ON c.tenant = l.tenant AND c.id = l.contact "
    "WHERE s.tenant = $1 AND s.ticket = $2 ORDER BY c.offered, c.id"
)
RELAYS_OF_TICKET: Final = statement(
    "SELECT e.kind, e.header FROM session s JOIN event e ON e.tenant = s.tenant "
    "AND e.stream = 'session' AND e.stream_id = s.id WHERE s.tenant = $1 AND s.ticket = $2 "
    "AND (e.kind IN ('transfer_asked', 'consulted') "
    "OR (e.kind = 'left' AND e.header LIKE '%\"how\":\"consulted\"%'))"
)
