"""A plug-in brings a kind of connector; it never takes the place of ours."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from connectors.kinds import GROUP, kind_names
from connectors.mock import Mock
from tests.connectors.deployed import faults_of, open_text

INSTALLED = [
    EntryPoint("fax", "connectors.mock:connect", GROUP),
    EntryPoint("http", "connectors.mock:connect", GROUP),
    EntryPoint("gone", "connectors.surely_not_there:connect", GROUP),
]
TABLE = '[sms]\nkind = "{kind}"\nanswers = "sms.yaml"\n'
FILES = {"sms.yaml": "operations: {}"}


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def installed(*, group: str) -> list[EntryPoint]:
        return [one for one in INSTALLED if one.group == group]

    monkeypatch.setattr("connectors.kinds.entry_points", installed)


def test_an_installed_kind_is_opened_like_ours(tmp_path: Path) -> None:
    opened = open_text(TABLE.format(kind="fax"), tmp_path, files=FILES)

    assert isinstance(opened["sms"], Mock)
    assert "fax" in kind_names()


def test_a_plug_in_does_not_replace_a_kind_of_ours(tmp_path: Path) -> None:
    found = faults_of(TABLE.format(kind="http"), tmp_path, files=FILES)

    assert ("deployment.missing-key", "sms.base_url") in found


def test_a_plug_in_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    found = faults_of(TABLE.format(kind="gone"), tmp_path, files=FILES)

    assert found == [("deployment.broken-plug-in", "sms.kind")]
