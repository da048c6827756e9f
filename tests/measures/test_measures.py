"""Every measure, on facts written and worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from measures.asking.table import rows as rows_of
from measures.asking.table import to_csv
from measures.errors import WrongQuestion
from measures.french.texts import FRENCH, texts
from measures.registry import FIGURES, MEASURES
from tests.measures.facts_by_hand import ask, connected
from tests.measures.said_by_libraries import policy_of

GOLDEN = Path(__file__).parent.parent / "golden" / "measures"
CASES: list[dict[str, Any]] = yaml.safe_load((GOLDEN / "measures.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_measure_is_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    connection = connected(case)

    policy = policy_of(case.get("library"), case.get("volumes"))

    for slug, expected in case["expect"].items():
        found = ask(connection, slug, policy=policy, **case.get("asked", {}))
        wanted = expected if isinstance(expected, dict) else {"value": expected}
        flat = {"excluded": found["excluded"], **found["total"]["also"], **found["total"]}
        assert {name: flat[name] for name in wanted} == pytest.approx(wanted, abs=1e-9), slug
    connection.close()


def test_every_measure_has_a_case_with_a_figure() -> None:
    figures = {
        slug for case in CASES for slug, expected in case["expect"].items()
        if (expected["value"] if isinstance(expected, dict) else expected) is not None
    }  # fmt: skip

    assert figures == set(MEASURES)


def test_every_measure_says_all_that_is_needed_to_read_it() -> None:
    for measure in MEASURES.values():
        assert set(measure.label) == {"fr", "en"}
        assert all((measure.formula, measure.includes, measure.edges, measure.source, measure.unit))
        assert measure.slug.replace("_", "").isalnum()
        french, english = texts(measure, "fr"), texts(measure, "en")
        assert set(french) == set(english) == {"formula", "includes", "edges"}
        assert all(french.values())
        assert french["includes"] != english["includes"], measure.slug
    assert set(FRENCH) == set(MEASURES)


def test_a_figure_of_one_session_and_the_measure_of_that_name_say_the_same_thing() -> None:
    assert set(FIGURES) <= set(MEASURES)
    assert {slug: FIGURES[slug].unit for slug in FIGURES} == {
        slug: MEASURES[slug].unit for slug in FIGURES
    }


def test_a_group_of_fewer_than_five_contacts_has_no_figure_and_says_so() -> None:
    rows = [{"channel": name, "useful": 60} for name, n in
            (("phone", 6), ("chat", 4), ("web", 5)) for _ in range(n)]  # fmt: skip
    connection = connected({"contacts": rows})

    found = ask(connection, "handling_time", by="channel")

    chat, phone, web = found["groups"]
    assert (chat["value"], chat["reason"], chat["n"], chat["also"]) == (None, "too_few", None, {})
    assert (phone["value"], phone["reason"], phone["n"]) == (60, None, 6)
    # Nor has the next smallest: the total less all others would give it away.
    assert (web["value"], web["reason"], web["n"]) == (None, "protects_others", None)
    assert found["total"]["n"] == 15
    assert ask(connection, "handling_time", where="channel:chat")["total"]["reason"] == "too_few"


def test_a_team_of_fewer_than_five_advisors_has_no_figure() -> None:
    def team(name: str, advisors: int) -> list[dict[str, Any]]:
        return [{"team": name, "advisor": f"{name}{n % advisors}", "useful": 60} for n in range(10)]

    connection = connected({"contacts": team("small", 4) + team("large", 5) + team("other", 5)})

    large, other, small = ask(connection, "handling_time", by="team")["groups"]

    assert (large["value"], large["reason"]) == (None, "protects_others")
    assert (other["value"], other["clusters"]) == (60, 5)
    assert (small["value"], small["reason"]) == (None, "team_too_small")


def test_groups_stand_in_the_order_of_their_names_and_not_of_their_figures() -> None:
    rows = [{"motive": name, "useful": spent} for name, spent in
            (("b", 10), ("a.x", 90), ("c", 50), ("a.y", 10)) for _ in range(5)]  # fmt: skip
    connection = connected({"contacts": rows})

    found = ask(connection, "handling_time", by="motive")
    tops = ask(connection, "handling_time", by="motive:1")
    below = ask(connection, "contacts", where="motive:a", by="motive")

    assert [g["key"]["motive"] for g in found["groups"]] == ["a.x", "a.y", "b", "c"]
    assert [(g["key"]["motive:1"], g["value"]) for g in tops["groups"]] == [
        ("a", 50), ("b", 10), ("c", 50),
    ]  # fmt: skip
    assert [(g["value"], g["also"]["share"]) for g in below["groups"]] == [(5, 0.5), (5, 0.5)]


def test_two_periods_are_compared_on_the_mix_of_the_first() -> None:
    # The vector of standardised times: 80/20 at 200 and 600 s, then 50/50 at 180 and 540 s.
    def period(start: float, simple: tuple[int, float], hard: tuple[int, float]) -> list[Any]:
        return [{"motive": motive, "useful": spent, "offered": start}
                for motive, (n, spent) in (("simple", simple), ("hard", hard))
                for _ in range(n)]  # fmt: skip

    rows = period(0, (8, 200), (2, 600)) + period(864_000, (5, 180), (5, 540))
    connection = connected({"contacts": rows})

    found = ask(connection, "handling_time", since="2025-12-21", until="2025-12-31",
                compare="2025-12-11..2025-12-21")  # fmt: skip

    assert found["total"]["value"] == 360
    assert found["total"]["before"]["value"] == 280
    assert found["total"]["difference"] == 80
    assert found["comparison"] == pytest.approx(
        {"raw_before": 280, "raw_after": 360, "standardised_after": 252, "mix_effect": 108,
         "rate_effect": -28, "unmatched_share": 0}
    )  # fmt: skip


def test_the_rarer_motive_comes_first_with_a_rank_as_sure_as_its_days() -> None:
    # The vector of motive priority, a twenty-fifth of it: 40 and 120 demands of two motives.
    vector = json.loads((GOLDEN / "vectors.json").read_text("utf-8"))["motive_priority"]
    rows: list[dict[str, Any]] = []
    contacts = []
    for motive, again in (("A", 4), ("B", 1)):
        one = vector[motive]
        for place in range(one["n"] // 25):
            channels = ["phone"] * (2 if place % (5 if again == 4 else 10) < again else 1)
            name = f"{motive}{place}"
            rows.append({
                "motive": motive, "channels": channels, "opened": 86_400 * (place % 10),
                "handling": len(channels) * one["h"] * 60, "first_contact": name,
            })  # fmt: skip
            contacts.append({"contact": name, "lookup": one["L"] * 60})
    connection = connected({"tickets": rows, "contacts": contacts})
    policy = policy_of({"costs": {"currency": "EUR", "minute": vector["c"]}})

    found = ask(connection, "recoverable", by="motive", policy=policy)

    assert [25 * group["value"] for group in found["groups"]] == pytest.approx(
        [vector["A"]["recoverable"], vector["B"]["recoverable"]], abs=1e-6
    )
    beside = [group["also"] for group in found["groups"]]
    assert [(one["rank"], one["rank_low"], one["rank_high"]) for one in beside] == [
        (1, 1, 1), (2, 2, 2),
    ]  # fmt: skip
    assert [one["cumulative"] for one in beside] == pytest.approx([0.65, 1])
    assert found["unit"] == "EUR"


def test_a_question_may_say_otherwise_than_the_library_and_the_answer_says_which() -> None:
    connection = connected({"tickets": [{"channels": ["phone", "phone"], "motive": "repair"}] * 5})
    policy = policy_of({"tickets": {"motives": {"repair": {"contacts": 2}}}})

    own = ask(connection, "over_budget", policy=policy)
    asked = ask(connection, "over_budget", policy=policy, settings="budget:1")

    assert (own["total"]["value"], own["library"]) == (0, {"budget": {"repair": 2}})
    assert (asked["total"]["value"], asked["library"]) == (1, {})
    assert (own["settings"]["budget"], asked["settings"]["budget"]) == ("library", 1)
    with pytest.raises(WrongQuestion):
        ask(connection, "return_of_change", settings="spared:2")


def test_a_day_is_the_tenants_day_and_not_greenwichs() -> None:
    # Twenty to midnight and twenty past, in Paris; the first is 22:40 UTC in winter.
    midnight = 23 * 3600.0
    rows = [{"offered": midnight - 1200}] * 5 + [{"offered": midnight + 1200}] * 5
    connection = connected({"contacts": rows})

    found = ask(connection, "contacts", by="day")

    assert [(g["key"]["day"], g["value"]) for g in found["groups"]] == [
        ("2025-12-12", 5), ("2025-12-13", 5),
    ]  # fmt: skip


def test_figures_of_time_are_marked_when_too_much_of_it_is_not_attributed() -> None:
    complete = connected({"contacts": [{"useful": 95, "unattributed": 5}]})
    incomplete = connected({"contacts": [{"useful": 94, "unattributed": 6}]})

    assert "incomplete" not in ask(complete, "handling_time")["total"]["marks"]
    assert "incomplete" in ask(incomplete, "handling_time")["total"]["marks"]
    assert "not_calibrated" in ask(complete, "duc_experienced")["total"]["marks"]


def test_a_name_that_is_a_formula_is_harmless_in_a_file() -> None:
    connection = connected({"contacts": [{"motive": "=1+1"}] * 5})

    text = to_csv(rows_of(ask(connection, "contacts", by="motive")))

    assert ",'=1+1," in text
