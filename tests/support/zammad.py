"""A Zammad for tests, as its contract says: tickets, their articles, what a trigger tells."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime
from email.message import Message
from typing import Any

from tests.support.standing_in import StandIn

SECRET, TOKEN = "what-it-signs-with", "of-the-bridge"
BRIDGE, ADVISOR, CUSTOMER = 7, 8, 9
"""The users, by id; 1 is the one who owns what nobody owns."""


class Ticket:
    """One ticket of a customer's."""

    def __init__(self, number: int) -> None:
        self.attributes: dict[str, Any] = {
            "id": number, "group": "Bot", "state": "new", "owner_id": 1, "owner": "-",
        }  # fmt: skip
        self.articles: list[dict[str, Any]] = []

    def add(self, body: str, by: int = CUSTOMER, **more: Any) -> dict[str, Any]:
        """Add an article, a customer's e-mail if nothing else is said."""
        number = self.attributes["id"] * 1_000 + len(self.articles)
        article = {
            "id": number, "ticket_id": self.attributes["id"], "body": body,
            "content_type": "text/plain", "type": "email", "internal": False,
            "sender": "Customer" if by == CUSTOMER else "Agent", "created_by_id": by,
            "from": "Claire <claire@example.org>", "subject": "My parcel", "reply_to": None,
            "message_id": f"<{number}@example.org>", "in_reply_to": None, "preferences": {},
            "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"), **more,
        }  # fmt: skip
        self.articles.append(article)
        return article

    def told(self, article: dict[str, Any]) -> bytes:
        """Return what a trigger tells of an article."""
        return json.dumps({"ticket": self.attributes, "article": article}).encode()

    def replies(self) -> list[dict[str, Any]]:
        """Return the articles of the bridge."""
        return [one for one in self.articles if one["created_by_id"] == BRIDGE]


def signed(body: bytes, *, secret: str = SECRET) -> dict[str, str]:
    """Return the headers of what is told."""
    return {"X-Hub-Signature": f"sha1={hmac.digest(secret.encode(), body, 'sha1').hex()}"}


class Ticketing(StandIn):
    """A running Zammad."""

    def __init__(self) -> None:
        super().__init__()
        self.tickets: dict[int, Ticket] = {}

    def begin(self) -> Ticket:
        """Open a ticket."""
        number = len(self.tickets) + 1
        self.tickets[number] = Ticket(number)
        return self.tickets[number]

    def read(self, path: str, headers: Message) -> tuple[int, Any]:
        """Return a user, a ticket, its articles or one of them."""
        if headers["authorization"] != f"Token token={TOKEN}":
            return 403, {"error": "Invalid token!"}
        kind, _, of = path.removeprefix("/api/v1/").removesuffix("?expand=true").partition("/")
        if kind == "users":
            return 200, {"id": BRIDGE, "login": "bridge"}
        if kind == "tickets":
            return 200, self.tickets[int(of)].attributes
        if of.startswith("by_ticket/"):
            return 200, self.tickets[int(of.removeprefix("by_ticket/"))].articles
        (found,) = [one for one in self.tickets[int(of) // 1_000].articles if one["id"] == int(of)]
        return 200, found

    def write(self, path: str, body: Any, headers: Message) -> tuple[int, Any]:
        """Add an article, or change a ticket, with an article or without."""
        assert headers["authorization"] == f"Token token={TOKEN}"
        if path == "/api/v1/ticket_articles":
            return 201, self._write(self.tickets[body.pop("ticket_id")], body)
        ticket = self.tickets[int(path.removeprefix("/api/v1/tickets/"))]
        article = body.pop("article", None)
        ticket.attributes.update(body)
        if article is not None:
            self._write(ticket, article)
        return 200, ticket.attributes

    def _write(self, ticket: Ticket, given: dict[str, Any]) -> dict[str, Any]:
        return ticket.add(given.pop("body"), BRIDGE, **{"message_id": None, **given})
