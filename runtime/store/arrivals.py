"""The statements about what other systems say, and about the sessions that wait for it."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import KeyTaken, LostLease, insertion, statement

# -- who waits

AWAIT: Final = insertion(t.AWAITED, "ON CONFLICT DO NOTHING")
END_AWAITING: Final = statement("DELETE FROM awaited WHERE tenant = $1 AND session = $2")
AWAITING: Final = statement(
    "SELECT session, wait FROM awaited WHERE tenant = $1 AND key = $2 ORDER BY since, session"
)
NOT_LOOKED: Final = statement(
    "SELECT tenant, session, wait, key FROM awaited WHERE looked = 0 ORDER BY since LIMIT $1"
)
LOOKED: Final = statement(
    "UPDATE awaited SET looked = 1 WHERE tenant = $1 AND session = $2 AND wait = $3"
)

# -- what came

NEW_ARRIVAL: Final = insertion(
    t.ARRIVAL, "ON CONFLICT (tenant, source, message) DO NOTHING", must=KeyTaken
)
NEW_ARRIVALS: Final = statement(
    "SELECT tenant, source, message, key, content FROM arrival WHERE state = 'new' "
    "ORDER BY received_at, message LIMIT $1"
)
KEPT: Final = statement(
    "SELECT tenant, source, message, key, content FROM arrival WHERE tenant = $1 AND key = $2 "
    "AND state IN ('new', 'kept') AND kept_until > $3 "
    "ORDER BY received_at, message LIMIT 1"
)
TAKE: Final = insertion(t.TAKING, "ON CONFLICT DO NOTHING", must=LostLease)
TAKE_KEPT: Final = statement(
    "UPDATE arrival SET state = 'taken', content = NULL WHERE tenant = $1 AND source = $2 "
    "AND message = $3 AND state = 'kept'"
)
TAKEN: Final = statement(
    "UPDATE arrival SET state = 'taken', content = NULL WHERE tenant = $1 AND source = $2 "
    "AND message = $3"
)
KEEP: Final = statement(
    "UPDATE arrival SET state = 'kept' WHERE tenant = $1 AND source = $2 AND message = $3 "
    "AND state = 'new'"
)
EMPTY_ARRIVALS: Final = statement(
    "UPDATE arrival SET state = 'expired', content = NULL WHERE state = 'kept' AND kept_until <= $1"
)
FORGET_ARRIVALS: Final = statement("DELETE FROM arrival WHERE forget_at <= $1")
FORGET_TAKINGS: Final = statement("DELETE FROM taking WHERE at <= $1")
