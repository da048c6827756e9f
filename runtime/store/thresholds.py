"""The statements about thresholds of measures, and what is beyond them. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostRace, insertion, statement

NEW_THRESHOLD: Final = insertion(t.THRESHOLD, must=LostRace)
THRESHOLDS: Final = statement("SELECT * FROM threshold WHERE tenant = $1 ORDER BY id")
DROP_THRESHOLD: Final = statement(
    "DELETE FROM threshold WHERE tenant = $1 AND id = $2", must=LostRace
)
DUE_THRESHOLDS: Final = statement(
    "SELECT tenant, id, plan, due, problem FROM threshold WHERE due <= $1 ORDER BY due, id LIMIT $2"
)
TAKE_THRESHOLD: Final = statement(
    "UPDATE threshold SET due = $4 WHERE tenant = $1 AND id = $2 AND due = $3 RETURNING id"
)
"""One process looks at it: whoever was later finds another time there."""
WORKED_OUT: Final = statement(
    "UPDATE threshold SET problem = NULL WHERE tenant = $1 AND id = $2", must=LostRace
)
SAY_PROBLEM: Final = statement(
    "UPDATE threshold SET problem = $3 WHERE tenant = $1 AND id = $2 RETURNING id"
)
BEYOND: Final = statement(
    "SELECT threshold, key, side, since, told FROM beyond WHERE tenant = $1 ORDER BY threshold, key"
)
BEYOND_ONE: Final = statement("SELECT key, side FROM beyond WHERE tenant = $1 AND threshold = $2")
NOW_BEYOND: Final = insertion(
    t.BEYOND,
    "ON CONFLICT (tenant, threshold, key) DO UPDATE SET side = excluded.side, "
    "since = excluded.since, told = excluded.told",
)
DROP_BEYOND: Final = statement(
    "DELETE FROM beyond WHERE tenant = $1 AND threshold = $2 AND key = $3"
)
DROP_ALL_BEYOND: Final = statement("DELETE FROM beyond WHERE tenant = $1 AND threshold = $2")
