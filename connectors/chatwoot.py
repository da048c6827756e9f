"""Conversations of Chatwoot: what was written in them, what we answered, and answering.

What is told of a message only says which conversation to look at: what was said, and which of our
replies stand in it, is read there. Contract: Chatwoot's application API, version 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import httpx

from connectors.answering import Written, reply_id

TIMEOUT_S: Final = 10.0
MARK: Final = "parcours_reply"
"""The attribute of a message of ours that holds which reply it is; Chatwoot keeps it as it is."""
_INCOMING: Final = (0, "incoming")
_OUTGOING: Final = (1, "outgoing")
_FREE: Final = "pending"
"""The status of a conversation that a bot has; people have any other."""


class NotReached(Exception):
    """Chatwoot did not do what it was asked; the same may be asked again."""


def conversation_in(told: Any) -> str | None:
    """Return the conversation that a webhook tells a customer's message of, while a bot has it."""
    if not isinstance(told, Mapping) or told.get("event") != "message_created":
        return None
    conversation = told.get("conversation")
    if told.get("message_type") not in _INCOMING or told.get("private"):
        return None
    if not isinstance(conversation, Mapping) or conversation.get("status") != _FREE:
        return None
    found = conversation.get("id")
    return str(found) if isinstance(found, int | str) and str(found) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatwoot:
    """One account of a Chatwoot, spoken to with a token of an agent bot or an administrator."""

    url: str
    account: str
    token: str = field(repr=False)

    async def unanswered(self, conversation: str, *, since_s: int) -> list[Written]:
        """Return what was written since a time and lacks our reply, oldest first.

        What a person has answered since is not ours any more. `since_s`: seconds UTC.

        Raises:
            NotReached: Chatwoot does not say.
        """
        found = await self._ask("GET", f"{self._at(conversation)}/messages")
        listed = found.get("payload") if isinstance(found, Mapping) else None
        written: list[Written] = []
        sent: set[str] = set()
        for one in sorted(listed or (), key=lambda message: int(message["id"])):
            of = (one.get("content_attributes") or {}).get(MARK)
            if one.get("private"):
                continue
            if of is not None:
                sent.add(of)
            elif one.get("message_type") in _OUTGOING:
                written.clear()
            elif _is_said(one) and int(one["created_at"]) >= since_s:
                named = f"{self.account}/{conversation}"
                written.append(Written(named, str(one["id"]), one["content"]))
        return [one for one in written if reply_id(one, 0) not in sent]

    async def reply(self, conversation: str, written: Written, text: str) -> None:
        """Write the reply to a message into its conversation.

        Raises:
            NotReached: it may not stand there.
        """
        body = {
            "content": text, "message_type": "outgoing", "private": False,
            "content_attributes": {MARK: reply_id(written, 0)},
        }  # fmt: skip
        await self._ask("POST", f"{self._at(conversation)}/messages", body)

    async def hand_over(self, conversation: str) -> None:
        """Give a conversation to people.

        Raises:
            NotReached: a bot may still have it.
        """
        await self._ask("POST", f"{self._at(conversation)}/toggle_status", {"status": "open"})

    def _at(self, conversation: str) -> str:
        return f"/api/v1/accounts/{quote(self.account)}/conversations/{quote(conversation)}"

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"api_access_token": self.token}
        try:
            async with httpx.AsyncClient(
                base_url=self.url, timeout=TIMEOUT_S, trust_env=False, headers=headers
            ) as client:
                answer = await client.request(method, path, json=body)
                answer.raise_for_status()
                return answer.json() if answer.content else None
        except (httpx.HTTPError, ValueError) as fault:
            raise NotReached(type(fault).__name__) from fault


def _is_said(message: Mapping[str, Any]) -> bool:
    """Return whether a message is a customer's, and says something."""
    return message.get("message_type") in _INCOMING and bool((message.get("content") or "").strip())
