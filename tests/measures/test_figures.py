"""The figures, on cases worked out by hand and on the vectors of the measures' definition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from measures.registry import FIGURES
from measures.times import ContactTime

GOLDEN = Path(__file__).parent.parent / "golden" / "measures"
CASES = yaml.safe_load((GOLDEN / "figures.yaml").read_text(encoding="utf-8"))
VECTORS = json.loads((GOLDEN / "vectors.json").read_text(encoding="utf-8"))


def contact(seconds: dict[str, Any]) -> ContactTime:
    channel = seconds.get("channel", "phone")
    return ContactTime({k: v * 1000 for k, v in seconds.items() if k != "channel"}, channel)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_figure_is_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    contacts = [contact(seconds) for seconds in case["contacts"]]

    found = {figure: FIGURES[figure].of(contacts) for figure in case["expect"]}

    assert found == pytest.approx(case["expect"])


def test_every_figure_has_a_case() -> None:
    assert set(FIGURES) == {figure for case in CASES for figure in case["expect"]}


def test_the_useful_share_is_a_ratio_of_sums_and_the_other_one_is_named() -> None:
    vector = VECTORS["duc_ratio_vs_mean"]
    contacts = [
        ContactTime({"useful": useful * 1000, "lookup": (total - useful) * 1000})
        for useful, total in zip(vector["U_s"], vector["T_s"], strict=True)
    ]

    assert FIGURES["duc_experienced"].of(contacts) == pytest.approx(vector["DUC"])
    assert FIGURES["duc_mean_of_ratios"].of(contacts) == pytest.approx(vector["mean_of_ratios"])


def test_abandoned_contacts_do_not_shorten_handling_time() -> None:
    vector = VECTORS["aht"]
    contacts = [
        ContactTime(
            {
                "useful": one["talk"] * 1000,
                "hold": one["hold"] * 1000,
                "after_call": one["acw"] * 1000,
                "queue": one.get("queue", 0) * 1000,
            },
            abandoned=one.get("abandoned", False),
        )
        for one in vector["contacts"]
    ]

    assert FIGURES["conversation_time"].of(contacts) == vector["DMC_s"]
    assert FIGURES["handling_time"].of(contacts) == vector["DMT_s"]
