"""What customers answer about a contact, samples of contacts, what listeners found in them"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    numbers = ("useful", "satisfaction", "effort", "recommend")
    op.create_table(
        "opinion",
        *_text("tenant", "contact"),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in numbers),
        *_text("felt", "actor"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "contact", name="pk_opinion"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sample",
        *_text("tenant", "id", "name", "plan", "actor"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_sample"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sample_contact",
        *_text("tenant", "sample", "contact"),
        sa.Column("position", sa.BigInteger(), nullable=False),
        *_text("stratum"),
        sa.Column("raters", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "sample", "contact", name="pk_sample_contact"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rating",
        *_text("tenant", "sample", "contact", "rater", "parts", "codes"),
        sa.Column("recording", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "sample", "contact", "rater", name="pk_rating"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_opinion_at", "opinion", ["at"])
    op.create_index("ix_rating_at", "rating", ["at"])
    op.create_index("ix_rating_contact", "rating", ["tenant", "contact"])


def downgrade() -> None:
    for table in ("rating", "sample_contact", "sample", "opinion"):
        op.drop_table(table)
