"""Runs the migrations on the connection that `runtime.upgrade` hands over."""

from alembic import context
from sqlalchemy import Connection

from runtime.store.tables import METADATA

connection: Connection = context.config.attributes["connection"]

context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
