"""Tickets of Zammad: what customers wrote in them, what we answered, and answering.

A reply of ours is an article of our own user's that cites what it answers (`in_reply_to`).
Contract: Zammad's REST API, version 1 (tickets, ticket articles, users), and its triggers' webhook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import quote, urlsplit

from connectors.answering import Written, reply_id
from connectors.desks import NotReached, asked

_NOBODY: Final = 1
"""The user who owns what nobody owns."""
_UNWRITTEN: Final = "phone"
"""The type of an article that an agent wrote down for a customer who called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zammad:
    """A Zammad, spoken to with a token of a user of its own, an agent.

    `me` is that user's id; `given` what a ticket that is handed over gets: its `group`, and maybe
    `owner` and `state`; `words` takes an article and gives what its writer says in it.
    """

    url: str
    token: str = field(repr=False)
    me: int
    given: Mapping[str, str]
    words: Callable[[Mapping[str, Any]], str]
    scheme: ClassVar[str] = "zammad"
    largest: ClassVar[int] = 8_388_608
    """A whole ticket, its article of up to 1,500,000 characters and its people are told."""

    @staticmethod
    def conversation_in(told: Any) -> str | None:
        """Return the ticket that a customer's article is told of."""
        if not isinstance(told, Mapping):
            return None
        ticket, article = told.get("ticket"), told.get("article")
        if isinstance(article, Mapping) and article.get("sender", "Customer") != "Customer":
            return None
        found = ticket.get("id") if isinstance(ticket, Mapping) else None
        return str(int(found)) if isinstance(found, int | str) and str(found).isdecimal() else None

    async def unanswered(self, conversation: str, *, since_s: int) -> list[Written]:
        """Return the articles written since a time that lack our reply, oldest first.

        A ticket that a person owns, or that is in the group of people, is theirs: it has none; nor
        is what a person has answered since ours any more. `since_s`: seconds UTC.

        Raises:
            NotReached: Zammad does not say.
        """
        ticket = await self._ask("GET", f"/api/v1/tickets/{conversation}?expand=true")
        if ticket["owner_id"] not in (_NOBODY, self.me) or ticket["group"] == self.given["group"]:
            return []
        listed = await self._ask(
            "GET", f"/api/v1/ticket_articles/by_ticket/{conversation}?expand=true"
        )
        written: list[tuple[str, Written]] = []
        cited: set[str | None] = set()
        for one in sorted(listed, key=lambda article: int(article["id"])):
            if one["created_by_id"] == self.me:
                cited.add(one.get("in_reply_to"))
            elif one.get("internal"):
                continue
            elif one["sender"] == "Agent":
                written.clear()
            elif _is_answerable(one) and _at_s(one) >= since_s:
                said = self._written(conversation, one)
                if said.text.strip():
                    written.append((_cited(one, said), said))
        return [said for of, said in written if of not in cited]

    async def reply(
        self, conversation: str, written: Written, text: str, *, to_people: bool
    ) -> None:
        """Write the reply as an article of the customer's type; with it, give people the ticket.

        Both are one request, which Zammad does whole or not at all.

        Raises:
            NotReached: it may not stand there, and a bot may still have the ticket.
        """
        of = await self._ask("GET", f"/api/v1/ticket_articles/{quote(written.id)}?expand=true")
        article = {
            "type": of["type"], "sender": "Agent", "internal": False,
            "to": of.get("reply_to") or of.get("from") or "", "subject": of.get("subject") or "",
            "body": text, "content_type": "text/plain", "in_reply_to": _cited(of, written),
        }  # fmt: skip
        if to_people:
            body = {**self.given, "article": article} if text else dict(self.given)
            await self._ask("PUT", f"/api/v1/tickets/{conversation}", body)
        else:
            body = {**article, "ticket_id": int(conversation)}
            await self._ask("POST", "/api/v1/ticket_articles", body)

    def _written(self, ticket: str, article: Mapping[str, Any]) -> Written:
        named = f"{urlsplit(self.url).netloc}/{ticket}"
        return Written(named, str(article["id"]), self.words(article))

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return await asked(self.url, method, path, headers=_let_in(self.token), body=body)


async def own_id(url: str, token: str) -> int:
    """Return the id of the user whose token it is.

    Raises:
        NotReached: Zammad does not answer, or does not let it in.
    """
    found = await asked(url, "GET", "/api/v1/users/me", headers=_let_in(token))
    if not isinstance(found, Mapping) or not isinstance(found.get("id"), int):
        raise NotReached("users/me")
    return int(found["id"])


def _let_in(token: str) -> dict[str, str]:
    return {"Authorization": f"Token token={token}"}


def _cited(article: Mapping[str, Any], written: Written) -> str:
    """Return what a reply to an article cites: its message's id, so that mail programs see it."""
    return article.get("message_id") or reply_id(written, 0)


def _at_s(article: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(article["created_at"]).timestamp()


def _is_answerable(article: Mapping[str, Any]) -> bool:
    """Return whether a customer wrote an article, and not a machine (an absence, a list) theirs."""
    preferences = article.get("preferences") or {}
    is_a_machines = (
        preferences.get("send-auto-response") is False
        or preferences.get("is-auto-response") is True
    )
    is_a_customers = article["sender"] == "Customer" and article["type"] != _UNWRITTEN
    return is_a_customers and not is_a_machines
