"""What other systems are given to know an action again, and what it is made with"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Actions that were asked for before have none: what was sent under their id keeps it.
    op.add_column("effect", sa.Column("key", sa.Text(), nullable=True))
    op.create_table(
        "service_secret",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_service_secret"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("service_secret")
    op.drop_column("effect", "key")
