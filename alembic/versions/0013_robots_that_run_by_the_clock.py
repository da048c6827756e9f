"""Robots that run by the clock: each time they were due, and which process has it"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "robot_run",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        _number("due"),
        sa.Column("state", sa.Text(), nullable=False),
        _number("lease_until"),
        _number("token"),
        _number("cases"),
        _number("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("tenant", "name", "due", name="pk_robot_run"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("robot_run")
