"""An action that came to nothing is nobody's loss: it is listed, taken up again, or closed."""

import asyncio
from typing import Any

import pytest

from connectors.port import Outcome
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Forbidden
from runtime.letters import LetterNotOpen, MayBeDone
from runtime.lists import Wanted
from runtime.verify import verify
from runtime.wiring import Service
from tests.runtime.acting import DONE, DOWN, System, begin, make_due
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.walks import assert_sound, say, seen, step

ZOE = Actor("acme", "supervisor", "zoe")
DAY = 86_400_000
LOST = Outcome("unknown", reason="connector.timeout")


async def letters(service: Service, state: str = "open") -> list[dict[str, Any]]:
    """Return the dead letters in a state."""
    return await service.letters.all(ZOE, state=state)


async def needing(service: Service) -> list[str]:
    """Return the sessions that need attention."""
    wanted = Wanted(unattended=True)
    rows = await service.lists.sessions(ZOE, wanted, language="en", before=None, limit=50)
    return [row["id"] for row in rows]


def test_an_action_behind_that_fails_and_that_nobody_reads_is_listed_for_a_supervisor(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop({"*": System(mail_tell=DOWN)}) as service:
            told = await begin(service, "tell", to="Max")
            await make_due(service)
            assert step(told) == "more"
            (letter,) = await letters(service)
            assert (letter["operation"], letter["status"], letter["reason"]) == (
                "mail.tell", "failed", "http.500",
            )  # fmt: skip
            assert letter["attempts"] == 1
            view = seen(await service.sessions.view(ANA, told.session))
            assert [one["operation"] for one in view["attention"]] == ["mail.tell"]
            assert await needing(service) == [told.session]
            await assert_sound(service, "acme", told.session)

    asyncio.run(play())


def test_taken_up_again_it_is_the_same_action_and_its_success_is_in_its_session(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        mail = System(mail_tell=DOWN)
        async with open_shop({"*": mail}) as service:
            told = await begin(service, "tell", to="Max")
            await make_due(service)
            (letter,) = await letters(service)
            mail.outcomes["mail_tell"] = DONE
            again = await service.letters.redrive(ZOE, letter["id"])
            assert (again["state"], again["by"]) == ("redriven", "supervisor:zoe")
            with pytest.raises(LetterNotOpen):
                await service.letters.redrive(ZOE, letter["id"])
            await make_due(service)
            assert len({key for _, _, key in mail.calls}) == 1
            assert await letters(service) == []
            assert [one["id"] for one in await letters(service, "succeeded")] == [letter["id"]]
            view = seen(await service.sessions.view(ANA, told.session))
            assert (view["attention"], view["codes"]["action"]) == ([], ["moved"])
            assert view["step"]["id"] == "more"
            read = await service.letters.get(ZOE, letter["id"])
            assert [(one["what"], one["by"]) for one in read["decided"]] == [
                ("redriven", "supervisor:zoe")
            ]
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_one_that_fails_again_comes_back_to_the_list(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop({"*": System(mail_tell=DOWN)}) as service:
            await begin(service, "tell", to="Max")
            await make_due(service)
            (letter,) = await letters(service)
            await service.letters.redrive(ZOE, letter["id"])
            await make_due(service)
            (back,) = await letters(service)
            assert (back["id"], back["attempts"]) == (letter["id"], 2)
            read = await service.letters.get(ZOE, letter["id"])
            assert [(one["number"], one["reason"]) for one in read["tried"]] == [
                (1, "http.500"), (2, "http.500"),
            ]  # fmt: skip

    asyncio.run(play())


def test_closed_with_a_reason_its_session_asks_for_nothing_more(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop({"*": System(mail_tell=DOWN)}) as service:
            told = await begin(service, "tell", to="Max")
            await make_due(service)
            (letter,) = await letters(service)
            closed = await service.letters.close(ZOE, letter["id"], reason="told by phone")
            assert (closed["state"], closed["note"]) == ("closed", "told by phone")
            assert seen(await service.sessions.view(ANA, told.session))["attention"] == []
            assert await needing(service) == []
            (kept,) = await letters(service, "closed")
            assert (kept["by"], kept["note"]) == ("supervisor:zoe", "told by phone")
            with pytest.raises(LetterNotOpen):
                await service.letters.close(ZOE, letter["id"], reason="once more")
            await assert_sound(service, "acme", told.session)

    asyncio.run(play())


def test_what_may_have_been_done_is_taken_up_again_only_by_who_says_that_it_may(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        bank = System(bank_pay=LOST)
        async with open_shop({"*": bank}) as service:
            paying = await begin(service, "pay", to="Max")
            assert seen(paying)["do"].startswith("It is not known whether this was done")
            assert await letters(service) == []
            assert [one["status"] for one in await letters(service, "with_person")] == ["unknown"]
            await say(service, ANA, paying, {"type": "finish"})
            (letter,) = await letters(service)
            with pytest.raises(MayBeDone):
                await service.letters.redrive(ZOE, letter["id"])
            bank.outcomes["bank_pay"] = Outcome("succeeded", {"receipt": "R-1"})
            await service.letters.redrive(ZOE, letter["id"], may_repeat=True)
            await make_due(service)
            assert await letters(service) == []
            assert bank.asked("bank.pay") == ["Max", "Max"]

    asyncio.run(play())


def test_what_a_person_did_by_hand_is_on_nobodys_list(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop({"*": System(bank_pay=DOWN)}) as service:
            paying = await begin(service, "pay", to="Max")
            assert [one["state"] for one in await letters(service, "with_person")] == [
                "with_person"
            ]
            body = {"type": "answer", "values": {"paid.receipt": "R-7"}}
            after = await say(service, ANA, paying, body)
            assert step(after) == "more"
            assert await letters(service) == await letters(service, "with_person") == []
            assert len(await letters(service, "by_hand")) == 1
            assert seen(after)["attention"] == []

    asyncio.run(play())


def test_only_supervisors_and_admins_see_to_them(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop({"*": System()}) as service:
            with pytest.raises(Forbidden):
                await service.letters.all(ANA)
            with pytest.raises(Forbidden):
                await service.letters.close(ANA, "dlt_1", reason="mine")

    asyncio.run(play())


def test_after_ninety_days_without_news_one_is_forgotten(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop({"*": System(mail_tell=DOWN)}) as service:
            await begin(service, "tell", to="Max")
            await make_due(service)
            clock.advance(89 * DAY)
            await service.letters.purge()
            assert len(await letters(service)) == 1
            clock.advance(DAY)
            await service.letters.purge()
            assert await letters(service) == []

    asyncio.run(play())


def test_each_action_is_in_exactly_one_state_whatever_is_decided(open_shop: OpenService) -> None:
    async def play() -> None:
        mail = System(mail_tell=DOWN)
        async with open_shop({"*": mail}) as service:
            for number in range(12):
                await begin(service, "tell", to=f"Max {number}")
                assert sum((await service.outbox.states()).values()) == number + 1
            await make_due(service)
            mail.outcomes["mail_tell"] = DONE
            for number, letter in enumerate(await letters(service)):
                if number % 3:
                    await service.letters.redrive(ZOE, letter["id"])
                else:
                    await service.letters.close(ZOE, letter["id"], reason="needed no more")
                assert sum((await service.outbox.states()).values()) == 12
                assert sum((await service.letters.states()).values()) == 12
            await make_due(service)
            assert await service.letters.states() == {"succeeded": 8, "closed": 4}
            assert await service.outbox.states() == {"succeeded": 8, "failed": 4}
            assert len({key for _, _, key in mail.calls}) == 12

    asyncio.run(play())
