"""Actions that came to nothing, each attempt at one, and what nobody waits for"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _columns(names: str) -> list[sa.Column[object]]:
    made: list[sa.Column[object]] = []
    for word in names.split():
        kind = sa.BigInteger() if word.startswith("#") else sa.Text()
        made.append(sa.Column(word.strip("#?"), kind, nullable=word.endswith("?")))
    return made


def upgrade() -> None:
    op.add_column(
        "effect", sa.Column("background", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("effect", sa.Column("after", sa.Text(), nullable=True))
    op.add_column("effect", sa.Column("letter", sa.Text(), nullable=True))
    op.drop_index("ix_effect_state", "effect")
    op.create_index("ix_effect_due", "effect", ["state", "background", "not_before"])
    op.create_table(
        "attempt",
        *_columns("tenant session effect #token #number #started #ended status reason? #late"),
        sa.PrimaryKeyConstraint("tenant", "session", "effect", "token", name="pk_attempt"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dead_letter",
        *_columns(
            "tenant id session effect operation effect_class #undo status reason? state #at "
            "#changed_at actor? note?"
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_dead_letter"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ux_dead_letter_effect", "dead_letter", ["tenant", "session", "effect"], unique=True
    )
    op.create_index("ix_dead_letter_state", "dead_letter", ["tenant", "state", "id"])


def downgrade() -> None:
    op.drop_table("dead_letter")
    op.drop_table("attempt")
    op.drop_index("ix_effect_due", "effect")
    op.drop_column("effect", "letter")
    op.drop_column("effect", "after")
    op.drop_column("effect", "background")
    op.create_index("ix_effect_state", "effect", ["state", "not_before"])
