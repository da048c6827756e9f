"""The statements about the codes that sessions are resumed with. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostRace, insertion, statement

NEW_CODE: Final = insertion(
    t.RESUME_CODE,
    "ON CONFLICT (tenant, session) DO UPDATE SET hash = excluded.hash, actor = excluded.actor, "
    "created_at = excluded.created_at, expires_at = excluded.expires_at",
    must=LostRace,
)
"""A session has one: another takes its place."""
CODE: Final = statement(
    "SELECT tenant, session, actor, expires_at FROM resume_code WHERE hash = $1 AND expires_at > $2"
)
PURGE_CODES: Final = statement("DELETE FROM resume_code WHERE expires_at <= $1")
MISS: Final = statement(
    "INSERT INTO code_miss (tenant, caller, since, count) VALUES ($1, $2, $3, 1) "
    "ON CONFLICT (tenant, caller) DO UPDATE SET "
    "count = CASE WHEN code_miss.since <= $4 THEN 1 ELSE code_miss.count + 1 END, "
    "since = CASE WHEN code_miss.since <= $4 THEN excluded.since ELSE code_miss.since END "
    "RETURNING count"
)
MISSES: Final = statement(
    "SELECT count FROM code_miss WHERE tenant = $1 AND caller = $2 AND since > $3"
)
PURGE_MISSES: Final = statement("DELETE FROM code_miss WHERE since <= $1")
