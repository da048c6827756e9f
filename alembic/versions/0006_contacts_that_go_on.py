"""Contacts that go on are found at once: those nobody goes on with are ended"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    answered = sa.text("status = 'answered'")
    op.create_index(
        "ix_contact_answered",
        "contact",
        ["updated_at"],
        postgresql_where=answered,
        sqlite_where=answered,
    )


def downgrade() -> None:
    op.drop_index("ix_contact_answered", "contact")
