"""Launches: calls that phone systems announce"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "launch",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("tenant", "source", "call", "id", "contact")
        ),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in ("session", "customer", "journey", "hash")
        ),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("opening_at", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "source", "call", name="pk_launch"),
        sqlite_with_rowid=False,
    )
    op.create_index("ux_launch_id", "launch", ["tenant", "id"], unique=True)
    op.create_index("ix_launch_hash", "launch", ["tenant", "hash"])
    op.create_index("ix_launch_contact", "launch", ["tenant", "contact"])


def downgrade() -> None:
    op.drop_table("launch")
