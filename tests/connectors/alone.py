"""A process alone in a network where every address leads to it: it says which ones were tried.

Run by `test_egress_in_a_network.py` as `python -m tests.connectors.alone FOLDER`, in a network
namespace of its own. A sniffer sees each attempt at a connection, whoever listens or not.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Final

from connectors.egress import Egress, Resolve, resolve_by_system
from connectors.outward import Ask, NotAnswered, Outward
from tests.connectors.systems import certificates
from tests.connectors.test_egress import DENIED, NOWHERE

PUBLIC, SIX, OURS, METADATA = "9.9.9.9", "2606:4700::1111", "10.1.2.3", "169.254.169.254"
PROXY = "10.9.9.9"
_EVERYTHING: Final = 3
"""ETH_P_ALL."""
_TCP: Final = 6
_SYN, _ACK = 0x02, 0x10
SPELLINGS = [
    "127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "localhost",
    "①②⑦.⓪.⓪.①", "127.0.0.1.", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fec0::1]", "100.64.0.1", METADATA, "10.0.0.1",
    "good.example@127.0.0.1",
]  # fmt: skip
SCHEMES = [
    "unix:///run/x.sock", "http+unix://%2Frun%2Fx.sock/", "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET", "ftp://127.0.0.1:{port}/",
]  # fmt: skip


@dataclass
class Sniffer:
    """Sees every attempt at a connection in this network."""

    wire: socket.socket

    def heard(self) -> list[str]:
        """Return the addresses that were tried since it was last asked, in order."""
        found: dict[str, None] = {}
        while True:
            try:
                frame = self.wire.recv(65_536)
            except BlockingIOError:
                return list(found)
            address = tried(frame)
            if address is not None:
                found[address] = None


def tried(frame: bytes) -> str | None:
    """Return the address that a frame begins a connection to."""
    kind, packet = struct.unpack("!H", frame[12:14])[0], frame[14:]
    if kind == 0x0800 and packet[9] == _TCP:
        to, segment = packet[16:20], packet[(packet[0] & 0x0F) * 4 :]
    elif kind == 0x86DD and packet[6] == _TCP:
        to, segment = packet[24:40], packet[40:]
    else:
        return None
    begins = segment[13] & (_SYN | _ACK) == _SYN
    return str(ip_address(to)) if begins else None


@dataclass
class World:
    """Whoever listens at every address: what it answers, and what it was asked."""

    port: int
    secure_port: int
    authority: Path
    sniffer: Sniffer
    lines: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """The names asked for in TLS handshakes."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request; `/moved` sends elsewhere."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        self.lines.append(head[0])
        self.hosts += [one[6:] for one in head if one.lower().startswith("host: ")]
        status = "200 OK"
        if "/moved" in head[0]:
            status = f"302 Found\r\nLocation: http://{METADATA}:{self.port}/"
        reply = f"HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
        writer.write(reply.encode())
        await writer.drain()
        writer.close()

    async def ask(self, url: str, egress: Egress, resolve: Resolve = resolve_by_system) -> Any:
        """Return how a request ended and which addresses were tried meanwhile."""
        outward = Outward((url,), egress, resolve=resolve, authorities=self.authority)
        try:
            answer = await outward.send(Ask("GET", url), within_ms=5_000)
            ended = str(answer.status)
        except NotAnswered as failure:
            ended = f"{failure.reason}{' sent' if failure.sent else ''}"
        finally:
            await outward.close()
        return [ended, self.sniffer.heard()]


def names(*addresses: Sequence[str]) -> Resolve:
    """Return what gives a name's addresses: others each time it is asked."""
    turns = iter(addresses)

    async def resolve(_host: str, _port: int) -> list[str]:
        return list(next(turns))

    return resolve


async def cases(world: World) -> dict[str, Any]:
    """Return what became of each way out."""
    here = f":{world.port}/"
    found: dict[str, Any] = {}
    for one in SPELLINGS:
        found[f"spelled {one}"] = await world.ask(f"http://{one}{here}", NOWHERE)
    for one in SCHEMES:
        found[f"scheme {one}"] = await world.ask(one.format(port=world.port), NOWHERE)
    for one in DENIED:
        url = f"http://good.example{here}"
        found[f"named {one}"] = await world.ask(url, NOWHERE, names([PUBLIC, one]))
    rebound = names([PUBLIC], ["127.0.0.1"])
    for turn in ("first", "then"):
        found[f"rebound {turn}"] = await world.ask(f"http://good.example{here}", NOWHERE, rebound)
    moved = f"http://good.example:{world.port}/moved"
    found["moved"] = await world.ask(moved, NOWHERE, names([PUBLIC]))
    ours = Egress((ip_network("10.1.0.0/16"),), allow_http=True)
    found["ours"] = await world.ask(f"http://oms.internal{here}", ours, names([OURS]))
    found["beside ours"] = await world.ask(f"http://oms.internal{here}", ours, names(["10.2.0.1"]))
    found["six"] = await world.ask(f"http://six.example{here}", NOWHERE, names([SIX]))
    secure = f"https://good.example:{world.secure_port}/"
    found["secure"] = await world.ask(secure, Egress(), names([PUBLIC]))
    found["other name"] = await world.ask(secure.replace("good", "evil"), Egress(), names([PUBLIC]))
    found["in clear"] = await world.ask(f"http://good.example{here}", Egress(), names([PUBLIC]))
    return found


def lead_here() -> None:
    """Have every address lead to this process, and a proxy named in its environment."""
    for command in (
        "ip link set lo up",
        "ip route add local 0.0.0.0/0 dev lo",
        "ip -6 route add local ::/0 dev lo",
    ):
        subprocess.run(command.split(), check=True)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ[name] = os.environ[name.lower()] = f"http://{PROXY}:1"


async def main(folder: Path) -> dict[str, Any]:
    """Try every way out, and return what was seen."""
    authority, tls = certificates(folder, "good.example")
    with closing(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_EVERYTHING))) as w:
        w.bind(("lo", 0))
        w.setblocking(False)
        world = World(0, 0, authority, Sniffer(w))

        def named(_: object, name: str | None, __: object) -> None:
            world.names.append(str(name))

        tls.sni_callback = named
        plain = await asyncio.start_server(world.answer, sock=everywhere())
        secure = await asyncio.start_server(world.answer, sock=everywhere(), ssl=tls)
        async with plain, secure:
            world.port = plain.sockets[0].getsockname()[1]
            world.secure_port = secure.sockets[0].getsockname()[1]
            # It is seen when somebody is reached who should not be.
            everybody = Egress((ip_network("127.0.0.0/8"),), allow_http=True)
            control = await world.ask(f"http://127.0.0.1:{world.port}/", everybody)
            found = await cases(world)
    seen = {"control": control, "cases": found, "hosts": world.hosts, "names": world.names}
    return {**seen, "port": world.port, "requests": len(world.lines)}


def everywhere() -> socket.socket:
    """Return a socket that listens at every address of both families."""
    return socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)


if __name__ == "__main__":
    lead_here()
    sys.stdout.write(json.dumps(asyncio.run(main(Path(sys.argv[1])))))
