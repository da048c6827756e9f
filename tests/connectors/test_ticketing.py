"""A helpdesk known by its mapping alone: another one's words, and what is wrong in a table."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.port import Connector, Outcome
from connectors.ticketing import PAGES, reference_of
from parcours.places import ROOT
from tests.connectors.contract import Contract, Subject
from tests.connectors.deployed import HERE, call, faults_of, open_text, opened
from tests.connectors.systems import Call, hang, response, system

CANARY = "canary-44be"
PAGE = ROOT / "docs" / "connectors" / "ticketing.md"
ZAMMAD = """
[tickets]
kind = "ticketing"
base_url = "{url}"
auth = {{kind = "header", name = "X-Desk-Token", value = "secret://desk"}}
time = "minutes"
{here}
[tickets.operations.open]
method = "POST"
path = "/api/v1/tickets"
output = {{ticket = "string"}}
result = {{ticket = {{at = "id", as = "text"}}}}
refusals = [{{status = 422, reason = "not_accepted"}}]
[tickets.operations.open.json]
title = "title"
group = {{value = "Users"}}
customer = "email"
parcours_reference = "reference"
motive = "declaration"
cause = "qualification"
deed = "action"
"article.body" = "description"
"article.internal" = {{value = true}}
[tickets.operations.follow_up]
method = "POST"
path = "/api/v1/ticket_articles"
json = {{ticket_id = "ticket", body = "marked_comment", time_unit = "time"}}
output = {{note = "string"}}
result = {{note = {{at = "id", as = "text"}}}}
[tickets.operations.close]
method = "PUT"
path = "/api/v1/tickets/{{ticket}}"
json = {{state = {{value = "closed"}}, note = "resolution"}}
[tickets.operations.find]
path = "/api/v1/tickets/{{ticket}}"
output = {{ticket = "string", status = "string"}}
result = {{ticket = {{at = "id", as = "text"}}, status = "state"}}
refusals = [{{status = 404, reason = "not_found"}}]
[tickets.operations.search]
path = "/api/v1/tickets/search"
query = {{query = "reference"}}
result = {{items = {{at = "", each = {{ticket = {{at = "id", as = "text"}}, text = "parcours_reference"}}}}}}
[tickets.operations.notes]
path = "/api/v1/ticket_articles/by_ticket/{{ticket}}"
result = {{items = {{at = "", each = {{note = {{at = "id", as = "text"}}, text = "body"}}}}}}
"""  # noqa: E501 - TOML tables stand on one line
PARCEL: dict[str, Any] = {
    "title": "Colis F-1042",
    "description": "Rien reçu",
    "email": "c@example.org",
}
CODES: dict[str, Any] = {"declaration": "a.b", "qualification": "c.d", "action": "e.f"}


@dataclass
class Tickets:
    """A helpdesk that keeps what it is given."""

    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)

    async def answering(self, request: Call, writer: asyncio.StreamWriter) -> None:
        method, target, _ = request.line.split(" ", 2)
        body = json.loads(request.body) if request.body else {}
        self.asked.append((method, target, body))
        if body.get("title") == "hang":
            await hang(request, writer)
        status, said = self.answer(method, urlsplit(target), body)
        writer.write(response(json.dumps(said), f"{status} Said"))

    def answer(self, method: str, target: Any, body: dict[str, Any]) -> tuple[int, Any]:
        last = target.path.rpartition("/")[2]
        match (method, target.path.split("/")[3]):
            case ("POST", "tickets"):
                if body["title"] in {"no", "broken"}:
                    return {"no": 422, "broken": 500}[body["title"]], {"error": "the reason why"}
                number = len(self.tickets) + 1
                self.tickets[str(number)] = {"id": number, "state": "new", **body}
                return 201, self.tickets[str(number)]
            case ("POST", "ticket_articles"):
                self.notes.append({"id": len(self.notes) + 1, **body})
                return 201, self.notes[-1]
            case ("PUT", "tickets"):
                self.tickets[last].update(body)
                return 200, self.tickets[last]
            case ("GET", "ticket_articles"):
                return 200, [one for one in self.notes if one["ticket_id"] == last]
            case _ if last == "search":
                [wanted] = parse_qs(target.query)["query"]
                kept = self.tickets.values()
                return 200, [one for one in kept if one["parcours_reference"] == wanted]
        return (200, self.tickets[last]) if last in self.tickets else (404, {})


Deed = Callable[[dict[str, Connector]], Awaitable[Any]]


def at_tickets(desk: Tickets, deed: Deed, *, text: str = ZAMMAD) -> Any:
    async def run() -> Any:
        async with system(desk.answering) as found:
            written = text.format(url=found.url, here=HERE)
            async with opened(written, secrets={"desk": CANARY}) as connectors:
                return await deed(connectors)

    return asyncio.run(run())


class TestTicketing(Contract):
    @asynccontextmanager
    async def subject(self) -> AsyncIterator[Subject]:
        async with system(Tickets().answering) as found:
            text = ZAMMAD.format(url=found.url, here=HERE)
            async with opened(text, secrets={"desk": CANARY}) as connectors:
                yield Subject(
                    connectors["tickets"],
                    succeeds=("tickets.open", PARCEL),
                    refuses=("tickets.open", {**PARCEL, "title": "no"}),
                    fails=("tickets.open", {**PARCEL, "title": "broken"}),
                    hangs=("tickets.open", {**PARCEL, "title": "hang"}),
                    secrets=(CANARY,),
                )


def test_another_helpdesk_is_spoken_to_in_its_own_words_by_the_mapping_alone() -> None:
    desk = Tickets()

    async def deed(connectors: dict[str, Connector]) -> list[Outcome]:
        return [
            await call(connectors, "tickets.open", key="k-1", **PARCEL, **CODES),
            await call(connectors, "tickets.follow_up", ticket="1", comment="Appel", seconds=270),
            await call(connectors, "tickets.close", ticket="1", resolution="Réexpédié"),
            await call(connectors, "tickets.find", ticket="1"),
        ]

    made, noted, closed, found = at_tickets(desk, deed)

    assert [made.result, noted.result, closed.result] == [{"ticket": "1"}, {"note": "1"}, {}]
    assert found.result == {"ticket": "1", "status": "closed"}
    assert desk.asked[0] == ("POST", "/api/v1/tickets", {
        "title": "Colis F-1042", "group": "Users", "customer": "c@example.org",
        "parcours_reference": reference_of("k-1"), "motive": "a.b", "cause": "c.d", "deed": "e.f",
        "article": {"body": "Rien reçu", "internal": True},
    })  # fmt: skip
    assert desk.notes[0]["time_unit"] == 4.5
    assert desk.tickets["1"]["note"] == "Réexpédié"


def test_what_opens_and_follows_up_is_done_at_most_once_and_can_be_asked_about() -> None:
    async def deed(connectors: dict[str, Connector]) -> Any:
        return connectors["tickets"].operations()

    described = at_tickets(Tickets(), deed)

    assert {name: (one.effect, one.probe) for name, one in described.items()} == {
        "tickets.open": ("unsafe", "tickets.opened"),
        "tickets.opened": ("read", None),
        "tickets.follow_up": ("unsafe", "tickets.noted"),
        "tickets.noted": ("read", None),
        "tickets.close": ("idempotent", None),
        "tickets.find": ("read", None),
    }
    # A probe is given what the action was given.
    assert described["tickets.opened"].input == described["tickets.open"].input


def test_a_ticket_whose_answer_was_lost_is_found_and_one_that_never_was_is_not() -> None:
    desk = Tickets()

    async def deed(connectors: dict[str, Connector]) -> list[Outcome]:
        return [
            await call(connectors, "tickets.open", key="k-7", **PARCEL),
            await call(connectors, "tickets.opened", key="k-7", **PARCEL),
            await call(connectors, "tickets.opened", key="k-8", **PARCEL),
        ]

    made, found, never = at_tickets(desk, deed)

    assert found == made
    assert never == Outcome("refused", reason="not_found")


@pytest.mark.parametrize(
    ("form", "seconds", "sent"),
    [
        ("hms", 252, "00:04:12"), ("hms", 360_000, "100:00:00"), ("minutes", 90, 1.5),
        ("seconds", 0, 0),
    ],
)  # fmt: skip
def test_the_time_spent_is_written_as_the_helpdesk_takes_it(
    form: str, seconds: int, sent: Any
) -> None:
    desk = Tickets()

    async def deed(connectors: dict[str, Connector]) -> Outcome:
        return await call(connectors, "tickets.follow_up", ticket="1", comment="-", seconds=seconds)

    at_tickets(desk, deed, text=ZAMMAD.replace('"minutes"', f'"{form}"'))

    assert desk.notes[0]["time_unit"] == sent


PAGED = """
[tickets]
kind = "ticketing"
helpdesk = "django-helpdesk"
base_url = "{url}"
{here}
"""


@pytest.mark.parametrize(
    ("place", "pages", "looked"),
    [(1, 5, [1]), (100, 50, [1, 50]), (97, 50, [1, 50, 49])],
)
def test_a_ticket_is_looked_for_on_the_newest_pages_first(
    place: int, pages: int, looked: list[int]
) -> None:
    status, seen = looking(pages, holding=place)

    assert (status, seen) == (("succeeded", None), looked)


def test_a_ticket_that_could_be_beyond_what_is_looked_through_is_not_said_to_be_missing() -> None:
    status, seen = looking(PAGES + 20, holding=0)

    # `refused` would have it opened a second time.
    assert status == ("failed", "connector.too-many-pages")
    assert len(seen) == PAGES


def test_a_ticket_that_is_on_no_page_was_never_opened() -> None:
    status, seen = looking(3, holding=0)

    assert (status, seen) == (("refused", "not_found"), [1, 3, 2])


def looking(pages: int, *, holding: int) -> tuple[tuple[str, str | None], list[int]]:
    """Return what comes of looking for a ticket among pages of two, and the pages looked at."""
    seen = []

    async def answering(request: Call, writer: asyncio.StreamWriter) -> None:
        query = parse_qs(urlsplit(request.line.split()[1]).query)
        page = int(query["page"][0])
        seen.append(page)
        numbers = (2 * page - 1, 2 * page)
        ours, other = f"Rien reçu\n\n[{reference_of('k-1')}]", "Autre chose"
        results = [{"id": one, "description": ours if one == holding else other} for one in numbers]
        writer.write(response(json.dumps({"count": 2 * pages, "results": results})))

    async def run() -> Outcome:
        async with (
            system(answering) as found,
            opened(PAGED.format(url=found.url, here=HERE)) as connectors,
        ):
            return await call(connectors, "tickets.opened", timeout_ms=10_000, **PARCEL)

    outcome = asyncio.run(run())
    if outcome.status == "succeeded":
        assert outcome.result == {"ticket": str(holding)}
    return (outcome.status, outcome.reason), seen


@pytest.mark.parametrize(
    ("was", "now", "code", "place"),
    [
        ('"minutes"', '"fortnights"', "deployment.wrong-value", "tickets.time"),
        ('customer = "email"', 'customer = "mail"', "deployment.wrong-value",
         "tickets.operations.open"),
        ("operations.close", "operations.shut", "deployment.wrong-value", "tickets.operations"),
        ('kind = "ticketing"', 'kind = "ticketing"\nhelpdesk = "notes"', "deployment.wrong-value",
         "tickets.helpdesk"),
        ("secret://desk", "secret://lost", "deployment.missing-secret", "tickets.auth.value"),
        ('kind = "ticketing"', 'kind = "ticketing"\nqueue = 3', "deployment.unknown-key",
         "tickets.queue"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_its_table_is_told_at_its_place(
    was: str, now: str, code: str, place: str, tmp_path: Path
) -> None:
    text = ZAMMAD.format(url="http://127.0.0.1:9", here=HERE)
    found = faults_of(text.replace(was, now, 1), tmp_path, secrets={"desk": CANARY})

    assert found == [(code, place)]


def test_a_helpdesk_without_any_operation_is_told(tmp_path: Path) -> None:
    text = f'[tickets]\nkind = "ticketing"\nbase_url = "http://127.0.0.1:9"\n{HERE}'

    assert faults_of(text, tmp_path) == [("deployment.wrong-value", "tickets.operations")]


@pytest.mark.parametrize(
    "block",
    re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL),
)
def test_every_table_the_page_shows_can_be_opened(block: str, tmp_path: Path) -> None:
    secrets = {"helpdesk": CANARY, "tickets": CANARY}

    [opened_one] = open_text(block, tmp_path, secrets=secrets).values()

    described = opened_one.operations() or {}
    assert [name for name in described if name.endswith(".opened")] != []
