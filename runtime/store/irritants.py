"""The statements about the register of irritants. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostRace, insertion, statement

NEW_IRRITANT: Final = insertion(t.IRRITANT, must=LostRace)
IRRITANTS: Final = statement("SELECT * FROM irritant WHERE tenant = $1 ORDER BY id")
IRRITANT: Final = statement("SELECT * FROM irritant WHERE tenant = $1 AND id = $2")
CHANGE_IRRITANT: Final = statement(
    "UPDATE irritant SET version = version + 1, status = $4, content = $5, due = $6, "
    "chased = CASE WHEN due IS NOT DISTINCT FROM $6 THEN chased ELSE 0 END, updated_at = $7 "
    "WHERE tenant = $1 AND id = $2 AND version = $3",
    must=LostRace,
)
"""What is due at another time is chased anew."""
OVERDUE_IRRITANTS: Final = statement(
    "SELECT tenant, id, content, due FROM irritant WHERE chased = 0 AND due <= $1 "
    "ORDER BY due, id LIMIT $2"
)
IRRITANT_CHASED: Final = statement(
    "UPDATE irritant SET chased = 1 WHERE tenant = $1 AND id = $2 AND due = $3 AND chased = 0",
    must=LostRace,
)
