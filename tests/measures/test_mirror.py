"""The facts in ClickHouse are those of files and tail: at once, whole, and never twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from measures.cut import Reader
from measures.errors import FactsAway
from measures.facts.clickhouse.connecting import connecting
from measures.facts.clickhouse.mirror import HALF_BROUGHT_NS, Mirror
from measures.facts.clickhouse.published import newest
from measures.facts.clickhouse.pushing import GRACE_NS
from measures.facts.clickhouse.reading import ClickHouseFacts
from measures.facts.clickhouse.tables import arrived
from measures.facts.keeper import Keeper
from measures.facts.schema import ORDER, TABLES, VERSION
from parcours.main import main
from runtime.clock import FixedClock
from runtime.errors import WrongSetting
from runtime.settings import Settings
from runtime.wiring import Service
from tests.measures.in_clickhouse import client
from tests.measures.test_facts import DAY, HOUR, Play, one_contact, play
from tests.measures.test_sums import close
from tests.runtime.conftest import ANA, clock, ids, open_shop
from tests.runtime.walks import begin, say
from tests.support.clickhouse import served

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

__all__ = ["client", "clock", "ids", "open_shop", "play"]

MINUTE = 60_000


@pytest.fixture
def database(tmp_path: Path) -> str:
    return str(tmp_path / "store.db")


@pytest.fixture(autouse=True)
def nothing_published(client: Client) -> None:
    for name in ("published", *client.query(f"SHOW TABLES LIKE '%_{VERSION}'").result_columns[0]):
        client.command(f"TRUNCATE TABLE {name}")


class Moments:
    """Nanoseconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_767_225_600_000_000_000

    def __call__(self) -> int:
        self.now += 1
        return self.now


class Failing:
    """A client whose connection is lost before the insert of that number; the next ones go well."""

    def __init__(self, client: Client, *, at: int) -> None:
        self._client, self._left = client, at

    def raw_insert(self, *asked: Any, **named: Any) -> Any:
        """Insert, or fail as a client does whose server went away."""
        from clickhouse_connect.driver.exceptions import OperationalError

        self._left -= 1
        if not self._left:
            raise OperationalError("connection refused")
        return self._client.raw_insert(*asked, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def everything(facts: Reader) -> dict[str, list[Any]]:
    return {
        table: facts.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall()
        for table, order in ORDER.items()
    }


async def both(keeper: Keeper, mirror: Mirror) -> tuple[Any, Any]:
    """Bring the facts, and return all rows of files and tail, and those of ClickHouse."""
    await mirror.bring_now(keeper)
    return await keeper.ask_files("acme", everything), await mirror.ask("acme", everything)


def test_rows_and_their_moment_are_the_same_through_a_life_of_corrections(
    play: Callable[[Play], Any], clock: FixedClock, client: Client
) -> None:
    moments = Moments()

    async def deed(service: Service, keeper: Keeper) -> None:
        mirror = Mirror(lambda: client, moment=moments)
        with pytest.raises(FactsAway):
            await mirror.ask("acme", everything)
        open_one = await begin(service, ANA, customer={"number": "C-9"})
        session = await one_contact(service, clock, "C-1")
        await keeper.refresh()
        here, there = await both(keeper, mirror)
        assert here == there
        assert there[1] == clock.now()
        assert len(there[0]["contact"]) == 2

        await keeper.write()
        here, there = await both(keeper, mirror)
        assert here == there
        held = arrived(client)
        await mirror.bring_now(keeper)
        assert arrived(client) == held, "what was brought is not brought again"

        # A late correction: at first in the tail, then in its file.
        first = newest(client, "acme")["acme"].content
        as_it_was = everything(ClickHouseFacts(client, first))
        await say(service, ANA, open_one, {"type": "cancel", "reason": "gone"})
        clock.advance(HOUR)
        await one_contact(service, clock, "C-1")
        await keeper.refresh()
        here, there = await both(keeper, mirror)
        assert here == there
        assert there[0] != as_it_was
        clock.advance(2 * DAY)
        await keeper.write()
        here, there = await both(keeper, mirror)
        assert here == there
        assert everything(ClickHouseFacts(client, first)) == as_it_was, "who asked before goes on"

        await service.erasing.session("acme", session, by="system")
        await keeper.rebuild()
        here, there = await both(keeper, mirror)
        assert here == there

        moments.now += GRACE_NS
        await mirror.bring_now(keeper)
        await mirror.bring_now(keeper)
        assert arrived(client) == newest(client, "acme")["acme"].content.current
        assert (await mirror.ask("rival", everything))[0] == {table: [] for table in TABLES}

    play(deed)


def test_two_customers_who_become_one_are_one_there_too(
    play: Callable[[Play], Any], clock: FixedClock, client: Client
) -> None:
    async def deed(service: Service, keeper: Keeper) -> None:
        mirror = Mirror(lambda: client)
        for number in ("C-1", "C-2"):
            await one_contact(service, clock, number)
        clock.advance(DAY)
        await keeper.write()
        await both(keeper, mirror)
        one, other = [
            (await service.customers.find("acme", f"number:{number}"))[0]
            for number in ("C-1", "C-2")
        ]
        await service.merging.merge(ANA, one, other=other)
        await keeper.rebuild()
        (here, _), (there, _) = await both(keeper, mirror)
        place = list(TABLES["contact"]).index("customer")
        assert len({row[place] for row in there["contact"]}) == 1
        assert here == there

    play(deed)


def test_what_was_brought_by_half_is_seen_by_nobody_and_completed_the_next_time(
    play: Callable[[Play], Any], clock: FixedClock, client: Client
) -> None:
    moments = Moments()

    async def deed(service: Service, keeper: Keeper) -> None:
        mirror = Mirror(lambda: client, moment=moments)
        await one_contact(service, clock, "C-1")
        await keeper.write()
        _, before = await both(keeper, mirror)
        await one_contact(service, clock, "C-2")
        clock.advance(DAY)
        await keeper.write()

        for at in (1, 3):
            lost = Mirror(cast("Any", partial(Failing, client, at=at)), moment=moments)
            with pytest.raises(FactsAway):
                await lost.bring_now(keeper)
            assert await mirror.ask("acme", everything) == before
        here, there = await both(keeper, mirror)
        assert here == there
        assert len(arrived(client)) > len(newest(client, "acme")["acme"].content.known)
        moments.now += HALF_BROUGHT_NS
        await mirror.bring_now(keeper)
        await mirror.bring_now(keeper)
        assert arrived(client) == newest(client, "acme")["acme"].content.current

    play(deed)


def test_one_process_brings_and_another_takes_over_when_it_falls_silent(
    play: Callable[[Play], Any], clock: FixedClock, client: Client
) -> None:
    async def deed(service: Service, keeper: Keeper) -> None:
        first, second = Mirror(lambda: client), Mirror(lambda: client)
        await one_contact(service, clock, "C-1")
        await keeper.refresh()
        assert await first.bring_now(keeper, is_forced=False)
        clock.advance(MINUTE)
        await keeper.refresh()
        assert not await second.bring_now(keeper, is_forced=False)
        clock.advance(1)
        await keeper.refresh()
        assert await second.bring_now(keeper, is_forced=False)
        assert (await first.ask("acme", everything))[1] == clock.now()
        assert not await first.bring_now(keeper, is_forced=False)

    play(deed)


def test_a_command_brings_the_facts_over_the_network_and_figures_are_asked_there(
    play: Callable[[Play], Any],
    clock: FixedClock,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def deed(service: Service, _: Keeper) -> None:
        for number in range(6):
            await one_contact(service, clock, f"C-{number}")

    play(deed)
    monkeypatch.setenv("PARCOURS_FACTS", str(tmp_path / "facts"))
    asked = "handling_time --by channel --from 2026-01-01 --to 2026-01-02 --tenant acme"
    line = ["measures", *asked.split(), "--format", "json", "--database", database]
    assert main(line) == 0
    of_files = json.loads(capsys.readouterr().out)
    with served() as clickhouse:
        clickhouse.make_anew("brought")
        monkeypatch.setenv("PARCOURS_CLICKHOUSE", f"{clickhouse.address}/brought")
        assert main(line) == 2
        assert main(["facts", "push", "--database", database]) == 0
        assert capsys.readouterr().out == "acme: 4\n"
        monkeypatch.setenv("PARCOURS_FACTS", str(tmp_path / "none"))
        assert main(line) == 0
    of_clickhouse = json.loads(capsys.readouterr().out)

    assert not (tmp_path / "none").exists()
    assert close({**of_clickhouse, "as_of": 0}, {**of_files, "as_of": 0})


def test_an_address_that_would_give_a_password_away_is_refused() -> None:
    for address in (
        "http://facts.example/db",
        "https://a:secret@facts.example",
        "clickhouse",
        "ftp://x",
    ):
        with pytest.raises(WrongSetting):
            connecting(Settings(clickhouse=address))
    with pytest.raises(WrongSetting):
        connecting(Settings(clickhouse="https://facts.example", clickhouse_password="secret"))
    assert connecting(Settings()) is None


class Old:
    """A server of a few years ago."""

    server_settings: Mapping[str, Any] = {"join_use_nulls": "0"}

    def close(self) -> None:
        """Let nothing go."""


def test_a_clickhouse_that_is_too_old_is_said_to_be() -> None:
    mirror = Mirror(cast("Any", Old))

    with pytest.raises(FactsAway) as refused:
        asyncio.run(mirror.ask("acme", everything))

    assert "too old" in refused.value.message["en"]
