"""What the loader finds, where, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from authoring.fix import apply
from authoring.load import load
from tests.authoring.loader.small import files

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "golden" / "loader" / "form.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", [pytest.param(one, id=one["case"]) for one in CASES])
def test_everything_wrong_is_found_at_its_place_and_nothing_else(case: dict[str, Any]) -> None:
    library = files(case["steps"], tables=case.get("tables", ""))

    loaded = load(library)

    shown = [
        f"{one.file.removeprefix('journeys/')}:{one.line}:{one.column} {one.severity} {one.code} "
        f"{one.message} {one.hint or ''}"
        for one in loaded.findings
    ]
    assert len(shown) == len(case["finds"]), "\n".join(shown)
    for found, wanted in zip(shown, case["finds"], strict=True):
        assert found.startswith(wanted), "\n".join(shown)
    fixes = [one.fix for one in loaded.findings if one.fix is not None]
    assert [fix.replacement for fix in fixes] == case.get("fixes", [])
    if fixes:
        library["journeys/j.yaml"] = apply(library["journeys/j.yaml"], fixes)
        assert load(library).findings == []
