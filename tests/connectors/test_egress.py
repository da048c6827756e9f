"""Only what a deployment allows is reached: every way round it ends before a connection."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing
from ipaddress import ip_network

import pytest

from connectors.egress import Egress, may_be_allowed
from connectors.outward import Ask, NotAnswered, Outward
from connectors.urls import origin_of

NOWHERE = Egress(allow_http=True)
HERE = Egress((ip_network("127.0.0.0/8"),), allow_http=True)

DENIED = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "100.64.0.1", "100.127.255.255", "169.254.169.254", "192.0.0.1", "192.0.2.1", "192.88.99.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "::1", "::", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "fc00::1", "fd12::1", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "3fff::1", "5f00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", DENIED)
def test_no_address_that_is_private_or_special_is_allowed(address: str) -> None:
    assert not NOWHERE.allows(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "9.9.9.9"])
def test_public_addresses_are(address: str) -> None:
    assert NOWHERE.allows(address)


def test_a_network_of_ones_own_is_opened_alone() -> None:
    ours = Egress((ip_network("10.1.0.0/16"), ip_network("fd00::/8")))

    assert ours.allows("10.1.2.3")
    assert ours.allows("fd00::1")
    assert not ours.allows("10.2.0.1")
    assert not ours.allows("127.0.0.1")
    # What carries an address in another is never opened by the address it carries.
    assert not ours.allows("::ffff:10.1.2.3")
    assert not ours.allows("64:ff9b::a01:203")
    assert not ours.allows("2002:a01:203::")


@pytest.mark.parametrize(
    ("network", "may"),
    [
        ("10.0.0.0/8", True), ("127.0.0.1/32", True), ("::1/128", True), ("fd00::/8", True),
        ("100.64.0.0/10", True), ("0.0.0.0/0", False), ("::/0", False), ("169.254.0.0/16", False),
        ("8.8.8.0/24", False), ("10.0.0.0/7", False), ("fe80::/10", False), ("224.0.0.0/4", False),
    ],
)  # fmt: skip
def test_only_networks_of_ones_own_may_be_allowed(network: str, *, may: bool) -> None:
    assert may_be_allowed(ip_network(network)) is may


@pytest.mark.parametrize("host", ["shop.example", "127.example", "8.8.8.8", "[2606:4700::1111]"])
def test_a_name_and_a_public_address_are_judged_when_they_are_called(host: str) -> None:
    assert not NOWHERE.refuses(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "localhost", "db.localhost", "[::1]"])
def test_an_address_that_is_opened_is_not_refused_at_start(host: str) -> None:
    ours = Egress((ip_network("127.0.0.0/8"), ip_network("::1/128")))

    assert not ours.refuses(host)
    assert ours.refuses("169.254.169.254")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Give a socket that listens on loopback, at every address of it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        found.setblocking(False)
        yield found


def reached(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def ask(url: str, egress: Egress, *addresses: str, origins: tuple[str, ...] = ()) -> NotAnswered:
    """Return how a request for a URL ends that is not answered."""

    async def resolve(host: str, _port: int) -> list[str]:
        if addresses:
            return list(addresses)
        found = await asyncio.get_running_loop().getaddrinfo(host, 0)
        return [str(one[4][0]) for one in found]

    async def run() -> NotAnswered:
        outward = Outward(origins or (url,), egress, resolve=resolve)
        try:
            with pytest.raises(NotAnswered) as ended:
                await outward.send(Ask("GET", url), within_ms=3_000)
        finally:
            await outward.close()
        return ended.value

    return asyncio.run(run())


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "localhost",
        "127.0.0.1.", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]",
    ],
)  # fmt: skip
def test_no_spelling_of_this_machine_reaches_it(host: str, listener: socket.socket) -> None:
    port = listener.getsockname()[1]

    ended = ask(f"http://{host}:{port}/", NOWHERE)

    assert NOWHERE.refuses(host), "and it is known before anything is called"
    assert ended.reason in {"egress.denied", "connector.unreachable"}
    assert not ended.sent
    assert not reached(listener)


@pytest.mark.parametrize(
    "url",
    [
        "http://①②⑦.⓪.⓪.①:{port}/",
        "http://good.example@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}@good.example/",
        "http://127.0.0.1:{port}#@good.example/",
        "http://good.example\\@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}/ HTTP/1.1\r\nX: y",
        "http:///127.0.0.1:{port}/",
        "http://:{port}/",
        "//127.0.0.1:{port}/",
        "unix:///run/x.sock",
        "http+unix://%2Frun%2Fx.sock/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/_GET",
        "ftp://127.0.0.1:{port}/",
        "data:text/plain,x",
        "http://127.0.0.1:99999/",
        "",
    ],
)
def test_what_is_no_plain_address_is_not_asked_even_where_this_machine_is_allowed(
    url: str, listener: socket.socket
) -> None:
    written = url.format(port=listener.getsockname()[1])

    ended = ask(written, HERE, origins=("http://good.example", written))

    assert ended.reason == "egress.denied"
    assert not ended.sent
    assert not reached(listener)
    assert origin_of(written) is None


def test_only_the_named_origins_are_asked(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    here = f"http://127.0.0.1:{port}"

    for origin in ("http://127.0.0.1:1", f"https://127.0.0.1:{port}", "http://other.example"):
        assert ask(f"{here}/", HERE, origins=(origin,)).reason == "egress.denied"

    assert not reached(listener)


def test_without_tls_nothing_is_asked_unless_allowed(listener: socket.socket) -> None:
    here = f"http://127.0.0.1:{listener.getsockname()[1]}/"

    ended = ask(here, Egress((ip_network("127.0.0.0/8"),)))

    assert ended.reason == "egress.denied"
    assert not reached(listener)


@pytest.mark.parametrize("address", DENIED)
def test_a_name_that_leads_to_any_of_them_is_not_followed(
    address: str, listener: socket.socket
) -> None:
    port = listener.getsockname()[1]

    # One good address does not make the other one good.
    ended = ask(f"http://good.example:{port}/", NOWHERE, "9.9.9.9", address)

    assert (ended.reason, ended.sent) == ("egress.denied", False)
    assert not reached(listener)
