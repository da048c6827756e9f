"""An XMPP server for tests: Debian's prosody, on a free port, with an archive and a certificate."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
import slixmpp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PATIENCE_S = 30
HOST = "localhost"
PASSWORDS = {"desk": "of-the-desk", "claire": "of-claire", "ana": "of-ana"}
CONFIG = """\
daemonize = false
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
log = {{ warn = "*console" }}
modules_enabled = {{ "roster", "saslauth", "tls", "disco", "carbons", "mam", "offline", "ping" }}
modules_disabled = {{ "s2s" }}
c2s_ports = {{ {port} }}
c2s_interfaces = {{ "127.0.0.1" }}
c2s_require_encryption = true
authentication = "internal_plain"
storage = "internal"
default_archive_policy = true
VirtualHost "localhost"
    ssl = {{ key = "{folder}/key.pem", certificate = "{folder}/cert.pem" }}
"""


@dataclass(frozen=True)
class Prosody:
    """A running server: its port, and who vouches for it."""

    port: int
    authorities: Path


@contextmanager
def prosody(folder: Path) -> Iterator[Prosody]:
    """Run a server with the accounts of PASSWORDS; without the program, skip and say so."""
    program = shutil.which("prosody")
    if program is None:
        pytest.skip("prosody is not installed: apt-get install prosody")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    _certify(folder)
    accounts = folder / "data" / HOST / "accounts"
    accounts.mkdir(parents=True)
    for name, password in PASSWORDS.items():
        (accounts / f"{name}.dat").write_text(f'return {{ ["password"] = "{password}" }};\n')
    config = folder / "prosody.cfg.lua"
    config.write_text(CONFIG.format(folder=folder, port=port))
    with (
        (folder / "prosody.log").open("wb") as log,
        subprocess.Popen(
            [program, "--config", str(config), "-F"], stdout=log, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            _until_it_listens(process, port, folder / "prosody.log")
            yield Prosody(port, folder / "cert.pem")
        finally:
            process.kill()


def _until_it_listens(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(log.read_text())


def _certify(folder: Path) -> None:
    """Write a key and a certificate that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    alternatives = [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class Customer:
    """Somebody who writes to the desk with a client of their own."""

    def __init__(self, server: Prosody, name: str = "claire") -> None:
        self.client = slixmpp.ClientXMPP(f"{name}@{HOST}/phone", PASSWORDS[name])
        self.client.ca_certs = server.authorities
        self.server = server
        self.replies: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.client.add_event_handler("message", self._read)

    def _read(self, stanza: Any) -> None:
        if stanza["body"]:
            self.replies.put_nowait((stanza["id"], stanza["body"]))

    async def __aenter__(self) -> Self:
        """Connect."""
        started = asyncio.get_running_loop().create_future()
        self.client.add_event_handler("session_start", started.set_result)
        self.client.connect("127.0.0.1", self.server.port)
        await asyncio.wait_for(started, PATIENCE_S)
        self.client.send_presence()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave."""
        await self.client.disconnect()

    def write(self, text: str, **named: str) -> None:
        """Write to the desk, under an id if one is named."""
        message = self.client.make_message(slixmpp.JID(f"desk@{HOST}"), text, mtype="chat")
        message["lang"] = "en"
        for name, value in named.items():
            message[name] = value
        message.send()

    async def reply(self) -> str:
        """Return the next reply."""
        return (await asyncio.wait_for(self.replies.get(), PATIENCE_S))[1]

    async def say(self, text: str, **named: str) -> str:
        """Write, and return the next reply."""
        self.write(text, **named)
        return await self.reply()

    async def to(self, answers: Mapping[str, str]) -> str:
        """Answer each question by the words that are in it; return the last reply."""
        reply = ""
        for expected, text in answers.items():
            reply = await self.say(text)
            assert expected in reply, reply
        return reply
