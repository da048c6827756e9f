"""Calendars are read for busy times, which take slots"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "busy_calendar",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("busy", sa.Text(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("tried_at", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "team", "name", name="pk_busy_calendar"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("busy_calendar")
