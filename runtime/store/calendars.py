"""The statements about calendars whose busy times take slots. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store.port import statement

CALENDARS: Final = statement(
    "SELECT name, busy, read_at, failed FROM busy_calendar WHERE tenant = $1 AND team = $2"
)
TRY_CALENDAR: Final = statement(
    "INSERT INTO busy_calendar (tenant, team, name, tried_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (tenant, team, name) DO UPDATE SET tried_at = $4 "
    "WHERE busy_calendar.tried_at <= $5 RETURNING tried_at"
)
"""Gives a row to the one process that is to look at it now."""
CALENDAR_READ: Final = statement(
    "UPDATE busy_calendar SET busy = $4, read_at = $5, failed = NULL "
    "WHERE tenant = $1 AND team = $2 AND name = $3"
)
CALENDAR_LOST: Final = statement(
    "UPDATE busy_calendar SET failed = $4, tried_at = $5 "
    "WHERE tenant = $1 AND team = $2 AND name = $3"
)
"""What was read before stays."""
