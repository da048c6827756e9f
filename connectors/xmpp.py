"""An account of an XMPP server, answered while it lasts: connected, read, and connected again."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout

from connectors.answering import Answering, Take, Written

RESOURCE: Final = "parcours"
"""One name for all, so that the server lets one connection of the account in at a time."""
PAGE: Final = 200
LONGEST_PAUSE_S: Final = 60.0
_NO_TEXT: Final = dict.fromkeys([0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
_SAID: Final = ("chat", "normal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account, and how to reach its server: by its name unless `host` and `port` say.

    `authorities`: who vouches for the server's certificate, the machine's own list otherwise;
    `back`: how far back unanswered messages are looked for.
    """

    jid: str
    password: str = field(repr=False)
    host: str | None = None
    port: int | None = None
    authorities: Path | None = None
    back: timedelta = timedelta(days=1)


class NotLetIn(Exception):
    """The server does not know the account, or its password."""


class Replaced(Exception):
    """Somebody else connected as this account: both would answer, so that one goes."""


Told = Callable[[str], None]
"""Told what happens: `connected`, `lost`, `no-archive`."""


async def attend(account: Account, take: Take, *, closing: asyncio.Event, told: Told) -> None:
    """Answer an account's messages until it is time to close, whatever breaks off meanwhile.

    Raises:
        NotLetIn, Replaced: trying again would not help.
    """
    pause = 1.0
    while not closing.is_set():
        if await _Connection(account, take, told).last(closing):
            pause = 1.0
        if not closing.is_set():
            told("lost")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)


class _Client(slixmpp.ClientXMPP):
    """A client that says when none of a server's addresses answered: who waits then is told."""

    def reschedule_connection_attempt(self) -> None:
        self.event("unreachable")


class _Connection:
    """One connection, from its archive to its end."""

    def __init__(self, account: Account, take: Take, told: Told) -> None:
        self._account = account
        self._told = told
        context = ssl.create_default_context(cafile=account.authorities)
        self._client = _Client(f"{account.jid}/{RESOURCE}", account.password, ssl_context=context)
        for plugin in ("xep_0199", "xep_0203", "xep_0313", "xep_0359"):
            self._client.register_plugin(plugin)
        self._answering = Answering(take, self._send, failed=self._end)
        self._early: list[Written] | None = []
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._started = False
        for event, do in (
            ("session_start", self._start),
            ("message", self._hear),
            ("failed_all_auth", lambda _: self._end(NotLetIn())),
            ("stream_error", self._stream_error),
            ("disconnected", lambda _: self._end()),
            ("unreachable", lambda _: self._end()),
        ):
            self._client.add_event_handler(event, do)

    async def last(self, closing: asyncio.Event) -> bool:
        """Answer until the connection is over or it is time to close; return whether it began."""
        self._client.connect(self._account.host, self._account.port)
        asked = asyncio.ensure_future(closing.wait())
        try:
            either: list[asyncio.Future[Any]] = [asked, self._over]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not self._over.done():
                await self._answering.settle()
        finally:
            asked.cancel()
            await self._answering.stop()
            self._client.cancel_connection_attempt()
            await self._client.disconnect()
            # What it cancelled ends within this turn of the loop.
            await asyncio.sleep(0)
        if self._over.done():
            self._over.result()
        return self._started

    def _end(self, fault: Exception | None = None) -> None:
        if self._over.done():
            return
        if fault is None:
            self._over.set_result(None)
        else:
            self._over.set_exception(fault)

    def _stream_error(self, error: Any) -> None:
        self._end(Replaced() if error["condition"] == "conflict" else None)

    async def _start(self, _: object) -> None:
        """Take in what the archive holds unanswered, then what came meanwhile."""
        self._started = True
        self._client.send_presence()
        try:
            unread = [one async for one in self._archived()]
        except IqTimeout:
            self._end()
            return
        except IqError:
            self._told("no-archive")
            unread = []
        except Exception as fault:  # noqa: BLE001 - it rises where the connection is awaited
            self._end(fault)
            return
        early, self._early = self._early or [], None
        for written in (*unread, *early):
            self._answering.hear(written)
        self._told("connected")

    async def _archived(self) -> AsyncIterator[Written]:
        """Give the messages of the archive, oldest first, and note the replies that are in it."""
        own, after = self._client.boundjid.bare, None
        start = datetime.now(UTC) - self._account.back
        while True:
            rsm = {"max": PAGE} | ({} if after is None else {"after": after})
            page = await self._client.plugin["xep_0313"].retrieve(start=start, rsm=rsm)
            results = page["mam"]["results"]
            for result in results:
                found = result["mam_result"]
                stanza = found["forwarded"]["stanza"]
                if stanza["from"].bare == own:
                    self._answering.sent.add(stanza["id"])
                elif (written := _read(stanza, found["id"])) is not None:
                    yield written
            after = page["mam_fin"]["rsm"]["last"]
            if not results or not after:
                return

    def _hear(self, stanza: Any) -> None:
        if stanza["from"].bare == self._client.boundjid.bare:
            return
        try:
            written = _read(stanza, stanza["stanza_id"]["id"])
        except Exception as fault:  # noqa: BLE001 - as above: the library would swallow it
            self._end(fault)
            return
        if written is None:
            return
        if self._early is None:
            self._answering.hear(written)
        else:
            self._early.append(written)

    def _send(self, to: str, of: str, text: str) -> None:
        message = self._client.make_message(slixmpp.JID(to), _plain(text), mtype="chat")
        message["id"] = of
        message.send()


def _read(stanza: Any, mark: str) -> Written | None:
    """Return what somebody wrote; None for what is no text of a person."""
    if stanza["type"] not in _SAID or not stanza["body"].strip():
        return None
    named = stanza["origin_id"]["id"] or stanza["id"] or mark
    language = stanza["lang"] or None
    return Written(stanza["from"].bare, named, stanza["body"], language, mark)


def _plain(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(one for one in text if one in "\t\n\r" or one >= " ").translate(_NO_TEXT)
