"""What listeners are told of sessions"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    numbers = ("attempt", "not_before", "lease_until")
    op.create_table(
        "notice",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("tenant", "listener", "session")),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("type", "content", "state")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in numbers),
        sa.Column("last_error", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "listener", "session", "seq", name="pk_notice"),
        sqlite_with_rowid=False,
    )
    ready = sa.text("state = 'ready'")
    op.create_index(
        "ix_notice_ready", "notice", ["not_before"], postgresql_where=ready, sqlite_where=ready
    )


def downgrade() -> None:
    op.drop_table("notice")
