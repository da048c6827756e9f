"""Every statement of the hot path, once for both databases."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import KeyTaken, LostRace, alteration, insertion, statement

# -- sessions

NEW_SESSION: Final = insertion(t.SESSION)
MOVE_SESSION: Final = statement(
    "UPDATE session SET seq = $4, version = $5, status = $6, outcome = $7, step = $8, "
    "contact = $9, customer = $10, channel = $11, audience = $12, language = $13, "
    "updated_at = $14, waiting = $15, waiting_for = $16, holder = COALESCE($17, holder) "
    "WHERE tenant = $1 AND id = $2 AND seq = $3",
    must=LostRace,
)
_NEWEST: Final = "SELECT * FROM session WHERE tenant = $1 AND id < $2 AND "
_OF_STATUS: Final = (
    "($4 = '' OR status = $4 OR ($4 = 'open' AND status NOT IN ('ended', 'failed'))) "
    "ORDER BY id DESC LIMIT $3"
)
SESSIONS: Final = statement(_NEWEST + _OF_STATUS)
SESSIONS_OF_HOLDER: Final = statement(_NEWEST + "holder = $5 AND " + _OF_STATUS)
SESSIONS_TO_ACCEPT: Final = statement(
    _NEWEST + "waiting IN ('transfer', 'hand_over') AND "
    "waiting_for NOT IN ('customer', 'bot', 'robot') AND "
    "status NOT IN ('ended', 'failed') AND " + _OF_STATUS
)
SESSIONS_FOR_TEAMS: Final = statement(
    _NEWEST + "((waiting IS NOT NULL AND waiting_for IN {each:5}) "  # noqa: S608 - our own names
    "OR (waiting = 'hand_over' AND waiting_for = 'advisor' AND EXISTS (SELECT 1 FROM fact f "
    "WHERE f.tenant = session.tenant AND f.holder_kind = 'customer' "
    "AND f.holder = session.customer AND f.name = $6 AND f.value = $7 AND NOT EXISTS ("
    "SELECT 1 FROM fact n WHERE n.tenant = f.tenant AND n.holder_kind = f.holder_kind "
    "AND n.holder = f.holder AND n.name = f.name AND n.at > f.at)))) AND "
    "status NOT IN ('ended', 'failed') AND " + _OF_STATUS
)
"""Those that wait for some teams or skills, or for a customer's own advisor."""
WAITING_SESSIONS: Final = statement(
    "SELECT id, version, waiting, waiting_for, customer FROM session "
    "WHERE tenant = $1 AND waiting IS NOT NULL ORDER BY id"
)
WAITING_FOR_TEAM: Final = statement(
    "SELECT id FROM session WHERE tenant = $1 AND waiting IN ('transfer', 'consult') "
    "AND waiting_for IN {each:2} AND status NOT IN ('ended', 'failed') AND started_at <= $3 "
    "ORDER BY updated_at LIMIT $4"
)
SESSIONS_UNATTENDED: Final = statement(
    _NEWEST + "EXISTS (SELECT 1 FROM dead_letter d WHERE d.tenant = session.tenant "  # noqa: S608 - our own names
    "AND d.session = session.id AND d.state = 'open') AND " + _OF_STATUS
)
SESSION_ROW: Final = statement("SELECT * FROM session WHERE tenant = $1 AND id = $2")
NEW_EVENT: Final = insertion(t.EVENT)
NEW_PAYLOAD: Final = insertion(t.EVENT_PAYLOAD)
EVENTS: Final = statement(
    "SELECT e.seq, e.kind, e.at, e.actor, e.header, p.payload FROM event e "
    "LEFT JOIN event_payload p ON p.tenant = e.tenant AND p.stream = e.stream "
    "AND p.stream_id = e.stream_id AND p.seq = e.seq "
    "WHERE e.tenant = $1 AND e.stream = $2 AND e.stream_id = $3 AND e.seq > $4 "
    "ORDER BY e.seq LIMIT $5"
)
SAVE_SNAPSHOT: Final = insertion(
    t.SNAPSHOT,
    "ON CONFLICT (tenant, session) DO UPDATE SET seq = excluded.seq, state = excluded.state "
    "WHERE snapshot.seq < excluded.seq",
)
SNAPSHOT: Final = statement("SELECT seq, state FROM snapshot WHERE tenant = $1 AND session = $2")

# -- idempotency

TAKE_KEY: Final = insertion(
    t.IDEMPOTENCY,
    # An expired row is as good as none: its retention is over, purged or not yet.
    "ON CONFLICT (tenant, caller, key) DO UPDATE SET fingerprint = excluded.fingerprint, "
    "state = excluded.state, session = excluded.session, version = excluded.version, "
    "body = excluded.body, created_at = excluded.created_at, expires_at = excluded.expires_at "
    "WHERE idempotency.expires_at <= excluded.created_at",
    must=KeyTaken,
)
FINISH_KEY: Final = alteration(
    t.IDEMPOTENCY,
    "state = 'done', version = $4, body = $5",
    "tenant = $1 AND caller = $2 AND key = $3 AND state = 'accepted'",
    numbers=(4,),
    must=KeyTaken,
)
KEY: Final = statement(
    "SELECT fingerprint, state, session, version, body FROM idempotency "
    "WHERE tenant = $1 AND caller = $2 AND key = $3 AND expires_at > $4"
)
PURGE_KEYS: Final = statement("DELETE FROM idempotency WHERE expires_at <= $1")

# Those of actions, attempts and dead letters: `runtime.store.actions`.

# -- timers

SET_TIMER: Final = insertion(
    t.TIMER, "ON CONFLICT (tenant, session, wait) DO UPDATE SET due = excluded.due"
)
DROP_TIMERS: Final = statement("DELETE FROM timer WHERE tenant = $1 AND session = $2")
DROP_TIMER: Final = statement("DELETE FROM timer WHERE tenant = $1 AND session = $2 AND wait = $3")
DUE_TIMERS: Final = statement(
    "SELECT tenant, session, wait, due FROM timer WHERE due <= $1 ORDER BY due LIMIT $2"
)
NEXT_TIMER: Final = statement("SELECT min(due) FROM timer")

# -- contacts, tickets, customers, facts

NEW_CONTACT: Final = insertion(t.CONTACT)
CONTACT: Final = statement("SELECT * FROM contact WHERE tenant = $1 AND id = $2")
MOVE_CONTACT: Final = statement(
    "UPDATE contact SET seq = $4, status = $5, offered = $6, answered = $7, ended = $8, "
    "wrapped = $9, updated_at = $10, dropped = $11 WHERE tenant = $1 AND id = $2 AND seq = $3",
    must=LostRace,
)
SET_CONTACT_CUSTOMER: Final = statement(
    "UPDATE contact SET customer = $3 WHERE tenant = $1 AND id = $2 "
    "AND (customer IS NULL OR customer = $4)"
)
CONTACTS: Final = statement(
    "SELECT * FROM contact WHERE tenant = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
)
IDLE_CONTACTS: Final = statement(
    "SELECT c.tenant, c.id FROM contact c WHERE c.status = 'answered' AND c.implied = 1 "
    "AND c.updated_at <= $1 AND (c.actor LIKE 'customer:%' OR c.actor LIKE 'bot:%') "
    "AND NOT EXISTS (SELECT 1 FROM contact_session l JOIN session s "
    "ON s.tenant = l.tenant AND s.id = l.session WHERE l.tenant = c.tenant AND l.contact = c.id "
    "AND (s.updated_at > $1 OR s.audience NOT IN ('customer', 'bot'))) "
    "ORDER BY c.updated_at LIMIT $2"
)
LAST_ACTIVITY: Final = statement(
    "SELECT max(e.at) FROM contact_session l JOIN event e ON e.tenant = l.tenant "
    "AND e.stream = 'session' AND e.stream_id = l.session "
    "WHERE l.tenant = $1 AND l.contact = $2 AND e.actor <> 'system'"
)
OLD_SESSIONS: Final = statement(
    "SELECT tenant, id, revision, status, audience, contact, updated_at FROM session "
    "WHERE (tenant > $1 OR (tenant = $1 AND id > $2)) AND updated_at <= $3 "
    "ORDER BY tenant, id LIMIT $4"
)
TIMER_AHEAD: Final = statement(
    "SELECT 1 FROM timer WHERE tenant = $1 AND session = $2 AND due > $3 LIMIT 1"
)
HAS_PAYLOAD: Final = statement(
    "SELECT 1 FROM event_payload WHERE tenant = $1 AND stream = 'session' AND stream_id = $2 "
    "LIMIT 1"
)
LINK_CONTACT: Final = insertion(t.CONTACT_SESSION, "ON CONFLICT DO NOTHING")
CONTACTS_OF_SESSION: Final = statement(
    "SELECT c.* FROM contact c JOIN contact_session l ON l.tenant = c.tenant AND l.contact = c.id "
    "WHERE l.tenant = $1 AND l.session = $2 ORDER BY c.id"
)
SESSIONS_OF_CONTACT: Final = statement(
    "SELECT s.* FROM session s JOIN contact_session l ON l.tenant = s.tenant AND l.session = s.id "
    "WHERE l.tenant = $1 AND l.contact = $2 ORDER BY s.id"
)
# Those of tickets are in `runtime.store.tickets`.

PUT_FACT: Final = insertion(
    t.FACT,
    "ON CONFLICT (tenant, holder_kind, holder, name, session) DO UPDATE SET "
    "value = excluded.value, source = excluded.source, at = excluded.at",
)
DROP_FACT: Final = statement(
    "DELETE FROM fact WHERE tenant = $1 AND holder_kind = $2 AND holder = $3 AND name = $4 "
    "AND session = $5"
)
FACTS: Final = statement(
    "SELECT name, value, source, at, session FROM fact WHERE tenant = $1 AND holder_kind = $2 "
    "AND holder = $3 ORDER BY at, session"
)

# -- erasing a person

OPEN_EFFECTS: Final = statement(
    "SELECT id FROM effect WHERE tenant = $1 AND session = $2 "
    "AND state IN ('ready', 'held', 'in_flight') ORDER BY id"
)
ERASE_PAYLOADS: Final = statement(
    "DELETE FROM event_payload WHERE tenant = $1 AND stream = 'session' AND stream_id = $2"
)
ERASE_EFFECTS: Final = statement(
    "UPDATE effect SET inputs = '{}', last_error = NULL WHERE tenant = $1 AND session = $2"
)
ERASE_LETTERS: Final = statement(
    "UPDATE dead_letter SET note = NULL, "
    "state = CASE WHEN state IN ('open', 'with_person') THEN 'dropped' ELSE state END "
    "WHERE tenant = $1 AND session = $2"
)
ERASE_ANSWERS: Final = statement(
    "UPDATE idempotency SET body = $3 WHERE tenant = $1 AND session = $2 AND body IS NOT NULL"
)
ERASE_FACTS_OF_SESSION: Final = statement("DELETE FROM fact WHERE tenant = $1 AND session = $2")
LAST_OF_STREAM: Final = statement(
    "SELECT COALESCE(max(seq), 0) FROM event WHERE tenant = $1 AND stream = $2 AND stream_id = $3"
)

# -- revisions

NEW_REVISION: Final = insertion(t.REVISION, "ON CONFLICT (tenant, hash) DO NOTHING")
NEW_PUBLICATION: Final = insertion(t.PUBLICATION, "ON CONFLICT DO NOTHING", must=LostRace)
REVISION: Final = statement("SELECT library, files FROM revision WHERE tenant = $1 AND hash = $2")
LIVE: Final = statement(
    "SELECT p.library, p.hash, p.number, p.at, p.actor FROM publication p WHERE p.tenant = $1 "
    "AND p.number = (SELECT max(q.number) FROM publication q WHERE q.tenant = p.tenant "
    "AND q.library = p.library) ORDER BY p.library"
)
PUBLICATIONS: Final = statement(
    "SELECT p.library, p.hash, p.number, p.at, p.actor FROM publication p WHERE p.tenant = $1 "
    "ORDER BY p.library, p.number"
)
TENANTS: Final = statement("SELECT DISTINCT p.tenant FROM publication p ORDER BY p.tenant")

# -- keys

NEW_API_KEY: Final = insertion(t.API_KEY)
API_KEY: Final = statement("SELECT * FROM api_key WHERE id = $1")
API_KEYS: Final = statement("SELECT * FROM api_key WHERE tenant = $1 ORDER BY id")
REVOKE_API_KEY: Final = statement(
    "UPDATE api_key SET revoked_at = $3 WHERE tenant = $1 AND id = $2 AND revoked_at IS NULL "
    "RETURNING id"
)
TOUCH_API_KEY: Final = statement("UPDATE api_key SET last_used_at = $2 WHERE id = $1")

# -- the time ledger's rows

DROP_SEGMENTS: Final = statement("DELETE FROM segment WHERE tenant = $1 AND contact = $2")
NEW_SEGMENT: Final = insertion(t.SEGMENT)
SEGMENTS: Final = statement(
    "SELECT begins, ends, category, session, visit, step, raw, flag FROM segment "
    "WHERE tenant = $1 AND contact = $2 ORDER BY position"
)
SET_PROJECTION: Final = insertion(
    t.PROJECTION, "ON CONFLICT (tenant, session) DO UPDATE SET seq = excluded.seq"
)
BEHIND: Final = statement(
    "SELECT c.tenant, c.id FROM contact c "
    "LEFT JOIN projection p ON p.tenant = c.tenant AND p.session = c.id "
    "WHERE c.ended IS NOT NULL AND (p.seq IS NULL OR p.seq < c.seq) "
    "UNION SELECT c.tenant, c.id FROM contact c "
    "JOIN contact_session l ON l.tenant = c.tenant AND l.contact = c.id "
    "JOIN session s ON s.tenant = l.tenant AND s.id = l.session "
    "LEFT JOIN projection p ON p.tenant = s.tenant AND p.session = s.id "
    "WHERE c.ended IS NOT NULL AND (p.seq IS NULL OR p.seq < s.seq) LIMIT $1"
)
"""Contacts that are over and whose rows are not those of their latest events."""

# -- probing

PROBE: Final = insertion(t.PROBE, "ON CONFLICT (id) DO UPDATE SET at = excluded.at")
