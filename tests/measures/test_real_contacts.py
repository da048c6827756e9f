"""Figures of 300 real dialogues, by SQL over facts and by plain Python from the raw file."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any, Final

import pytest

from parcours.places import ROOT
from tests.cli.conftest import Cli, cli

__all__ = ["cli"]

STAR: Final = ROOT.parent / "shared" / "data" / "star" / "contacts.jsonl.gz"
BEFORE: Final = {
    "User utter": "useful", "User complete": "useful", "Wizard utter": "useful",
    "Wizard pick_suggestion": "useful", "Wizard request_suggestions": "procedure",
    "Wizard query": "lookup", "Wizard select_primary": "lookup",
    "KnowledgeBase return_item": "robot_wait",
}  # fmt: skip
"""What the time before an event was spent on: an event is written down once it is done."""
SILENCE_S: Final = 300
"""Seconds of a chat without an event above which it was idle. Source: measures.md A1."""
LOST: Final = ("lookup", "procedure", "robot_wait", "idle")


@dataclass
class Dialogue:
    """One dialogue: seconds by what they were spent on."""

    spent: dict[str, float] = field(default_factory=dict)

    @property
    def whole(self) -> float:
        """Its length in seconds."""
        return sum(self.spent.values())

    def share(self, what: str) -> float:
        """Return the part of it that was spent on something."""
        return self.spent.get(what, 0.0) / self.whole


def dialogues() -> Iterator[Dialogue]:
    """Give each dialogue as published; those without a timed event are no contact."""
    with gzip.open(STAR, "rt", encoding="utf-8") as lines:
        for line in lines:
            events = json.loads(line)["Events"]
            timed = [one for one in events if one.get("UnixTime") is not None]
            if timed:
                yield dialogue(events)


def dialogue(events: list[Mapping[str, Any]]) -> Dialogue:
    """Spend the time between events; one without a time happened with the one before it."""
    found, now, placed = Dialogue(), None, []
    for event in events:
        at = event.get("UnixTime")
        now = at if now is None else max(now, now if at is None else at)
        placed.append((now, f"{event['Agent']} {event['Action']}"))
    begun = next(at for at, _ in placed if at is not None)
    for (start, _), (end, what) in pairwise([(begun, ""), *placed]):
        seconds = (begun if end is None else end) - (begun if start is None else start)
        kind = "idle" if seconds > SILENCE_S else BEFORE.get(what, "unattributed")
        found.spent[kind] = found.spent.get(kind, 0.0) + seconds
    return found


def independently() -> dict[str, float]:
    """Return each figure worked out from the raw file alone."""
    every = list(dialogues())
    lasting = [one for one in every if one.whole > 0]
    whole = sum(one.whole for one in every)

    def mean(what: str) -> float:
        return fmean(one.spent.get(what, 0.0) for one in every)

    worked = [one.whole - one.spent.get("idle", 0.0) for one in every]
    return {
        "contacts": len(every),
        "duc_experienced": sum(one.spent.get("useful", 0.0) for one in every) / whole,
        "duc_mean_of_ratios": fmean(one.share("useful") for one in lasting),
        "unattributed": sum(one.spent.get("unattributed", 0.0) for one in every) / whole,
        "handling_time": fmean(worked),
        "handling_time median": median(worked),
        "lost_time": fmean(sum(one.spent.get(what, 0.0) for what in LOST) for one in every),
        "loss_lookup": mean("lookup"),
        "loss_procedure": mean("procedure"),
        "loss_robot_wait": mean("robot_wait"),
        "loss_idle": mean("idle"),
    }


@pytest.mark.skipif(not STAR.exists(), reason="shared/data is not beside this checkout")
def test_real_contacts_have_the_same_figures_by_sql_and_from_the_raw_file(
    tmp_path: Path, cli: Cli
) -> None:
    database = tmp_path / "parcours.db"
    brought = cli("import", "--database", database, "star", STAR)
    assert brought.code == 0, brought.err
    expected = independently()

    found = {}
    for slug in dict.fromkeys(name.partition(" ")[0] for name in expected):
        said = cli(
            "measures", slug, "--database", database, "--from", "2019-01-01", "--to", "2022-01-01",
            "--format", "json",
        )  # fmt: skip
        assert said.code == 0, said.err
        total = json.loads(said.out)["total"]
        found[slug] = total["value"]
        if f"{slug} median" in expected:
            found[f"{slug} median"] = total["also"]["median"]

    assert found == pytest.approx(expected, abs=1e-9)
    assert expected["contacts"] == 288
