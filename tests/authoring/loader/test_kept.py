"""How long a library keeps what people said."""

from __future__ import annotations

from authoring.load import load
from tests.authoring.loader.small import files


def test_how_long_things_are_kept_is_written_in_durations_months_or_years() -> None:
    def spans(written: str) -> tuple[object, list[str]]:
        made = files("- {end: resolved}\n")
        made["library.yaml"] += f"retention: {written}\n"
        loaded = load(made)
        codes = [one.code for one in loaded.findings]
        return (None if loaded.library is None else loaded.library.retention), codes

    day = 86_400_000
    kept, nothing = spans("{contacts: 12 months, self_care: 2 weeks, left: 2 years}")
    assert (kept, nothing) == (
        {"contacts": 365 * day, "self_care": 14 * day, "left": 730 * day},
        [],
    )
    assert spans("{contacts: soon}")[1] == ["form.duration"]
    assert spans("{sessions: 3 days}")[1] == ["form.unknown-key"]
