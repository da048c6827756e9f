"""The statements about opinions, samples and ratings. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import LostRace, insertion, statement

KEEP_OPINION: Final = insertion(
    t.OPINION,
    "ON CONFLICT (tenant, contact) DO UPDATE SET useful = excluded.useful, "
    "satisfaction = excluded.satisfaction, effort = excluded.effort, "
    "recommend = excluded.recommend, felt = excluded.felt, actor = excluded.actor, "
    "at = excluded.at",
)
OPINION: Final = statement("SELECT * FROM opinion WHERE tenant = $1 AND contact = $2")
NEW_SAMPLE: Final = insertion(t.SAMPLE, must=LostRace)
NEW_SAMPLE_CONTACT: Final = insertion(t.SAMPLE_CONTACT)
SAMPLE: Final = statement("SELECT * FROM sample WHERE tenant = $1 AND id = $2")
SAMPLES: Final = statement(
    "SELECT * FROM sample WHERE tenant = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
)
CONTACTS_OF_SAMPLE: Final = statement(
    "SELECT contact, position, stratum, raters FROM sample_contact WHERE tenant = $1 "
    "AND sample = $2 ORDER BY position"
)
KEEP_RATING: Final = insertion(
    t.RATING,
    "ON CONFLICT (tenant, sample, contact, rater) DO UPDATE SET parts = excluded.parts, "
    "codes = excluded.codes, recording = excluded.recording, at = excluded.at",
)
RATINGS_OF_SAMPLE: Final = statement(
    "SELECT contact, rater, parts, codes, at FROM rating WHERE tenant = $1 AND sample = $2 "
    "ORDER BY contact, rater"
)
RATINGS_OF_CONTACT: Final = statement(
    "SELECT sample, rater, parts, codes FROM rating WHERE tenant = $1 AND contact = $2 "
    "ORDER BY at, sample, rater"
)
ERASE_RECORDINGS_OF_CUSTOMER: Final = statement(
    "UPDATE rating SET recording = NULL WHERE tenant = $1 AND contact IN "
    "(SELECT id FROM contact WHERE tenant = $1 AND customer = $2)"
)
"""Of contacts that served no session, too."""
ERASE_RECORDINGS: Final = statement(
    "UPDATE rating SET recording = NULL WHERE tenant = $1 AND contact IN "
    "(SELECT contact FROM contact_session WHERE tenant = $1 AND session = $2)"
)
