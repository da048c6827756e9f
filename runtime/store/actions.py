"""Statements of the outbox: actions, attempts, dead letters.

An attempt is counted when it is claimed, so that a crashing worker cannot loop. Leases are given
and judged by the database's clock. Source: promises.md 2.3.
"""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostLease, alteration, insertion, statement

DATABASE_NOW: Final = statement("SELECT {now}")
NEW_SECRET: Final = insertion(t.SERVICE_SECRET, "ON CONFLICT (name) DO NOTHING")
SECRET: Final = statement("SELECT value FROM service_secret WHERE name = $1")
NEW_EFFECT: Final = insertion(t.EFFECT)
_EFFECT: Final = (
    "tenant, session, id, operation, effect_class, attempt, attempts, timeout, deadline, "
    "lease_token, inputs, behind, background, letter, last_error, key"
)
_HELD: Final = (
    "tenant = $1 AND session = $2 AND id = $3 AND lease_token = $4 AND state = 'in_flight'"
)
_MINE: Final = "WHERE " + _HELD
CLAIM_EFFECTS: Final = statement(
    "UPDATE effect SET state = 'in_flight', attempt = attempt + 1, lease_token = lease_token + 1, "  # noqa: S608 - our own names
    "lease_until = {now} + $2 WHERE (tenant, session, id) IN (SELECT tenant, session, id "
    "FROM effect WHERE state = 'ready' AND background IN (0, 1) AND not_before <= $1 "
    # Whoever is waited for goes first.
    "ORDER BY background, not_before LIMIT $3 {skip}) RETURNING " + _EFFECT
)
KEEP_LEASE: Final = statement(
    "UPDATE effect SET lease_until = {now} + $5 " + _MINE + " RETURNING id"  # noqa: S608 - our own names
)
TAKE_LEASE: Final = statement(
    "UPDATE effect SET lease_until = {now} + $5, lease_token = lease_token + 1 "  # noqa: S608 - our own names
    + _MINE
    + " RETURNING lease_token"
)
GRACE: Final = 500
"""Milliseconds after a step's time is over that the worker of its action has to say so itself."""
ABANDONED_EFFECTS: Final = statement(
    # Those of a worker that shows no sign of life, and those that a session waits for too long.
    "SELECT " + _EFFECT + " FROM effect WHERE state = 'in_flight' AND (lease_until < "  # noqa: S608 - our own names
    f"{{now}} + $1 OR (background = 0 AND deadline + {GRACE} <= {{now}})) "
    "ORDER BY lease_until LIMIT $2"
)
RETRY_EFFECT: Final = alteration(
    t.EFFECT,
    # What was not made is not counted ($7).
    "state = 'ready', not_before = $5, last_error = $6, lease_until = 0, attempt = attempt - $7",
    _HELD,
    numbers=(4, 5, 7),
    must=LostLease,
)
RESUME_EFFECT: Final = alteration(
    t.EFFECT,
    "state = 'ready', not_before = $5, last_error = 'interrupted', lease_until = 0, "
    "attempt = attempt - $6",
    _HELD,
    numbers=(4, 5, 6),
    must=LostLease,
)
SETTLE_EFFECT: Final = alteration(
    t.EFFECT,
    "state = $5, last_error = $6, lease_until = 0",
    "tenant = $1 AND session = $2 AND id = $3 AND lease_token = $4 "
    "AND state IN ('in_flight', 'ready')",
    numbers=(4,),
    must=LostLease,
)
CORRECT_EFFECT: Final = alteration(
    t.EFFECT,
    # A worker that was given up has the truth after all.
    "state = $4, last_error = NULL",
    "tenant = $1 AND session = $2 AND id = $3 AND state IN ('unknown', 'failed')",
    must=LostLease,
)
FREE_NEXT: Final = alteration(
    t.EFFECT,
    "state = 'ready', not_before = $4",
    "tenant = $1 AND session = $2 AND after = $3 AND state = 'held'",
    numbers=(4,),
)
HASTEN_EFFECTS: Final = statement(
    "UPDATE effect SET not_before = $1 WHERE state = 'ready' AND background IN (0, 1) "
    "AND not_before > $1 AND substr(operation, 1, length(CAST($2 AS TEXT))) = CAST($2 AS TEXT)"
)
EFFECT_STATES: Final = statement("SELECT state, count(*) FROM effect GROUP BY state")
NEXT_EFFECT: Final = statement(
    # When something is to be attempted, and when a session will have waited for one too long.
    "SELECT min(due), (SELECT min(deadline) FROM effect WHERE state = 'in_flight' "
    "AND background = 0) FROM ("
    "SELECT min(not_before) AS due FROM effect WHERE state = 'ready' AND background = 0 UNION ALL "
    "SELECT min(not_before) AS due FROM effect WHERE state = 'ready' AND background = 1) AS waits"
)

# -- attempts that an action did not end with

NEW_ATTEMPT: Final = insertion(t.ATTEMPT, "ON CONFLICT (tenant, session, effect, token) DO NOTHING")
ATTEMPTS: Final = statement(
    "SELECT number, started, ended, status, reason, late FROM attempt "
    "WHERE tenant = $1 AND session = $2 AND effect = $3 ORDER BY token"
)

# -- dead letters

OPEN_LETTER: Final = insertion(
    t.DEAD_LETTER,
    "ON CONFLICT (tenant, session, effect) DO UPDATE SET status = excluded.status, "
    "reason = excluded.reason, state = excluded.state, changed_at = excluded.changed_at",
)
MOVE_LETTER: Final = statement(
    "UPDATE dead_letter SET state = $4, changed_at = $5 WHERE tenant = $1 AND session = $2 "
    "AND effect = $3 AND state <> 'closed'"
)
END_LETTER: Final = alteration(
    t.DEAD_LETTER,
    # What became of an action that was taken up again.
    "state = $3, status = $4, reason = $5, changed_at = $6",
    "tenant = $1 AND id = $2 AND state = 'redriven'",
    numbers=(6,),
)
REDRIVE_LETTER: Final = statement(
    "UPDATE dead_letter SET state = 'redriven', changed_at = $3, actor = $4 "
    "WHERE tenant = $1 AND id = $2 AND state = 'open'",
    must=LostLease,
)
CLOSE_LETTER: Final = statement(
    "UPDATE dead_letter SET state = 'closed', changed_at = $3, actor = $4, note = $5 "
    "WHERE tenant = $1 AND id = $2 AND state = 'open'",
    must=LostLease,
)
REDRIVE_EFFECT: Final = statement(
    "UPDATE effect SET state = 'ready', not_before = $4, deadline = $5, letter = $6, "
    "background = 1, attempts = attempt + $7, last_error = NULL WHERE tenant = $1 "
    "AND session = $2 AND id = $3 AND state NOT IN ('ready', 'held', 'in_flight')",
    must=LostLease,
)
_LETTER: Final = (
    "SELECT d.*, e.attempt FROM dead_letter d LEFT JOIN effect e ON e.tenant = d.tenant "
    "AND e.session = d.session AND e.id = d.effect WHERE d.tenant = $1 AND "
)
LETTER: Final = statement(_LETTER + "d.id = $2")
LETTERS: Final = statement(_LETTER + "d.state = $2 AND d.id < $3 ORDER BY d.id DESC LIMIT $4")
LETTER_STATES: Final = statement("SELECT state, count(*) FROM dead_letter GROUP BY state")
SESSIONS_UNATTENDED: Final = statement(
    "SELECT DISTINCT session FROM dead_letter WHERE tenant = $1 AND state = 'open' "
    "AND session >= $2 AND session <= $3"
)
PURGE_LETTERS: Final = statement("DELETE FROM dead_letter WHERE changed_at <= $1 RETURNING state")
PURGE_ATTEMPTS: Final = statement("DELETE FROM attempt WHERE ended <= $1")
