"""Every code that is said has its line in the reference, and none stands there for nothing."""

from __future__ import annotations

import re

from connectors.codes import DEPLOYMENT, REASONS
from tests.house.sources import modules

CODE = re.compile(r'"((?:calendar|connector|egress|deployment)\.[a-z]+(?:-[a-z]+)*)"')


def test_the_codes_that_are_said_are_those_that_are_listed() -> None:
    said = {
        code
        for path in modules("connectors", "engine", "runtime")
        if path.name != "codes.py"
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }

    assert {*REASONS, *DEPLOYMENT} - {"http.NNN"} == said
