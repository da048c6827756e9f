"""A session is resumed by a short code; wrong ones are counted"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resume_code",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "session", name="pk_resume_code"),
        sqlite_with_rowid=False,
    )
    op.create_index("ux_resume_code_hash", "resume_code", ["hash"], unique=True)
    op.create_table(
        "code_miss",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "caller", name="pk_code_miss"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("code_miss")
    op.drop_table("resume_code")
