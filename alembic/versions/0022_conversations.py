"""Conversations on channels"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("session", sa.Text()),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.Column("pending", sa.Text()),
        sa.Column("turn", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_conversation"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_conversation_person", "conversation", ["tenant", "person"])
    op.create_index("ix_conversation_session", "conversation", ["tenant", "session"])
    op.create_index("ix_conversation_updated", "conversation", ["updated_at"])


def downgrade() -> None:
    op.drop_table("conversation")
