"""Messages are answered in their order, each once, whatever the archive already holds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from connectors.answering import Answering, Written, reply_id

FIRST = Written("claire@x", "1", "one")
SECOND = Written("claire@x", "2", "two")
OTHER = Written("ana@x", "1", "other")


class Desk:
    """Takes messages in, each when it is let, and keeps what was sent."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.sent: list[tuple[str, str]] = []
        self.faults: list[Exception] = []
        self.let, self.replied = asyncio.Event(), asyncio.Event()
        self.answering = Answering(self._take, self._send, failed=self.faults.append)

    async def _take(self, written: Written) -> Sequence[str]:
        self.taken.append(written.text)
        if written is FIRST:
            await self.let.wait()
        if written.text == "bad":
            raise ValueError(written.text)
        return [f"{written.text}!", f"{written.text}?"]

    def _send(self, to: str, _: str, text: str) -> None:
        self.sent.append((to, text))
        if len(self.sent) == 2:
            self.replied.set()


def test_a_senders_messages_are_answered_in_order_and_nobody_waits_for_another_sender() -> None:
    async def play() -> None:
        desk = Desk()
        for written in (FIRST, SECOND, OTHER):
            desk.answering.hear(written)
        await desk.replied.wait()
        assert desk.taken == ["one", "other"]
        desk.let.set()
        await desk.answering.settle()

        assert desk.taken == ["one", "other", "two"]
        assert [text for to, text in desk.sent if to == "claire@x"] == [
            "one!",
            "one?",
            "two!",
            "two?",
        ]

    asyncio.run(play())


def test_a_message_heard_twice_is_taken_once() -> None:
    async def play() -> None:
        desk = Desk()
        desk.answering.hear(SECOND)
        desk.answering.hear(Written("claire@x", "2", "two", mark="delivered again"))
        await desk.answering.settle()
        desk.answering.hear(SECOND)
        await desk.answering.settle()

        assert desk.taken == ["two"]

    asyncio.run(play())


def test_of_a_reply_that_broke_off_the_rest_alone_is_sent() -> None:
    async def play() -> None:
        desk = Desk()
        desk.answering.sent.add(reply_id(SECOND, 0))
        desk.answering.hear(SECOND)
        await desk.answering.settle()

        assert desk.sent == [("claire@x", "two?")]

    asyncio.run(play())


def test_what_cannot_be_taken_in_is_told_and_what_is_left_sends_nothing() -> None:
    async def play() -> None:
        desk = Desk()
        desk.answering.hear(Written("ana@x", "9", "bad"))
        await desk.answering.settle()
        desk.answering.hear(FIRST)
        await asyncio.sleep(0)
        await desk.answering.stop()

        assert [str(fault) for fault in desk.faults] == ["bad"]
        assert desk.sent == []

    asyncio.run(play())
