"""What was promised to customers is listed, chased, kept or broken"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "promise",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("keeps", sa.Text(), nullable=True),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("said_by", sa.Text(), nullable=True),
        sa.Column("said_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "session", "number", name="pk_promise"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_promise_owed",
        "promise",
        ["tenant", "due"],
        postgresql_where=sa.text("owed = 1"),
        sqlite_where=sa.text("owed = 1"),
    )
    op.create_index(
        "ix_promise_due",
        "promise",
        ["due"],
        postgresql_where=sa.text("owed = 1"),
        sqlite_where=sa.text("owed = 1"),
    )


def downgrade() -> None:
    op.drop_table("promise")
