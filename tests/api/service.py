"""A real service for the tests: the application in a uvicorn of its own, on a free port."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from api.app import create_app
from api.bundle import Bundle
from api.server import Server, make_server
from connectors.hooks import Teller
from connectors.listeners import Listener
from connectors.mock import Mock
from runtime.access import ROLES, Actor
from runtime.clock import Clock
from runtime.settings import Settings
from runtime.upgrade import is_postgres, upgrade
from runtime.wiring import Service, open_service

LIBRARY = Path(__file__).parent / "library"
TENANT, OTHER_TENANT = "shop", "rival"
MOCK = {
    "operations": {
        "oms.get_order": [
            {"when": {"id": "F-0404"}, "failed": "down"},
            {"when": {"id": "F-0009"}, "result": {"status": "lost"}},
            {"result": {"status": "in_transit"}},
        ]
    }
}
PATIENCE_S = 30


def library_files(folder: Path = LIBRARY) -> dict[str, str]:
    """Return a library's files as they are published: path below the folder -> text."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.yaml"))
    }


@dataclass
class Shop:
    """A running service, with a key for each role of one tenant and one of another tenant's."""

    url: str
    keys: dict[str, str] = field(default_factory=dict)
    service: Service | None = None
    server: Server | None = None
    loop: asyncio.AbstractEventLoop | None = None
    calls: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    """What its connectors were asked: (operation, inputs, key)."""

    def client(self, role: str = "advisor", **headers: str) -> httpx.Client:
        """Return a client that calls in a role; `rival` is another tenant's advisor."""
        known = {"Authorization": f"Bearer {self.keys[role]}"} if role in self.keys else {}
        return httpx.Client(
            base_url=self.url,
            headers={**known, "Accept-Language": "en", **headers},
            timeout=PATIENCE_S,
            trust_env=False,
        )


class _Announced(Server):
    """Says when it listens."""

    def __init__(self, server: Server) -> None:
        super().__init__(server._app, server.config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@contextmanager
def running(
    settings: Settings,
    *,
    is_hot: bool = True,
    clock: Clock | None = None,
    answers: Mapping[str, Any] | None = None,
    bundle: Bundle | None = None,
    tellers: Mapping[str, Teller] | None = None,
    listeners: Sequence[Listener] | None = None,
) -> Iterator[Shop]:
    """Give a running service whose tenants have a library and keys; its clock the system's.

    `answers` are further operations' written answers; `bundle` the pages, else this checkout's;
    `tellers` the systems that tell us something, `listeners` those whom we tell.
    """
    if is_postgres(settings.database):
        upgrade(settings.database)
    # Beside a file they go with it; beside a server they would be left where tests run.
    facts = tempfile.TemporaryDirectory()
    settings = replace(settings, facts=settings.facts or f"{facts.name}/facts")
    listener = socket.create_server(("127.0.0.1", 0))
    shop = Shop(f"http://127.0.0.1:{listener.getsockname()[1]}")

    @asynccontextmanager
    async def opener(settings: Settings) -> AsyncIterator[Service]:
        given = None if settings.connectors else {"*": mock}
        async with open_service(
            settings, clock=clock, connectors=given, tellers=tellers, listeners=listeners
        ) as service:
            await _prepare(service, shop)
            shop.service, shop.loop = service, asyncio.get_running_loop()
            yield service

    mock = Mock({"operations": {**MOCK["operations"], **(answers or {})}})
    shop.calls = mock.calls
    app = create_app(settings, opener=opener, is_hot=is_hot, bundle=bundle)
    server = _Announced(make_server(app, host="127.0.0.1", port=0))
    shop.server = server
    failures: list[BaseException] = []

    def run() -> None:
        try:
            server.run(sockets=[listener])
        except BaseException as failure:  # noqa: BLE001 - told to the test, in another thread
            failures.append(failure)
        finally:
            server.listening.set()

    thread = threading.Thread(target=run, name="service")
    thread.start()
    try:
        assert server.listening.wait(PATIENCE_S), "the service did not start"
        if failures or not server.started:
            raise AssertionError(f"the service did not start: {failures}")
        yield shop
    finally:
        server.stop()
        thread.join(PATIENCE_S)
        listener.close()
        facts.cleanup()


async def _prepare(service: Service, shop: Shop) -> None:
    for tenant in (TENANT, OTHER_TENANT):
        author = Actor(tenant, "author", "eve")
        await service.revisions.publish(author, library_files())
    for role in ROLES:
        if role != "system":
            made = await service.keys.create(TENANT, role, name="ana")
            shop.keys[role] = made.token
    shop.keys["rival"] = (await service.keys.create(OTHER_TENANT, "admin", name="bob")).token


def key() -> dict[str, str]:
    """Return a fresh Idempotency-Key header."""
    return {"Idempotency-Key": str(uuid.uuid4())}


def begin(client: httpx.Client, **more: Any) -> httpx.Response:
    """Begin a session of the shop's journey."""
    body = {"journey": "parcel", "channel": "phone", "language": "en", **more}
    response = client.post("/v1/sessions", json=body, headers=key())
    assert response.status_code == 201, response.text
    return response


def bring(
    client: httpx.Client, begun: httpx.Response | str, body: Mapping[str, Any], **headers: str
) -> httpx.Response:
    """Bring a command to a session, at the version of the answer given."""
    known = key()
    if isinstance(begun, str):
        session = begun
    else:
        said = begun.json()
        session = said["session"]
        known["If-Match"] = begun.headers["etag"]
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(f"/v1/sessions/{session}/commands", json=body, headers={**known, **sent})


def code_of(response: httpx.Response) -> tuple[int, str]:
    """Return a refusal's status and code, its form verified."""
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["detail"]
    assert len(body["trace_id"]) == 32
    return response.status_code, body["code"]
