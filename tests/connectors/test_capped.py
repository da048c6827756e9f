"""A connector that costs money is asked so many times a day, and the next day again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from connectors.allowances import DAY_S
from connectors.port import Outcome
from tests.connectors.deployed import Uncounted, call, faults_of, opened

TABLE = '[sms]\nkind = "mock"\nanswers = "sms.yaml"\ndaily_cap = 2\n'
FILES = {"sms.yaml": "operations: {sms.send: [{result: {}}]}"}


def test_the_cap_of_a_day_ends_with_the_day() -> None:
    now = [DAY_S * 20_000.0 - 1]

    async def run() -> list[Outcome]:
        async with opened(TABLE, files=FILES, wall=lambda: now[0]) as connectors:
            today = [await call(connectors, "sms.send") for _ in range(3)]
            now[0] += 1
            return [*today, await call(connectors, "sms.send")]

    done = Outcome("succeeded", {})
    used_up = Outcome("failed", reason="connector.daily-cap", sent=False)
    assert asyncio.run(run()) == [done, done, used_up, done]


def test_what_cannot_be_counted_now_is_not_called_and_may_be_later() -> None:
    async def run() -> Outcome:
        async with opened(TABLE, files=FILES, allowances=Uncounted()) as connectors:
            return await call(connectors, "sms.send")

    later = Outcome("failed", reason="connector.not-counted", sent=False, again=True)
    assert asyncio.run(run()) == later


@pytest.mark.parametrize("cap", ["0", '"many"', "true", "1.5"])
def test_a_cap_is_a_whole_number(cap: str, tmp_path: Path) -> None:
    text = TABLE.replace("= 2", f"= {cap}")

    assert faults_of(text, tmp_path, files=FILES) == [("deployment.wrong-value", "sms.daily_cap")]
