"""A real django-helpdesk, over real HTTP: tickets with their axes, their time, their end."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.outward import Answer, Ask, NotAnswered, Outward
from connectors.port import Connector, Outcome
from runtime.sessions import StartRequest
from runtime.settings import Settings
from runtime.wiring import open_service
from tests.connectors.deployed import HERE, call, opened
from tests.runtime.conftest import ANA, AUTHOR
from tests.runtime.walks import reply
from tests.support import helpdesk

AXES: dict[str, Any] = {
    "declaration": "livraison.suivi",
    "qualification": "paiement.defaut_presentation_cb",
    "action": "livraison.reexpedition",
}
PARCEL: dict[str, Any] = {
    "title": "Colis F-1042",
    "description": "Rien n'est arrivé.",
    "email": "c@example.org",
}
TABLE = """
[helpdesk]
kind = "ticketing"
helpdesk = "django-helpdesk"
base_url = "{url}"
auth = {{kind = "basic", user = "parcours", password = "secret://helpdesk"}}
{here}
"""
Deed = Callable[[dict[str, Connector]], Awaitable[Any]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with helpdesk.running(tmp_path_factory.mktemp("helpdesk")) as url:
        yield url


def at_desk(url: str, deed: Deed) -> Any:
    async def run() -> Any:
        text = TABLE.format(url=url, here=HERE)
        async with opened(text, secrets={"helpdesk": helpdesk.PASSWORD}) as connectors:
            return await deed(connectors)

    return asyncio.run(run())


def seen(url: str, path: str) -> Any:
    """Return what the helpdesk itself says."""
    word = base64.b64encode(f"{helpdesk.USER}:{helpdesk.PASSWORD}".encode()).decode()
    asked = urllib.request.Request(f"{url}{path}", headers={"Authorization": f"Basic {word}"})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return json.loads(answer.read())


def test_a_ticket_is_opened_with_its_axes_followed_up_with_its_time_and_closed(desk: str) -> None:
    async def deed(connectors: dict[str, Connector]) -> list[Outcome]:
        made = await call(connectors, "helpdesk.open", **PARCEL, declaration=AXES["declaration"])
        ticket = made.result["ticket"]
        return [
            made,
            await call(
                connectors, "helpdesk.follow_up", ticket=ticket, comment="Appel de Claire Dubois.",
                seconds=252, public=False,
            ),
            await call(
                connectors, "helpdesk.close", ticket=ticket, resolution="Colis réexpédié.", **AXES
            ),
            await call(connectors, "helpdesk.find", ticket=ticket),
        ]  # fmt: skip

    outcomes = at_desk(desk, deed)

    assert [one.status for one in outcomes] == ["succeeded"] * 4, outcomes
    ticket = outcomes[0].result["ticket"]
    assert outcomes[3].result == {"ticket": ticket, "title": PARCEL["title"], "status": "closed"}
    kept = seen(desk, f"/api/tickets/{ticket}/")
    # A follow-up with a title would have taken the ticket's own.
    assert (kept["title"], kept["submitter_email"]) == (PARCEL["title"], PARCEL["email"])
    assert (kept["status"], kept["resolution"]) == (3, "Colis réexpédié.")
    assert {name: kept[f"custom_{name}"] for name in AXES} == AXES
    [note] = [one for one in kept["followup_set"] if one["comment"].startswith("Appel")]
    assert (note["time_spent"], note["public"]) == ("00:04:12", False)


def test_a_ticket_nobody_knows_is_a_refusal_and_changes_nothing(desk: str) -> None:
    async def deed(connectors: dict[str, Connector]) -> list[Outcome]:
        return [
            await call(connectors, "helpdesk.find", ticket="99999"),
            await call(connectors, "helpdesk.close", ticket="99999", resolution="-"),
        ]

    assert at_desk(desk, deed) == [Outcome("refused", reason="not_found")] * 2


def test_an_answer_that_was_lost_is_found_again_by_its_reference(
    desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(self: Outward, ask: Ask, *, within_ms: int) -> Answer:
        await real(self, ask, within_ms=within_ms)
        raise NotAnswered("connector.cut", sent=True, again=True)

    real = Outward.send
    inputs: dict[str, Any] = {**PARCEL, "description": "Deuxième appel."}

    async def deed(connectors: dict[str, Connector]) -> list[Outcome]:
        with monkeypatch.context() as patched:
            patched.setattr(Outward, "send", lost)
            unknown = await call(connectors, "helpdesk.open", key="k-lost", **inputs)
        found = await call(connectors, "helpdesk.opened", key="k-lost", **inputs)
        note: dict[str, Any] = {"ticket": found.result["ticket"], "comment": "Rappelé."}
        with monkeypatch.context() as patched:
            patched.setattr(Outward, "send", lost)
            unheard = await call(connectors, "helpdesk.follow_up", key="k-note", **note)
        return [
            unknown,
            found,
            unheard,
            await call(connectors, "helpdesk.noted", key="k-note", **note),
            await call(connectors, "helpdesk.opened", key="k-never", **inputs),
            await call(connectors, "helpdesk.noted", key="k-never", **note),
        ]

    unknown, found, unheard, noted, *never = at_desk(desk, deed)

    assert (unknown.status, unheard.status) == ("unknown", "unknown")
    assert (found.status, noted.status) == ("succeeded", "succeeded")
    ticket = seen(desk, f"/api/tickets/{found.result['ticket']}/")
    assert ticket["description"].startswith("Deuxième appel.")
    assert noted.result["note"] in [str(one["id"]) for one in ticket["followup_set"]]
    assert never == [Outcome("refused", reason="not_found")] * 2


def test_a_wrong_password_is_a_failure_that_opened_nothing(desk: str) -> None:
    async def run() -> Outcome:
        text = TABLE.format(url=desk, here=HERE)
        async with opened(text, secrets={"helpdesk": "another"}) as connectors:
            return await call(connectors, "helpdesk.open", **PARCEL)

    outcome = asyncio.run(run())

    assert (outcome.status, outcome.reason, outcome.again) == ("failed", "http.401", False)


LIBRARY = {
    "library.yaml": """
parcours: 1
library: desk
title: Desk
languages: [en]
audiences: [advisor]
channels: [phone]
timezone: Europe/Paris
declarations: {order.late: main}
""",
    "codes.yaml": """
parcours: 1
declarations: {order: {label: Order, children: {late: {label: Late}}}}
qualifications: {payment: {label: Payment, children: {card: {label: Card}}}}
actions: {order: {label: Order, children: {resent: {label: Sent again}}}}
""",
    "connectors.yaml": """
parcours: 1
operations:
  helpdesk.open:
    effect: unsafe
    input:
      order: {type: text, required: true}
      declaration: {type: text, required: true}
      qualification: {type: text, required: true}
      action: {type: text, required: true}
    texts:
      title: {en: "Parcel {order}"}
      description: {en: "Order {order} was held back by the card and was sent again."}
    gives: [declaration, qualification, action]
    output: {ticket: {type: text}}
""",
    "journeys/main.yaml": """
parcours: 1
journey: main
title: Main
steps:
  - {id: ask, title: Order, declares: order.late, qualifies: payment.card, ask: {order: text}}
  - id: wrap_up
    do: helpdesk.open
    with:
      order: order
      declaration: '"order.late"'
      qualification: '"payment.card"'
      action: '"order.resent"'
    saves: {ticket: result.ticket}
    acts: order.resent
    by_hand: {say: "Open a ticket.", fills: [ticket]}
  - {id: done, end: resolved}
""",
}


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "its answer lost"])
def test_a_journey_ends_with_one_ticket_that_says_what_was_declared_found_and_done(
    desk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, lost: bool
) -> None:
    (tmp_path / "connectors.toml").write_text(TABLE.format(url=desk, here=HERE), encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "helpdesk").write_text(helpdesk.PASSWORD, encoding="utf-8")
    order = f"F-{int(lost)}042"
    real, posted = Outward.send, []

    async def send(self: Outward, ask: Ask, *, within_ms: int) -> Answer:
        answer = await real(self, ask, within_ms=within_ms)
        if ask.method == "POST":
            posted.append(ask.url)
            if lost:
                raise NotAnswered("connector.cut", sent=True, again=True)
        return answer

    async def run() -> str:
        settings = Settings(
            database=str(tmp_path / "store.db"), secrets=str(tmp_path / "secrets"),
            background=False, inline_ms=15_000,
        )  # fmt: skip
        async with open_service(settings) as service:
            await service.revisions.publish(AUTHOR, LIBRARY)
            request = StartRequest(journey="main", channel="phone", language="en")
            begun = await service.sessions.start(ANA, request)
            ended = await reply(service, ANA, begun, order=order)
            assert json.loads(ended.body)["view"]["status"] == "ended"
            return ended.body.decode()

    monkeypatch.setattr(Outward, "send", send)
    assert helpdesk.PASSWORD not in asyncio.run(run())
    assert len(posted) == 1
    found = seen(desk, "/api/tickets/?page=last")["results"]
    [newest] = [one for one in found if one["title"] == f"Parcel {order}"]
    assert newest["description"].startswith(
        f"Order {order} was held back by the card and was sent again."
    )
    assert {name: newest[f"custom_{name}"] for name in AXES} == {
        "declaration": "order.late", "qualification": "payment.card", "action": "order.resent",
    }  # fmt: skip
