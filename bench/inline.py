"""What an action inside the advisor's turn adds to it, beside the bare HTTP call of its system."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from bench.acting import looking
from bench.advance import TENANT
from bench.measure import Row, quantile
from bench.servers import free_port, server
from runtime.access import Actor
from runtime.settings import load_settings
from runtime.upgrade import upgrade
from runtime.wiring import open_service
from tests.support.postgres import Cluster

LOOKS = 20
"""Actions in a session, one after each answer."""
SESSIONS = 10
TABLE = """
[oms]
kind = "http"
base_url = "http://127.0.0.1:{port}"
allow_http = true
allow_private = ["127.0.0.0/8"]
[oms.operations.get_order]
path = "/orders/{{id}}"
result = {{status = "status"}}
[oms.operations.get_order.output.status]
enum = ["late", "lost"]
"""


@contextmanager
def slow() -> Iterator[int]:
    """Run the system; give its port."""
    port = free_port()
    with server("bench.slow", str(port), port=port):
        yield port


def _prepare(database: str) -> str:
    upgrade(database)

    async def publish() -> str:
        settings = load_settings(database=database, background=False)
        async with open_service(settings, connectors={}) as service:
            await service.revisions.publish(Actor(TENANT, "admin", "bench"), looking(LOOKS))
            made = await service.keys.create(TENANT, "advisor", name="ana")
            return made.token

    return asyncio.run(publish())


def bare(port: int) -> list[float]:
    """Return how long the system's own answers take, over one connection, in milliseconds."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        found = []
        for _ in range(SESSIONS * LOOKS):
            begun = time.perf_counter()
            client.get("/orders/F-1").raise_for_status()
            found.append((time.perf_counter() - begun) * 1e3)
        return found


def turns(database: str, folder: Path, *, system: int) -> tuple[list[float], list[float]]:
    """Return how long turns take that look something up, and those that do not, in ms."""
    token = _prepare(database)
    (folder / "connectors.toml").write_text(TABLE.format(port=system), encoding="utf-8")
    port = free_port()
    env = {**os.environ, "PARCOURS_RATE_PER_S": "0", "PARCOURS_RATE_BURST": "1000000"}
    env["PARCOURS_CONNECTORS"] = str(folder / "connectors.toml")
    env["PARCOURS_FACTS"] = str(folder / "facts")
    arguments = ["parcours.main", "serve", "--database", database, "--port", str(port)]
    with (
        server(*arguments, port=port, env=env),
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
        ) as client,
    ):
        _walk(client)
        walks = [_walk(client) for _ in range(SESSIONS)]
    return [one for looked, _ in walks for one in looked], [
        one for _, said in walks for one in said
    ]


def _walk(client: httpx.Client) -> tuple[list[float], list[float]]:
    """Walk one session; return how long turns with an action took, and those without."""
    begun = client.post(
        "/v1/sessions", json={"journey": "bench.looking", "channel": "phone"}, headers=_key()
    )
    path, etag = f"/v1/sessions/{begun.json()['session']}/commands", begun.headers["etag"]
    given = [{"first": "one"}]
    for number in range(1, LOOKS + 1):
        given += [{f"note{number}": "x"}, {f"order{number}": "F-1"}]
    found: list[float] = []
    for values in given:
        asked = time.perf_counter()
        answer = client.post(
            path, json={"type": "answer", "values": values}, headers={**_key(), "If-Match": etag}
        )
        found.append((time.perf_counter() - asked) * 1e3)
        if answer.status_code != 200 or json.loads(answer.content)["status"] != "active":
            raise RuntimeError(f"{answer.status_code}: {answer.text[:500]}")
        etag = answer.headers["etag"]
    return found[2::2], found[1::2]


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex}


def _rows(name: str, found: tuple[list[float], list[float]], system: list[float]) -> list[Row]:
    looked, plain, call = (quantile(one, 0.5) for one in (*found, system))
    what = f"inline connector of 20 ms, {name}: p50"
    beside = f"turn {looked:.1f}, without {plain:.1f}, bare call {call:.1f}"
    return [
        Row(f"{what} it adds to its turn", looked - plain - call, "ms", None, beside, 5),
        Row(f"{what} of the whole turn beyond the call", looked - call, "ms", None, beside, 5),
        Row("the same", looked - call, "ms", plain, "turn without", 2),
    ]


def rows() -> list[Row]:
    """Measure both databases, their disks synced at each commit."""
    with slow() as system, tempfile.TemporaryDirectory(prefix="parcours-bench-") as name:
        folder = Path(name)
        calls = bare(system)
        found = _rows("SQLite", turns(str(folder / "x.sqlite3"), folder, system=system), calls)
        with closing(Cluster(durable=True)) as cluster:
            database = cluster.url(cluster.create_database())
            found += _rows("PostgreSQL", turns(database, folder, system=system), calls)
    return found
