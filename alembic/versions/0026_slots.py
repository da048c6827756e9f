"""Promises take slots of teams, and nobody is given a place that somebody has"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("promise", sa.Column("begins", sa.BigInteger()))
    op.add_column(
        "promise", sa.Column("moves", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.create_index(
        "ix_promise_slot",
        "promise",
        ["tenant", "team", "due"],
        postgresql_where=sa.text("owed = 1 AND begins IS NOT NULL"),
        sqlite_where=sa.text("owed = 1 AND begins IS NOT NULL"),
    )
    op.create_table(
        "slot_book",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("page", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "team", name="pk_slot_book"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("slot_book")
    op.drop_index("ix_promise_slot", "promise")
    with op.batch_alter_table("promise") as batch:
        batch.drop_column("moves")
        batch.drop_column("begins")
