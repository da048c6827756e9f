"""What a helpdesk tells us over HTTP: proved, answered where it is, and then acknowledged."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

from connectors.desks import NotReached
from connectors.signatures import SCHEMES, Forged

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from connectors.desks import Desk
    from parcours.bridge.turns import Turns

BACK_S: Final = 86_400
"""How far back a message is answered that was not: as long as the service knows it again."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], "Awaitable[MutableMapping[str, Any]]"]
Send = Callable[[MutableMapping[str, Any]], "Awaitable[None]"]


class Hooks:
    """An ASGI application for one helpdesk, whose messages are signed with one of the secrets.

    It keeps nothing: which messages lack a reply is read in the conversation, so that one told
    twice, or whose answer broke off, is answered once; one that was not told, with the next.
    """

    def __init__(self, desk: Desk, turns: Turns, *, secrets: list[str]) -> None:
        self._desk = desk
        self._turns = turns
        self._secrets = secrets
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        status = 405 if scope["method"] != "POST" else await self._take_in(scope, receive)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _take_in(self, scope: Scope, receive: Receive) -> int:
        """Return the status that a message is answered with."""
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if len(body) > self._desk.largest:
                return 413
            if not part.get("more_body"):
                break
        headers: Mapping[str, str] = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        try:
            prove = SCHEMES[self._desk.scheme].verify
            prove(headers, body, secrets=self._secrets, now_s=int(time.time()))
            conversation = self._desk.conversation_in(json.loads(body))
        except Forged as forged:
            self._turns.told(f"hook.{forged.why}")
            return 401
        except ValueError:
            return 400
        if conversation is None:
            return 200
        try:
            await self.answer(conversation)
        except NotReached as fault:
            self._turns.told(f"{self._desk.scheme}.{fault}")
            return 503
        return 200

    async def answer(self, conversation: str) -> None:
        """Answer all in a conversation that lacks its reply, in order; one at a time looks at it.

        Raises:
            NotReached: the helpdesk does not say, or does not take a reply.
        """
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock:
            since = int(time.time()) - BACK_S
            for one in await self._desk.unanswered(conversation, since_s=since):
                reply = await self._turns.ask(one)
                # One message for all of it: it stands there whole, or not at all.
                text = "\n\n".join(said["text"] for said in reply["messages"] if said["text"])
                to_people = bool(reply["handover"])
                if text or to_people:
                    await self._desk.reply(conversation, one, text, to_people=to_people)
                if to_people:
                    return
