"""Conversations of Chatwoot: what was written in them, what we answered, and answering.

Contract: Chatwoot's application API, version 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final
from urllib.parse import quote

from connectors.answering import Written, reply_id
from connectors.desks import asked

MARK: Final = "parcours_reply"
"""The attribute of a message of ours that holds which reply it is; Chatwoot keeps it as it is."""
_INCOMING: Final = (0, "incoming")
_OUTGOING: Final = (1, "outgoing")
_FREE: Final = "pending"
"""The status of a conversation that a bot has; people have any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatwoot:
    """One account of a Chatwoot, spoken to with a token of an agent bot or an administrator."""

    url: str
    account: str
    token: str = field(repr=False)
    scheme: ClassVar[str] = "chatwoot"
    largest: ClassVar[int] = 65_536
    """Source: promises.md 3.1."""

    @staticmethod
    def conversation_in(told: Any) -> str | None:
        """Return the conversation that a customer's message is told of, while a bot has it."""
        if not isinstance(told, Mapping) or told.get("event") != "message_created":
            return None
        conversation = told.get("conversation")
        if told.get("message_type") not in _INCOMING or told.get("private"):
            return None
        if not isinstance(conversation, Mapping) or conversation.get("status") != _FREE:
            return None
        found = conversation.get("id")
        return str(found) if isinstance(found, int | str) and str(found) else None

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

    async def reply(
        self, conversation: str, written: Written, text: str, *, to_people: bool
    ) -> None:
        """Write the reply to a message into its conversation; give that to people before.

        Raises:
            NotReached: it may not stand there, and a bot may still have the conversation.
        """
        if to_people:
            # First: whose reply broke off is with people, and told again gets it too.
            await self._ask("POST", f"{self._at(conversation)}/toggle_status", {"status": "open"})
        if text:
            body = {
                "content": text, "message_type": "outgoing", "private": False,
                "content_attributes": {MARK: reply_id(written, 0)},
            }  # fmt: skip
            await self._ask("POST", f"{self._at(conversation)}/messages", body)

    def _at(self, conversation: str) -> str:
        return f"/api/v1/accounts/{quote(self.account)}/conversations/{quote(conversation)}"

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"api_access_token": self.token}
        return await asked(self.url, method, path, headers=headers, body=body)


def _is_said(message: Mapping[str, Any]) -> bool:
    """Return whether a message is a customer's, and says something."""
    return message.get("message_type") in _INCOMING and bool((message.get("content") or "").strip())
