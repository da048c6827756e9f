"""Incidents, and the contacts that they concerned"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, autoincrement=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "incident",
        _text("tenant"),
        _text("id"),
        _number("seq"),
        _number("version"),
        _text("status"),
        _text("draft", nullable=True),
        _text("drafted_by"),
        _text("live", nullable=True),
        _number("live_version", nullable=True),
        _text("validated_by", nullable=True),
        _text("validator", nullable=True),
        _number("validated_at", nullable=True),
        _number("ended_at", nullable=True),
        _text("ended_by", nullable=True),
        _number("created_at"),
        _number("updated_at"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_incident"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact_incident",
        _text("tenant"),
        _text("contact"),
        _text("incident"),
        _text("session"),
        _number("version"),
        _number("at"),
        _number("told_version", nullable=True),
        _text("told_by", nullable=True),
        _number("told_at", nullable=True),
        _number("closed_at", nullable=True),
        sa.PrimaryKeyConstraint(
            "tenant", "contact", "incident", "session", name="pk_contact_incident"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_contact_incident", "contact_incident", ["tenant", "incident"])
    op.create_index("ix_contact_incident_session", "contact_incident", ["tenant", "session"])


def downgrade() -> None:
    op.drop_table("contact_incident")
    op.drop_table("incident")
