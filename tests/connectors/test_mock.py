"""The connector with written answers, and how a connector is chosen."""

import asyncio
from typing import Any

import pytest

from connectors.mock import Mock, WrongMock
from connectors.port import Outcome
from connectors.registry import Registry

CONTENT = {
    "operations": {
        "oms.get_order": [
            {"when": {"id": "F-1"}, "result": {"status": "late"}, "delay": "1ms"},
            {"when": {"customer.vip": True}, "refused": "vip"},
            {"when": {"id": "F-3"}, "failed": True},
            {"when": {"id": "F-4"}, "unknown": "lost reply"},
            {"when": {"id": "F-5"}, "result": {}, "delay": "2 min"},
            {"result": {"status": "found"}},
        ],
        "oms.nothing": [{"when": {"id": "x"}}],
    }
}


@pytest.mark.parametrize(
    ("inputs", "outcome"),
    [
        ({"id": "F-1"}, Outcome("succeeded", {"status": "late"})),
        ({"id": "F-2", "customer": {"vip": True}}, Outcome("refused", reason="vip")),
        ({"id": "F-3"}, Outcome("failed", reason="mock.failed")),
        ({"id": "F-4"}, Outcome("unknown", reason="lost reply")),
        ({"id": "F-5"}, Outcome("unknown", reason="connector.timeout", again=True)),
        ({"id": "F-9"}, Outcome("succeeded", {"status": "found"})),
    ],
)
def test_the_first_answer_that_agrees_is_given(inputs: dict[str, Any], outcome: Outcome) -> None:
    mock = Mock(CONTENT)

    got = asyncio.run(mock.call("oms.get_order", inputs, key="k", timeout_ms=20))

    assert got == outcome
    assert mock.calls == [("oms.get_order", inputs, "k")]


@pytest.mark.parametrize("operation", ["oms.nothing", "oms.other"])
def test_an_operation_without_an_answer_fails(operation: str) -> None:
    got = asyncio.run(Mock(CONTENT).call(operation, {}, key="k", timeout_ms=20))

    assert got == Outcome("failed", reason="mock.no-answer", sent=False)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({}, "operations"),
        ({"operations": {"a.b": {}}}, r"operations\.a\.b: a list"),
        ({"operations": {"a.b": ["x"]}}, r"\[0\]: a mapping"),
        ({"operations": {"a.b": [{"resutl": 1}]}}, "unknown resutl"),
        ({"operations": {"a.b": [{"result": 1, "failed": True}]}}, "one of"),
        ({"operations": {"a.b": [{"when": "x"}]}}, "when"),
        ({"operations": {"a.b": [{"delay": "soon"}]}}, "delay"),
        ({"operations": {"a.b": [{"delay": True}]}}, "delay"),
    ],
)
def test_a_file_that_is_not_one_says_where(content: dict[str, Any], where: str) -> None:
    with pytest.raises(WrongMock, match=where):
        Mock(content)


def test_the_closest_connector_is_chosen() -> None:
    one, system, rest = Mock(CONTENT), Mock(CONTENT), Mock(CONTENT)
    registry = Registry({"oms.get_order": one, "oms": system, "*": rest})

    assert registry.find("oms.get_order") is one
    assert registry.find("oms.other") is system
    assert registry.find("crm.find") is rest
    assert Registry().find("crm.find") is None
    assert registry.names() == ["*", "oms", "oms.get_order"]
