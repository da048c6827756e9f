"""Handing one e-mail to an SMTP server, with what became of it known as well as it can be.

Until its content is sent, nothing happened. Once the server answered to the content, it is known.
Between both it is not, and that is said. Source: RFC 5321; promises.md 2.4.
"""

from __future__ import annotations

import asyncio
import smtplib
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from connectors.egress import Egress, Resolve
from connectors.email_message import Letter
from connectors.port import Status
from connectors.secret import Secret

CONNECT_S: Final = 2.0
_SPARE_S: Final = 0.25


class NotDelivered(Exception):
    """A message was not accepted, as far as is known.

    Attributes:
        reason: a stable code, `smtp.554`.
        status: `refused` (this addressee), `failed`, or `unknown`.
        again: whether it may be accepted a little later.
    """

    def __init__(self, reason: str, status: Status = "failed", *, again: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.again = again


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A server that takes our messages.

    `security`: `tls` from the first byte, `starttls`, or `none`. `user` and `password` both or
    neither.
    """

    host: str
    port: int
    security: str
    user: str | None
    password: Secret | None
    egress: Egress
    resolve: Resolve
    authorities: Path | None = None

    async def deliver(self, letter: Letter, *, within_s: float) -> None:
        """Hand a message over.

        Raises:
            NotDelivered: it was not accepted, or that is not known.
        """
        until = time.monotonic() + within_s
        delivery: _Delivery | None = None
        try:
            async with asyncio.timeout(within_s + _SPARE_S):
                addresses = await self._addresses(min(within_s, CONNECT_S))
                delivery = _Delivery(self, letter, addresses=addresses, until=until)
                await asyncio.to_thread(delivery.run)
        except TimeoutError:
            status: Status = "unknown" if delivery is not None and delivery.is_sent else "failed"
            raise NotDelivered("connector.timeout", status, again=True) from None
        finally:
            if delivery is not None:
                delivery.give_up()

    async def _addresses(self, within_s: float) -> list[str]:
        try:
            async with asyncio.timeout(within_s):
                addresses = await self.resolve(self.host, self.port)
        except (OSError, UnicodeError):
            raise NotDelivered("connector.unreachable", again=True) from None
        if not addresses or not all(self.egress.allows(one) for one in addresses):
            raise NotDelivered("egress.denied")
        return addresses


class _Delivery:
    """One conversation with the server, in a thread of its own."""

    def __init__(
        self, relay: Relay, letter: Letter, *, addresses: Sequence[str], until: float
    ) -> None:
        self._relay = relay
        self._letter = letter
        self._addresses = addresses
        self._until = until
        self._socket: socket.socket | None = None
        self.is_sent = False
        """Whether some of the content may be with the server, without its answer."""

    def give_up(self) -> None:
        """End the conversation from outside: whatever it waits for will not come."""
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def run(self) -> None:
        """Say it all; see `Relay.deliver`."""
        try:
            self._converse()
        except TimeoutError:
            raise self._lost("connector.timeout") from None
        except (smtplib.SMTPServerDisconnected, OSError, EOFError) as error:
            if isinstance(error, ssl.SSLError) and not self.is_sent:
                raise NotDelivered("connector.tls") from None
            # smtplib hides a time that ran out in a connection that was closed.
            is_late = time.monotonic() >= self._until
            raise self._lost("connector.timeout" if is_late else "connector.cut") from None
        except smtplib.SMTPException:
            raise self._lost("connector.protocol") from None
        finally:
            if self._socket is not None:
                self._socket.close()

    def _lost(self, reason: str) -> NotDelivered:
        if self.is_sent:
            return NotDelivered(reason, "unknown", again=True)
        return NotDelivered(reason, again=reason != "connector.protocol")

    def _converse(self) -> None:
        server = self._connected()
        try:
            self._greet(server)
            letter = self._letter
            self._expect(server, "mail.sender-refused", "MAIL", f"FROM:<{letter.sender}>")
            self._expect(server, "mail.recipient-refused", "RCPT", f"TO:<{letter.to}>")
            self._expect(server, "smtp", "DATA", wanted=3)
            self._left(server)
            self.is_sent = True
            # RFC 5321 4.5.2: a line that begins with a dot is given another.
            server.send(letter.content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
            code, _ = server.getreply()
            self.is_sent = False
            _refuse(code, "smtp", wanted=2)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        relay = self._relay
        server = smtplib.SMTP()
        failure: OSError | None = None
        for address in self._addresses:
            try:
                found = socket.create_connection(
                    (address, relay.port), min(CONNECT_S, self._time_left())
                )
            except OSError as error:
                failure = error
                continue
            self._socket = found
            if relay.security == "tls":
                found.settimeout(self._time_left())
                found = _verifying(relay).wrap_socket(found, server_hostname=relay.host)
                self._socket = found
            server.sock = self._socket
            self._left(server)
            code, _ = server.getreply()
            _refuse(code, "smtp", wanted=2)
            return server
        raise NotDelivered("connector.unreachable", again=True) from failure

    def _greet(self, server: smtplib.SMTP) -> None:
        relay = self._relay
        self._left(server)
        code, _ = server.ehlo("localhost")
        _refuse(code, "smtp", wanted=2)
        if relay.security == "starttls":
            if not server.has_extn("starttls"):
                raise NotDelivered("mail.no-tls")
            self._expect(server, "mail.no-tls", "STARTTLS")
            self._left(server)
            assert server.sock is not None
            server.sock = _verifying(relay).wrap_socket(server.sock, server_hostname=relay.host)
            # RFC 3207: what was learnt before, or was sent along in clear, counts no more.
            server.file = None
            server.esmtp_features.clear()
            self._socket = server.sock
            self._left(server)
            code, _ = server.ehlo("localhost")
            _refuse(code, "smtp", wanted=2)
        if relay.user is not None and relay.password is not None:
            self._left(server)
            try:
                server.login(relay.user, relay.password.reveal())
            except smtplib.SMTPAuthenticationError as refused:
                _refuse(refused.smtp_code, "mail.login", wanted=2)
            except smtplib.SMTPNotSupportedError:
                raise NotDelivered("mail.login") from None

    def _expect(
        self, server: smtplib.SMTP, reason: str, command: str, said: str = "", *, wanted: int = 2
    ) -> None:
        self._left(server)
        code, _ = server.docmd(command, said)
        _refuse(code, reason, wanted=wanted)

    def _left(self, server: smtplib.SMTP) -> None:
        """Give the next exchange what is left of the time."""
        assert server.sock is not None
        server.sock.settimeout(self._time_left())

    def _time_left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _refuse(code: int, reason: str, *, wanted: int) -> None:
    """Go on where the server's answer is of the wanted class.

    Raises:
        NotDelivered: it is not: 4xx for now, 5xx for good.
    """
    if code // 100 == wanted:
        return
    if not 400 <= code < 600:
        raise NotDelivered("connector.protocol")
    if code < 500:
        raise NotDelivered(f"smtp.{code}", again=True)
    if reason == "mail.recipient-refused":
        raise NotDelivered(reason, "refused")
    raise NotDelivered(f"smtp.{code}" if reason == "smtp" else reason)


def _verifying(relay: Relay) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if relay.authorities is not None:
        context.load_verify_locations(cafile=relay.authorities)
    return context
