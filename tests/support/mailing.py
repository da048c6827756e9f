"""A service whose letters go out through a mail system over HTTP that can be broken and mended."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import httpx

from runtime.settings import Settings
from tests.api.service import Shop, key, running
from tests.runtime.acting import FILES

PATIENCE_S = 30
DESKS = 6
"""Connectors to the mail system, so that a hundred failures open no circuit: 20 calls of one do."""
T = TypeVar("T")
MAIL = """
[mailN]
kind = "http"
base_url = "URL"
allow_http = true
allow_private = ["127.0.0.0/8"]
[mailN.operations.tell]
method = "POST"
path = "/letters"
effect = "keyed"
json = {to = "to"}
"""
BANK = """
[bank]
kind = "http"
base_url = "URL"
allow_http = true
allow_private = ["127.0.0.0/8"]
[bank.operations.pay]
method = "POST"
path = "/payments"
json = {to = "to"}
result = {receipt = "id"}
[bank.operations.pay.output]
receipt = "string"
"""


def files() -> dict[str, str]:
    """Return the library of `acting` with a journey `tell0`, `tell1` … for each connector."""
    found = {path: text for path, text in FILES.items() if "tell" not in path}
    head, _, rest = FILES["connectors.yaml"].partition("  mail.tell:\n")
    one, _, others = rest.partition("  trips.book:\n")
    mails = "".join(f"  mail{number}.tell:\n{one}" for number in range(DESKS))
    found["connectors.yaml"] = f"{head}{mails}  trips.book:\n{others}"
    tell = FILES["journeys/tell.yaml"]
    for number in range(DESKS):
        text = tell.replace("journey: tell\n", f"journey: tell{number}\n")
        found[f"journeys/tell{number}.yaml"] = text.replace("mail.tell", f"mail{number}.tell")
    return found


def deployment(url: str) -> str:
    """Return the deployment file of a mail system."""
    mails = "".join(MAIL.replace("mailN", f"mail{number}") for number in range(DESKS))
    return f"{mails}{BANK}".replace("URL", url)


@dataclass
class Mail:
    """The mail system: how it answers, and the key of each letter it was given."""

    url: str = ""
    status: int = 500
    keys: list[str] = field(default_factory=list)


@contextmanager
def mail() -> Iterator[Mail]:
    """Give a mail system that is broken."""
    found = Mail()

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            found.keys.append(self.headers["Idempotency-Key"] or "")
            self.send_response(found.status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        found.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Office:
    """A service and its mail system."""

    shop: Shop
    mail: Mail
    settings: Settings

    def ask(self, deed: Coroutine[object, object, T]) -> T:
        """Return what a use case gives, inside the service."""
        assert self.shop.loop is not None
        return asyncio.run_coroutine_threadsafe(deed, self.shop.loop).result(PATIENCE_S)

    def states(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return how many actions, and how many dead letters, are in each state."""
        assert self.shop.service is not None
        actions = self.ask(self.shop.service.outbox.states())
        return actions, self.ask(self.shop.service.letters.states())

    def letters(self, client: httpx.Client, state: str = "open") -> list[dict[str, Any]]:
        """Return all the dead letters in a state, a page after the other."""
        found: list[dict[str, Any]] = []
        asked = {"state": state, "limit": "30"}
        while True:
            page = client.get("/v1/dead-letters", params=asked).json()
            found += page["items"]
            if page["next"] is None:
                return found
            asked["cursor"] = page["next"]

    def until(self, letters: dict[str, int]) -> None:
        """Wait until dead letters stand so."""
        end = time.monotonic() + PATIENCE_S
        while (found := self.states()[1]) != letters:
            assert time.monotonic() < end, found


@contextmanager
def office(settings: Settings, folder: Path) -> Iterator[Office]:
    """Give a service with the journeys of `acting`, before a mail system that is broken."""
    with mail() as system:
        path = folder / "connectors.toml"
        path.write_text(deployment(system.url), encoding="utf-8")
        told = replace(settings, connectors=str(path))
        with running(told) as shop:
            with shop.client("author") as author:
                body = {"files": files()}
                answer = author.post("/v1/libraries", json=body, headers=key())
                assert answer.status_code == 201, answer.text
            yield Office(shop, system, told)


def begin(client: httpx.Client, journey: str, to: str) -> httpx.Response:
    """Begin a journey of `acting` and answer its first question."""
    started = client.post(
        "/v1/sessions", json={"journey": journey, "channel": "phone"}, headers=key()
    )
    assert started.status_code == 201, started.text
    return client.post(
        f"/v1/sessions/{started.json()['session']}/commands",
        json={"type": "answer", "values": {"to": to}},
        headers={**key(), "If-Match": started.headers["etag"]},
    )
