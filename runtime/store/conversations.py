"""The statements about conversations on channels. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostRace, insertion, statement

NEW_CONVERSATION: Final = insertion(t.CONVERSATION)
MOVE_CONVERSATION: Final = statement(
    "UPDATE conversation SET person = $3, session = $4, memory = $5, pending = $6, turn = $7, "
    "updated_at = $8 WHERE tenant = $1 AND id = $2 AND turn = $9",
    must=LostRace,
)
CONVERSATION: Final = statement("SELECT * FROM conversation WHERE tenant = $1 AND id = $2")
SESSIONS_OF_PERSON: Final = statement(
    "SELECT session FROM conversation WHERE tenant = $1 AND person = $2 AND session IS NOT NULL "
    "ORDER BY updated_at DESC LIMIT 5"
)
ERASE_CONVERSATIONS: Final = statement(
    "DELETE FROM conversation WHERE tenant = $1 AND session = $2"
)
PURGE_CONVERSATIONS: Final = statement("DELETE FROM conversation WHERE updated_at <= $1")
