"""Those merged into a customer are found at once, and its contacts and tickets"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("ix_contact_customer", "contact", ["tenant", "customer"])
    op.create_index("ix_ticket_customer", "ticket", ["tenant", "customer"])
    op.create_index(
        "ix_customer_merged",
        "customer",
        ["tenant", "merged_into"],
        postgresql_where=merged,
        sqlite_where=merged,
    )


def downgrade() -> None:
    op.drop_index("ix_customer_merged", "customer")
    op.drop_index("ix_ticket_customer", "ticket")
    op.drop_index("ix_contact_customer", "contact")
