"""The statements about remarks. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import insertion, statement

NEW_REMARK: Final = insertion(t.REMARK)
REMARKS: Final = statement(
    "SELECT r.session, r.seq, r.what, r.at, r.role, r.library, r.revision, r.journey, r.step, "
    "r.category, r.audience, r.channel, r.language, p.payload FROM remark r "
    "LEFT JOIN event_payload p ON p.tenant = r.tenant AND p.stream = 'session' "
    "AND p.stream_id = r.session AND p.seq = r.seq "
    "WHERE r.tenant = $1 AND ($2 = '' OR r.journey = $2) AND ($3 = '' OR r.what = $3) "
    "AND (r.at < $4 OR (r.at = $4 AND (r.session < $5 OR (r.session = $5 AND r.seq < $6)))) "
    "ORDER BY r.at DESC, r.session DESC, r.seq DESC LIMIT $7"
)
"""The newest first, after a place."""
