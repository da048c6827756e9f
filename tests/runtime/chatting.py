"""Somebody who writes in a conversation, and a service whose journeys are theirs to walk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from itertools import count
from typing import Any

import pytest

from connectors.mock import Mock
from engine.ahead import learnt
from runtime.access import Actor
from runtime.channels.plans import Message
from runtime.channels.stop import stop_of
from runtime.clock import FixedClock
from runtime.ids import CountedIds
from runtime.settings import Settings
from runtime.wiring import Service, open_service
from tests.runtime.kiosk import FILES

WRITER = Actor("kiosk", "author", "eve")
BOT = Actor("kiosk", "bot", "chat")
LEA = Actor("kiosk", "advisor", "lea")
EVE = Actor("kiosk", "admin", "eve")
HOUR, DAY = 3_600_000, 86_400_000
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 16
Reply = dict[str, Any]
NAMES = count(1)
CLOCKS: list[FixedClock] = []


class Chat:
    """Somebody who writes in one conversation."""

    def __init__(self, service: Service, **told: Any) -> None:
        self.service = service
        self.told = {"locale": "fr-FR", **told}
        self.name = f"c-{next(NAMES)}"
        self.count = 0

    def message(self, text: str | None = None, **more: Any) -> Message:
        """Return the next message."""
        self.count += 1
        named = {
            "channel": "chat",
            "conversation": self.name,
            "message": f"{self.name}/{self.count}",
        }
        return Message(**{**named, "text": text, **self.told, **more})

    async def say(self, text: str | None = None, **more: Any) -> Reply:
        """Write, and return the reply."""
        answer = await self.service.conversations.turn(BOT, self.message(text, **more))
        reply: Reply = json.loads(answer.body)
        return reply

    async def to(self, *texts: str) -> Reply:
        """Write several lines, one after the other; return the last reply."""
        for text in texts[:-1]:
            await self.say(text)
        return await self.say(texts[-1])


def words(reply: Reply) -> str:
    """Return all that a reply says."""
    return "\n".join(one["text"] for one in reply["messages"])


def options(reply: Reply) -> dict[str, str]:
    """Return the quick replies by their label."""
    return {one["label"]: one["id"] for part in reply["messages"] for one in part["options"]}


def understood(reply: Reply) -> list[tuple[str, str]]:
    """Return what was taken: (what was shown, by what)."""
    return [(one["shown"], one["by"]) for one in reply["understood"]]


SENT = {
    "oms.resend": [
        {"when": {"order": "F-0404"}, "failed": "down"}, {"result": {"parcel": "P1"}},
    ],
    "oms.stop": [{"result": {}}],
}  # fmt: skip


Play = Callable[[Service], Coroutine[Any, Any, None]]
Playing = Callable[[Play], None]


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playing]:
    """Give what plays in one service, whose library is published once; its clock only goes on."""
    CLOCKS.append(FixedClock())
    told = Settings(
        database=str(tmp_path_factory.mktemp("kiosk") / "store.db"), fsync_off_allowed=True,
        background=False,
    )  # fmt: skip
    connectors = {"*": Mock({"operations": SENT})}
    opened = open_service(told, clock=CLOCKS[-1], ids=CountedIds(), connectors=connectors)
    with asyncio.Runner() as runner:
        service = runner.run(opened.__aenter__())
        runner.run(service.revisions.publish(WRITER, FILES))
        yield lambda play: runner.run(play(service))
        runner.run(opened.__aexit__(None, None, None))


@pytest.fixture
def both(open_shop: Callable[..., Any]) -> Playing:
    """Give what plays in a service of its own, on each database."""

    def playing(play: Play) -> None:
        async def whole() -> None:
            async with open_shop({"*": Mock({"operations": SENT})}) as service:
                await service.revisions.publish(WRITER, FILES)
                await play(service)

        asyncio.run(whole())

    return playing


async def answers(service: Service, session: str) -> dict[str, str]:
    """Return what a session holds, as an advisor reads it."""
    warm = await service.sessions.states.fresh("kiosk", session)
    revision = await service.revisions.get("kiosk", warm.state.revision)
    view = await service.sessions.views.answer(LEA, warm)
    stop = stop_of(LEA, revision, warm, answer=view, language="fr", now=service.clock.now())
    return {one["name"]: str(one["shown"]) for one in learnt(stop.look)}
