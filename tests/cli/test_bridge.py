"""A chat account answered by journeys: on a real XMPP server, with retries and a bridge killed."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import pytest

from connectors.answering import Written
from connectors.xmpp import Account, Replaced, attend
from parcours.commands.bridge import PASSWORD, SECRET, TOKEN
from parcours.options import KEY
from tests.api.modelling import desk
from tests.api.service import Shop
from tests.cli.conftest import Cli
from tests.support.prosody import HOST, PASSWORDS, Customer, Prosody, prosody

__all__ = ["desk"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prosody]:
    """Give an XMPP server."""
    with prosody(tmp_path_factory.mktemp("prosody")) as found:
        yield found


@contextmanager
def bridging(server: Prosody, shop: Shop, to: str | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run a bridge from the server's desk to a service, until the block is left."""
    secrets = {KEY: shop.keys["bot"], PASSWORD: PASSWORDS["desk"]}
    with subprocess.Popen(
        [
            sys.executable, "-m", "parcours.main", "bridge", "xmpp", f"desk@{HOST}",
            "--to", to or shop.url, "--server", f"127.0.0.1:{server.port}",
            "--authorities", str(server.authorities), "--lang", "en",
        ],
        cwd=ROOT, env={**os.environ, **secrets}, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stderr is not None
            assert process.stderr.readline() == "connected\n"
            yield process
        finally:
            process.kill()


class Relay:
    """Stands between a bridge and its service; kills the bridge once the service has answered."""

    def __init__(self, shop: Shop) -> None:
        self.victim: subprocess.Popen[str] | None = None
        relay, service = self, urlsplit(shop.url)

        class Passing(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                self._pass(b"")

            def do_POST(self) -> None:
                self._pass(self.rfile.read(int(self.headers["content-length"])))

            def _pass(self, body: bytes) -> None:
                with closing(http.client.HTTPConnection(str(service.hostname), service.port)) as to:
                    to.request(self.command, self.path, body, dict(self.headers))
                    answer = to.getresponse()
                    said = answer.read()
                if relay.victim is not None:
                    relay.victim.send_signal(signal.SIGKILL)
                    return
                self.send_response(answer.status)
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def test_a_server_that_cannot_be_reached_is_told_and_tried_again() -> None:
    async def play() -> list[str]:
        closing, told = asyncio.Event(), list[str]()

        def tell(code: str) -> None:
            told.append(code)
            closing.set()

        async def take(_: Written) -> list[str]:
            raise AssertionError

        with socket.socket() as unheard:
            unheard.bind(("127.0.0.1", 0))
            account = Account(
                jid=f"desk@{HOST}", password="x", host="127.0.0.1", port=unheard.getsockname()[1]
            )
            await attend(account, take, closing=closing, told=tell)
        return told

    assert asyncio.run(play()) == ["lost"]


def test_a_customer_walks_a_whole_journey_by_xmpp_and_their_retry_is_answered_once(
    server: Prosody, desk: Shop
) -> None:
    async def walk(customer: Customer) -> str:
        assert "e-mail address" in await customer.say("My parcel arrived damaged")
        assert "postcode" in await customer.say("claire.dubois@example.org")
        assert "Which order" in await customer.say("69003", id="once")
        customer.write("69003", id="once")
        assert "8. F-2000 · Kilim\n9. None of these" in await customer.say("F-7777")
        assert "What did you find" in await customer.say("F-1090")
        assert "all right with you" in await customer.say("only the box")
        assert "Are you satisfied" in await customer.say("yes")
        assert "Was this time with us useful" in await customer.say("5")
        return await customer.say("yes")

    async def whole() -> str:
        async with Customer(server) as customer:
            return await walk(customer)

    with bridging(server, desk) as process:
        last = asyncio.run(whole())
        process.terminate()
        code = process.wait()

    assert last.endswith("That is all for this request.")
    assert code == 0


def test_a_bridge_killed_before_it_replied_goes_on_and_nothing_is_lost_or_answered_twice(
    server: Prosody, desk: Shop
) -> None:
    async def whole() -> list[str]:
        async with Customer(server, "ana") as customer:
            with Relay(desk) as relay, bridging(server, desk, to=relay.url) as process:
                await customer.say("My parcel arrived damaged")
                relay.victim = process
                customer.write("claire.dubois@example.org")
                await asyncio.to_thread(process.wait)
            customer.write("69003")
            with bridging(server, desk):
                replies = [await customer.reply(), await customer.reply()]
                return [*replies, await customer.say("F-1090")]

    replies = asyncio.run(whole())

    understood = [reply.splitlines()[0] for reply in replies]
    assert understood == [
        "Understood: E-mail: claire.dubois@example.org.",
        "Understood: Postcode: 69003.",
        "Understood: Order: F-1090 · Polaire.",
    ]


def test_a_bridge_without_a_key_or_a_password_says_so_before_it_connects(
    cli: Cli, desk: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("bridge", "xmpp", f"desk@{HOST}", "--to", desk.url)
    monkeypatch.delenv(PASSWORD, raising=False)
    monkeypatch.delenv(KEY, raising=False)
    nobody = cli(*asked)
    monkeypatch.setenv(PASSWORD, "x")
    keyless = cli(*asked)
    refused = cli(*asked, "--key", "pk_no_such")
    astray = cli(*asked, "--key", desk.keys["bot"], "--server", "nowhere")

    assert (nobody.code, "$PARCOURS_XMPP_PASSWORD is not set." in nobody.err) == (2, True)
    assert (keyless.code, "a bot's key" in keyless.err) == (2, True)
    assert (refused.code, "The service refuses" in refused.err) == (1, True)
    assert (astray.code, "nowhere is not host:port" in astray.err) == (2, True)


def test_a_bridge_on_a_channel_that_no_library_has_is_refused_at_its_start(
    cli: Cli, desk: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, "x")
    monkeypatch.setenv(TOKEN, "x")
    monkeypatch.setenv(SECRET, "x")
    given = ("--to", desk.url, "--key", desk.keys["bot"], "--channel", "pigeon", "--lang", "en")

    by_xmpp = cli("bridge", "xmpp", f"desk@{HOST}", *given)
    by_chatwoot = cli("bridge", "chatwoot", "http://127.0.0.1:1", "--account", "1", *given)
    astray = cli("bridge", "xmpp", f"desk@{HOST}", *given, "--journey", "no.such")

    for refused in (by_xmpp, by_chatwoot):
        assert refused.code == 1
        assert "no library of the service has a channel “pigeon”" in refused.err
    assert (astray.code, "no journey “no.such”" in astray.err) == (1, True)


def test_a_bridge_that_is_not_let_in_says_so(
    server: Prosody, desk: Shop, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, "guessed")

    stranger = cli(
        "bridge", "xmpp", f"desk@{HOST}", "--to", desk.url, "--key", desk.keys["bot"],
        "--server", f"127.0.0.1:{server.port}", "--authorities", server.authorities,
    )  # fmt: skip

    assert (stranger.code, "does not let desk@localhost in" in stranger.err) == (1, True)


def test_of_two_bridges_of_an_account_the_first_goes(server: Prosody) -> None:
    account = Account(
        jid=f"desk@{HOST}", password=PASSWORDS["desk"], host="127.0.0.1", port=server.port,
        authorities=server.authorities,
    )  # fmt: skip

    async def nothing(_: Written) -> list[str]:
        return []

    async def whole() -> None:
        over, connected = asyncio.Event(), asyncio.Event()

        def told(_: str) -> None:
            connected.set()

        first = asyncio.create_task(attend(account, nothing, closing=over, told=told))
        await connected.wait()
        second = asyncio.create_task(attend(account, nothing, closing=over, told=told))
        with pytest.raises(Replaced):
            await first
        over.set()
        await second

    asyncio.run(whole())
