"""Who was erased is erased again in a backup that is restored, and remembered by id alone."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from engine.events import Erased
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.erasing import Erasure
from runtime.erasures import Erasures, file_of, line_of, read_erasures
from runtime.errors import WrongSetting
from runtime.settings import Settings
from runtime.store.port import statement
from runtime.wiring import Service, erasures_of, open_service
from tests.runtime.conftest import ANA, AUTHOR, OpenService, answers
from tests.runtime.library import FILES
from tests.runtime.test_erasing import EVE, LATE, traces, walked
from tests.runtime.test_outbox import Gate
from tests.runtime.test_outbox_overdue import FOUND
from tests.runtime.walks import assert_sound, begin, reply

ZOE = "phone:0612345678"
STILL = statement("SELECT value FROM customer_key")


def erasures(service: Service, path: Path | None = None) -> Erasures:
    return erasures_of(
        Settings(database="postgresql://x/y", erasures=None if path is None else str(path)), service
    )


async def whose(service: Service) -> str:
    customer, _ = await service.customers.find("acme", ZOE)
    return customer


def test_a_restored_database_that_still_has_somebody_is_erased_again_once(
    open_shop: OpenService, clock: FixedClock, database: str
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            shown = await walked(service)
            since = Erasure("acme", await whose(service), (), clock.now() + 5)
            clock.advance(10)

            assert await erasures(service).apply([since]) == (1, 0)
            assert await erasures(service).apply([since]) == (0, 0)
            await assert_sound(service, "acme", shown.session)
            known = await erasures(service).known()
            assert [(one.customer, one.at) for one in known] == [(since.customer, clock.now())]
        assert traces(database) == []

    asyncio.run(play())


def test_whoever_the_backup_never_had_is_nobody_s_matter(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            await walked(service)
            others = [Erasure("acme", "cus_later", (), 1), Erasure("rival", "cus_x", ("b",), 1)]
            assert await erasures(service).apply(others) == (0, 0)
            assert await whose(service)

    asyncio.run(play())


def test_who_was_merged_since_is_erased_under_both_names(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            for phone in ("0612345678", "0699999999"):
                await begin(service, ANA, customer={"phone": phone})
            one, other = [
                (await service.customers.find("acme", f"phone:{phone}"))[0]
                for phone in ("0612345678", "0699999999")
            ]
            since = Erasure("acme", one, (other,), clock.now() + 5)
            clock.advance(10)

            assert await erasures(service).apply([since]) == (2, 0)
            assert await erasures(service).apply([since]) == (0, 0)

    asyncio.run(play())


def test_whose_action_is_under_way_is_left_until_it_has_ended(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        oms = Gate(FOUND)
        async with open_shop({"*": oms}, inline_ms=1) as service:
            first = await begin(service, ANA, customer={"phone": "0612345678"})
            asked = await reply(service, ANA, first, email="zoe.durand@example.org")
            await reply(service, ANA, asked, order_id="F-1")
            await oms.called.wait()
            since = Erasure("acme", await whose(service), (), clock.now() + 5)
            clock.advance(10)

            assert await erasures(service).apply([since]) == (0, 1)
            oms.open.set()
            await service.outbox.drain_now()
            assert await erasures(service).apply([since]) == (1, 0)

    asyncio.run(play())


def test_an_older_copy_put_back_is_erased_when_the_service_starts(
    tmp_path: Path, clock: FixedClock
) -> None:
    database, backup = tmp_path / "live" / "store.db", tmp_path / "backup"
    database.parent.mkdir()
    told = Settings(database=str(database), background=True)

    async def walk() -> str:
        async with open_service(
            told, clock=clock, connectors={"*": answers(oms_get_order=[{"result": {}}])}
        ) as service:
            await service.revisions.publish(AUTHOR, FILES)
            return (await walked(service)).session

    async def erase() -> str:
        clock.advance(1_000)
        async with open_service(told, clock=clock, connectors={}) as service:
            done = await service.erasing.customer(EVE, ZOE)
            return str(done["customer"])

    async def restart(session: str) -> None:
        clock.advance(1_000)
        async with (
            open_service(told, clock=clock, connectors={}) as service, asyncio.timeout(20),
        ):  # fmt: skip
            async for events in service.feed.follow("acme", session):
                if any(isinstance(event, Erased) for _, event in events):
                    break
            while await service.store.read(STILL):
                await anext(aiter(service.feed.follow("acme", session, after=1_000)))

    session = asyncio.run(walk())
    shutil.copy(database, backup)
    assert traces(str(database)) != []
    customer = asyncio.run(erase())
    path = file_of(told)
    assert path is not None
    noted = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for kept in database.parent.glob("store.db*"):
        if kept != path:
            kept.unlink()
    shutil.copy(backup, database)
    asyncio.run(restart(session))

    assert [(one["tenant"], one["customer"]) for one in noted] == [("acme", customer)]
    assert path.stat().st_mode & 0o777 == 0o600
    assert traces(str(database)) == []


def test_a_file_that_was_lost_is_written_anew_from_what_the_database_knows(
    open_shop: OpenService, tmp_path: Path
) -> None:
    path = tmp_path / "kept" / "erased.jsonl"
    path.parent.mkdir()

    async def play() -> None:
        async with open_shop(LATE) as service:
            await walked(service)
            done = await service.erasing.customer(EVE, ZOE)
            for _ in range(2):
                await erasures(service, path).work()
            (one,) = read_erasures(path)
            assert (one.customer, one.at) == (done["customer"], done["erased_at"])

    asyncio.run(play())


def test_an_erasure_that_cannot_be_noted_is_done_all_the_same_and_said(
    open_shop: OpenService, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            await walked(service)
            service.erasing.noted = erasures(service, tmp_path).note
            done = await service.erasing.customer(EVE, ZOE)
            assert done["sessions"] == 1

    asyncio.run(play())
    assert "erasure_not_noted" in caplog.text


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"tenant": "a", "customer": "b", "erased_at": "soon"}', "3"]
)
def test_a_wrong_line_is_told_at_its_place(line: str, tmp_path: Path) -> None:
    path = tmp_path / "erased.jsonl"
    good = line_of(Erasure("acme", "cus_1", (), 1))
    path.write_text(f"{good}\n{line}\n", encoding="utf-8")

    with pytest.raises(WrongSetting) as wrong:
        read_erasures(path)

    assert f"{path}:3: {{tenant, customer" in wrong.value.message["en"]
    assert wrong.value.params["setting"] == "erasures"


def test_without_a_file_nobody_is_remembered(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            erasures(service).note(Erasure("acme", "cus_1", (), 1))
            await erasures(service).work()

    asyncio.run(play())
    assert file_of(Settings(database="postgresql://x/y")) is None
    assert Actor("acme", "admin", "eve") == EVE
