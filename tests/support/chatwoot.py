"""A Chatwoot for tests, as its contract says: conversations, and what it tells of them."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from email.message import Message
from typing import Any

from tests.support.standing_in import StandIn

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


class Chatting(StandIn):
    """A running Chatwoot."""

    def __init__(self) -> None:
        super().__init__()
        self.conversations: dict[str, Conversation] = {}

    def read(self, path: str, headers: Message) -> tuple[int, Any]:
        """Return the newest messages of a conversation."""
        found = self._found(path, headers)
        if found is None:
            return 401, {"error": "Invalid Access Token"}
        return 200, {"meta": {}, "payload": found.messages[-20:]}

    def write(self, path: str, body: Any, headers: Message) -> tuple[int, Any]:
        """Add a message to a conversation, or change its status."""
        found = self._found(path, headers)
        if found is None:
            return 401, {"error": "Invalid Access Token"}
        if path.endswith("/toggle_status"):
            found.status = body["status"]
            return 200, {"payload": {"current_status": found.status}}
        attributes = body["content_attributes"]
        return 200, found.add(body["content"], 1, content_attributes=attributes)

    def _found(self, path: str, headers: Message) -> Conversation | None:
        if headers["api_access_token"] != TOKEN:
            return None
        _, _, _, _, account, _, number, _ = path.split("/")
        assert account == ACCOUNT
        return self.conversations[number]

    def begin(self) -> Conversation:
        """Begin a conversation."""
        number = len(self.conversations) + 1
        self.conversations[str(number)] = Conversation(number)
        return self.conversations[str(number)]
