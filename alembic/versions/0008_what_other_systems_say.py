"""What other systems say, and the sessions that wait for it"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "awaited",
        *_texts("tenant", "session", "wait", "event", "key"),
        *_numbers("since", "looked"),
        sa.PrimaryKeyConstraint("tenant", "session", "wait", name="pk_awaited"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_awaited_key", "awaited", ["tenant", "key"])
    not_looked = sa.text("looked = 0")
    op.create_index(
        "ix_awaited_looked", "awaited", ["since"],
        postgresql_where=not_looked, sqlite_where=not_looked,
    )  # fmt: skip
    op.create_table(
        "arrival",
        *_texts("tenant", "source", "message"),
        sa.Column("event", sa.Text()),
        sa.Column("key", sa.Text()),
        *_texts("state"),
        sa.Column("content", sa.Text()),
        *_numbers("received_at", "kept_until", "forget_at"),
        sa.PrimaryKeyConstraint("tenant", "source", "message", name="pk_arrival"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_arrival_key", "arrival", ["tenant", "key"])
    new = sa.text("state = 'new'")
    op.create_index(
        "ix_arrival_new", "arrival", ["received_at"], postgresql_where=new, sqlite_where=new
    )
    op.create_index("ix_arrival_forget", "arrival", ["forget_at"])
    op.create_table(
        "taking",
        *_texts("tenant", "source", "message", "session"),
        *_numbers("at"),
        sa.PrimaryKeyConstraint("tenant", "source", "message", "session", name="pk_taking"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("taking", "arrival", "awaited"):
        op.drop_table(table)
