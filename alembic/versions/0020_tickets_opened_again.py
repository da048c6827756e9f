"""Tickets that are opened again, and the sessions of a ticket found at once"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("reopened_at", sa.BigInteger()))
    op.add_column("ticket", sa.Column("closed_before", sa.BigInteger()))
    op.create_index("ix_session_ticket", "session", ["tenant", "ticket"])


def downgrade() -> None:
    op.drop_index("ix_session_ticket", "session")
    with op.batch_alter_table("ticket") as batch:
        batch.drop_column("closed_before")
        batch.drop_column("reopened_at")
