"""Other systems in every kind of trouble, each with a journey that asks it for two things."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.connectors.systems import (
    Answering,
    System,
    certificates,
    drip,
    endless,
    hang,
    says,
    system,
)

BOMB = gzip.compress(b" " * 50_000_000, compresslevel=9)


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of trouble: what the system does, and what is recorded of it.

    Attributes:
        answering: how it answers; None when nobody listens there.
        reason: the stable code.
        sure: whether an action that changes something surely changed nothing.
        tls: whether it speaks with a certificate that nobody vouches for.
        change: what is written otherwise in its table, which then does not fit the library; None
            when it has none.
    """

    name: str
    reason: str
    answering: Answering | None
    sure: bool = False
    tls: bool = False
    change: tuple[str, str] | None = ("", "")

    @property
    def seconds(self) -> str:
        """How long its operations may take: not long where that is the trouble itself."""
        return "1s" if self.reason == "connector.timeout" else "10s"


EIGHT = (
    Fault("refused", "connector.unreachable", None, sure=True),
    Fault("broken", "http.500", says("{}", "500 Broken")),
    Fault("busy", "http.429", says("{}", "429 Too Many"), sure=True),
    Fault("silent", "connector.timeout", hang),
    Fault("garbled", "connector.bad-json", says("<html>")),
    Fault("other", "connector.schema", says('{"status": "exploded"}')),
    Fault("forged", "connector.tls", says(), sure=True, tls=True),
    Fault("down", "connector.circuit-open", says("{}", "500 Broken"), sure=True),
)
"""Those of T19. `down` is known to be down: half of twenty calls failed before."""


MISFITS = (
    Fault("absent", "connector.not-configured", says(), sure=True, change=None),
    Fault(
        "unoffered", "connector.unknown-operation", says(), sure=True,
        change=(".operations.", ".operations.other_"),
    ),
    Fault(
        "unnamed", "connector.input", says(), sure=True, change=("/orders/{id}", "/orders/{number}")
    ),
    Fault(
        "bare", "connector.secret", says(), sure=True,
        change=("allow_http", 'auth = {kind = "bearer", token = "secret://bare"}\nallow_http'),
    ),
)  # fmt: skip
"""Deployments that do not fit the library; the secret of `bare` goes while the service runs."""


def hostile(elsewhere: str) -> tuple[Fault, ...]:
    """Return the systems that mean harm; one sends us `elsewhere`."""
    moved = says("{}", "302 Found", headers=(f"Location: {elsewhere}/",))
    packed = says(BOMB, headers=("Content-Encoding: gzip",))
    return (
        Fault("dripping", "connector.timeout", drip),
        Fault("endless", "connector.too-large", endless),
        Fault("bomb", "connector.too-large", packed),
        Fault("moved", "http.302", moved),
    )


def files(faults: tuple[Fault, ...]) -> dict[str, str]:
    """Return a library with a journey for each system."""
    found = {"library.yaml": LIBRARY, "codes.yaml": CODES}
    operations = "".join(
        OPERATIONS.replace("NAME", one.name).replace("SECONDS", one.seconds) for one in faults
    )
    found["connectors.yaml"] = f"operations:\n{operations}"
    for one in faults:
        found[f"journeys/{one.name}.yaml"] = JOURNEY.replace("NAME", one.name)
    return found


@asynccontextmanager
async def deployed(faults: tuple[Fault, ...], folder: Path) -> AsyncIterator[dict[str, System]]:
    """Give the systems by name, running, and their deployment file in a folder."""
    _, context = certificates(folder, "127.0.0.1")
    async with AsyncExitStack() as stack:
        systems: dict[str, System] = {}
        for one in faults:
            tls: ssl.SSLContext | None = context if one.tls else None
            if one.answering is None:
                systems[one.name] = await _nobody()
            else:
                found = await stack.enter_async_context(system(one.answering, tls=tls))
                systems[one.name] = found
        tables = [table(one, systems[one.name].url) for one in faults if one.change is not None]
        (folder / "connectors.toml").write_text("".join(tables), encoding="utf-8")
        yield systems


def table(fault: Fault, url: str) -> str:
    """Return the table of a system in the deployment file."""
    assert fault.change is not None
    text = TABLE.replace(*fault.change) if fault.change[0] else TABLE
    return text.replace("NAME", fault.name).replace("URL", url)


async def _nobody() -> System:
    """Return a place where nobody listens any more."""
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return System(port)


LIBRARY = """\
parcours: 1
library: trouble
title: Trouble
languages: [en]
audiences: [advisor]
channels: [phone]
timezone: Europe/Paris
facts:
  customer.email: {type: email, holder: customer}
"""
CODES = """\
declarations:
  parcel: {label: Parcel not received, examples: {en: ["My parcel has not arrived"]}}
qualifications:
  lost: {label: Parcel lost}
actions:
  resent: {label: Sent again}
"""
OPERATIONS = """\
  NAME.get_order:
    effect: read
    input: {id: {type: text, required: true}}
    output: {status: {type: choice, options: [late, lost]}}
    timeout: SECONDS
  NAME.resend:
    effect: unsafe
    input: {id: {type: text, required: true}, status: {type: text}}
    output: {parcel: {type: text}, status: {type: choice, options: [late, lost]}}
    timeout: SECONDS
"""
TABLE = """
[NAME]
kind = "http"
base_url = "URL"
allow_http = true
allow_private = ["127.0.0.0/8"]
[NAME.operations.get_order]
path = "/orders/{id}"
result = {status = "status"}
[NAME.operations.get_order.output.status]
enum = ["late", "lost"]
[NAME.operations.resend]
method = "POST"
path = "/orders/{id}/parcels"
json = {status = "status"}
result = {parcel = "id", status = "status"}
[NAME.operations.resend.output]
parcel = "string"
status = {enum = ["late", "lost"]}
"""
JOURNEY = """\
parcours: 1
journey: NAME
title: A parcel that did not come
steps:
  - id: who
    say: Hello, what is your address?
    declares: parcel
    qualifies: lost
    time: identification
    ask:
      email: {type: email, label: E-mail, fact: customer.email, known: confirm}
  - id: which
    say: Which order is it?
    time: useful
    ask: {order_id: {type: text, label: Order}}
  - id: order
    do: NAME.get_order
    with: {id: order_id}
    saves: {order: result}
    time: lookup
    by_hand:
      say: "Open order {order_id} of {email} and read its status."
      fills: [order.status]
  - id: resend
    do: NAME.resend
    with: {id: order_id, status: order.status}
    saves: {sent: result}
    acts: resent
    by_hand:
      say: "Send order {order_id} ({order.status}) again to {email}."
      fills: [sent.parcel]
  - {id: solved, say: "Parcel {sent.parcel} is on its way.", time: useful}
  - {id: done, end: resolved}
"""
