"""A server for tests that stands for somebody else's, as its contract says; JSON in and out."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class StandIn(ABC):
    """A running server. `failing`: the next writing is refused."""

    def __init__(self) -> None:
        self.failing = False
        stand_in = self

        class Served(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                self._say(*stand_in.read(self.path, self.headers))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if stand_in.failing:
                    stand_in.failing = False
                    self._say(502, {})
                else:
                    self._say(*stand_in.write(self.path, body, self.headers))

            def do_PUT(self) -> None:
                self.do_POST()

            def _say(self, status: int, body: Any) -> None:
                said = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Served)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @abstractmethod
    def read(self, path: str, headers: Message) -> tuple[int, Any]:
        """Return the status and the body that answer a GET."""

    @abstractmethod
    def write(self, path: str, body: Any, headers: Message) -> tuple[int, Any]:
        """Return the status and the body that answer a POST or a PUT."""

    def __enter__(self) -> Self:
        """Serve."""
        threading.Thread(target=self.server.serve_forever, args=(0.05,)).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()
