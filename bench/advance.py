"""One durable advance over HTTP, each store beside FastAPI's hello and the ordinary style."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.libraries import questions
from bench.load import CONNECTIONS, Load, Reply, Script, cpu_of, press, request
from bench.measure import Row, quantile
from bench.ordinary import TOKEN
from bench.servers import free_port, server
from runtime.access import Actor
from runtime.settings import load_settings
from runtime.upgrade import upgrade
from runtime.wiring import open_service
from tests.support.postgres import Cluster

SECONDS = 5.0
QUESTIONS = 50
"""Answers in a session. Each view tells them all again, so that a long one costs more a turn."""
SHORT = 12
"""Answers in a contact of the usual length."""
TENANT = "bench"


@dataclass(slots=True)
class Advancing:
    """One connection: it begins sessions, and answers their questions one after the other."""

    token: str
    questions: int = QUESTIONS
    number: int = 0
    session: str = ""

    def __call__(self, reply: Reply | None) -> tuple[bytes, bool]:
        """Return the next request, and whether it is an advance."""
        if reply is not None and reply.status not in (200, 201):
            raise RuntimeError(f"{reply.status}: {reply.body[:500]!r}")
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid.uuid4().hex}
        if reply is None or self.number > self.questions:
            self.number, self.session = 0, ""
            body = json.dumps({"journey": "bench.questions", "channel": "phone"}).encode()
            return request("POST", "/v1/sessions", body, headers=headers), False
        if not self.session:
            self.session = str(json.loads(reply.body)["session"])
        values: dict[str, object] = (
            {"first": "one"} if self.number == 0 else {f"value{self.number}": self.number}
        )
        self.number += 1
        body = json.dumps({"type": "answer", "values": values}).encode()
        headers["If-Match"] = reply.etag
        return request("POST", f"/v1/sessions/{self.session}/commands", body, headers=headers), True


def hello() -> Load:
    """Return what FastAPI's hello bears."""
    port = free_port()
    asked = request("GET", "/", headers={})
    with server("bench.hello", str(port), port=port) as pid:
        return press(port, pid, lambda _: lambda _reply: (asked, True), seconds=SECONDS)


def ordinary(folder: Path) -> Load:
    """Return what the ordinary style bears on SQLite."""
    port = free_port()

    def make(number: int) -> Script:
        def script(reply: Reply | None) -> tuple[bytes, bool]:
            if reply is not None and reply.status != 200:
                raise RuntimeError(f"{reply.status}: {reply.body[:500]!r}")
            headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": uuid.uuid4().hex}
            body = b'{"type": "answer", "values": {"value1": 1}}'
            return request("POST", f"/sessions/{number}/commands", body, headers=headers), True

        return script

    path = str(folder / "ordinary.sqlite3")
    with server("bench.ordinary", str(port), path, port=port) as pid:
        return press(port, pid, make, seconds=SECONDS)


def prepare(database: str) -> str:
    """Bring a database up, publish the measured journey, and return a key."""
    upgrade(database)

    async def publish() -> str:
        settings = load_settings(database=database, background=False)
        async with open_service(settings) as service:
            await service.revisions.publish(
                Actor(TENANT, "admin", "bench"), questions(QUESTIONS + 1)
            )
            made = await service.keys.create(TENANT, "advisor", name="ana")
            return made.token

    return asyncio.run(publish())


@contextmanager
def serving(database: str, *more: str) -> Iterator[tuple[int, int]]:
    """Run the service on a database; give its port and its process."""
    port = free_port()
    env = {**os.environ, "PARCOURS_RATE_PER_S": "0", "PARCOURS_RATE_BURST": "1000000"}
    arguments = ["parcours.main", "serve", "--database", database, "--port", str(port), *more]
    with server(*arguments, port=port, env=env) as pid:
        yield port, pid


def advance(database: str, *more: str, answers: int = QUESTIONS) -> Load:
    """Return what the service bears on a database, in sessions of so many answers."""
    token = prepare(database)
    with serving(database, *more) as (port, pid):
        press(port, pid, lambda _: Advancing(token, answers), seconds=1.0)
        return press(port, pid, lambda _: Advancing(token, answers), seconds=SECONDS)


def processes_of(cluster: Cluster) -> list[int]:
    """Return the processes of a PostgreSQL server (Linux)."""
    leader = int(
        (cluster.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0]
    )
    children = Path(f"/proc/{leader}/task/{leader}/children").read_text(encoding="ascii").split()
    return [leader, *map(int, children)]


def rows() -> list[Row]:
    """Measure hello, the ordinary style, and the service on both databases."""
    with tempfile.TemporaryDirectory(prefix="parcours-bench-") as name:
        folder = Path(name)
        bare, usual = hello(), ordinary(folder)
        ours = advance(str(folder / "parcours.sqlite3"))
        short = advance(str(folder / "short.sqlite3"), answers=SHORT)
    found = [
        Row("HTTP advance, SQLite FULL: server CPU", ours.cpu_us, "µs", bare.cpu_us, "hello", 1.3),
        Row(
            f"the same, in sessions of {SHORT} answers, their beginning included",
            short.cpu_us,
            "µs",
            bare.cpu_us,
            "hello",
            1.3,
        ),
        Row(
            "the ordinary style beside it",
            usual.cpu_us,
            "µs",
            ours.cpu_us,
            "ours",
            5,
            at_least=True,
        ),
        _tail("SQLite", ours),
        Row("requests a second, SQLite", ours.rate, "/s", bare.rate, "hello", 0.7, at_least=True),
    ]
    with closing(Cluster(durable=True)) as cluster:
        token = prepare(database := cluster.url(cluster.create_database()))
        with serving(database) as (port, pid):
            press(port, pid, lambda _: Advancing(token), seconds=1.0)
            before = sum(map(cpu_of, processes_of(cluster)))
            one = press(port, pid, lambda _: Advancing(token), seconds=SECONDS)
            spent = (sum(map(cpu_of, processes_of(cluster))) - before) / one.requests * 1e6
        two = advance(cluster.url(cluster.create_database()), "--workers", "2")
    found += [
        Row("HTTP advance, PostgreSQL: server CPU", one.cpu_us, "µs", bare.cpu_us, "hello", 1.3),
        Row("PostgreSQL's own CPU for it", spent, "µs", None, "", 75),
        _tail("PostgreSQL", one),
        Row("two processes, requests a second", two.rate, "/s", one.rate, "one", 1, at_least=True),
    ]
    return found


def _tail(name: str, load: Load) -> Row:
    p50, p99 = (quantile(load.latencies_ms, share) for share in (0.5, 0.99))
    return Row(f"{name}: p99, {CONNECTIONS} connections", p99, "ms", p50, "p50", 5)
