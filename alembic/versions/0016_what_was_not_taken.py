"""What listeners did not take is found at once"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    left = sa.text("state != 'sent'")
    key = ["tenant", "listener", "session", "seq"]
    op.create_index("ix_notice_left", "notice", key, postgresql_where=left, sqlite_where=left)


def downgrade() -> None:
    op.drop_index("ix_notice_left", "notice")
