"""Listeners are told what happens in sessions: signed, in order, again for a day, and no longer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.deployment import load_deployment
from connectors.faults import Misconfigured
from connectors.listeners import Listener, open_listeners
from connectors.signatures import standard
from runtime.clock import FixedClock
from runtime.notices import DELAYS
from runtime.wiring import Service
from tests.connectors.deployed import HERE
from tests.connectors.systems import Call, System, response, system
from tests.runtime.conftest import ANA, OpenService, answers
from tests.runtime.walks import reply, to_order

LATE = {"*": answers(oms_get_order=[{"result": {"status": "late"}}])}
SECRET = {"PARCOURS_SECRET_CRM": "shared-with-the-crm"}
EVENTS = '["session.started", "step.entered", "action.succeeded", "session.ended"]'
DAY = 86_400_000


def listening(
    folder: Path, url: str, events: str = EVENTS, more: str = "", *, tenant: str = "acme"
) -> list[Listener]:
    """Return the listener that a deployment file names, opened as a service opens it."""
    path = folder / "connectors.toml"
    path.write_text(
        f'[subscriptions.crm]\nurl = "{url}/hooks"\nsecret = "secret://crm"\n'
        f'tenant = "{tenant}"\nevents = {events}\n{HERE}{more}',
        encoding="utf-8",
    )
    return open_listeners(load_deployment(path, environment=SECRET))


class Receiver:
    """A system whose answers are given in turn; the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses or (204,))

    async def __call__(self, _call: Call, writer: asyncio.StreamWriter) -> None:
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        writer.write(response(b"", f"{status} x"))


@asynccontextmanager
async def told(
    open_shop: OpenService, folder: Path, receiver: Receiver
) -> AsyncIterator[tuple[Service, System]]:
    async with system(receiver) as found:
        listeners = listening(folder, found.url)
        async with open_shop(LATE, listeners=listeners) as service:
            yield service, found


async def walked(service: Service) -> str:
    shown = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
    await service.outbox.drain_now()
    return shown.session


def content(found: System) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in found.calls]


def test_what_happens_is_told_in_order_signed_and_without_what_was_said(
    open_shop: OpenService, tmp_path: Path
) -> None:
    async def play() -> None:
        async with told(open_shop, tmp_path, Receiver()) as (service, found):
            session = await walked(service)
            assert await service.notices.deliver() == len(found.calls) > 3

            said = content(found)
            assert said[0]["type"] == "session.started"
            assert {one["data"]["session"] for one in said} == {session}
            assert "action.succeeded" in {one["type"] for one in said}
            numbers = [one["data"]["seq"] for one in said]
            assert numbers == sorted(numbers)
            ids = [one.headers["webhook-id"] for one in found.calls]
            assert ids == [f"{session}-{number}" for number in numbers]
            assert "zoe@example.org" not in str(said)
            assert "F-1" not in str(said)
            for one in found.calls:
                now = int(one.headers["webhook-timestamp"])
                standard(one.headers, one.body, secrets=list(SECRET.values()), now_s=now)
            assert await service.notices.deliver() == 0
            assert set(await service.notices.states()) == {"sent"}

    asyncio.run(play())


def test_what_is_not_taken_is_told_again_and_nothing_of_its_session_before_it(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> None:
        async with told(open_shop, tmp_path, Receiver(503, 500, 204)) as (service, found):
            await walked(service)
            assert await service.notices.deliver() == 0
            assert await service.notices.deliver() == 0
            assert len(found.calls) == 1
            clock.advance(DELAYS[0])
            assert await service.notices.deliver() == 0
            clock.advance(DELAYS[1])
            assert await service.notices.deliver() > 3

            said = content(found)
            assert [one["type"] for one in said[:3]] == ["session.started"] * 3
            ids = [one.headers["webhook-id"] for one in found.calls]
            assert len(set(ids)) == len(ids) - 2
            assert said[0] == said[1] == said[2]

    asyncio.run(play())


def test_after_eight_attempts_over_a_day_it_is_a_dead_letter_and_the_next_is_told(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> None:
        statuses = [500] * 8 + [204]
        async with told(open_shop, tmp_path, Receiver(*statuses)) as (service, found):
            await walked(service)
            for delay in (*DELAYS, 0):
                await service.notices.deliver()
                clock.advance(delay)
            await service.notices.deliver()

            kinds = [one["type"] for one in content(found)]
            assert kinds[:9] == ["session.started"] * 8 + ["step.entered"]
            assert (await service.notices.states())["dead"] == 1
            await service.notices.purge()
            assert (await service.notices.states())["dead"] == 1
            clock.advance(91 * DAY)
            await service.notices.purge()
            assert await service.notices.states() == {}

    assert DAY * 0.9 < sum(DELAYS) <= DAY
    asyncio.run(play())


def test_an_address_that_is_gone_is_told_nothing_more_after_a_restart_too(
    open_shop: OpenService, tmp_path: Path
) -> None:
    async def play() -> None:
        receiver = Receiver(410, 204)
        async with system(receiver) as found:
            for _ in range(2):
                listeners = listening(tmp_path, found.url)
                async with open_shop(LATE, listeners=listeners) as service:
                    await walked(service)
                    await service.notices.deliver()
                    assert set(await service.notices.states()) == {"gone"}
            assert len(found.calls) == 1

    asyncio.run(play())


def test_what_was_to_be_told_outlives_the_process(open_shop: OpenService, tmp_path: Path) -> None:
    async def play() -> None:
        async with system(Receiver()) as found:
            async with open_shop(LATE, listeners=listening(tmp_path, found.url)) as service:
                await walked(service)
            async with open_shop(LATE, listeners=listening(tmp_path, found.url)) as service:
                assert await service.notices.deliver() == len(found.calls) > 3

    asyncio.run(play())


def test_without_listeners_nothing_is_kept(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(LATE, listeners=[]) as service:
            await walked(service)
            assert await service.notices.states() == {}

    asyncio.run(play())


@pytest.mark.parametrize(
    ("events", "more", "key"),
    [
        ('["session.exploded"]', "", "events"),
        ("[]", "", "events"),
        (EVENTS, 'colour = "x"', "colour"),
        (EVENTS, 'old_secret = "secret://none"', "old_secret"),
    ],
)
def test_a_subscription_that_is_wrong_is_told_at_its_key(
    events: str, more: str, key: str, tmp_path: Path
) -> None:
    with pytest.raises(Misconfigured) as wrong:
        listening(tmp_path, "https://crm.example", events, more)

    assert {fault.path[-1] for fault in wrong.value.faults} == {key}
