"""Requests and answers that anyone can read, kept in tests/golden/api, a conversation each.

`python -m tests.api.record_golden` writes them anew; the difference is reviewed like code.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.api.golden import FOLDER, play, to_text
from tests.api.service import Shop

CASES = sorted(FOLDER.glob("*.yaml"))


def test_there_are_golden_conversations() -> None:
    assert len(CASES) >= 3


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_was_recorded(path: Path, any_shop: Shop) -> None:
    recorded = path.read_text(encoding="utf-8")

    assert to_text(play(any_shop, yaml.safe_load(recorded))) == recorded
