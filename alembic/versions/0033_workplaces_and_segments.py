"""Where actors work, and in which segments customers are, each since when"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workplace",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "actor", "source", "since", name="pk_workplace"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "customer_segment",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("noted", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "customer", "since", name="pk_customer_segment"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_customer_segment_noted", "customer_segment", ["noted"])


def downgrade() -> None:
    op.drop_table("customer_segment")
    op.drop_table("workplace")
