"""The statements about calls that phone systems announce. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import insertion, statement

NEW_LAUNCH: Final = insertion(t.LAUNCH)
LAUNCH_OF_CALL: Final = statement(
    "SELECT * FROM launch WHERE tenant = $1 AND source = $2 AND call = $3"
)
RENEW_LAUNCH: Final = statement(
    "UPDATE launch SET hash = $3, expires_at = $4 WHERE tenant = $1 AND id = $2"
)
TAKE_LAUNCH: Final = statement(
    "UPDATE launch SET hash = NULL WHERE tenant = $1 AND hash = $2 AND expires_at > $3 RETURNING *"
)
TELL_LAUNCH: Final = statement(
    "UPDATE launch SET journey = $3, given = $4 WHERE tenant = $1 AND id = $2"
)
BEGIN_LAUNCH: Final = statement(
    "UPDATE launch SET opening_at = $3 WHERE tenant = $1 AND id = $2 AND session IS NULL "
    "AND (opening_at IS NULL OR opening_at <= $4) RETURNING id"
)
BIND_LAUNCH: Final = statement(
    "UPDATE launch SET session = $3 WHERE tenant = $1 AND id = $2 AND session IS NULL"
)
ERASE_LAUNCHES: Final = statement(
    "UPDATE launch SET given = '{}' WHERE tenant = $1 AND contact IN "
    "(SELECT id FROM contact WHERE tenant = $1 AND customer = $2)"
)
PURGE_LAUNCHES: Final = statement("DELETE FROM launch WHERE created_at <= $1")
