"""Messages of an account answered in order, each once: what was answered is read in its archive.

Nothing is kept here beyond a connection. Each begins with what the server's archive holds, of
messages and of replies: a message without its whole reply is taken in again, under the same id.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

AT_ONCE: Final = 16
"""Senders whose messages are taken in at a time; those of one sender are taken in their order."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it came: who wrote it, its sender's id for it, its text and language.

    `mark` is the archive's own id for it, where it told one: the sender's may be used twice.
    """

    sender: str
    id: str
    text: str
    language: str | None = None
    mark: str = ""


Take = Callable[[Written], Awaitable[Sequence[str]]]
"""Takes a message in and gives the texts that answer it; the same ones when it comes again."""
Send = Callable[[str, str, str], None]
"""Sends somebody a text under an id: (addressee, id, text)."""


def reply_id(written: Written, number: int) -> str:
    """Return the id of a text of a reply: the same whoever sends it, and whenever."""
    of = hashlib.sha256(f"{written.sender}\0{written.id}".encode()).hexdigest()[:32]
    return f"reply-{of}-{number}"


class Answering:
    """The messages of one connection. `sent` are the ids of replies that the archive holds.

    `failed` is told when a message could not be taken in or its reply not be sent.
    """

    def __init__(self, take: Take, send: Send, *, failed: Callable[[Exception], None]) -> None:
        self._take = take
        self._send = send
        self._failed = failed
        self._room = asyncio.Semaphore(AT_ONCE)
        self._heard: set[tuple[str, str]] = set()
        self._last: dict[str, asyncio.Task[None]] = {}
        self.sent: set[str] = set()

    def hear(self, written: Written) -> None:
        """Have a message answered after those its sender wrote before; one heard before is not."""
        if (written.sender, written.id) in self._heard:
            return
        self._heard.add((written.sender, written.id))
        before = self._last.get(written.sender)
        task = asyncio.create_task(self._answer(written, before))
        self._last[written.sender] = task
        task.add_done_callback(lambda done: self._forget(written.sender, done))

    def _forget(self, sender: str, done: asyncio.Task[None]) -> None:
        if self._last.get(sender) is done:
            del self._last[sender]
        fault = None if done.cancelled() else done.exception()
        if isinstance(fault, Exception):
            self._failed(fault)

    async def _answer(self, written: Written, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._room:
            texts = await self._take(written)
        for number, text in enumerate(texts):
            of = reply_id(written, number)
            if of not in self.sent:
                self._send(written.sender, of, text)
                self.sent.add(of)

    async def stop(self) -> None:
        """Leave what is under way; whoever connects next takes it in again."""
        under_way = list(self._last.values())
        for task in under_way:
            task.cancel()
        if under_way:
            await asyncio.wait(under_way)

    async def settle(self) -> None:
        """Wait until all that was heard is answered."""
        while self._last:
            await asyncio.wait(list(self._last.values()))
