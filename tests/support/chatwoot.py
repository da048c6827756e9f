"""A Chatwoot for tests, as its contract says: conversations, and what it tells of them."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

SECRET, TOKEN, ACCOUNT = "what-it-signs-with", "of-the-bot", "1"


class Conversation:
    """One conversation of a customer."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.status = "pending"
        self.messages: list[dict[str, Any]] = []

    def add(self, content: str, kind: int, **more: Any) -> dict[str, Any]:
        """Add a message: 0 is a customer's, 1 one of ours."""
        message = {
            "id": self.number * 1_000 + len(self.messages), "content": content,
            "message_type": kind, "private": False, "created_at": int(time.time()),
            "content_attributes": {}, **more,
        }  # fmt: skip
        self.messages.append(message)
        return message

    def told(self, message: dict[str, Any]) -> bytes:
        """Return what is told of a message."""
        kind = {0: "incoming", 1: "outgoing"}[message["message_type"]]
        conversation = {"id": self.number, "status": self.status, "inbox_id": 1}
        body = {**message, "event": "message_created", "message_type": kind}
        return json.dumps({**body, "conversation": conversation, "account": {"id": 1}}).encode()

    def replies(self) -> list[str]:
        """Return what the customer was answered."""
        return [one["content"] for one in self.messages if one["message_type"] == 1]


def signed(body: bytes, *, secret: str = SECRET, ago_s: int = 0) -> dict[str, str]:
    """Return the headers of what is told."""
    at = str(int(time.time()) - ago_s)
    mac = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Chatwoot-Timestamp": at, "X-Chatwoot-Signature": f"sha256={mac}"}


class Chatting:
    """A running Chatwoot. `failing`: the next reply is refused."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.failing = False
        chatting = self

        class Served(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                found = self._found()
                if found is not None:
                    self._say(200, {"meta": {}, "payload": found.messages[-20:]})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                found = self._found()
                if found is None:
                    return
                if chatting.failing:
                    chatting.failing = False
                    self._say(502, {})
                elif self.path.endswith("/toggle_status"):
                    found.status = body["status"]
                    self._say(200, {"payload": {"current_status": found.status}})
                else:
                    attributes = body["content_attributes"]
                    said = found.add(body["content"], 1, content_attributes=attributes)
                    self._say(200, said)

            def _found(self) -> Conversation | None:
                if self.headers["api_access_token"] != TOKEN:
                    self._say(401, {"error": "Invalid Access Token"})
                    return None
                _, _, _, _, account, _, number, _ = self.path.split("/")
                assert account == ACCOUNT
                return chatting.conversations[number]

            def _say(self, status: int, body: Any) -> None:
                said = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Served)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def begin(self) -> Conversation:
        """Begin a conversation."""
        number = len(self.conversations) + 1
        self.conversations[str(number)] = Conversation(number)
        return self.conversations[str(number)]

    def __enter__(self) -> Self:
        """Serve."""
        threading.Thread(target=self.server.serve_forever).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()
