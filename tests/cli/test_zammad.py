"""Tickets of Zammad are answered by journeys: each article once, until people have the ticket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.zammad import Zammad
from parcours.bridge.words import said_in
from parcours.commands.bridge import ZAMMAD_SECRET, ZAMMAD_TOKEN
from parcours.options import KEY
from tests.api.modelling import desk
from tests.api.service import Shop
from tests.cli.conftest import Cli
from tests.support.bridging import Bridge
from tests.support.zammad import ADVISOR, BRIDGE, SECRET, TOKEN, Ticket, Ticketing, signed

__all__ = ["desk"]


@pytest.fixture(scope="module")
def ticketing() -> Iterator[Ticketing]:
    """Give a Zammad."""
    with Ticketing() as found:
        yield found


class Tickets(Bridge):
    """A bridge from a Zammad."""

    def hear(self, ticket: Ticket, text: str, **more: Any) -> dict[str, Any]:
        """Have a customer write and be answered; return the reply."""
        before = len(ticket.replies())
        assert self.told(ticket, ticket.add(text, **more)) == 200
        replies = ticket.replies()
        assert len(replies) == before + 1
        return replies[-1]

    def told(self, ticket: Ticket, article: dict[str, Any]) -> int:
        """Have a trigger tell of an article; return the status it is answered with."""
        body = ticket.told(article)
        return self.tell(body, signed(body))


@pytest.fixture
def bridge(ticketing: Ticketing, desk: Shop) -> Tickets:
    """Give a bridge."""
    given = {"group": "People", "state": "open"}
    account = Zammad(url=ticketing.url, token=TOKEN, me=BRIDGE, given=given, words=said_in)
    return Tickets(account, desk, secret=SECRET)


def test_a_ticket_is_answered_until_it_goes_to_people(
    ticketing: Ticketing, bridge: Tickets
) -> None:
    ticket = ticketing.begin()

    first = bridge.hear(ticket, "My parcel arrived damaged")
    quoted = "<div>claire.dubois@example.org</div><blockquote>Which address?</blockquote>"
    second = bridge.hear(ticket, quoted, content_type="text/html")
    last = bridge.hear(ticket, "an advisor please", type="web", message_id=None)

    assert "e-mail address" in first["body"]
    assert (first["type"], first["internal"], first["to"], first["in_reply_to"]) == (
        "email", False, "Claire <claire@example.org>", ticket.articles[0]["message_id"],
    )  # fmt: skip
    assert "postcode" in second["body"]
    assert ("putting you through to an advisor" in last["body"], last["type"]) == (True, "web")
    assert (ticket.attributes["group"], ticket.attributes["state"]) == ("People", "open")
    assert bridge.told(ticket, ticket.add("Are you there?")) == 200
    assert len(ticket.replies()) == 3


def test_an_article_told_twice_or_whose_answer_broke_off_is_answered_once(
    ticketing: Ticketing, bridge: Tickets
) -> None:
    ticket = ticketing.begin()
    bridge.hear(ticket, "My parcel arrived damaged", type="web", message_id=None)
    address = ticket.add("claire.dubois@example.org")
    ticketing.failing = True

    broken = bridge.told(ticket, address)
    missed = ticket.add("69003")
    told = [bridge.told(ticket, missed) for _ in range(3)]

    assert (broken, told, bridge.said) == (503, [200, 200, 200], ["zammad.HTTPStatusError"])
    assert [reply["body"].splitlines()[0] for reply in ticket.replies()[1:]] == [
        "Understood: E-mail: claire.dubois@example.org.",
        "Understood: Postcode: 69003.",
    ]


def test_a_hand_over_that_broke_off_is_made_up_for_with_its_reply(
    ticketing: Ticketing, bridge: Tickets
) -> None:
    ticket = ticketing.begin()
    bridge.hear(ticket, "My parcel arrived damaged")
    asking = ticket.add("an advisor please")
    ticketing.failing = True

    assert bridge.told(ticket, asking) == 503
    assert (ticket.attributes["group"], len(ticket.replies())) == ("Bot", 1)
    assert bridge.told(ticket, asking) == 200
    assert (ticket.attributes["group"], len(ticket.replies())) == ("People", 2)


def test_what_people_have_or_a_machine_wrote_is_left_alone(
    ticketing: Ticketing, bridge: Tickets
) -> None:
    ticket = ticketing.begin()
    ticket.add("Is anybody there?")
    ticket.add("Yes, I am", ADVISOR)
    ticket.add("Hello from last year", created_at="2020-01-01T08:00:00.000Z")
    ticket.add("Taken down by an advisor", type="phone")
    ticket.add("I am away", preferences={"send-auto-response": False})
    ticket.add("For advisors", ADVISOR, internal=True)
    bridge.hear(ticket, "My parcel arrived damaged")
    ticket.attributes["owner_id"] = ADVISOR

    assert bridge.told(ticket, ticket.add("And now?")) == 200
    assert len(ticket.replies()) == 1


def test_what_is_not_signed_for_us_or_tells_of_no_customer_changes_nothing(
    ticketing: Ticketing, bridge: Tickets
) -> None:
    ticket = ticketing.begin()
    told = ticket.told(ticket.add("My parcel arrived damaged"))
    ours = ticket.add("Ours", ADVISOR, internal=True)

    assert bridge.tell(told, signed(told, secret="guessed")) == 401
    assert bridge.tell(told, signed(b"{}")) == 401
    assert bridge.told(ticket, ours) == 200
    assert [bridge.tell(one, signed(one)) for one in (b"[]", b'{"ticket": {"id": "../1"}}')] == [
        200, 200,
    ]  # fmt: skip
    assert ticket.replies() == []


def test_a_bridge_that_zammad_does_not_let_in_says_so(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, desk: Shop, ticketing: Ticketing
) -> None:
    monkeypatch.setenv(KEY, desk.keys["bot"])
    monkeypatch.setenv(ZAMMAD_TOKEN, "guessed")
    monkeypatch.setenv(ZAMMAD_SECRET, SECRET)

    nobody = cli("bridge", "zammad", ticketing.url, "--group", "People", "--to", desk.url)

    assert nobody.code == 1
    assert "refuses the token" in nobody.err
