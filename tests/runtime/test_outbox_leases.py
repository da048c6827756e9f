"""A worker that lost its action records nothing as its own; a stop gives everything back."""

import asyncio
from random import Random

import pytest

from connectors.port import Described, Outcome
from runtime.outbox.calls import NOT_DONE
from runtime.outbox.outbox import LEASE
from runtime.store import actions as a
from runtime.wiring import Service
from tests.runtime.acting import DONE, DOWN, System, begin, make_due
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.test_outbox import Gate, settled
from tests.runtime.walks import assert_sound, say, seen, step

LOST = Outcome("unknown", reason="connector.timeout")
PAID = Outcome("succeeded", {"receipt": "R-1"})


def abandon(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every lease be over, as for a worker that shows no sign of life."""
    monkeypatch.setattr(service.outbox, "_lease", -LEASE)


def test_what_a_worker_finds_out_after_its_lease_is_recorded_as_late_and_offered(
    open_shop: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        bank = Gate(PAID)
        async with open_shop({"*": bank}, inline_ms=1) as service:
            abandon(service, monkeypatch)
            waiting = await begin(service, "pay", to="Max")
            await bank.called.wait()
            assert await service.outbox.recover(alone=False) == 1
            asked = await service.sessions.view(ANA, waiting.session)
            assert seen(asked)["do"].startswith("It is not known whether this was done")
            bank.open.set()
            await service.outbox.drain_now()
            found = await settled(service, waiting.session)
            assert found == [("unknown", "interrupted"), ("succeeded", None)]
            effect = next(iter((await service.sessions.states.get("acme", waiting.session))
                               .state.effects))  # fmt: skip
            tried = await service.store.read(a.ATTEMPTS, "acme", waiting.session, effect)
            assert [(row[3], row[5]) for row in tried] == [("succeeded", 1), ("unknown", 0)]
            now = await service.sessions.view(ANA, waiting.session)
            assert (step(now), seen(now)["fields"][0]["suggested"]) == ("pay", "R-1")
            assert [one["by_hand"] for one in seen(now)["late"]] == [False]
            assert len(bank.keys) == 1
            await assert_sound(service, "acme", waiting.session)

    asyncio.run(play())


def test_a_probe_says_that_it_took_place_and_nobody_is_asked(open_shop: OpenService) -> None:
    async def play() -> None:
        bank = System(bank_pay=LOST, bank_find=PAID)
        bank.described = {"bank.pay": Described({}, {}, probe="bank.find")}
        async with open_shop({"*": bank}) as service:
            paid = await begin(service, "pay", to="Max")
            assert step(paid) == "more"
            assert (bank.asked("bank.pay"), bank.asked("bank.find")) == (["Max"], ["Max"])
            assert len({key for _, _, key in bank.calls}) == 1
            assert await settled(service, paid.session) == [("succeeded", None)]

    asyncio.run(play())


def test_a_probe_says_that_it_did_not_take_place_and_it_is_done_again(
    open_shop: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        bank = System(bank_pay=LOST, bank_find=Outcome("refused", reason="none"))
        bank.described = {"bank.pay": Described({}, {}, probe="bank.find")}
        async with open_shop({"*": bank}) as service:
            waiting = await begin(service, "pay", to="Max")
            await service.outbox.drain_now()
            assert seen(waiting)["status"] == "pending"
            bank.outcomes["bank_pay"] = PAID
            later = service.outbox.now() + 1_000
            monkeypatch.setattr(service.outbox, "_clock", lambda: later)
            await make_due(service)
            assert bank.asked("bank.pay") == ["Max", "Max"]
            assert step(await service.sessions.view(ANA, waiting.session)) == "more"
            effect = (await service.store.read(a.EFFECT_STATES))[0]
            assert tuple(effect) == ("succeeded", 1)
            assert NOT_DONE not in {reason for _, reason in
                                    await settled(service, waiting.session)}  # fmt: skip

    asyncio.run(play())


def test_an_advisor_is_led_by_hand_at_once_where_a_system_is_known_to_be_down(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        bank = System(bank_pay=DOWN)
        async with open_shop({"*": bank}) as service:
            for number in range(20):
                await begin(service, "pay", to=f"Max {number}")
            await service.outbox.drain_now()
            asked = await begin(service, "pay", to="Zoe")
            assert seen(asked)["do"] == "Pay them yourself."
            assert await settled(service, asked.session) == [("failed", "connector.circuit-open")]
            assert "Zoe" not in bank.asked("bank.pay")

    asyncio.run(play())


def test_what_nobody_waits_for_waits_until_a_system_is_well_again_and_loses_no_attempt(
    open_shop: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        mail = System(mail_tell=DOWN)
        async with open_shop({"*": mail}) as service:
            monkeypatch.setattr(service.outbox, "_chance", Random(5))
            for number in range(20):
                await begin(service, "tell", to=f"Max {number}")
                await service.outbox.drain_now()
            await begin(service, "tell", to="Zoe")
            await service.outbox.drain_now()
            assert (await service.outbox.states())["ready"] == 1
            mail.outcomes["mail_tell"] = DONE
            later = service.outbox.now() + 60_000
            monkeypatch.setattr(service.outbox, "_clock", lambda: later)
            await make_due(service)
            assert mail.asked("mail.tell").count("Zoe") == 1
            assert await service.outbox.states() == {"succeeded": 1, "failed": 20}

    asyncio.run(play())


def test_done_by_hand_while_the_robot_succeeds_too_is_said_to_the_advisor(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        bank = Gate(PAID)
        async with open_shop({"*": bank}, inline_ms=1) as service:
            waiting = await begin(service, "pay", to="Max")
            assert "take_over" in seen(waiting)["commands"]
            mine = await say(service, ANA, waiting, {"type": "take_over"})
            body = {"type": "answer", "values": {"paid.receipt": "R-9"}}
            after = await say(service, ANA, mine, body)
            bank.open.set()
            await service.outbox.drain_now()
            now = await service.sessions.view(ANA, waiting.session)
            assert (step(now), now.version) == ("more", after.version)
            assert [(one["operation"], one["by_hand"]) for one in seen(now)["late"]] == [
                ("bank.pay", True)
            ]
            await assert_sound(service, "acme", waiting.session)

    asyncio.run(play())
