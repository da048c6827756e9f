"""E-mails to a real SMTP server, and to one that breaks off wherever it likes."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from connectors.deployment import load_deployment
from connectors.email import EVERY, Email
from connectors.faults import Misconfigured
from connectors.kinds import open_connectors
from connectors.port import Outcome
from tests.connectors.contract import Contract, Subject
from tests.connectors.deployed import Uncounted
from tests.connectors.systems import certificates

T = TypeVar("T")
PASSWORD = "correct-horse-battery"
LETTER = {"to": "zoe@example.org", "subject": "Your order F-1", "body": "It leaves today."}
WALL = 1_790_000_000.0


class Box:
    """What a real server took; `code` is what it answers to an addressee whose name says it."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: Any
    ) -> str:
        name = address.partition("@")[0]
        if name.isdigit():
            return f"{name} 5.1.1 no such box for zoe"
        if name == "hangs":
            await asyncio.sleep(60)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        made = message_from_bytes(envelope.content, policy=policy.default)
        if "554" in str(made["Subject"]):
            return "554 5.7.1 no"
        if "451" in str(made["Subject"]):
            return "451 4.3.0 later"
        self.envelopes.append(envelope)
        self.taken.append(made)
        return "250 OK"


def run(what: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(what)


def authenticate(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
    return AuthResult(success=given.password == PASSWORD.encode(), handled=False)


@asynccontextmanager
async def server(
    box: Box, tls: ssl.SSLContext | None = None, *, implicit: bool = False
) -> AsyncIterator[int]:
    """Give the port of a real SMTP server on this machine."""

    def one() -> SMTP:
        return SMTP(
            box, hostname="box.example", tls_context=None if implicit else tls,
            require_starttls=tls is not None and not implicit,
            authenticator=authenticate if tls is not None else None,
            auth_require_tls=not implicit,
        )  # fmt: skip

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(one, "127.0.0.1", 0, ssl=tls if implicit else None)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


def connector(folder: Path, port: int, more: str = "", **given: Any) -> Email:
    text = f"""
[mail]
kind = "email"
host = "127.0.0.1"
port = {port}
allow_private = ["127.0.0.0/8"]
from = "La Boutique <bonjour@boutique.example>"
{more or 'security = "none"' + chr(10) + "allow_plain = true"}
[mail.operations.order_resent]
"""
    path = folder / "connectors.toml"
    path.write_text(text, encoding="utf-8")
    environment = {"PARCOURS_SECRET_SMTP": PASSWORD}
    [found] = open_connectors(
        load_deployment(path, environment=environment, wall=lambda: WALL, **given)
    ).values()
    assert isinstance(found, Email)
    return found


async def send(found: Email, key: str = "s1/main/mail~1.1", **change: str) -> Outcome:
    inputs = {**LETTER, **change}
    return await found.call("mail.order_resent", inputs, key=key, timeout_ms=2_000)


class TestEmail(Contract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = tmp_path
        # The server's own log says whom it was written to; ours must not.
        monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)

    @asynccontextmanager
    async def subject(self) -> AsyncIterator[Subject]:
        async with server(Box()) as port:
            yield Subject(
                connector(self.folder, port, monotonic=_leaps()),
                succeeds=("mail.order_resent", LETTER),
                refuses=("mail.order_resent", {**LETTER, "to": "550@example.org"}),
                fails=("mail.order_resent", {**LETTER, "subject": "554"}),
                hangs=("mail.order_resent", {**LETTER, "to": "hangs@example.org"}),
                secrets=(PASSWORD, "zoe@example.org", "no such box"),
            )


def _leaps() -> Any:
    """Return a clock on which every look is another hour: the pace does not matter here."""
    at = [0.0]

    def now() -> float:
        at[0] += 3_600
        return at[0]

    return now


def test_a_letter_is_plain_text_from_one_to_one_with_a_stable_id(tmp_path: Path) -> None:
    async def play() -> tuple[Box, list[Outcome]]:
        box = Box()
        async with server(box) as port:
            found = connector(tmp_path, port, monotonic=_leaps())
            body = "Déjà prêt.\n.\n..\n<b>gras</b>"
            made = [await send(found, body=body, subject="Commande « F-1 » expédiée")]
            made += [await send(found), await send(found, "s2/main/mail~1.1")]
        return box, made

    box, outcomes = run(play())

    first = box.taken[0]
    assert [one.status for one in outcomes] == ["succeeded"] * 3
    assert first["From"] == "La Boutique <bonjour@boutique.example>"
    assert first["To"] == "zoe@example.org"
    assert first["Subject"] == "Commande « F-1 » expédiée"
    assert first.get_content_type() == "text/plain"
    assert first.get_content().replace("\r\n", "\n") == "Déjà prêt.\n.\n..\n<b>gras</b>\n"
    assert first["Auto-Submitted"] == "auto-generated"
    ids = [one["Message-ID"] for one in box.taken]
    assert ids[0] == ids[1] != ids[2]
    assert outcomes[0].result == {"message": ids[0]}
    assert box.envelopes[0].rcpt_tos == ["zoe@example.org"]


INJECTED = ("\r\nBcc: eve@evil.example", "\nBcc: eve@evil.example", "\rX: y", "\x00", "\u2028B: c",
            "\u0085B: c", "\x0bB: c", "\u202egnp", "\x1b[31m")  # fmt: skip


@pytest.mark.parametrize("part", ["to", "subject"])
@pytest.mark.parametrize("added", INJECTED)
def test_what_a_person_wrote_adds_no_header_and_no_addressee(
    part: str, added: str, tmp_path: Path
) -> None:
    async def play() -> tuple[Box, Outcome]:
        box = Box()
        async with server(box) as port:
            found = connector(tmp_path, port)
            return box, await send(found, **{part: LETTER[part] + added})

    box, outcome = run(play())

    assert (outcome, box.taken) == (Outcome("failed", reason="connector.input", sent=False), [])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"to": "550@example.org"},
         Outcome("refused", reason="mail.recipient-refused", sent=False)),
        ({"to": "450@example.org"}, Outcome("failed", reason="smtp.450", sent=False, again=True)),
        ({"subject": "554"}, Outcome("failed", reason="smtp.554", sent=False)),
        ({"subject": "451"}, Outcome("failed", reason="smtp.451", sent=False, again=True)),
    ],
)  # fmt: skip
def test_what_the_server_says_is_told_by_its_class(
    change: dict[str, str], expected: Outcome, tmp_path: Path
) -> None:
    async def play() -> Outcome:
        async with server(Box()) as port:
            return await send(connector(tmp_path, port), **change)

    assert run(play()) == expected


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize(
    ("password", "trusted", "expected"),
    [
        ("smtp", True, "succeeded"),
        ("smtp", False, "connector.tls"),
        ("wrong", True, "mail.login"),
    ],
)
def test_it_goes_over_tls_with_a_password_and_the_certificate_is_verified(
    implicit: bool, password: str, trusted: bool, expected: str, tmp_path: Path
) -> None:
    authority, tls = certificates(tmp_path, "127.0.0.1")
    (tmp_path / "wrong").write_text("not it", encoding="utf-8")
    security = "tls" if implicit else "starttls"
    more = f'security = "{security}"\nuser = "shop"\npassword = "secret://{password}"\n'
    more += f'authorities = "{authority.name}"\n' if trusted else ""

    async def play() -> tuple[Box, Outcome]:
        box = Box()
        async with server(box, tls, implicit=implicit) as port:
            found = _with_secrets(tmp_path, port, more)
            return box, await send(found)

    box, outcome = run(play())

    assert expected in {outcome.status, outcome.reason}
    assert len(box.taken) == (1 if expected == "succeeded" else 0)
    assert outcome.sent is (expected == "succeeded")


def _with_secrets(folder: Path, port: int, more: str) -> Email:
    connector(folder, port)
    path = folder / "connectors.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('security = "none"\nallow_plain = true', more), encoding="utf-8")
    environment = {"PARCOURS_SECRET_SMTP": PASSWORD}
    deployment = load_deployment(path, secrets_folder=folder, environment=environment)
    [found] = open_connectors(deployment).values()
    assert isinstance(found, Email)
    return found


def test_a_server_without_tls_is_told_nothing(tmp_path: Path) -> None:
    async def play() -> tuple[Box, Outcome]:
        box = Box()
        async with server(box) as port:
            return box, await send(connector(tmp_path, port, 'security = "starttls"'))

    box, outcome = run(play())

    assert (outcome.reason, outcome.sent, box.taken) == ("mail.no-tls", False, [])


# -- a server that breaks off

CALM = [b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"250 x\r\n", b"354 x\r\n"]


@asynccontextmanager
async def breaking(answers: list[bytes], *, hangs: bool = False) -> AsyncIterator[int]:
    """Give the port of a server that gives so many answers, then hangs up, or hangs."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number, answer in enumerate(answers):
            if number:
                await reader.readline()
            writer.write(answer)
            await writer.drain()
        if len(answers) == len(CALM):
            await reader.readuntil(b"\r\n.\r\n")
        if hangs:
            await reader.read()
        writer.close()

    listening = await asyncio.start_server(converse, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]


@pytest.mark.parametrize("hangs", [False, True])
@pytest.mark.parametrize("given", range(len(CALM) + 1))
def test_only_what_breaks_off_after_the_content_is_unknown(
    given: int, hangs: bool, tmp_path: Path
) -> None:
    async def play() -> Outcome:
        async with breaking(CALM[:given], hangs=hangs) as port:
            found = connector(tmp_path, port)
            return await found.call("mail.order_resent", LETTER, key="k", timeout_ms=400)

    outcome = run(play())

    is_sent = given == len(CALM)
    reason = "connector.timeout" if hangs else "connector.cut"
    assert outcome.status == ("unknown" if is_sent else "failed")
    assert (outcome.reason, outcome.sent, outcome.again) == (reason, is_sent, True)


def test_a_server_that_speaks_something_else_is_told(tmp_path: Path) -> None:
    async def play() -> Outcome:
        async with breaking([b"HTTP/1.1 400 Bad Request\r\n"]) as port:
            return await send(connector(tmp_path, port))

    assert run(play()).reason == "connector.protocol"


def test_a_server_that_is_not_there_or_may_not_be_reached_is_told_nothing(tmp_path: Path) -> None:
    async def private(_host: str, _port: int) -> list[str]:
        return ["10.0.0.9"]

    async def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError

    assert run(send(connector(tmp_path, 1))) == Outcome(
        "failed", reason="connector.unreachable", sent=False, again=True
    )
    assert run(send(connector(tmp_path, 25, resolve=private))) == Outcome(
        "failed", reason="egress.denied", sent=False
    )
    assert run(send(connector(tmp_path, 25, resolve=nowhere))).reason == "connector.unreachable"


def test_a_session_writes_once_a_minute_and_its_own_retry_counts_as_the_same(
    tmp_path: Path,
) -> None:
    at = [0.0]

    async def play() -> list[tuple[str, str | None, int | None]]:
        async with server(Box()) as port:
            found = connector(tmp_path, port, monotonic=lambda: at[0])
            made = [await send(found, "s1/a~1.1"), await send(found, "s1/a~1.1"),
                    await send(found, "s2/a~1.1"), await send(found, "s1/b~1.1")]  # fmt: skip
            at[0] += EVERY / 1_000
            made.append(await send(found, "s1/b~1.1"))
        return [(one.status, one.reason, one.after_ms) for one in made]

    sent = ("succeeded", None, None)
    assert run(play()) == [sent, sent, sent, ("failed", "mail.too-often", 60_001), sent]


def test_what_cannot_be_counted_now_is_not_sent_and_may_be_later(tmp_path: Path) -> None:
    box = Box()

    async def play() -> Outcome:
        async with server(box) as port:
            return await send(connector(tmp_path, port, allowances=Uncounted()))

    later = Outcome("failed", reason="connector.not-counted", sent=False, again=True)
    assert (run(play()), box.taken) == (later, [])


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('security = "none"', "security"),
        ('security = "ssl"', "security"),
        ('security = "tls"\nuser = "shop"', "user"),
        ('security = "tls"\npassword = "secret://smtp"', "user"),
        ('security = "tls"\nuser = "x"\npassword = "in clear"', "password"),
        ('security = "tls"\nuser = "x"\npassword = "secret://none"', "password"),
        ('security = "tls"\nreply = "x"', "reply"),
    ],
)
def test_a_table_that_is_wrong_is_told_at_its_key(more: str, key: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as wrong:
        connector(tmp_path, 25, more)

    assert {fault.path[-1] for fault in wrong.value.faults} == {key}
