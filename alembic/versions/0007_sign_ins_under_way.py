"""Sign-ins under way at an identity provider"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = ("tenant", "state", "browser", "nonce", "verifier", "next", "language")
    op.create_table(
        "sign_in_attempt",
        *(sa.Column(name, sa.Text(), nullable=False) for name in names),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "state", name="pk_sign_in_attempt"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("sign_in_attempt")
