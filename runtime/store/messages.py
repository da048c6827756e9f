"""The statements about e-mails and letters. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostRace, insertion, statement

NEW_MESSAGE: Final = insertion(t.MESSAGE)
MESSAGE: Final = statement("SELECT * FROM message WHERE tenant = $1 AND id = $2")
MESSAGE_OF_MARK: Final = statement("SELECT * FROM message WHERE tenant = $1 AND mark = $2")
MESSAGES: Final = statement(
    "SELECT * FROM message WHERE tenant = $1 AND status = $2 AND id < $3 ORDER BY id DESC LIMIT $4"
)
THREAD: Final = statement(
    "SELECT * FROM message WHERE tenant = $1 AND (session = $2 OR parent = $3) ORDER BY id"
)
CHANGE_MESSAGE: Final = statement(
    "UPDATE message SET version = version + 1, status = $4, contact = $5, customer = $6, "
    "session = $7, content = $8, due = $9, attempt = $10, updated_at = $11 "
    "WHERE tenant = $1 AND id = $2 AND version = $3",
    must=LostRace,
)
DUE_MESSAGES: Final = statement(
    "SELECT * FROM message WHERE due IS NOT NULL AND due <= $1 ORDER BY due LIMIT $2"
)
HAND_FILES: Final = statement(
    "UPDATE sent_file SET session = $3 WHERE tenant = $1 AND session = $2"
)
"""What a message carried goes to the session that works on it."""
ERASE_MESSAGES_OF_SESSION: Final = statement(
    "UPDATE message SET sender = '', recipient = '', subject = '', text = '', content = '{}', "
    "due = NULL, version = version + 1 WHERE tenant = $1 AND session = $2"
)
ERASE_MESSAGES_OF_CUSTOMER: Final = statement(
    "UPDATE message SET sender = '', recipient = '', subject = '', text = '', content = '{}', "
    "due = NULL, version = version + 1 WHERE tenant = $1 AND customer = $2"
)
ERASE_FILES_OF_CUSTOMER: Final = statement(
    "DELETE FROM sent_file WHERE tenant = $1 AND session IN "
    "(SELECT id FROM message WHERE tenant = $1 AND customer = $2)"
)
PURGE_MESSAGES: Final = statement("DELETE FROM message WHERE session IS NULL AND at <= $1")
PURGE_FILES: Final = statement(
    "DELETE FROM sent_file WHERE session IN "
    "(SELECT id FROM message WHERE session IS NULL AND at <= $1)"
)
