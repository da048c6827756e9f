"""Messages are found by their contact, by what they answer, and by when they changed"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_message_contact", "message", ["tenant", "contact"])
    op.create_index("ix_message_parent", "message", ["tenant", "parent"])
    op.create_index("ix_message_updated", "message", ["updated_at"])


def downgrade() -> None:
    for name in ("ix_message_updated", "ix_message_parent", "ix_message_contact"):
        op.drop_index(name, table_name="message")
