"""ClickHouse's HTTP interface before the library of it, as far as our client speaks to it."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._send(200, b"Ok.\n")

    def do_POST(self) -> None:
        given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        body = self._body()
        query, database = given.pop("query", None), given.pop("database", None)
        settings = {name: value for name, value in given.items() if name not in _OF_TRANSPORT}
        server: Any = self.server
        if server.is_away:
            self.close_connection = True
            return
        try:
            found = server.asked(query, body, database, settings, self.headers)
        except RuntimeError as error:
            self._send(500, str(error).encode(), code=_code(str(error)))
        else:
            self._send(200, found)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, status: int, body: bytes, *, code: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-ClickHouse-Summary", "{}")
        if code is not None:
            self.send_header("X-ClickHouse-Exception-Code", code)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


_OF_TRANSPORT = frozenset({
    "buffer_size", "client_protocol_version", "compress", "decompress", "default_format",
    "enable_http_compression", "http_headers_progress_interval_ms", "query_id",
    "send_progress_in_http_headers", "session_id", "wait_end_of_query",
})  # fmt: skip


def _code(text: str) -> str:
    return text.partition("Code: ")[2].partition(".")[0] or "0"


class Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        import chdb

        super().__init__(("127.0.0.1", 0), _Handler)
        self._engine = chdb.connect(":memory:")
        self._lock = threading.Lock()
        self.is_away = False

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def close_engine(self) -> None:
        """Let the library's connection go."""
        self._engine.close()

    def make_anew(self, database: str) -> None:
        """Make an empty database."""
        self._engine.query(f"DROP DATABASE IF EXISTS {database}")
        self._engine.query(f"CREATE DATABASE {database}")

    def asked(
        self, query: str | None, body: bytes, database: str | None, settings: Any, headers: Any
    ) -> bytes:
        """Return what a query gives, in the form it names, else ClickHouse's own."""
        with self._lock, tempfile.NamedTemporaryFile() as file:
            if database:
                self._engine.query(f"USE {database}")
            if query is None:
                text = body.decode()
            else:
                file.write(body)
                file.flush()
                begun, _, form = query.rpartition(" FORMAT ")
                packed = headers.get("Content-Encoding")
                text = (
                    f"{begun} FROM INFILE '{file.name}' "
                    + (f"COMPRESSION '{packed}' " if packed else "")
                    + f"FORMAT {form}"
                )
            for name, value in settings.items():
                self._engine.query(f"SET {name} = '{value}'")
            try:
                found = self._engine.query(text, "TabSeparated")
            finally:
                for name in settings:
                    self._engine.query(f"SET {name} = DEFAULT")
        return bytes(found.bytes())


@contextmanager
def served() -> Iterator[Server]:
    """Give a ClickHouse in this process, over HTTP; while it `is_away` it breaks off each call."""
    pytest.importorskip("chdb", reason="chdb, ClickHouse as a library, is not installed")
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        server.close_engine()
