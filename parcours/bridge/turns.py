"""A message taken to the service as a turn of its conversation, until the service has answered."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from threading import local
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from parcours.client import Answer, NoAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.answering import Written
    from parcours.client import Client

FIRST_PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 30.0
LONGEST_NAME: Final = 255
AGAIN: Final = frozenset({401, 403, 408, 409, 429})
"""What passes by itself, or once somebody mends it: a key, a limit, the same message under way."""
NO_BUTTONS: Final = {"buttons": 0, "rows": 0}
UNREADABLE: Final = {
    "fr": "Je n'ai pas pu lire ce message. Réécrivez-le plus court, en texte.",
    "en": "I could not read that message. Write it again, shorter and as text.",
}


@dataclass(slots=True, kw_only=True)
class Turns:
    """Takes messages to a service. `told` hears of what keeps it from answering: a code.

    `channel` is one of the library's, `journey` the one a new conversation is for, `language` the
    one of who does not say theirs.
    """

    open_client: Callable[[], Client]
    told: Callable[[str], None]
    channel: str = "chat"
    journey: str | None = None
    language: str = "fr"
    # Each thread that asks has a connection of its own.
    _own: local = field(default_factory=local, init=False, repr=False)

    async def take(self, written: Written) -> list[str]:
        """Return the texts that answer a message; the same ones when it is taken in again."""
        reply = await self.ask(written)
        return [one["text"] for one in reply["messages"] if one["text"]]

    async def ask(self, written: Written) -> dict[str, Any]:
        """Return the reply to a message, as the service gives it: `messages`, `handover`.

        It waits as long as the service cannot answer. A message that no service would read is
        answered with a text of ours.
        """
        body = self._body(written)
        pause = FIRST_PAUSE_S
        while True:
            answer = await asyncio.to_thread(self._ask, body)
            if answer is not None and answer.status == 200:
                reply: dict[str, Any] = answer.body
                return reply
            code = _code(answer)
            if code == "idempotency.reused" and body["message"] == _name(written.id):
                # Its sender used the id of another message: the archive's own tells them apart.
                body["message"] = _name(f"{written.id}#{written.mark}")
                continue
            self.told(code)
            if answer is not None and answer.status < 500 and answer.status not in AGAIN:
                text = UNREADABLE.get(self._spoken(written), UNREADABLE["en"])
                return {"messages": [{"text": text}], "handover": None}
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def _ask(self, body: dict[str, Any]) -> Answer | None:
        client = getattr(self._own, "client", None)
        if client is None:
            client = self._own.client = self.open_client()
        try:
            answer: Answer = client.send(f"/v1/channels/{quote(self.channel)}/turns", body)
        except NoAnswer:
            return None
        return answer

    def _body(self, written: Written) -> dict[str, Any]:
        named = _name(written.sender)
        body = {
            "conversation": named, "user": named, "message": _name(written.id),
            "text": written.text, "locale": self._spoken(written), "limits": NO_BUTTONS,
        }  # fmt: skip
        return body if self.journey is None else {**body, "journey": self.journey}

    def _spoken(self, written: Written) -> str:
        language = written.language or self.language
        return language if len(language) <= 35 else self.language


def _name(name: str) -> str:
    """Return a platform's name as a turn takes it: one that is too long by what stands for it."""
    return name if len(name) <= LONGEST_NAME else hashlib.sha256(name.encode()).hexdigest()


def _code(answer: Answer | None) -> str:
    if answer is None:
        return "no-answer"
    body = answer.body if isinstance(answer.body, dict) else {}
    return str(body.get("code") or answer.status)
