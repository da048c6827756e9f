"""The ordinary style, as a yardstick: a `def` route, SQLAlchemy Core, one transaction a request.

It keeps what a durable turn keeps (idempotency key, event, session row by compare-and-swap), checks
a key's digest, and walks nothing.
"""

import hashlib
import sys
import time
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Header, HTTPException
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
    update,
)

metadata = MetaData()
SESSIONS = Table(
    "session", metadata, Column("id", String, primary_key=True), Column("seq", Integer),
    Column("snapshot", Text),
)  # fmt: skip
EVENTS = Table(
    "event", metadata, Column("session", String, primary_key=True),
    Column("seq", Integer, primary_key=True), Column("at", Integer), Column("header", Text),
)  # fmt: skip
KEYS = Table("api_key", metadata, Column("digest", String, primary_key=True))
IDEMPOTENCY = Table(
    "idempotency", metadata, Column("key", String, primary_key=True), Column("body", Text)
)
TOKEN = "bench"
CONNECTIONS = 16


def make(path: str) -> FastAPI:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA busy_timeout=10000")

    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(KEYS), {"digest": hashlib.sha256(TOKEN.encode()).hexdigest()})
        connection.execute(
            insert(SESSIONS),
            [{"id": str(n), "seq": 0, "snapshot": "{}"} for n in range(CONNECTIONS)],
        )
    app = FastAPI()

    @app.post("/sessions/{session}/commands")
    def command(
        session: str,
        body: dict[str, Any],
        authorization: Annotated[str, Header()],
        idempotency_key: Annotated[str, Header()],
    ) -> dict[str, Any]:
        digest = hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest()
        with engine.begin() as connection:
            if connection.execute(select(KEYS).where(KEYS.c.digest == digest)).first() is None:
                raise HTTPException(401)
            row = connection.execute(select(SESSIONS).where(SESSIONS.c.id == session)).one()
            seq = row.seq + 1
            header = {"session": session, "seq": seq, "at": time.time_ns(), "header": str(body)}
            connection.execute(insert(EVENTS), header)
            changed = connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.id == session, SESSIONS.c.seq == row.seq)
                .values(seq=seq)
            )
            if changed.rowcount != 1:
                raise HTTPException(412)
            connection.execute(insert(IDEMPOTENCY), {"key": idempotency_key, "body": str(body)})
        return {"session": session, "seq": seq, "view": body}

    return app


if __name__ == "__main__":
    uvicorn.run(
        make(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), log_level="error",
        access_log=False,
    )  # fmt: skip
