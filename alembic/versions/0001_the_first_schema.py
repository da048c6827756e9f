"""The first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


BULKY = {"revision", "snapshot", "idempotency"}
"""Tables whose rows are long: they stay apart from their key's tree."""


def upgrade() -> None:
    _sessions()
    _references()
    _libraries_and_keys()


def _table(name: str, key: str, columns: str) -> None:
    """Create a table from `name`, `name?` (may be null) and `#name` (a whole number)."""
    made = [
        sa.Column(
            word.strip("#?"),
            sa.BigInteger() if word.startswith("#") else sa.Text(),
            nullable=word.endswith("?"),
            autoincrement=False,
        )
        for word in columns.split()
    ]
    # SQLite then keeps a row in its key's own tree: one page to write instead of two.
    op.create_table(
        name,
        *made,
        sa.PrimaryKeyConstraint(*key.split(), name=f"pk_{name}"),
        sqlite_with_rowid=name in BULKY,
    )


def _sessions() -> None:
    _table(
        "session",
        "tenant id",
        "tenant id revision journey #seq #version status outcome? step? contact? ticket? "
        "customer? channel audience language actor #started_at #updated_at",
    )
    _table(
        "snapshot",
        "tenant session",
        "tenant session #seq state",
    )
    _table(
        "event",
        "tenant stream stream_id seq",
        "tenant stream stream_id #seq kind #at actor header",
    )
    _table(
        "event_payload",
        "tenant stream stream_id seq",
        "tenant stream stream_id #seq payload",
    )
    _table(
        "idempotency",
        "tenant caller key",
        "tenant caller key fingerprint state session? #version body? #created_at #expires_at",
    )
    _table(
        "effect",
        "tenant session id",
        "tenant session id #seq operation effect_class #behind state #attempt #attempts "
        "#not_before #timeout #deadline #lease_until #lease_token last_error? inputs",
    )
    _table(
        "timer",
        "tenant session wait",
        "tenant session wait #due",
    )
    _table(
        "projection",
        "tenant session",
        "tenant session #seq",
    )
    _table(
        "probe",
        "id",
        "#id #at",
    )
    op.create_index("ix_session_updated", "session", ["tenant", "updated_at"])
    op.create_index("ix_idempotency_expires", "idempotency", ["expires_at"])
    op.create_index("ix_effect_state", "effect", ["state", "not_before"])
    op.create_index("ix_timer_due", "timer", ["due"])


def _references() -> None:
    _table(
        "contact",
        "tenant id",
        "tenant id #seq channel direction status customer? #implied #offered? #answered? "
        "#ended? #wrapped? actor #updated_at",
    )
    _table(
        "contact_session",
        "tenant contact session",
        "tenant contact session",
    )
    _table(
        "ticket",
        "tenant id",
        "tenant id status journey motive? customer? outcome? #opened_at #closed_at?",
    )
    _table(
        "customer",
        "tenant id",
        "tenant id #created_at merged_into?",
    )
    _table(
        "customer_key",
        "tenant kind value",
        "tenant kind value customer",
    )
    _table(
        "fact",
        "tenant holder_kind holder name session",
        "tenant holder_kind holder name session value source #at",
    )
    _table(
        "segment",
        "tenant contact position",
        "tenant contact #position #begins #ends category session? #visit? step? raw? flag?",
    )
    op.create_index("ix_contact_session", "contact_session", ["tenant", "session"])
    op.create_index("ix_customer_key_customer", "customer_key", ["tenant", "customer"])


def _libraries_and_keys() -> None:
    _table(
        "api_key",
        "tenant id",
        "tenant id hash role actor scopes label #created_at #expires_at #last_used_at? "
        "#revoked_at?",
    )
    _table(
        "publication",
        "tenant library number",
        "tenant library #number hash actor #at",
    )
    _table(
        "revision",
        "tenant hash",
        "tenant hash library files actor #at",
    )
    op.create_index("ux_api_key_id", "api_key", ["id"], unique=True)


def downgrade() -> None:
    for name in (
        "session",
        "snapshot",
        "event",
        "event_payload",
        "idempotency",
        "effect",
        "timer",
        "projection",
        "probe",
        "contact",
        "contact_session",
        "ticket",
        "customer",
        "customer_key",
        "fact",
        "segment",
        "api_key",
        "publication",
        "revision",
    ):
        op.drop_table(name)
