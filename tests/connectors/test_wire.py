"""Connections are kept for the next call, and never bring one call what belongs to another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from typing import Any

import pytest

from connectors.egress import Egress
from connectors.outward import CONNECTIONS, Ask, NotAnswered, Outward
from tests.connectors.systems import Answering, Call, System, response, says, system

HERE = Egress((ip_network("127.0.0.0/8"),), allow_http=True)
Sending = Callable[[Outward, System], Awaitable[Any]]


def with_system(answering: Answering, sending: Sending) -> Any:
    async def run() -> Any:
        async with system(answering) as found:
            outward = Outward([found.url], HERE)
            try:
                return await sending(outward, found)
            finally:
                await outward.close()

    return asyncio.run(run())


async def twice(outward: Outward, found: System) -> tuple[list[bytes], int]:
    """Return what two calls get, the loop turning between them, and over how many connections."""
    bodies = []
    for _ in range(2):
        answer = await outward.send(Ask("GET", f"{found.url}/x"), within_ms=5_000)
        bodies.append(answer.body)
        for _ in range(5):
            await asyncio.sleep(0)
    return bodies, found.connections


def numbered() -> Callable[[], bytes]:
    count = iter(range(1, 100))
    return lambda: b"%d" % next(count)


def test_two_calls_in_turn_share_a_connection() -> None:
    assert with_system(says("{}"), twice) == ([b"{}", b"{}"], 1)


def test_what_nobody_asked_for_is_never_taken_for_the_next_answer() -> None:
    number = numbered()

    async def and_more(_call: Call, writer: asyncio.StreamWriter) -> None:
        writer.write(response(number()) + response(b"forged"))

    assert with_system(and_more, twice) == ([b"1", b"2"], 2)


def test_a_connection_that_the_other_side_left_is_not_used_again() -> None:
    number = numbered()

    async def and_leave(_call: Call, writer: asyncio.StreamWriter) -> None:
        writer.write(response(number()))
        writer.close()

    assert with_system(and_leave, twice) == ([b"1", b"2"], 2)


def test_a_call_that_was_ended_leaves_nothing_to_the_next() -> None:
    asked_again = asyncio.Event()

    async def late(call: Call, writer: asyncio.StreamWriter) -> None:
        which = call.line.split()[1]
        if which == "/second":
            asked_again.set()
        await asked_again.wait()
        writer.write(response(which.encode()))

    async def sending(outward: Outward, found: System) -> tuple[str, bytes]:
        with pytest.raises(NotAnswered) as ended:
            await outward.send(Ask("GET", f"{found.url}/first"), within_ms=100)
        answer = await outward.send(Ask("GET", f"{found.url}/second"), within_ms=5_000)
        return ended.value.reason, answer.body

    assert with_system(late, sending) == ("connector.timeout", b"/second")


@pytest.mark.parametrize(
    ("said", "connections"),
    [
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + response(b"ab"), 1),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n", 1),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab", 2),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", 2),
    ],
    ids=["hints before it", "in pieces", "the last one", "of old"],
)
def test_an_answer_is_whole_however_it_is_said(said: bytes, connections: int) -> None:
    async def saying(_call: Call, writer: asyncio.StreamWriter) -> None:
        for place in range(len(said)):
            writer.write(said[place : place + 1])
            await writer.drain()

    assert with_system(saying, twice) == ([b"ab", b"ab"], connections)


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    async def saying(_call: Call, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nab")
        writer.close()

    assert with_system(saying, twice) == ([b"ab", b"ab"], 2)


def test_a_system_is_asked_so_much_at_once_and_no_more() -> None:
    under_way: set[int] = set()
    most: list[int] = []

    async def counting(call: Call, writer: asyncio.StreamWriter) -> None:
        under_way.add(id(call))
        most.append(len(under_way))
        for _ in range(20):
            await asyncio.sleep(0)
        under_way.discard(id(call))
        writer.write(response())

    async def sending(outward: Outward, found: System) -> int:
        ask = Ask("GET", found.url)
        await asyncio.gather(*(outward.send(ask, within_ms=5_000) for _ in range(30)))
        return found.connections

    connections = with_system(counting, sending)

    assert connections <= CONNECTIONS
    assert max(most) <= CONNECTIONS
