from __future__ import annotations

import re

import pytest

from tests.house.sources import ROOT

LEFT = re.compile(r'\bhow="(\w+)"')


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_way_a_step_is_left_has_its_word_in_the_history(language: str) -> None:
    engine = "\n".join(path.read_text("utf-8") for path in (ROOT / "engine").rglob("*.py"))
    ways = set(LEFT.findall(engine))
    texts = ROOT / "web" / "src" / "texts" / language
    words = "\n".join(path.read_text("utf-8") for path in texts.glob("*.ts"))

    silent = {way for way in ways if f"'how.{way}':" not in words}

    assert {"answered", "behind"} <= ways
    assert silent == set()
