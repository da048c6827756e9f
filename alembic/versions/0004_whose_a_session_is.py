"""Whose a session is now, and whether it waits for somebody to take it up"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("waiting", "waiting_for", "holder"):
        op.add_column("session", sa.Column(name, sa.Text(), nullable=True))
    # Who took one over before this release stands in its events alone; whoever began it stays.
    op.execute("UPDATE session SET holder = actor")
    # Nothing asked by that order, and every turn had to write it.
    op.drop_index("ix_session_updated", "session")
    op.create_index("ix_session_holder", "session", ["tenant", "holder", "id"])
    waiting = sa.text("waiting IS NOT NULL")
    op.create_index(
        "ix_session_waiting",
        "session",
        ["tenant", "id"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )


def downgrade() -> None:
    op.drop_index("ix_session_waiting", "session")
    op.drop_index("ix_session_holder", "session")
    op.create_index("ix_session_updated", "session", ["tenant", "updated_at"])
    for name in ("waiting", "waiting_for", "holder"):
        op.drop_column("session", name)
