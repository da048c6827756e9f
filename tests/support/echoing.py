"""The worst of systems: whatever it is sent, secrets among it, it says back in every way it can."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

WAYS: Final = ("well", "garbled", "broken", "refused", "cut")
"""How it answers: by the word it is sent."""


@dataclass
class Echo:
    """The system: where it is, and everything it was sent."""

    port: int = 0
    heard: list[str] = field(default_factory=list)


@contextmanager
def echo(secrets: Mapping[str, str]) -> Iterator[Echo]:
    """Give a system that says back what it is sent, and all the secrets it might know."""
    found = Echo()
    known = " ".join(secrets.values())

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = f"{self.headers}{body}"
            found.heard.append(sent)
            if self.path == "/token":
                token = {"access_token": secrets["token"], "token_type": "Bearer"}
                self._say(200, json.dumps({**token, "expires_in": 300}))
                return
            way = next((one for one in WAYS if f'"{one}"' in body), "broken")
            if way == "cut":
                self.close_connection = True
                return
            said = "fine" if way == "well" else f"{known} {sent}"
            status = {"broken": 500, "refused": 403}.get(way, 200)
            self._say(status, json.dumps({"said": said, "error": {"code": known}, "sent": sent}))

        def _say(self, status: int, body: str) -> None:
            self.send_response(status, known)
            self.send_header("X-Echo", known)
            self.send_header("Set-Cookie", f"secret={known.replace(' ', '-')}")
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
