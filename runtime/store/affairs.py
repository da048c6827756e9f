"""The statements about incidents. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostRace, insertion, statement

NEW_INCIDENT: Final = insertion(t.INCIDENT)
INCIDENT: Final = statement("SELECT * FROM incident WHERE tenant = $1 AND id = $2")
INCIDENTS: Final = statement(
    "SELECT * FROM incident WHERE tenant = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
)
INCIDENTS_AT_HAND: Final = statement(
    "SELECT * FROM incident WHERE tenant = $1 AND live IS NOT NULL "
    "AND (ended_at IS NULL OR ended_at > $2) ORDER BY id"
)
LIVE_INCIDENTS: Final = statement("SELECT * FROM incident WHERE status = 'live'")
MOVE_INCIDENT: Final = statement(
    "UPDATE incident SET seq = $4, version = $5, status = $6, draft = $7, drafted_by = $8, "
    "live = $9, live_version = $10, validated_by = $11, validator = $12, validated_at = $13, "
    "ended_at = $14, ended_by = $15, updated_at = $16 "
    "WHERE tenant = $1 AND id = $2 AND seq = $3",
    must=LostRace,
)
TAG_CONTACT: Final = insertion(t.CONTACT_INCIDENT, "ON CONFLICT DO NOTHING")
TELL_CONTACT: Final = insertion(
    t.CONTACT_INCIDENT,
    "ON CONFLICT (tenant, contact, incident, session) DO UPDATE SET "
    "told_version = excluded.told_version, told_by = excluded.told_by, "
    "told_at = excluded.told_at, closed_at = NULL",
)
CLOSE_INCIDENT: Final = statement(
    "UPDATE contact_incident SET closed_at = $4 WHERE tenant = $1 AND session = $2 "
    "AND incident = $3"
)
INCIDENTS_OF_SESSION: Final = statement(
    "SELECT incident, told_version, closed_at FROM contact_incident WHERE tenant = $1 "
    "AND session = $2 ORDER BY incident"
)
INCIDENTS_OF_CONTACT: Final = statement(
    "SELECT incident, session, version, at, told_version, told_by, told_at FROM contact_incident "
    "WHERE tenant = $1 AND contact = $2 ORDER BY incident, session"
)
SEND_INCIDENT: Final = insertion(t.INCIDENT_SENT, "ON CONFLICT DO NOTHING")
SENT_INCIDENTS: Final = statement(
    "SELECT incident, version FROM incident_sent WHERE tenant = $1 AND holder = $2 AND channel = $3"
)
FORGET_SENT_INCIDENTS: Final = statement("DELETE FROM incident_sent WHERE at < $1")
REACH_OF_INCIDENT: Final = statement(
    "SELECT count(DISTINCT contact), count(DISTINCT CASE WHEN told_at IS NOT NULL "
    "THEN contact END) FROM contact_incident WHERE tenant = $1 AND incident = $2"
)
