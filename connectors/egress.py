"""Which machines may be reached: a name is resolved once, all its addresses are looked at.

The connection then goes to an address that was looked at, whatever the name says a moment later.
The list of what is refused is our own, since `ipaddress.is_global` lets several private ways
through. Source: promises.md 3, row SSRF; 3.1, connector egress.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

import httpcore

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Gives every address of a host, for a port; raises OSError when there is none."""

CONNECT_S: Final = 2.0
"""How long connecting may take, over all the addresses of a host."""

_PRIVATE: Final = tuple(
    ip_network(one)
    for one in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "100.64.0.0/10",
        "::1/128", "fc00::/7",
    )
)  # fmt: skip
"""What `allow_private` may open: networks of one's own, this machine, a carrier's (RFC 6598)."""

_SPECIAL: Final = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8",  # this host, on this network
        "169.254.0.0/16",  # link-local: clouds serve their credentials there
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
        "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "::/96",  # IPv4-compatible: ::127.0.0.1
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96", "64:ff9b:1::/48",  # NAT64 carries an IPv4 address
        "100::/64", "100:0:0:1::/64",
        "2001::/23",  # Teredo and other protocols' own
        "2001:db8::/32", "2002::/16",  # documentation; 6to4 carries an IPv4 address
        "2620:4f:8000::/48", "3fff::/20", "5f00::/16",
        "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
"""Never reached, whatever is allowed."""


class Denied(Exception):
    """A connection that the deployment's egress policy does not allow; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Egress:
    """What one connector may reach beside public addresses over TLS.

    Attributes:
        allow_private: networks of one's own that it may reach.
        allow_http: whether it may speak without TLS.
    """

    allow_private: tuple[Network, ...] = ()
    allow_http: bool = False

    def allows(self, address: str) -> bool:
        """Return whether an address may be reached."""
        try:
            found: Address = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if found == ip_address("::1"):
            # The one address of ::/96 that is somebody's.
            return _within(found, self.allow_private)
        if _within(found, _SPECIAL):
            return False
        if _within(found, _PRIVATE):
            return _within(found, self.allow_private)
        return found.is_global

    def refuses(self, host: str) -> bool:
        """Return whether a host can never be reached: an address, or this machine by its name.

        An address is known in every spelling that the system reads as one (`127.1`, `0x7f.1`). Any
        other name is looked at when it is resolved.
        """
        named = host.strip("[]").removesuffix(".").lower()
        if named == "localhost" or named.endswith(".localhost"):
            return not (self.allows("127.0.0.1") or self.allows("::1"))
        try:
            ip_address(named.partition("%")[0])
        except ValueError:
            try:
                named = socket.inet_ntoa(socket.inet_aton(named))
            except OSError:
                return False
        return not self.allows(named)


def may_be_allowed(network: Network) -> bool:
    """Return whether `allow_private` may name a network: all of it is somebody's own."""
    return any(
        network.version == one.version and network.subnet_of(one)  # type: ignore[arg-type]  # of one version, by now
        for one in _PRIVATE
    )


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == one.version and address in one for one in networks)


async def resolve_by_system(host: str, port: int) -> list[str]:
    """Return every address the system knows for a host, in its order of preference."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Pinned(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were looked at, and to nothing else.

    The name stays in the Host header and in the TLS handshake, where the certificate is held
    against it.
    """

    def __init__(self, egress: Egress, resolve: Resolve) -> None:
        self._egress = egress
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a connection to the first address that answers.

        Raises:
            Denied: one of the host's addresses may not be reached.
            httpcore.ConnectError, httpcore.ConnectTimeout: none answers.
        """
        del timeout
        try:
            async with asyncio.timeout(CONNECT_S):
                addresses = await self._addresses(host, port)
                failure: Exception = httpcore.ConnectError("no address")
                for address in addresses:
                    try:
                        return await self._network.connect_tcp(
                            address, port, None, local_address, socket_options
                        )
                    except (httpcore.ConnectError, OSError) as error:
                        failure = error
                raise httpcore.ConnectError(str(failure)) from failure
        except TimeoutError as over:
            raise httpcore.ConnectTimeout("too slow to connect") from over

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = await self._resolve(host.strip("[]"), port)
        except (OSError, UnicodeError) as unknown:
            raise httpcore.ConnectError("the name has no address") from unknown
        # All of them: a name with one public and one private address is not half allowed.
        if not all(self._egress.allows(one) for one in addresses):
            raise Denied(host)
        return addresses

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: other systems are never a file of this machine.

        Raises:
            Denied: always.
        """
        del timeout, socket_options
        raise Denied(path)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
