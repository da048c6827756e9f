"""The statements about customers: one person is one customer and those merged into it.

A merge moves nothing: it says whose a customer is, so that a split gives back what was there. What
is read of one is read of them all. Decision 0028. See `statements`.
"""

# ruff: noqa: S608 - statements are put together from our own texts alone

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostRace, insertion, statement

_UP: Final = (
    "WITH RECURSIVE up(id, created_at, next) AS ("
    "SELECT c.id, c.created_at, c.merged_into FROM customer c {first} "
    "UNION SELECT c.id, c.created_at, c.merged_into FROM customer c JOIN up ON c.id = up.next "
    "WHERE c.tenant = $1)"
)
_BY_ID: Final = _UP.format(first="WHERE c.tenant = $1 AND c.id = $2")
_SAME: Final = (
    "(" + _BY_ID + ", same(id) AS (SELECT id FROM up WHERE next IS NULL "
    "UNION SELECT c.id FROM customer c JOIN same ON c.merged_into = same.id WHERE c.tenant = $1) "
    "SELECT id FROM same)"
)
"""All who are the same person as $2, whichever of them it is."""

NEW_CUSTOMER: Final = insertion(t.CUSTOMER)
UNSAY_CUSTOMER_KEY: Final = statement(
    "DELETE FROM customer_key WHERE tenant = $1 AND kind = $2 AND value = $3 AND session = $4"
)
"""A key said by mistake, by the session that said it first; `session` is null of other ways."""
NEW_CUSTOMER_KEY: Final = insertion(
    t.CUSTOMER_KEY, "ON CONFLICT (tenant, kind, value) DO NOTHING", must=LostRace
)
CUSTOMER: Final = statement(_BY_ID + " SELECT id, created_at FROM up WHERE next IS NULL")
"""Who somebody is by now: the one they were merged into, or themselves."""
CUSTOMER_BY_KEY: Final = statement(
    _UP.format(
        first="JOIN customer_key k ON k.tenant = c.tenant AND k.customer = c.id "
        "WHERE c.tenant = $1 AND k.kind = $2 AND k.value = $3"
    )
    + " SELECT id FROM up WHERE next IS NULL"
)
CUSTOMER_KEYS: Final = statement(
    "SELECT kind, value, customer FROM customer_key WHERE tenant = $1 AND customer IN "
    + _SAME + " ORDER BY kind, value"
)  # fmt: skip
KEYS_LIKE: Final = statement(
    "SELECT customer, value FROM customer_key WHERE tenant = $1 AND kind = $2 AND value >= $3 "
    "AND value < $4 ORDER BY value LIMIT 50"
)
MERGED: Final = statement(
    "SELECT id, merged_into FROM customer WHERE tenant = $1 AND merged_into IS NOT NULL "
    "AND id IN " + _SAME + " ORDER BY id"
)
CONTACTS_OF_CUSTOMER: Final = statement(
    "SELECT * FROM contact WHERE tenant = $1 AND customer IN " + _SAME
    + " ORDER BY id DESC LIMIT $3"
)  # fmt: skip
TICKETS_OF_CUSTOMER: Final = statement(
    "SELECT * FROM ticket WHERE tenant = $1 AND status <> 'moved' AND customer IN " + _SAME
    + " ORDER BY id DESC LIMIT $3"
)  # fmt: skip
EARLIER_TICKETS: Final = statement(
    "SELECT t.id, t.status, t.motive, COALESCE((SELECT max(s.updated_at) FROM session s "
    "WHERE s.tenant = t.tenant AND s.ticket = t.id), t.opened_at), "
    "EXISTS (SELECT 1 FROM session s WHERE s.tenant = t.tenant AND s.ticket = t.id "
    "AND s.status NOT IN ('ended', 'failed')) FROM ticket t WHERE t.tenant = $1 "
    "AND t.status <> 'moved' AND t.id <> $3 AND t.motive IS NOT NULL AND t.customer IN " + _SAME
    + " ORDER BY t.id DESC LIMIT 50"
)  # fmt: skip
"""What a customer may come back to: (id, status, motive, last moved, goes on)."""
FACTS_OF_CUSTOMER: Final = statement(
    "SELECT name, value, source, at, session FROM fact WHERE tenant = $1 "
    "AND holder_kind = 'customer' AND holder IN " + _SAME + " ORDER BY at, session"
)
MERGE: Final = statement(
    "UPDATE customer SET merged_into = $3 WHERE tenant = $1 AND id = $2 AND merged_into IS NULL",
    must=LostRace,
)
STAND: Final = statement(
    "UPDATE customer SET merged_into = NULL WHERE tenant = $1 AND id = $2 AND merged_into IS NULL",
    must=LostRace,
)
"""Nobody merges the one that stays into another meanwhile: the two would be each other's."""
SPLIT: Final = statement(
    "UPDATE customer SET merged_into = NULL WHERE tenant = $1 AND id = $2 AND merged_into = $3",
    must=LostRace,
)
SESSIONS_OF_CUSTOMER: Final = statement(
    "SELECT id FROM session s WHERE tenant = $1 AND (customer IN " + _SAME
    + " OR (customer IS NULL AND ("
    "EXISTS (SELECT 1 FROM ticket t WHERE t.tenant = s.tenant AND t.id = s.ticket "
    "AND t.customer IN " + _SAME + ") OR EXISTS (SELECT 1 FROM contact_session l JOIN contact c "
    "ON c.tenant = l.tenant AND c.id = l.contact WHERE l.tenant = s.tenant AND l.session = s.id "
    "AND c.customer IN " + _SAME + ")))) ORDER BY id"
)  # fmt: skip
ERASE_LOGGED: Final = statement(
    "DELETE FROM event_payload WHERE tenant = $1 AND stream = 'contact' AND stream_id IN "
    "(SELECT id FROM contact WHERE tenant = $1 AND customer IN " + _SAME + ")"
)
"""What logs of other systems said in the contacts of a person."""
LATEST_OF_CUSTOMER: Final = statement(
    "SELECT s.*, t.motive FROM session s LEFT JOIN ticket t ON t.tenant = s.tenant "
    "AND t.id = s.ticket WHERE s.tenant = $1 AND (s.customer IN " + _SAME
    + " OR (s.customer IS NULL AND t.customer IN " + _SAME + ")) ORDER BY s.id DESC LIMIT $3"
)  # fmt: skip
NEW_SEGMENT: Final = insertion(
    t.CUSTOMER_SEGMENT,
    "ON CONFLICT (tenant, customer, since) DO UPDATE SET code = excluded.code, "
    "noted = excluded.noted",
)
SEGMENTS: Final = statement(
    "SELECT customer, since, code FROM customer_segment WHERE tenant = $1 "
    "AND customer IN {each:2} ORDER BY since, customer"
)
SEGMENTS_NOTED: Final = statement(
    "SELECT tenant, customer, noted FROM customer_segment WHERE noted >= $1 AND since < noted"
)
"""What was said of a time before: contacts that are over may be in another segment by it."""
ERASE_SEGMENTS: Final = statement(
    "UPDATE customer_segment SET code = NULL, noted = $3 WHERE tenant = $1 AND customer IN " + _SAME
)
ERASE_FACTS: Final = statement(
    "DELETE FROM fact WHERE tenant = $1 AND holder_kind = 'customer' AND holder IN " + _SAME
)
ERASE_CUSTOMER_KEYS: Final = statement(
    "DELETE FROM customer_key WHERE tenant = $1 AND customer IN " + _SAME
)
