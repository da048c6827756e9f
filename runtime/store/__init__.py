"""The durable store: one set of tables and statements, on SQLite and on PostgreSQL."""
