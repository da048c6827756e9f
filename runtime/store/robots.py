"""The statements about robots that run by the clock. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import insertion, statement

ROBOT_LATEST: Final = statement("SELECT max(due) FROM robot_run WHERE tenant = $1 AND name = $2")
ROBOT_ABANDONED: Final = statement(
    "SELECT 1 FROM robot_run WHERE tenant = $1 AND name = $2 AND state = 'running' "
    "AND lease_until < $3 LIMIT 1"
)
ROBOT_DUE: Final = insertion(
    t.ROBOT_RUN, "ON CONFLICT (tenant, name, due) DO NOTHING RETURNING token"
)
ROBOT_LEFT: Final = statement(
    "UPDATE robot_run SET lease_until = $4, token = token + 1 WHERE tenant = $1 AND name = $2 "
    "AND state = 'running' AND lease_until < $3 RETURNING due, token"
)
ROBOT_LIVES: Final = statement(
    "UPDATE robot_run SET lease_until = $5 WHERE tenant = $1 AND name = $2 AND due = $3 "
    "AND token = $4 RETURNING 1"
)
ROBOT_ENDED: Final = statement(
    "UPDATE robot_run SET state = $5, cases = $6, ended_at = $7 WHERE tenant = $1 AND name = $2 "
    "AND due = $3 AND token = $4 RETURNING 1"
)
"""A run that another process has taken up is not ended by the one that lost it."""
