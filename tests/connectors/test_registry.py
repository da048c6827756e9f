"""Connectors are let go when the service stops, whatever one of them does."""

from __future__ import annotations

import asyncio

import pytest

from connectors.mock import Mock
from connectors.registry import Registry


class Closing(Mock):
    """Counts how often it is closed; may fail at it."""

    def __init__(self, failure: Exception | None = None) -> None:
        super().__init__({"operations": {}})
        self.closed = 0
        self.failure = failure

    async def close(self) -> None:
        self.closed += 1
        if self.failure is not None:
            raise self.failure


def test_every_connector_is_closed_once_even_when_one_of_them_fails(
    caplog: pytest.LogCaptureFixture,
) -> None:
    breaks, other = Closing(OSError("gone")), Closing()
    registry = Registry({"a": breaks, "b": other, "c": other})

    asyncio.run(registry.close())

    assert (breaks.closed, other.closed) == (1, 1)
    assert [record.message for record in caplog.records] == ["connector_not_closed"]
