"""The statements about people: who signed in, where they work, their links, files and words.

See `statements`.
"""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LinkTaken, LostRace, insertion, statement

NEW_SIGN_IN: Final = insertion(t.SIGN_IN)
SIGN_IN: Final = statement("SELECT * FROM sign_in WHERE hash = $1")
SIGN_IN_ROW: Final = statement("SELECT * FROM sign_in WHERE tenant = $1 AND id = $2")
SEE_SIGN_IN: Final = statement(
    "UPDATE sign_in SET seen_at = $3 WHERE tenant = $1 AND id = $2 AND seen_at < $3 "
    "AND ended_at IS NULL"
)
END_SIGN_IN: Final = statement(
    "UPDATE sign_in SET ended_at = $3 WHERE tenant = $1 AND id = $2 AND ended_at IS NULL"
)
PURGE_SIGN_INS: Final = statement("DELETE FROM sign_in WHERE ends_at <= $1")
NEW_ATTEMPT: Final = insertion(t.SIGN_IN_ATTEMPT)
TAKE_ATTEMPT: Final = statement(
    "DELETE FROM sign_in_attempt WHERE tenant = $1 AND state = $2 AND browser = $3 "
    "AND expires_at > $4 RETURNING nonce, verifier, next, language"
)
PURGE_ATTEMPTS: Final = statement("DELETE FROM sign_in_attempt WHERE expires_at <= $1")
NAME_COLLEAGUE: Final = insertion(
    t.COLLEAGUE,
    "ON CONFLICT (tenant, actor) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at",
)
COLLEAGUES: Final = statement(
    "SELECT actor, name FROM colleague WHERE tenant = $1 AND actor IN {each:2}"
)
PURGE_COLLEAGUES: Final = statement("DELETE FROM colleague WHERE seen_at <= $1")
SET_PREFERENCE: Final = insertion(
    t.PREFERENCE,
    "ON CONFLICT (tenant, actor) DO UPDATE SET value = excluded.value, at = excluded.at",
)
PREFERENCE: Final = statement("SELECT value FROM preference WHERE tenant = $1 AND actor = $2")

# -- where people work

NEW_WORKPLACE: Final = insertion(
    t.WORKPLACE, "ON CONFLICT (tenant, actor, source, since) DO NOTHING"
)
LAST_WORKPLACE: Final = statement(
    "SELECT team, site, provider FROM workplace WHERE tenant = $1 AND actor = $2 AND source = $3 "
    "ORDER BY since DESC LIMIT 1"
)
DIRECTORY: Final = statement(
    "SELECT tenant, actor, team, site, provider FROM workplace WHERE source = 'directory' "
    "ORDER BY tenant, actor, since"
)
WORKPLACES: Final = statement(
    "SELECT actor, source, since, team, site, provider FROM workplace WHERE tenant = $1 "
    "AND actor IN {each:2} ORDER BY actor, since"
)

# -- links

NEW_LINK: Final = insertion(t.LINK)
LINK: Final = statement("SELECT * FROM link WHERE hash = $1")
LINK_ROW: Final = statement("SELECT * FROM link WHERE tenant = $1 AND id = $2")
BIND_LINK: Final = statement(
    "UPDATE link SET session = $3 WHERE tenant = $1 AND id = $2 AND session IS NULL",
    must=LinkTaken,
)
RENEW_LINK: Final = statement("UPDATE link SET hash = $3 WHERE tenant = $1 AND id = $2")
REVOKE_LINK: Final = statement(
    "UPDATE link SET revoked_at = $3 WHERE tenant = $1 AND id = $2 AND revoked_at IS NULL"
)
PURGE_LINKS: Final = statement("DELETE FROM link WHERE expires_at <= $1")

# -- files

NEW_FILE: Final = insertion(t.SENT_FILE, "ON CONFLICT (tenant, session, id) DO NOTHING")
FILES_OF: Final = statement("SELECT id FROM sent_file WHERE tenant = $1 AND session = $2")
FILE: Final = statement(
    "SELECT name, content FROM sent_file WHERE tenant = $1 AND session = $2 AND id = $3"
)
# -- wrap-ups

NEW_WRAP_UP: Final = insertion(t.WRAP_UP, "ON CONFLICT (tenant, session) DO NOTHING", must=LostRace)
CHANGE_WRAP_UP: Final = statement(
    "UPDATE wrap_up SET summary = $3, next = $4, version = $5, at = $6, actor = $7 "
    "WHERE tenant = $1 AND session = $2 AND version = $8",
    must=LostRace,
)
WRAP_UP: Final = statement(
    "SELECT summary, next, version, at, actor FROM wrap_up WHERE tenant = $1 AND session = $2"
)
ERASE_WRAP_UP: Final = statement("DELETE FROM wrap_up WHERE tenant = $1 AND session = $2")
ERASE_FILES: Final = statement("DELETE FROM sent_file WHERE tenant = $1 AND session = $2")
