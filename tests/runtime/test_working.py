"""What a service does by itself goes on, whatever one session brings about."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

import pytest

from runtime.outbox.outbox import Outbox
from runtime.working import kept_up
from tests.runtime.acting import System
from tests.runtime.conftest import OpenService


def test_a_work_that_breaks_says_where_and_is_begun_again_until_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun: list[str] = []

    async def work(name: str) -> None:
        begun.append(name)
        if len(begun) < 3:
            raise KeyError(name)

    asyncio.run(kept_up(partial(work, "look"), pause_s=0))

    assert begun == ["look"] * 3
    said = [one for one in caplog.records if one.getMessage() == "work_broke"]
    assert len(said) == 2
    assert all(one.levelno == logging.ERROR and one.exc_info for one in said)
    assert vars(said[0])["work"].endswith("work")


def test_actions_are_still_looked_after_once_a_look_broke(
    open_shop: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    recover, looks, again = Outbox.recover, [0], asyncio.Event()

    async def break_once(outbox: Outbox, *, alone: bool) -> int:
        # The first look is the start's; the second is made by what runs by itself.
        looks[0] += 1
        if looks[0] == 2:
            raise KeyError("a row nobody thought of")
        if looks[0] > 2:
            again.set()
        return await recover(outbox, alone=alone)

    monkeypatch.setattr(Outbox, "recover", break_once)
    monkeypatch.setattr("runtime.wiring.kept_up", partial(kept_up, pause_s=0))

    async def play() -> None:
        async with open_shop({"*": System()}, background=True), asyncio.timeout(20):
            await again.wait()

    asyncio.run(play())
