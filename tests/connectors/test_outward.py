"""HTTP out has an end: in time, in size, at the first thing that is not as it should be."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from connectors.egress import Egress
from connectors.outward import LARGEST, Answer, Ask, NotAnswered, Outward
from tests.connectors.systems import (
    Answering,
    Call,
    System,
    certificates,
    drip,
    endless,
    hang,
    response,
    says,
    system,
)

HERE = Egress((ip_network("127.0.0.0/8"),), allow_http=True)
Sending = Callable[[Outward, System], Awaitable[Any]]


def with_system(
    answering: Answering,
    sending: Sending,
    *,
    tls: ssl.SSLContext | None = None,
    url: str | None = None,
    **options: Any,
) -> Any:
    """Return what sending to a system gives."""

    async def run() -> Any:
        async with system(answering, tls=tls) as found:
            origin = (url or found.url).format(port=found.port)
            outward = Outward([origin], HERE, **options)
            try:
                return await sending(outward, found)
            finally:
                await outward.close()

    return asyncio.run(run())


def ends(answering: Answering, *, within_ms: int = 5_000, **options: Any) -> NotAnswered:
    """Return how a call to a system ends that gives no answer to use."""

    async def sending(outward: Outward, found: System) -> NotAnswered:
        with pytest.raises(NotAnswered) as ended:
            await outward.send(Ask("GET", f"{found.url}/x"), within_ms=within_ms)
        return ended.value

    ended = with_system(answering, sending, **options)
    assert isinstance(ended, NotAnswered)
    return ended


def verdict(ended: NotAnswered) -> tuple[str, bool, bool]:
    return ended.reason, ended.sent, ended.again


@pytest.mark.parametrize("answering", [hang, drip], ids=["silent", "a drop at a time"])
def test_a_call_is_over_when_its_time_is(answering: Answering) -> None:
    began = time.monotonic()

    ended = ends(answering, within_ms=200)

    assert verdict(ended) == ("connector.timeout", True, True)
    assert time.monotonic() - began < 3


def test_an_endless_answer_is_ended_at_its_size() -> None:
    assert verdict(ends(endless)) == ("connector.too-large", True, False)


def test_what_is_packed_counts_unpacked() -> None:
    bomb = gzip.compress(b" " * (200 * LARGEST), compresslevel=9)
    assert len(bomb) < LARGEST

    ended = ends(says(bomb, headers=("Content-Encoding: gzip",)))

    assert verdict(ended) == ("connector.too-large", True, False)


def test_an_answer_of_just_the_size_is_whole_packed_or_not() -> None:
    body = b"x" * LARGEST
    packed = says(gzip.compress(body), headers=("Content-Encoding: gzip",))

    async def sending(outward: Outward, found: System) -> Answer:
        return await outward.send(Ask("GET", found.url), within_ms=5_000)

    assert with_system(says(body), sending).body == body
    assert with_system(packed, sending).body == body
    assert ends(says(body + b"x")).reason == "connector.too-large"


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
def test_what_was_not_asked_for_is_not_unpacked(encoding: str) -> None:
    ended = ends(says(b"x", headers=(f"Content-Encoding: {encoding}",)))

    assert verdict(ended) == ("connector.encoding", True, False)
    assert ends(says(b"not packed", headers=("Content-Encoding: gzip",))).reason == (
        "connector.encoding"
    )


async def close_at_once(_call: Call, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def close_half_way(_call: Call, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{")
    await writer.drain()
    writer.close()


async def speak_otherwise(_call: Call, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n\r\n")


@pytest.mark.parametrize(
    ("answering", "reason", "again"),
    [
        (close_at_once, "connector.cut", True),
        (close_half_way, "connector.cut", True),
        (speak_otherwise, "connector.protocol", False),
    ],
)
def test_a_connection_that_is_lost_or_speaks_otherwise_has_its_code(
    answering: Answering, reason: str, *, again: bool
) -> None:
    assert verdict(ends(answering)) == (reason, True, again)


def test_nobody_there_means_that_nothing_was_sent() -> None:
    async def run() -> NotAnswered:
        async with system(says()) as gone:
            url = gone.url
        outward = Outward([url], HERE)
        with pytest.raises(NotAnswered) as ended:
            await outward.send(Ask("GET", url), within_ms=5_000)
        await outward.close()
        return ended.value

    assert verdict(asyncio.run(run())) == ("connector.unreachable", False, True)


def test_a_name_without_an_address_means_that_nothing_was_sent() -> None:
    async def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    async def sending(outward: Outward, _found: System) -> NotAnswered:
        with pytest.raises(NotAnswered) as ended:
            await outward.send(Ask("GET", "http://oms.example:80/"), within_ms=5_000)
        return ended.value

    ended = with_system(says(), sending, url="http://oms.example", resolve=nowhere)

    assert verdict(ended) == ("connector.unreachable", False, True)


def test_a_redirection_is_an_answer_and_nothing_more() -> None:
    async def sending(outward: Outward, found: System) -> tuple[int, int]:
        answer = await outward.send(Ask("GET", f"{found.url}/a"), within_ms=5_000)
        return answer.status, len(found.calls)

    away = says(status="302 Found", headers=("Location: http://127.0.0.1:1/b",))

    assert with_system(away, sending) == (302, 1)


def test_proxies_of_the_environment_and_cookies_are_not_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> tuple[int, list[Call]]:
        async with system(says()) as proxy, system(says(headers=("Set-Cookie: sid=1",))) as found:
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
                monkeypatch.setenv(name, proxy.url)
            outward = Outward([found.url], HERE)
            for _ in range(2):
                await outward.send(Ask("GET", found.url), within_ms=5_000)
            await outward.close()
            return proxy.connections, found.calls

    by_proxy, calls = asyncio.run(run())

    assert by_proxy == 0
    assert len(calls) == 2
    assert all("cookie" not in call.headers for call in calls)


def test_the_name_is_resolved_once_for_a_connection_and_stays_in_the_host_header() -> None:
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    async def sending(outward: Outward, found: System) -> list[Call]:
        for _ in range(2):
            await outward.send(Ask("GET", f"http://oms.example:{found.port}/x"), within_ms=5_000)
        assert found.connections == 1
        return found.calls

    calls = with_system(says(), sending, url="http://oms.example:{port}", resolve=rebinding)

    assert asked == ["oms.example"]
    assert {call.headers["host"].partition(":")[0] for call in calls} == {"oms.example"}


def test_a_name_that_changes_to_a_private_address_is_denied_at_the_next_connection() -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    async def rebinding(_host: str, _port: int) -> list[str]:
        return next(answers)

    async def sending(outward: Outward, found: System) -> list[str]:
        ended = []
        for _ in range(2):
            try:
                await outward.send(Ask("GET", f"http://oms.example:{found.port}/"), within_ms=5_000)
                ended.append("answered")
            except NotAnswered as end:
                ended.append(end.reason)
        return ended

    once = says(headers=("Connection: close",))

    assert with_system(once, sending, url="http://oms.example:{port}", resolve=rebinding) == [
        "answered",
        "egress.denied",
    ]


@pytest.mark.parametrize(
    ("name", "trusted", "reason"),
    [
        ("oms.example", True, None),
        ("oms.example", False, "connector.tls"),
        ("another.example", True, "connector.tls"),
        ("127.0.0.1", True, "connector.tls"),
    ],
)
def test_the_certificate_is_held_against_the_name_though_the_address_is_pinned(
    name: str, *, trusted: bool, reason: str | None, tmp_path: Path
) -> None:
    authority, tls = certificates(tmp_path, name)
    heard: list[str | None] = []

    def hear(_socket: object, server_name: str | None, _context: object) -> None:
        heard.append(server_name)

    tls.sni_callback = hear

    async def here(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async def sending(outward: Outward, found: System) -> tuple[str | None, int]:
        asking = outward.send(Ask("GET", f"https://oms.example:{found.port}/"), within_ms=5_000)
        [ended] = await asyncio.gather(asking, return_exceptions=True)
        return getattr(ended, "reason", None), len(found.calls)

    got = with_system(
        says(),
        sending,
        tls=tls,
        url="https://oms.example:{port}",
        resolve=here,
        authorities=authority if trusted else None,
    )

    assert got == (reason, 1 if reason is None else 0)
    assert heard == ["oms.example"]


def test_an_old_version_of_tls_is_not_spoken(tmp_path: Path) -> None:
    authority, tls = certificates(tmp_path, "127.0.0.1")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        tls.maximum_version = ssl.TLSVersion.TLSv1_1

    assert ends(says(), tls=tls, authorities=authority).reason == "connector.tls"


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-A", "a\r\nX-B: b"), ("X-A", "a\nb"), ("X-A\r\nX-B", "b"), ("X-A", "é"), ("", "a"),
     ("X-A", "a\x00b")],
)  # fmt: skip
def test_no_header_adds_a_line(name: str, value: str) -> None:
    async def sending(outward: Outward, found: System) -> NotAnswered:
        with pytest.raises(NotAnswered) as ended:
            await outward.send(Ask("GET", found.url, {name: value}), within_ms=5_000)
        assert found.calls == []
        return ended.value

    assert verdict(with_system(says(), sending)) == ("connector.input", False, False)


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        (("Retry-After: 3",), 3_000),
        (("Retry-After: -3",), None),
        (("Retry-After: soon",), None),
        ((), None),
        (
            (
                "Date: Sat, 28 Nov 2026 20:00:00 GMT",
                "Retry-After: Sat, 28 Nov 2026 20:00:07 GMT",
            ),
            7_000,
        ),
        (
            (
                "Date: Sat, 28 Nov 2026 20:00:00 GMT",
                "Retry-After: Sat, 28 Nov 2026 19:00:00 GMT",
            ),
            0,
        ),
    ],
)
def test_how_long_to_wait_is_understood(headers: tuple[str, ...], after: int | None) -> None:
    async def sending(outward: Outward, found: System) -> Answer:
        return await outward.send(Ask("GET", found.url), within_ms=5_000)

    answer = with_system(says(status="503 Service Unavailable", headers=headers), sending)

    assert (answer.status, answer.again, answer.after_ms) == (503, True, after)


def test_a_body_is_sent_with_its_length_and_nothing_of_it_is_shown() -> None:
    async def echo(call: Call, writer: asyncio.StreamWriter) -> None:
        writer.write(response(call.body))

    async def sending(outward: Outward, found: System) -> tuple[Answer, Call]:
        ask = Ask("POST", f"{found.url}/a?b=c", {"Content-Type": "text/plain"}, "né".encode())
        assert "né" not in repr(ask)
        return await outward.send(ask, within_ms=5_000), found.calls[0]

    answer, call = with_system(echo, sending)

    assert answer.body == "né".encode()
    assert call.line == "POST /a?b=c HTTP/1.1"
    assert call.headers["content-length"] == "3"
    assert "body" not in repr(answer)
