"""Caps and paces are one count for every process, kept by the database and judged by its clock."""

import asyncio
from pathlib import Path

from connectors.port import Outcome
from connectors.registry import Registry
from runtime.allowances import StoredAllowances
from runtime.deploying import connectors_of
from runtime.settings import Settings
from runtime.store.port import Store, statement
from tests.runtime.conftest import OpenService

MINUTE = 60_000
SMS = '[sms]\nkind = "mock"\nanswers = "sms.yaml"\ndaily_cap = 3\n'
YESTERDAY = statement("UPDATE allowance SET mark = '1' RETURNING name")
A_MINUTE_AGO = statement("UPDATE allowance SET at = at - 60000 RETURNING name")
LONG_AGO = statement("UPDATE allowance SET at = 0 RETURNING name")
COUNTED = statement("SELECT name, holder, count FROM allowance ORDER BY name, holder")


def test_a_cap_is_one_count_for_every_process_and_for_those_that_start_anew(
    open_shop: OpenService, tmp_path: Path
) -> None:
    (tmp_path / "connectors.toml").write_text(SMS, encoding="utf-8")
    (tmp_path / "sms.yaml").write_text("operations: {sms.send: [{result: {}}]}", encoding="utf-8")
    settings = Settings(connectors=str(tmp_path / "connectors.toml"))

    async def sent(store: Store) -> Outcome:
        """Send as a process that has just started does."""
        registry = Registry(connectors_of(settings, allowances=StoredAllowances(store)))
        connector = registry.find("sms.send")
        assert connector is not None
        outcome = await connector.call("sms.send", {}, key="k", timeout_ms=1_000)
        await registry.close()
        return outcome

    async def play() -> None:
        async with open_shop() as service:
            first = [await sent(service.store) for _ in range(2)]
        async with open_shop() as service:
            rest = [await sent(service.store) for _ in range(2)]
            assert await service.store.change(YESTERDAY)
            today = await sent(service.store)
        made = [one.status for one in (*first, *rest, today)]
        assert made == ["succeeded", "succeeded", "succeeded", "failed", "succeeded"]
        assert rest[1] == Outcome("failed", reason="connector.daily-cap", sent=False)

    asyncio.run(play())


def test_calls_at_the_same_moment_do_not_go_beyond_the_cap(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            each = [StoredAllowances(service.store) for _ in range(20)]
            taken = await asyncio.gather(*(one.take("sms", most=7) for one in each))
            assert sum(taken) == 7
            assert [tuple(row) for row in await service.store.read(COUNTED)] == [("sms", "", 7)]
            assert await each[0].take("mail", most=1)

    asyncio.run(play())


def test_a_session_writes_once_a_minute_whichever_process_sends(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            one, other = StoredAllowances(service.store), StoredAllowances(service.store)

            async def asks(counts: StoredAllowances, session: str, action: str) -> int:
                return await counts.pace("mail", session, mark=action, every_ms=MINUTE)

            assert await asks(one, "ses_1", "a") == 0
            assert await asks(other, "ses_1", "a") == 0, "another attempt at the same"
            assert 0 < await asks(other, "ses_1", "b") <= MINUTE
            assert await asks(other, "ses_2", "b") == 0
            assert await service.store.change(A_MINUTE_AGO)
            assert await asks(other, "ses_1", "b") == 0
            assert await asks(one, "ses_1", "a") > 0

    asyncio.run(play())


def test_counts_that_no_rule_looks_at_are_forgotten(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            counts = StoredAllowances(service.store)
            await counts.take("old", most=1)
            await service.store.change(LONG_AGO)
            await counts.take("new", most=1)
            await counts.purge()
            assert [row[0] for row in await service.store.read(COUNTED)] == ["new"]

    asyncio.run(play())
