"""In whose walk a customer's key was said first"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer_key", sa.Column("session", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("customer_key", "session")
