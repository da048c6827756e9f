"""Actions that end together are one commit, and each of them stands or falls alone."""

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
COUNT = 24


def asked(place: int) -> Unit:
    """Return a session's first turn with an action, and one that waits for another."""
    unit = begun(f"ses_{place}")
    for name, state, waits in ((f"act_{place}", "ready", None), ("undo", "held", f"act_{place}")):
        unit.add(
            a.NEW_EFFECT, "acme", f"ses_{place}", name, 2, "pay.link", "keyed", 0, state, 0, 2,
            1_000, 15_000, 10**14, 0, 0, None, "{}", 1, waits, None, None,
        )  # fmt: skip
    unit.add(
        s.TAKE_KEY, "acme", "advisor:ana", f"key_{place}", "print", "accepted", f"ses_{place}", 1,
        None, 1_000, 10**14,
    )  # fmt: skip
    return unit


def ended(place: int, *, token: int = 1, expected: int = 1) -> Unit:
    """Return the turn that ends a session's action, frees the next and answers its request."""
    unit = Unit()
    unit.add(a.SETTLE_EFFECT, "acme", f"ses_{place}", f"act_{place}", token, "succeeded", None)
    unit.add(a.FREE_NEXT, "acme", f"ses_{place}", f"act_{place}", 5_000)
    unit.writes += moved(f"ses_{place}", expected=expected).writes
    unit.add(s.FINISH_KEY, "acme", "advisor:ana", f"key_{place}", 2, f'{{"said":{place}}}')
    return unit


async def found(store: Store, place: int) -> tuple[list[int], str | None]:
    """Return the numbers of a session's events, and what its request was answered."""
    key = (await store.read(s.KEY, "acme", "advisor:ana", f"key_{place}", 2_000))[0]
    return await numbers(store, f"ses_{place}"), key[4]


def test_of_actions_that_end_together_each_stands_or_falls_alone(open_store: OpenStore) -> None:
    wrong = {3: {"token": 7}, 8: {"expected": 9}, 13: {"token": 7, "expected": 9}}

    async def play() -> tuple[list[Any], list[Any], dict[str, int]]:
        async with open_store() as store:
            for place in range(COUNT):
                await store.commit(asked(place))
            assert len(await store.change(a.CLAIM_EFFECTS, 2_000, 30_000, COUNT)) == COUNT
            # Somebody else answered this request already.
            await store.commit(Unit([(s.FINISH_KEY, ("acme", "advisor:ana", "key_18", 1, "{}"))]))
            outcomes = await asyncio.gather(
                *(store.commit(ended(place, **wrong.get(place, {}))) for place in range(COUNT)),
                return_exceptions=True,
            )
            states = {row[0]: row[1] for row in await store.read(a.EFFECT_STATES)}
            return outcomes, [await found(store, place) for place in range(COUNT)], states

    outcomes, after, states = asyncio.run(play())

    fallen = {place: type(one) for place, one in enumerate(outcomes) if one is not None}
    assert fallen == {3: LostLease, 8: LostRace, 13: LostLease, 18: KeyTaken}
    for place, (events, body) in enumerate(after):
        if place in fallen:
            assert (events, body) == ([1], "{}" if place == 18 else None)
        else:
            assert (events, body) == ([1, 2], f'{{"said":{place}}}')
    # What fell is still under way, and what waited for it still waits.
    done = COUNT - len(fallen)
    assert states == {"succeeded": done, "ready": done, "in_flight": 4, "held": 4}


def test_a_turn_that_answers_two_requests_answers_both_or_none(open_store: OpenStore) -> None:
    async def play() -> list[Any]:
        async with open_store() as store:
            for place in range(2):
                await store.commit(asked(place))
            await store.change(a.CLAIM_EFFECTS, 2_000, 30_000, COUNT)
            await store.commit(Unit([(s.FINISH_KEY, ("acme", "advisor:ana", "key_1", 1, "{}"))]))
            both = ended(0)
            both.add(s.FINISH_KEY, "acme", "advisor:ana", "key_1", 2, "second")
            with pytest.raises(KeyTaken):
                await store.commit(both)
            return [await found(store, place) for place in range(2)]

    assert asyncio.run(play()) == [([1], None), ([1], "{}")]
