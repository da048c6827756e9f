"""Caps and paces of connectors are counted over processes"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allowance",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "holder", "mark")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("count", "at")),
        sa.PrimaryKeyConstraint("name", "holder", name="pk_allowance"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("allowance")
