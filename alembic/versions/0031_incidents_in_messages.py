"""Who was told of an incident in messages that went out"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_sent",
        *(sa.Column(name, sa.Text(), nullable=False) for name in (
            "tenant", "holder", "channel", "incident",
        )),
        *(sa.Column(name, sa.BigInteger(), nullable=False, autoincrement=False)
          for name in ("version", "at")),
        sa.PrimaryKeyConstraint(
            "tenant", "holder", "channel", "incident", "version", name="pk_incident_sent"
        ),
        sqlite_with_rowid=False,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("incident_sent")
