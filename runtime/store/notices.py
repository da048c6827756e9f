"""The statements about what listeners are told."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostRace, insertion, statement

_KEY: Final = "tenant = $1 AND listener = $2 AND session = $3 AND seq = $4"

NEW_NOTICE: Final = insertion(t.NOTICE)
DUE_NOTICES: Final = statement(
    "SELECT n.tenant, n.listener, n.session, n.seq, n.type, n.content, n.at FROM notice n "
    "WHERE n.state = 'ready' AND n.not_before <= $1 AND n.lease_until <= {now} "
    "AND NOT EXISTS (SELECT 1 FROM notice e WHERE e.tenant = n.tenant AND e.listener = n.listener "
    "AND e.session = n.session AND e.seq < n.seq AND e.state = 'ready') "
    "ORDER BY n.not_before, n.session, n.seq LIMIT $2"
)
"""The first of each session that was not taken yet: those behind it wait for it."""
CLAIM_NOTICE: Final = statement(
    "UPDATE notice SET attempt = attempt + 1, lease_until = {now} + $5 "  # noqa: S608 - our own names
    f"WHERE {_KEY} AND state = 'ready' AND lease_until <= {{now}} RETURNING attempt"
)
SENT_NOTICE: Final = statement(
    f"UPDATE notice SET state = 'sent', last_error = NULL WHERE {_KEY} RETURNING seq"  # noqa: S608 - our own names
)
LATER_NOTICE: Final = statement(
    "UPDATE notice SET not_before = $5, lease_until = 0, last_error = $6 "  # noqa: S608 - our own names
    f"WHERE {_KEY} AND state = 'ready' RETURNING seq"
)
DEAD_NOTICE: Final = statement(
    f"UPDATE notice SET state = 'dead', last_error = $5 WHERE {_KEY} RETURNING seq"  # noqa: S608 - our own names
)
GONE_LISTENER: Final = statement(
    "UPDATE notice SET state = 'gone', last_error = 'http.410' WHERE tenant = $1 "
    "AND listener = $2 AND state = 'ready' RETURNING seq"
)
GONE_LISTENERS: Final = statement(
    "SELECT DISTINCT tenant, listener FROM notice WHERE state != 'sent' AND state = 'gone'"
)
FORGET_NOTICES: Final = statement(
    "DELETE FROM notice WHERE (state = 'sent' AND at <= $1) OR (state = 'dead' AND at <= $2)"
)
_LEFT: Final = "WHERE tenant = $1 AND listener = $2 AND state != 'sent' AND state = $3 "
NOTICES_LEFT: Final = statement(
    "SELECT session, seq, type, state, attempt, not_before, last_error, at FROM notice "  # noqa: S608 - our own names
    f"{_LEFT} AND (session > $4 OR (session = $4 AND seq > $5)) ORDER BY session, seq LIMIT $6"
)
"""What a listener has not taken, sessions in the order they began."""
LISTENERS_LEFT: Final = statement(
    "SELECT listener, state, count(*) FROM notice WHERE tenant = $1 AND state != 'sent' "
    "GROUP BY listener, state"
)
RESEND_NOTICE: Final = statement(
    "UPDATE notice SET state = 'ready', attempt = 0, not_before = $5, lease_until = 0, "  # noqa: S608 - our own names
    f"last_error = NULL WHERE {_KEY} AND state IN ('dead', 'gone')",
    must=LostRace,
)
NOTICE_STATES: Final = statement("SELECT state, count(*) FROM notice GROUP BY state")
