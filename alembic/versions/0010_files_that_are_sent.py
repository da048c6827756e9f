"""Files that are sent for a question"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_file",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("tenant", "session", "id", "name", "media_type")
        ),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "session", "id", name="pk_sent_file"),
    )


def downgrade() -> None:
    op.drop_table("sent_file")
