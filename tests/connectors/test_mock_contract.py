"""The stand-in keeps the contract of every connector."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest

from connectors.deployment import Deployment, load_deployment
from connectors.faults import Misconfigured
from connectors.kinds import open_connectors
from connectors.mock import Mock
from runtime.deploying import read_data
from tests.connectors.contract import Contract, Subject

ANSWERS = {
    "operations": {
        "oms.get_order": [
            {"when": {"id": "F-1"}, "result": {"status": "late"}},
            {"when": {"id": "F-2"}, "refused": "not_found"},
            {"when": {"id": "F-3"}, "failed": "mock.down"},
            {"when": {"id": "F-4"}, "result": {}, "delay": "1 min"},
        ]
    }
}


class TestMock(Contract):
    DESCRIBES: ClassVar[bool] = False

    @asynccontextmanager
    async def subject(self) -> AsyncIterator[Subject]:
        yield Subject(
            Mock(ANSWERS),
            succeeds=("oms.get_order", {"id": "F-1"}),
            refuses=("oms.get_order", {"id": "F-2"}),
            fails=("oms.get_order", {"id": "F-3"}),
            hangs=("oms.get_order", {"id": "F-4"}),
        )


def deployment(folder: Path, text: str) -> Deployment:
    path = folder / "connectors.toml"
    path.write_text(text, encoding="utf-8")
    return load_deployment(path, environment={}, read=read_data)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "deployment.no-file"),
        ("operations: [", "deployment.wrong-file"),
        ("operations: {oms.get_order: 3}", "deployment.wrong-file"),
    ],
)
def test_a_mock_in_a_deployment_whose_file_is_none_is_told_at_start(
    content: str | None, code: str
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        if content is not None:
            (folder / "answers.yaml").write_text(content, encoding="utf-8")

        with pytest.raises(Misconfigured) as wrong:
            open_connectors(deployment(folder, '[oms]\nkind = "mock"\nanswers = "answers.yaml"\n'))

    [fault] = wrong.value.faults
    assert (fault.code, fault.path, fault.line) == (code, ("oms", "answers"), 3)


def test_a_mock_in_a_deployment_answers_for_its_system(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text(json.dumps(ANSWERS), encoding="utf-8")

    opened = open_connectors(
        deployment(tmp_path, '[oms]\nkind = "mock"\nanswers = "answers.json"\n')
    )

    assert list(opened) == ["oms"]
    assert isinstance(opened["oms"], Mock)
