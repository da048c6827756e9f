"""What every store promises: one suite, played on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from runtime.store import actions as a
from runtime.store import statements as s
from runtime.store.port import KeyTaken, LostLease, LostRace, Store, Unit
from tests.store.turns import begun, moved, numbers

OpenStore = Callable[[], AbstractAsyncContextManager[Store]]


def test_a_turn_is_there_with_its_payload_when_the_store_is_opened_again(
    open_store: OpenStore,
) -> None:
    async def play() -> list[Any]:
        async with open_store() as store:
            await store.commit(begun("ses_1"))
        async with open_store() as store:
            return [tuple(r) for r in await store.read(s.EVENTS, "acme", "session", "ses_1", 0, 10)]

    rows = asyncio.run(play())

    assert rows == [(1, "started", 1_000, "advisor:ana", "{}", '{"words":"où est mon colis ?"}')]


def test_of_twenty_turns_decided_on_the_same_state_exactly_one_is_recorded(
    open_store: OpenStore,
) -> None:
    async def play() -> tuple[list[Any], list[int]]:
        async with open_store() as store:
            await store.commit(begun("ses_1"))
            outcomes = await asyncio.gather(
                *(store.commit(moved("ses_1", expected=1)) for _ in range(20)),
                return_exceptions=True,
            )
            return outcomes, await numbers(store, "ses_1")

    outcomes, seqs = asyncio.run(play())

    assert [type(o) for o in outcomes if o is not None] == [LostRace] * 19
    assert seqs == [1, 2]


def test_a_unit_that_fails_in_a_group_fails_alone(open_store: OpenStore) -> None:
    async def play() -> tuple[list[Any], list[list[int]]]:
        async with open_store() as store:
            for place in range(40):
                await store.commit(begun(f"ses_{place}"))
            outcomes = await asyncio.gather(
                *(
                    store.commit(moved(f"ses_{place}", expected=7 if place % 5 == 0 else 1))
                    for place in range(40)
                ),
                return_exceptions=True,
            )
            return outcomes, [await numbers(store, f"ses_{place}") for place in range(40)]

    outcomes, seqs = asyncio.run(play())

    for place, outcome in enumerate(outcomes):
        assert isinstance(outcome, LostRace) is (place % 5 == 0)
        assert seqs[place] == ([1] if place % 5 == 0 else [1, 2])


def test_a_turn_that_fails_leaves_nothing_of_itself(open_store: OpenStore) -> None:
    async def play() -> tuple[list[int], int, Any]:
        async with open_store() as store:
            await store.commit(begun("ses_1", key="k1"))
            with pytest.raises(KeyTaken):
                await store.commit(moved("ses_1", expected=1, key="k1", events=3))
            row = (await store.read(s.SESSION_ROW, "acme", "ses_1"))[0]
            key = (await store.read(s.KEY, "acme", "advisor:ana", "k1", 1_500))[0]
            return await numbers(store, "ses_1"), row[4], tuple(key)

    seqs, seq, key = asyncio.run(play())

    assert (seqs, seq) == ([1], 1)
    assert key == ("print", "done", "ses_1", 1, "{}")


def test_a_key_serves_once_among_turns_that_arrive_together(open_store: OpenStore) -> None:
    async def play() -> tuple[list[Any], int]:
        async with open_store() as store:
            outcomes = await asyncio.gather(
                *(store.commit(begun(f"ses_{place}", key="k1")) for place in range(10)),
                return_exceptions=True,
            )
            found = [await numbers(store, f"ses_{place}") for place in range(10)]
            return outcomes, sum(map(bool, found))

    outcomes, recorded = asyncio.run(play())

    assert [type(o) for o in outcomes if o is not None] == [KeyTaken] * 9
    assert recorded == 1


def test_a_key_whose_day_is_over_serves_again(open_store: OpenStore) -> None:
    async def play() -> list[int]:
        async with open_store() as store:
            await store.commit(begun("ses_1", key="k1"))
            later = begun("ses_2")
            later.add(
                s.TAKE_KEY, "acme", "advisor:ana", "k1", "other", "done", "ses_2", 1, "{}", 2_000,
                3_000,
            )  # fmt: skip
            await store.commit(later)
            return await numbers(store, "ses_2")

    assert asyncio.run(play()) == [1]


def test_tenants_and_callers_do_not_share_keys_or_sessions(open_store: OpenStore) -> None:
    async def play() -> tuple[list[int], list[int], list[Any]]:
        async with open_store() as store:
            await store.commit(begun("ses_1", tenant="acme", key="k1"))
            await store.commit(begun("ses_1", tenant="globex", key="k1"))
            await store.commit(moved("ses_1", expected=1, tenant="globex"))
            other = await store.read(s.KEY, "acme", "advisor:ben", "k1", 1_500)
            return (
                await numbers(store, "ses_1", tenant="acme"),
                await numbers(store, "ses_1", tenant="globex"),
                other,
            )

    assert asyncio.run(play()) == ([1], [1, 2], [])


FAR = 10**14


def effect(
    store_now: int, *, effect_class: str = "keyed", state: str = "ready", deadline: int = FAR
) -> Unit:
    """Return a unit that asks for one action."""
    unit = Unit()
    unit.add(
        a.NEW_EFFECT, "acme", "ses_1", "ses_1/main/pay~1.1", 2, "pay.link", effect_class, 0, state,
        0, 2, store_now, 15_000, deadline, 0, 0, None, "{}", 0, None, None, None,
    )  # fmt: skip
    return unit


def test_an_action_is_claimed_by_one_worker_and_counted_then(open_store: OpenStore) -> None:
    async def play() -> tuple[int, list[Any]]:
        async with open_store() as store:
            await store.commit(effect(1_000))
            claims = await asyncio.gather(
                *(store.change(a.CLAIM_EFFECTS, 2_000, 30_000, 10) for _ in range(8))
            )
            claimed = [tuple(row) for rows in claims for row in rows]
            return len(claimed), claimed

    count, claimed = asyncio.run(play())

    assert count == 1
    attempt, token = claimed[0][5], claimed[0][9]
    assert (attempt, token) == (1, 1)


def test_a_worker_that_lost_its_lease_records_nothing(open_store: OpenStore) -> None:
    async def play() -> tuple[list[int], str]:
        async with open_store() as store:
            await store.commit(begun("ses_1"))
            await store.commit(effect(1_000))
            await store.change(a.CLAIM_EFFECTS, 2_000, 30_000, 10)
            await store.change(
                a.RETRY_EFFECT, "acme", "ses_1", "ses_1/main/pay~1.1", 1, 2_000, "timeout", 0
            )
            await store.change(a.CLAIM_EFFECTS, 2_000, 30_000, 10)
            late = moved("ses_1", expected=1)
            late.add(a.SETTLE_EFFECT, "acme", "ses_1", "ses_1/main/pay~1.1", 1, "succeeded", None)
            with pytest.raises(LostLease):
                await store.commit(late)
            states = await store.read(a.EFFECT_STATES)
            return await numbers(store, "ses_1"), states[0][0]

    assert asyncio.run(play()) == ([1], "in_flight")


def test_a_claimed_action_whose_worker_vanished_is_found_again(open_store: OpenStore) -> None:
    async def play() -> tuple[list[Any], list[Any]]:
        async with open_store() as store:
            await store.commit(effect(1_000))
            await store.change(a.CLAIM_EFFECTS, 2_000, 30_000, 10)
            held = await store.read(a.ABANDONED_EFFECTS, 0, 10)
            # Looking from beyond the lease, as a worker does that comes by later.
            gone = await store.read(a.ABANDONED_EFFECTS, 60_000, 10)
            return held, gone

    held, gone = asyncio.run(play())

    assert held == []
    assert [row[2] for row in gone] == ["ses_1/main/pay~1.1"]


def test_an_action_that_is_waited_for_beyond_its_time_is_found_while_its_lease_lasts(
    open_store: OpenStore,
) -> None:
    async def play() -> list[Any]:
        async with open_store() as store:
            await store.commit(effect(1_000, deadline=16_000))
            await store.change(a.CLAIM_EFFECTS, 2_000, 30_000, 10)
            return await store.read(a.ABANDONED_EFFECTS, 0, 10)

    assert [row[2] for row in asyncio.run(play())] == ["ses_1/main/pay~1.1"]


def test_timers_come_due_in_order_and_survive_a_restart(open_store: OpenStore) -> None:
    async def play() -> list[Any]:
        async with open_store() as store:
            unit = Unit()
            for session, due in (("ses_b", 3_000), ("ses_a", 2_000), ("ses_c", 9_000)):
                unit.add(s.SET_TIMER, "acme", session, "wait-1", due)
            await store.commit(unit)
        async with open_store() as store:
            return [row[1] for row in await store.read(s.DUE_TIMERS, 5_000, 10)]

    assert asyncio.run(play()) == ["ses_a", "ses_b"]


@pytest.mark.parametrize("text", ["", "é ' \" \\ ; -- \u2028", "𝄞" * 100, "\\u0000", "{}"])
def test_any_text_comes_back_as_it_went(open_store: OpenStore, text: str) -> None:
    async def play() -> str:
        async with open_store() as store:
            unit = Unit()
            unit.add(s.NEW_PAYLOAD, "acme", "session", "ses_1", 1, text)
            unit.add(s.NEW_EVENT, "acme", "session", "ses_1", 1, "noted", 1, "x", "{}")
            await store.commit(unit)
            row = (await store.read(s.EVENTS, "acme", "session", "ses_1", 0, 1))[0]
            return str(row[5])

    assert asyncio.run(play()) == text


def test_the_newest_snapshot_stays(open_store: OpenStore) -> None:
    async def play() -> Any:
        async with open_store() as store:
            for seq in (50, 100, 60):
                unit = Unit()
                unit.add(s.SAVE_SNAPSHOT, "acme", "ses_1", seq, f'{{"seq":{seq}}}')
                await store.commit(unit)
            return tuple((await store.read(s.SNAPSHOT, "acme", "ses_1"))[0])

    assert asyncio.run(play()) == (100, '{"seq":100}')


def test_a_turn_may_put_a_row_over_another_beside_its_swap(open_store: OpenStore) -> None:
    async def play() -> list[Any]:
        async with open_store() as store:
            await store.commit(begun("ses_1"))
            for seq, due in ((1, 5_000), (2, 7_000)):
                unit = moved("ses_1", expected=seq)
                unit.add(s.SET_TIMER, "acme", "ses_1", "w", due)
                unit.add(s.LINK_CONTACT, "acme", "ctc_1", "ses_1")
                await store.commit(unit)
            return [row[3] for row in await store.read(s.DUE_TIMERS, 9_000, 10)]

    assert asyncio.run(play()) == [7_000]
