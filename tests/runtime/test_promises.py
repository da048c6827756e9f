"""What is owed to customers is listed, chased by the clock, and kept by contacts and endings."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import NotFound, WrongDeployment, WrongReference
from runtime.promises import place_of
from runtime.sessions import StartRequest
from runtime.wiring import Service
from tests.connectors.systems import system
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.test_notices import Receiver, content, listening
from tests.runtime.walks import to_order

HOUR = 3_600_000
PAUL = Actor("acme", "advisor", "paul")
ZOE = Actor("acme", "supervisor", "zoe")


async def promised(
    service: Service, clock: FixedClock, what: str = "We call you.", *, hours: int = 2,
    actor: Actor = ANA, **more: Any,
) -> str:  # fmt: skip
    """Return the session of a promise made now, for some hours later."""
    begun = await service.sessions.start(actor, StartRequest("parcel"))
    due = _written(clock.now() + hours * HOUR)
    command = {"type": "promise", "what": what, "due": due, **more}
    await service.sessions.command(actor, begun.session, command)
    return begun.session


def _written(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000, UTC).isoformat()


async def listed(service: Service, actor: Actor = ZOE, **asked: Any) -> list[tuple[Any, ...]]:
    """Return (what, state, how) of promises as they are listed."""
    found = await service.promises.all(actor, **asked)
    return [(one["what"], one["state"], one["how"]) for one in found]


def test_the_clock_reminds_then_says_what_is_overdue_and_the_longest_comes_first(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await promised(service, clock, "first", hours=2)
            await promised(service, clock, "later", hours=9)
            assert await service.promises.chase() == 0

            clock.advance(HOUR)
            assert await service.promises.chase() == 1
            assert await listed(service) == [("first", "soon", "clock"), ("later", "open", None)]
            clock.advance(HOUR + 1)
            assert await service.promises.chase() == 1
            assert await service.promises.chase() == 0

            assert await listed(service) == [
                ("first", "overdue", "clock"), ("later", "open", None),
            ]  # fmt: skip
            assert await listed(service, state="overdue") == [("first", "overdue", "clock")]

    asyncio.run(play())


def test_a_reminder_leaves_an_open_page_as_it_is(open_shop: OpenService, clock: FixedClock) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = await promised(service, clock)
            shown = await service.sessions.view(ANA, session)
            clock.advance(3 * HOUR)
            await service.promises.chase()

            answer = {"type": "answer", "values": {"email": "zoe@example.org"}}
            later = await service.sessions.command(ANA, session, answer, match=shown.version)

            assert later.version > shown.version

    asyncio.run(play())


def test_mine_are_those_i_made_or_whose_session_i_have_and_my_teams_those_of_my_teams(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    teams = tmp_path / "teams.toml"
    teams.write_text(
        '[supervisor]\nmembers = ["zoe"]\ntenant = "acme"\n[late]\nmembers = ["paul"]\n',
        encoding="utf-8",
    )

    async def play() -> None:
        async with open_shop(teams=str(teams)) as service:
            await promised(service, clock, "by Ana")
            await promised(service, clock, "by Paul", actor=PAUL, by="supervisor")

            assert [one[0] for one in await listed(service, ANA, whose="mine")] == ["by Ana"]
            assert [one[0] for one in await listed(service, PAUL, whose="mine")] == ["by Paul"]
            assert [one[0] for one in await listed(service, ZOE, whose="team")] == ["by Paul"]
            assert await listed(service, PAUL, whose="team") == []
            assert [one[0] for one in await listed(service, ANA, team="supervisor")] == ["by Paul"]
            assert len(await listed(service, ANA)) == 2

    asyncio.run(play())


def test_a_long_list_goes_on_where_its_page_ended(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = await promised(service, clock, "first")
            for what in ("second", "third"):
                await service.sessions.command(ANA, session, {"type": "promise", "what": what})

            page = await service.promises.all(ZOE, limit=2)
            rest = await service.promises.all(ZOE, after=place_of(page[-1]))

            assert [one["what"] for one in (*page, *rest)] == ["first", "second", "third"]

    asyncio.run(play())


def test_an_answered_call_to_the_customer_keeps_the_promise_to_call(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = await promised(service, clock, kept_by="contact")
            ticket = (await service.promises.all(ZOE))[0]["ticket"]
            clock.advance(HOUR)
            call = await service.contacts.open(ANA, channel="phone", direction="outbound")
            await service.sessions.start(
                ANA, StartRequest("parcel", contact=call["id"], ticket=ticket)
            )
            assert await service.promises.chase() == 1  # reminded: nobody has answered yet

            await service.contacts.pass_to(ANA, call["id"], "answered")
            await service.promises.chase()

            [kept] = await service.promises.all(ZOE, state="kept")
            assert (kept["session"], kept["how"]) == (session, "contact")

    asyncio.run(play())


def test_another_session_of_the_ticket_that_resolves_it_keeps_what_waits_for_that(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await promised(service, clock, kept_by="resolution")
            ticket = (await service.promises.all(ZOE))[0]["ticket"]
            other = await service.sessions.start(ANA, StartRequest("parcel", ticket=ticket))
            clock.advance(3 * HOUR)
            finish = {"type": "finish", "outcome": "refused"}
            await service.sessions.command(ANA, other.session, finish, match=other.version)

            await service.promises.chase()

            [kept] = await service.promises.all(ZOE, state="late")
            assert kept["how"] == "resolution"

    asyncio.run(play())


def test_a_person_says_that_it_is_not_kept_and_why_and_the_ticket_tells(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = await promised(service, clock)
            said = {"type": "follow_promise", "promise": 1, "state": "broken", "reason": "No part."}
            await service.sessions.command(ZOE, session, said)

            one = await service.promises.get(ANA, f"{session}.1")
            ticket = await service.tickets.get(ANA, one["ticket"])

            assert (one["state"], one["reason"], one["said_by"]) == (
                "broken", "No part.", "supervisor:zoe",
            )  # fmt: skip
            assert ticket["promises"] == [one]
            assert await listed(service) == []

    asyncio.run(play())


def test_listeners_hear_what_is_promised_and_chased_without_its_words(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> None:
        async with system(Receiver()) as found:
            heard = listening(tmp_path, found.url, '["promise.made", "promise.overdue"]')
            async with open_shop(listeners=heard) as service:
                session = await promised(service, clock, "We call Zoé.")
                clock.advance(3 * HOUR)
                await service.promises.chase()
                await service.notices.deliver()

        told = content(found)
        assert [one["type"] for one in told] == ["promise.made", "promise.overdue"]
        assert [one["data"]["session"] for one in told] == [session, session]
        assert "Zoé" not in str(told)

    asyncio.run(play())


def test_what_was_promised_to_somebody_who_is_erased_has_no_words_any_more(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = await to_order(service, ANA)
            await service.sessions.command(
                ANA, session.session, {"type": "promise", "what": "We call Zoé."}
            )
            [before] = await service.promises.all(ZOE)
            await service.erasing.customer(Actor("acme", "admin", "a"), before["customer"])

            [after] = await service.promises.all(ZOE)

            assert (before["what"], after["what"], after["state"]) == ("We call Zoé.", None, "open")

    asyncio.run(play())


@pytest.mark.parametrize("asked", [{"whose": "hers"}, {"state": "lost"}])
def test_a_list_that_does_not_exist_is_refused(
    open_shop: OpenService, asked: dict[str, Any]
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            with pytest.raises(WrongReference):
                await service.promises.all(ANA, **asked)
            for name in ("ses_1", "ses_" + "0" * 26 + ".1"):
                with pytest.raises(NotFound):
                    await service.promises.get(ANA, name)

    asyncio.run(play())


@pytest.mark.parametrize(
    "written", ['seller = "ana"', "[seller]\nmembers = [3]", '[seller]\nmembers = ["a b"]']
)
def test_a_wrong_file_of_teams_is_refused_at_its_place(
    open_shop: OpenService, tmp_path: Path, written: str
) -> None:
    teams = tmp_path / "teams.toml"
    teams.write_text(written, encoding="utf-8")

    async def play() -> None:
        async with open_shop(teams=str(teams)):
            raise AssertionError

    with pytest.raises(WrongDeployment) as wrong:
        asyncio.run(play())
    assert "teams.toml" in str(wrong.value.faults[0].text("en"))
