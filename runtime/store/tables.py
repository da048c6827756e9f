"""Every table, once for both databases; alembic and the statements are made from it.

`tenant` leads every key. JSON is text in both. Times are milliseconds UTC. Columns that hold what
a person said or a system answered are listed in `PERSONAL`. Source: promises.md 2.2.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, MetaData, PrimaryKeyConstraint, Table, Text

METADATA: Final = MetaData()
_BULKY: Final = frozenset({"revision", "snapshot", "idempotency", "sent_file"})
"""Tables whose rows are long: they stay apart from their key's tree."""


def _table(name: str, key: str, columns: str) -> Table:
    """Return a table from `name`, `name?` (may be null) and `#name` (a whole number)."""
    made = []
    for word in columns.split():
        bare = word.strip("#?")
        kind = BigInteger() if word.startswith("#") else Text()
        made.append(Column(bare, kind, nullable=word.endswith("?"), autoincrement=False))
    return Table(
        name,
        METADATA,
        *made,
        PrimaryKeyConstraint(*key.split(), name=f"pk_{name}"),
        # In SQLite a row is then kept in its key's own tree: one page to write instead of two.
        sqlite_with_rowid=name in _BULKY,
    )


REVISION = _table("revision", "tenant hash", "tenant hash library files actor #at")
PUBLICATION = _table(
    "publication", "tenant library number", "tenant library #number hash actor #at"
)
SESSION = _table(
    "session",
    "tenant id",
    "tenant id revision journey #seq #version status outcome? step? contact? ticket? customer? "
    "channel audience language actor #started_at #updated_at waiting? waiting_for? holder?",
)
# `actor` began it; `holder` has it now; `waiting` for somebody to take it up.
SNAPSHOT = _table("snapshot", "tenant session", "tenant session #seq state")
EVENT = _table(
    "event",
    "tenant stream stream_id seq",
    "tenant stream stream_id #seq kind #at actor header",
)
EVENT_PAYLOAD = _table(
    "event_payload", "tenant stream stream_id seq", "tenant stream stream_id #seq payload"
)
IDEMPOTENCY = _table(
    "idempotency",
    "tenant caller key",
    "tenant caller key fingerprint state session? #version body? #created_at #expires_at",
)
EFFECT = _table(
    "effect",
    "tenant session id",
    "tenant session id #seq operation effect_class #behind state #attempt #attempts #not_before "
    "#timeout #deadline #lease_until #lease_token last_error? inputs #background after? letter? "
    "key?",
)
# `background`: nobody waits for it. `after`: the action that must end before it is begun. `letter`:
# the dead letter it was taken up from again. `key`: what systems are given; its id, where it has
# none, of an action that was asked for before there were keys.
ATTEMPT = _table(
    "attempt",
    "tenant session effect token",
    "tenant session effect #token #number #started #ended status reason? #late",
)
# Attempts that were not what an action ended with: those that failed, those that came too late.
DEAD_LETTER = _table(
    "dead_letter",
    "tenant id",
    "tenant id session effect operation effect_class #undo status reason? state #at #changed_at "
    "actor? note?",
)
# An action that came to nothing, and who has it now: see engine.standing.
ROBOT_RUN = _table(
    "robot_run", "tenant name due", "tenant name #due state #lease_until #token #cases #ended_at?"
)
# `state`: skipped (due before the robot was known), running, done or failed.
TIMER = _table("timer", "tenant session wait", "tenant session wait #due")
CONTACT = _table(
    "contact",
    "tenant id",
    "tenant id #seq channel direction status customer? #implied #offered? #answered? #ended? "
    "#wrapped? actor #updated_at #dropped",
)
# `dropped`: the line broke, nobody hung up.
CONTACT_SESSION = _table("contact_session", "tenant contact session", "tenant contact session")
TICKET = _table(
    "ticket",
    "tenant id",
    "tenant id status journey motive? customer? outcome? #opened_at #closed_at? #reopened_at? "
    "#closed_before?",
)
# `status`: open, settled (its contact goes on), closed, moved (its session goes on with another).
# `closed_before`: when it was closed before it was opened again.
CUSTOMER = _table("customer", "tenant id", "tenant id #created_at merged_into?")
CUSTOMER_KEY = _table("customer_key", "tenant kind value", "tenant kind value customer session?")
CUSTOMER_SEGMENT = _table(
    "customer_segment", "tenant customer since", "tenant customer #since code? #noted"
)
# Which segment a customer was in from a moment on, as files and the API said at `noted`.
FACT = _table(
    "fact",
    "tenant holder_kind holder name session",
    "tenant holder_kind holder name session value source #at",
)
API_KEY = _table(
    "api_key",
    "tenant id",
    "tenant id hash role actor scopes label #created_at #expires_at #last_used_at? #revoked_at?",
)
SEGMENT = _table(
    "segment",
    "tenant contact position",
    "tenant contact #position #begins #ends category session? #visit? step? raw? flag?",
)
SIGN_IN = _table(
    "sign_in",
    "tenant id",
    "tenant id hash role actor name language way identity? #created_at #seen_at #ends_at "
    "#ended_at?",
)
COLLEAGUE = _table("colleague", "tenant actor", "tenant actor name #seen_at")
# What people who sign in are called, also once their sign-in is over.
WORKPLACE = _table(
    "workplace", "tenant actor source since", "tenant actor source #since team? site? provider?"
)
# Where an actor works, as a source says from a moment on: rows are added and never changed.
PREFERENCE = _table("preference", "tenant actor", "tenant actor value #at")
LINK = _table(
    "link",
    "tenant id",
    "tenant id hash journey session? customer? language? origin? actor #created_at #expires_at "
    "#revoked_at?",
)
RESUME_CODE = _table(
    "resume_code", "tenant session", "tenant session hash actor #created_at #expires_at"
)
CODE_MISS = _table("code_miss", "tenant caller", "tenant caller #since #count")
# Wrong codes a caller brought since a moment.
LAUNCH = _table(
    "launch",
    "tenant source call",
    "tenant source call id contact session? customer? journey? hash? #expires_at? #opening_at? "
    "actor #created_at given",
)
WRAP_UP = _table("wrap_up", "tenant session", "tenant session summary? next? #version #at actor")
# What somebody changed of a wrap-up; null stands as the walk wrote it.
PROMISE = _table(
    "promise",
    "tenant session number",
    "tenant session #number #seq #at actor team? keeps? #due? state #owed #state_at how? said_by? "
    "#said_seq? #begins? #moves",
)
# `seq` and `said_seq`: the events whose payloads hold what was promised, and why it was not kept.
# `begins`: when the slot begins that it takes, up to `due`; `moves`: how often it took another one.
REMARK = _table(
    "remark",
    "tenant session seq",
    "tenant session #seq what #at role library revision journey step? category? audience channel "
    "language",
)
# What somebody said to the author of a step; its words are those of the event `seq`.
BUSY_CALENDAR = _table(
    "busy_calendar", "tenant team name", "tenant team name busy? #read_at? #tried_at failed?"
)
# `busy`: when it was busy as it was last read, a list of (begins, ends), without titles; `failed`:
# why it could not be read since.
SLOT_BOOK = _table("slot_book", "tenant team", "tenant team #page")
# The page of a team's book is turned by whoever takes a slot of it.
SIGN_IN_ATTEMPT = _table(
    "sign_in_attempt",
    "tenant state",
    "tenant state browser nonce verifier next language #expires_at",
)
AWAITED = _table("awaited", "tenant session wait", "tenant session wait event key #since #looked")
# What sleeping sessions wait for. `key` says which content is theirs without holding it; `looked`
# whether what had come before was looked through.
ARRIVAL = _table(
    "arrival",
    "tenant source message",
    "tenant source message event? key? state content? #received_at #kept_until #forget_at",
)
# What other systems said: its id is remembered until `forget_at`, its content until it is taken or
# its time is over, and so it is nobody's yet: no person's erasure goes through it.
TAKING = _table("taking", "tenant source message session", "tenant source message session #at")
INCIDENT = _table(
    "incident",
    "tenant id",
    "tenant id #seq #version status draft? drafted_by live? #live_version? validated_by? "
    "validator? #validated_at? #ended_at? ended_by? #created_at #updated_at",
)
# `live` is what is said; `draft` what was written since and nobody validated.
CONTACT_INCIDENT = _table(
    "contact_incident",
    "tenant contact incident session",
    "tenant contact incident session #version #at #told_version? told_by? #told_at? #closed_at?",
)
INCIDENT_SENT = _table(
    "incident_sent",
    "tenant holder channel incident version",
    "tenant holder channel incident #version #at",
)
# Which versions a customer, or a session whose customer nobody knows, was told in messages.
SENT_FILE = _table(
    "sent_file",
    "tenant session id",
    "tenant session id name media_type #size actor #at content",
)
NOTICE = _table(
    "notice",
    "tenant listener session seq",
    "tenant listener session #seq type content state #attempt #not_before #lease_until last_error? "
    "#at",
)
# What a listener of the deployment is to be told, without a word of what people said.
MESSAGE = _table(
    "message",
    "tenant id",
    "tenant id mark direction kind status #version parent? contact? customer? session? sender "
    "recipient subject text content actor #at #due? #attempt #updated_at",
)
# E-mails and letters, both ways. `mark` is the same for the same message; `parent` the one it
# answers; `content` what is known of it beside (files, what was judged of it, what it asks).
OPINION = _table(
    "opinion",
    "tenant contact",
    "tenant contact #useful? #satisfaction? #effort? #recommend? felt actor #at",
)
# What a customer answered about a contact: numbers and codes, and no text.
SAMPLE = _table("sample", "tenant id", "tenant id name plan actor #created_at")
SAMPLE_CONTACT = _table(
    "sample_contact", "tenant sample contact", "tenant sample contact #position stratum #raters"
)
RATING = _table(
    "rating",
    "tenant sample contact rater",
    "tenant sample contact rater parts codes recording? #at",
)
# What a trained listener found: `parts` are intervals, each with how much of it was useful.
THRESHOLD = _table("threshold", "tenant id", "tenant id plan actor #created_at #due problem?")
BEYOND = _table("beyond", "tenant threshold key", "tenant threshold key side #since told")
# Which groups of a threshold's measure are beyond its bounds, and on which side.
VOLUME = _table("volume", "tenant kind month", "tenant kind month #count actor #at")
# How many customers, orders … there were in a month: what contacts are divided by.
IRRITANT = _table(
    "irritant",
    "tenant id",
    "tenant id #version status content #due? #chased actor #created_at #updated_at",
)
# What should be mended: whose it is, what they committed to and until when. `due`: the moment from
# which it is overdue; `chased`: whether that was told.
ALLOWANCE = _table("allowance", "name holder", "name holder mark #count #at")
# What connectors did, for their caps and paces: a connector's is every tenant's. `holder` is a
# session or nobody; `mark` the day, or the action.
CONVERSATION = _table(
    "conversation", "tenant id", "tenant id person? session? memory pending? #turn #updated_at"
)
# A platform's conversation, and whoever writes in it, by digest. `pending`: a message decided and
# not answered yet; what it said goes with its session.
PROJECTION = _table("projection", "tenant session", "tenant session #seq")
SERVICE_SECRET = _table("service_secret", "name", "name value #made_at")
# What only the service knows: what the keys of actions are made with.
PROBE = _table("probe", "id", "#id #at")

Index("ux_api_key_id", API_KEY.c.id, unique=True)
Index("ux_launch_id", LAUNCH.c.tenant, LAUNCH.c.id, unique=True)
Index("ix_launch_hash", LAUNCH.c.tenant, LAUNCH.c.hash)
Index("ix_launch_contact", LAUNCH.c.tenant, LAUNCH.c.contact)
Index("ux_resume_code_hash", RESUME_CODE.c.hash, unique=True)
Index("ux_link_hash", LINK.c.hash, unique=True)
Index("ux_sign_in_hash", SIGN_IN.c.hash, unique=True)
Index("ix_session_holder", SESSION.c.tenant, SESSION.c.holder, SESSION.c.id)
Index(
    "ix_session_waiting",
    SESSION.c.tenant,
    SESSION.c.id,
    postgresql_where=SESSION.c.waiting.is_not(None),
    sqlite_where=SESSION.c.waiting.is_not(None),
)
Index("ix_idempotency_expires", IDEMPOTENCY.c.expires_at)
Index("ix_effect_due", EFFECT.c.state, EFFECT.c.background, EFFECT.c.not_before)
Index(
    "ux_dead_letter_effect",
    *(DEAD_LETTER.c[column] for column in ("tenant", "session", "effect")),
    unique=True,
)
Index("ix_dead_letter_state", DEAD_LETTER.c.tenant, DEAD_LETTER.c.state, DEAD_LETTER.c.id)
Index("ix_timer_due", TIMER.c.due)
Index(
    "ix_contact_answered",
    CONTACT.c.updated_at,
    postgresql_where=CONTACT.c.status == "answered",
    sqlite_where=CONTACT.c.status == "answered",
)
Index("ix_awaited_key", AWAITED.c.tenant, AWAITED.c.key)
Index(
    "ix_awaited_looked",
    AWAITED.c.since,
    postgresql_where=AWAITED.c.looked == 0,
    sqlite_where=AWAITED.c.looked == 0,
)
Index("ix_arrival_key", ARRIVAL.c.tenant, ARRIVAL.c.key)
Index(
    "ix_arrival_new",
    ARRIVAL.c.received_at,
    postgresql_where=ARRIVAL.c.state == "new",
    sqlite_where=ARRIVAL.c.state == "new",
)
Index(
    "ix_notice_ready",
    NOTICE.c.not_before,
    postgresql_where=NOTICE.c.state == "ready",
    sqlite_where=NOTICE.c.state == "ready",
)
Index(
    "ix_notice_left",
    *(NOTICE.c[column] for column in ("tenant", "listener", "session", "seq")),
    postgresql_where=NOTICE.c.state != "sent",
    sqlite_where=NOTICE.c.state != "sent",
)
for _name, _columns in (("ix_promise_owed", ("tenant", "due")), ("ix_promise_due", ("due",))):
    Index(
        _name,
        *(PROMISE.c[column] for column in _columns),
        postgresql_where=PROMISE.c.owed == 1,
        sqlite_where=PROMISE.c.owed == 1,
    )
Index(
    "ix_promise_slot",
    *(PROMISE.c[column] for column in ("tenant", "team", "due")),
    postgresql_where=(PROMISE.c.owed == 1) & PROMISE.c.begins.is_not(None),
    sqlite_where=(PROMISE.c.owed == 1) & PROMISE.c.begins.is_not(None),
)
Index("ux_message_mark", MESSAGE.c.tenant, MESSAGE.c.mark, unique=True)
Index("ix_message_status", MESSAGE.c.tenant, MESSAGE.c.status, MESSAGE.c.id)
for _name in ("session", "customer", "contact", "parent"):
    Index(f"ix_message_{_name}", MESSAGE.c.tenant, MESSAGE.c[_name])
Index("ix_message_updated", MESSAGE.c.updated_at)
Index(
    "ix_message_due",
    MESSAGE.c.due,
    postgresql_where=MESSAGE.c.due.is_not(None),
    sqlite_where=MESSAGE.c.due.is_not(None),
)
Index(
    "ix_irritant_due",
    IRRITANT.c.due,
    postgresql_where=IRRITANT.c.chased == 0,
    sqlite_where=IRRITANT.c.chased == 0,
)
Index("ix_customer_segment_noted", CUSTOMER_SEGMENT.c.noted)
Index("ix_threshold_due", THRESHOLD.c.due)
Index("ix_opinion_at", OPINION.c.at)
Index("ix_remark_at", REMARK.c.tenant, REMARK.c.at)
Index("ix_rating_at", RATING.c.at)
Index("ix_rating_contact", RATING.c.tenant, RATING.c.contact)
Index("ix_arrival_forget", ARRIVAL.c.forget_at)
Index("ix_conversation_person", CONVERSATION.c.tenant, CONVERSATION.c.person)
Index("ix_conversation_session", CONVERSATION.c.tenant, CONVERSATION.c.session)
Index("ix_conversation_updated", CONVERSATION.c.updated_at)
Index("ix_contact_session", CONTACT_SESSION.c.tenant, CONTACT_SESSION.c.session)
Index("ix_contact_incident", CONTACT_INCIDENT.c.tenant, CONTACT_INCIDENT.c.incident)
Index("ix_contact_incident_session", CONTACT_INCIDENT.c.tenant, CONTACT_INCIDENT.c.session)
Index("ix_contact_customer", CONTACT.c.tenant, CONTACT.c.customer)
Index("ix_session_ticket", SESSION.c.tenant, SESSION.c.ticket)
Index("ix_ticket_customer", TICKET.c.tenant, TICKET.c.customer)
Index(
    "ix_customer_merged",
    *(CUSTOMER.c[column] for column in ("tenant", "merged_into")),
    postgresql_where=CUSTOMER.c.merged_into.is_not(None),
    sqlite_where=CUSTOMER.c.merged_into.is_not(None),
)
Index("ix_customer_key_customer", CUSTOMER_KEY.c.tenant, CUSTOMER_KEY.c.customer)

PERSONAL: Final[dict[str, tuple[str, ...]]] = {
    "event_payload": ("payload",),
    "snapshot": ("state",),
    "effect": ("inputs", "last_error"),
    "dead_letter": ("note",),
    "fact": ("value",),
    "customer_segment": ("code",),
    "idempotency": ("body",),
    "customer_key": ("value",),
    "sent_file": ("name", "content"),
    "launch": ("given",),
    "rating": ("recording",),
    "wrap_up": ("summary", "next"),
    "conversation": ("memory", "pending"),
    "message": ("sender", "recipient", "subject", "text", "content"),
}
"""Where personal data lives, by table: erasing a person goes through these and no others."""
