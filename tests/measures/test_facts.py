"""Facts: what a contact leaves for measuring, kept in files, the same whenever it is worked out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.port import Outcome
from measures.facts.keeper import Keeper
from measures.facts.schema import ORDER, TABLES
from runtime.clock import FixedClock
from runtime.post.replies import Reply
from runtime.wiring import Service
from tests.runtime.conftest import ANA, OpenService, answers
from tests.runtime.posting import Postman, mail, posting, take
from tests.runtime.walks import begin, reply, say

HOUR = 3_600_000
DAY = 24 * HOUR
LOST = {
    "*": answers(
        oms_get_order=[{"result": {"status": "lost"}}], oms_resend=[{"result": {"parcel": "P-2"}}]
    )
}
Play = Callable[[Service, Keeper], Awaitable[Any]]


async def one_contact(service: Service, clock: FixedClock, number: str, seconds: int = 20) -> str:
    """Play one contact to its end: identification, then a useful answer."""
    first = await begin(service, ANA, customer={"number": number})
    clock.advance(seconds * 1000)
    second = await reply(service, ANA, first, email="zoe@example.org")
    clock.advance(10_000)
    last = await reply(service, ANA, second, order_id="F-1")
    return str(last.session)


def keeper_of(service: Service, clock: FixedClock, folder: Path, *, alone: bool = True) -> Keeper:
    made = Keeper(service.store, clock, folder, alone=alone)
    service.contacts.listen(made.mark_contact)
    service.customers.listen(made.mark_people)
    service.sessions.turns.listen(made.mark)
    return made


async def rows(keeper: Keeper, table: str, tenant: str = "acme") -> list[dict[str, Any]]:
    query = f"SELECT * FROM {table} ORDER BY {ORDER[table]}"
    found, _ = await keeper.ask(tenant, lambda connection: connection.execute(query).fetchall())
    return [dict(zip(TABLES[table], row, strict=True)) for row in found]


async def everything(keeper: Keeper) -> dict[str, list[dict[str, Any]]]:
    return {table: await rows(keeper, table) for table in TABLES}


def partitions(folder: Path) -> list[str]:
    """Return the partitions of contacts that are valid."""
    manifest = json.loads((folder / "facts" / "manifest.json").read_text(encoding="utf-8"))
    return sorted(manifest["files"]["acme"]["contact"])


@pytest.fixture
def play(open_shop: OpenService, clock: FixedClock, tmp_path: Path) -> Callable[[Play], Any]:
    """Give a function that opens the service with its facts and plays in it."""

    def run(deed: Play) -> Any:
        async def opened() -> Any:
            async with open_shop(LOST) as service:
                keeper = keeper_of(service, clock, tmp_path / "facts")
                try:
                    return await deed(service, keeper)
                finally:
                    await keeper.close()

        return asyncio.run(opened())

    return run


def test_a_contact_leaves_one_wide_row_with_its_codes_and_every_second(
    play: Callable[[Play], Any], clock: FixedClock
) -> None:
    async def deed(service: Service, keeper: Keeper) -> Any:
        await one_contact(service, clock, "C-1")
        return await everything(keeper)

    found = play(deed)

    [contact] = found["contact"]
    assert (contact["motive"], contact["qualification"], contact["action"]) == (
        "parcel", "lost", "resent",
    )  # fmt: skip
    assert (contact["ms_identification"], contact["ms_useful"]) == (20_000, 10_000)
    spent = sum(ms for name, ms in contact.items() if name.startswith("ms_"))
    assert spent == contact["closed"] - contact["offered"] == 30_000
    assert sum(one["ms"] for one in found["segment"]) == spent
    assert [one["step"] for one in found["visit"]][:2] == ["who", "which"]
    [ticket] = found["ticket"]
    assert (ticket["status"], ticket["contacts"], ticket["handling_ms"]) == ("closed", 1, 30_000)


def test_facts_name_nobody_and_hold_nothing_that_was_said(
    play: Callable[[Play], Any], clock: FixedClock
) -> None:
    async def deed(service: Service, keeper: Keeper) -> Any:
        await one_contact(service, clock, "C-SECRET")
        await one_contact(service, clock, "C-SECRET")
        return await everything(keeper)

    found = play(deed)

    text = json.dumps(found)
    for personal in ("SECRET", "zoe", "F-1", "P-2", "advisor:ana", "cus_"):
        assert personal not in text
    customers = {one["customer"] for one in found["contact"]}
    assert len(customers) == 1
    assert {len(one) for one in customers} == {16}


def test_a_message_is_answered_by_the_reply_that_went_and_not_by_being_opened(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    failed = Outcome("failed", reason="connector.unreachable", sent=False, again=True)

    async def play() -> list[int | None]:
        async with open_shop(posting(Postman(failed)), reply_operation="mail.reply") as service:
            keeper = keeper_of(service, clock, tmp_path / "facts")
            message, seen = await take(service, mail()), []

            async def look() -> None:
                [contact] = await rows(keeper, "contact")
                since = contact["responded"] and contact["responded"] - contact["offered"]
                seen.append(since)

            await look()
            clock.advance(HOUR)
            await service.post.messages.open(ANA, message["id"], journey="parcel")
            await look()
            clock.advance(HOUR)
            told = Reply(subject="Your parcel", body="It comes tomorrow.")
            await service.post.replies.reply(ANA, message["id"], told)
            await look()
            clock.advance(HOUR)
            await service.post.sending.deliver()
            await look()
            await keeper.rebuild()
            await look()
            await keeper.close()
            return seen

    # Opened after an hour, answered after two; the reply's first attempt did not go.
    assert asyncio.run(play()) == [None, None, None, 2 * HOUR, 2 * HOUR]


def test_customers_who_turn_out_to_be_one_are_one_in_the_figures_at_once_and_two_again_when_split(
    play: Callable[[Play], Any], clock: FixedClock
) -> None:
    async def deed(service: Service, keeper: Keeper) -> Any:
        for number in ("C-1", "C-2"):
            await one_contact(service, clock, number)
        people = [row["customer"] for row in await service.contacts.newest(ANA)]
        seen = [await rows(keeper, "contact")]
        await service.merging.merge(ANA, people[0], other=people[1])
        seen.append(await rows(keeper, "contact"))
        await service.merging.split(ANA, people[0], merged=people[1])
        return [*seen, await rows(keeper, "contact")]

    two, one, again = play(deed)

    assert [len({row["customer"] for row in found}) for found in (two, one, again)] == [2, 1, 2]
    assert again == two


def test_a_rebuild_from_events_gives_the_very_same_facts(
    play: Callable[[Play], Any], clock: FixedClock
) -> None:
    async def deed(service: Service, keeper: Keeper) -> Any:
        for number in range(3):
            await one_contact(service, clock, f"C-{number}")
            await keeper.write()
            clock.advance(HOUR)
        await begin(service, ANA, customer={"number": "C-0"})
        grown = await everything(keeper)
        await keeper.rebuild()
        return grown, await everything(keeper)

    grown, rebuilt = play(deed)

    assert grown == rebuilt
    assert [one["closed"] is None for one in grown["contact"]] == [False, False, False, True]
    assert [one["status"] for one in grown["ticket"]] == ["closed", "closed", "closed", "open"]


def test_figures_see_a_contact_as_soon_as_it_is_over_and_after_a_restart(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def run() -> Any:
        async with open_shop(LOST) as service:
            first = keeper_of(service, clock, tmp_path / "facts")
            await one_contact(service, clock, "C-1")
            await first.write()
            await one_contact(service, clock, "C-2")
            seen = await everything(first)
            await first.close()
            again = keeper_of(service, clock, tmp_path / "facts")
            same = await everything(again)
            await again.close()
            return seen, same

    seen, same = asyncio.run(run())

    assert len(seen["contact"]) == 2
    assert seen == same


def test_hours_become_days_and_months_and_a_late_correction_replaces_its_partition(
    play: Callable[[Play], Any], clock: FixedClock, tmp_path: Path
) -> None:
    async def deed(service: Service, keeper: Keeper) -> Any:
        open_one = await begin(service, ANA, customer={"number": "C-9"})
        for number in range(3):
            await one_contact(service, clock, f"C-{number}")
            await keeper.write()
            clock.advance(HOUR)
        files = [partitions(tmp_path)]
        clock.advance(DAY)
        await keeper.write()
        files.append(partitions(tmp_path))
        clock.advance(32 * DAY)
        await keeper.write()
        files.append(partitions(tmp_path))
        before = await rows(keeper, "contact")
        await say(service, ANA, open_one, {"type": "cancel", "reason": "gone"})
        await keeper.write()
        files.append(partitions(tmp_path))
        after = await rows(keeper, "contact")
        await keeper.rebuild()
        return files, before, after, await rows(keeper, "contact")

    files, before, after, rebuilt = play(deed)

    assert files == [
        ["2026-01-01T00", "2026-01-01T01", "2026-01-01T02"],
        ["2026-01-01"],
        ["2026-01"],
        ["2026-01"],
    ]
    assert [one["closed"] is None for one in before] == [True, False, False, False]
    assert [one["closed"] is None for one in after] == [False] * 4
    assert after == rebuilt


def test_a_demand_already_in_a_file_learns_that_its_customer_came_again(
    play: Callable[[Play], Any], clock: FixedClock
) -> None:
    async def deed(service: Service, keeper: Keeper) -> Any:
        await one_contact(service, clock, "C-1")
        await one_contact(service, clock, "C-2")
        clock.advance(60 * DAY)
        await keeper.write()
        await one_contact(service, clock, "C-1")
        at_once = await rows(keeper, "ticket")
        await keeper.write()
        written = await rows(keeper, "ticket")
        await keeper.rebuild()
        return at_once, written, await rows(keeper, "ticket")

    at_once, written, rebuilt = play(deed)

    first, other, second = at_once
    assert first["customer"] == second["customer"] != other["customer"]
    assert [one["again"] for one in at_once] == [second["first_offered"], None, None]
    assert at_once == written == rebuilt


def test_erasing_a_person_changes_no_fact(play: Callable[[Play], Any], clock: FixedClock) -> None:
    async def deed(service: Service, keeper: Keeper) -> Any:
        session = await one_contact(service, clock, "C-1")
        before = await everything(keeper)
        clock.advance(DAY)
        await service.erasing.session("acme", session, by="system")
        await keeper.rebuild()
        return before, await everything(keeper)

    before, after = play(deed)

    assert before == after


class Gate:
    """A store whose answers can be held back."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.opened = asyncio.Event()
        self.opened.set()
        self.waits = False

    async def read(self, *asked: Any) -> Any:
        """Return what the store answers, once the gate is open."""
        self.waits = not self.opened.is_set()
        await self.opened.wait()
        return await self._store.read(*asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(1_000_000):
        if is_so():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to that")


def test_a_question_does_not_wait_for_the_newest_contacts_and_says_as_of_when(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def count(keeper: Keeper) -> tuple[int, int]:
        query = "SELECT count(*) FROM contact"
        found, at = await keeper.ask("acme", lambda facts: facts.execute(query).fetchall())
        return found[0][0], at

    async def run() -> Any:
        async with open_shop(LOST) as service, asyncio.timeout(60):
            gate = Gate(service.store)
            keeper = Keeper(gate, clock, tmp_path / "facts", alone=True)
            service.sessions.turns.listen(keeper.mark)
            await one_contact(service, clock, "C-1")
            upkeep = asyncio.create_task(keeper.work(every=0))
            await until(lambda: keeper.told()["kept_up"])
            begun = clock.now()
            gate.opened.clear()
            await one_contact(service, clock, "C-2")
            await until(lambda: gate.waits)
            meanwhile = await count(keeper)
            gate.opened.set()
            await until(lambda: keeper.told()["as_of"] == clock.now())
            later = await count(keeper)
            upkeep.cancel()
            await asyncio.gather(upkeep, return_exceptions=True)
            await keeper.close()
            return begun, clock.now(), meanwhile, later

    begun, now, meanwhile, later = asyncio.run(run())

    assert meanwhile == (1, begun)
    assert later == (2, now)


def test_another_tenant_sees_none_of_it(play: Callable[[Play], Any], clock: FixedClock) -> None:
    async def deed(service: Service, keeper: Keeper) -> Any:
        await one_contact(service, clock, "C-1")
        await keeper.write()
        await one_contact(service, clock, "C-2")
        return await rows(keeper, "contact", "rival"), await rows(keeper, "contact", "acme")

    theirs, ours = play(deed)

    assert theirs == []
    assert len(ours) == 2


@pytest.mark.parametrize(
    ("dropped", "after_s", "channel", "counted"),
    [(True, 300, "phone", (1, 1)), (True, 301, "phone", (2, 0)), (True, 60, "chat", (2, 0)),
     (False, 60, "phone", (2, 0))],
)  # fmt: skip
def test_who_comes_back_after_a_line_that_broke_did_not_come_again(
    play: Callable[[Play], Any], clock: FixedClock, dropped: bool, after_s: int, channel: str,
    counted: tuple[int, int],
) -> None:  # fmt: skip
    async def deed(service: Service, keeper: Keeper) -> None:
        contacts = service.contacts
        rung = (await contacts.open(ANA, channel="phone"))["id"]
        await contacts.pass_to(ANA, rung, "answered")
        first = await begin(service, ANA, contact=rung, customer={"number": "7"})
        ticket = (await service.sessions.admit(ANA, first.session)).state.ticket
        clock.advance(20_000)
        ended = await contacts.pass_to(ANA, rung, "ended", dropped=dropped)
        assert ended["dropped"] is dropped
        clock.advance(after_s * 1_000)
        again = (await contacts.open(ANA, channel=channel))["id"]
        await contacts.pass_to(ANA, again, "answered")
        await begin(service, ANA, contact=again, ticket=ticket, channel=channel)
        clock.advance(20_000)
        await contacts.pass_to(ANA, again, "ended")

        (row,) = await rows(keeper, "ticket")
        assert (row["contacts"], row["reconnects"]) == counted
        assert [one["dropped"] for one in await rows(keeper, "contact")] == [dropped, False]

    play(deed)
