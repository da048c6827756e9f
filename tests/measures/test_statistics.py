"""The formulas, on the vectors of the measures' definition and on cases worked out by hand."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest

from measures.statistics import agreement, association, money, quantiles, ranks, service
from measures.statistics.odds import Fourfold, odds_ratio
from measures.statistics.ratio import Stratum, Sums, design_effect, ratio, stratified, wilson
from measures.statistics.standardise import standardise
from measures.statistics.survival import kaplan_meier, median

GOLDEN = Path(__file__).parent.parent / "golden" / "measures"
VECTORS: dict[str, Any] = json.loads((GOLDEN / "vectors.json").read_text(encoding="utf-8"))


def exactly(value: Any) -> Any:
    return pytest.approx(value, abs=1e-6, rel=0)


def test_the_useful_share_and_its_interval_are_those_of_the_vector() -> None:
    vector = VECTORS["duc_ratio_vs_mean"]

    found = ratio(Sums.of(zip(vector["U_s"], vector["T_s"], strict=True)))

    assert found.value == exactly(vector["DUC"])
    assert found.se == exactly(vector["se_linearised_srs"])
    assert found.df == vector["df"]
    assert quantiles.student(4) == exactly(vector["t975"])
    assert found.marks == ("few", "fieller")
    width = quantiles.student(4) * (found.se or 0)
    assert [found.value - width, found.value + width] == exactly(vector["CI95"])  # type: ignore[operator]  # the value is there


def test_an_interval_is_as_the_vector_has_it_when_times_hardly_vary() -> None:
    found = ratio(Sums.of([(29, 100), (35, 101), (24, 99), (31, 100)]))

    assert found.marks == ("few",)
    assert found.low is not None
    assert found.high is not None
    assert found.value == exactly(119 / 400)
    assert (found.low + found.high) / 2 == exactly(found.value)


@pytest.mark.parametrize(
    ("df", "expected"),
    [(1, 12.706204736), (2, 4.302652730), (10, 2.228138852), (29, 2.045229642),
     (120, 1.979930405), (200_000, 1.959963985)],
)  # fmt: skip
def test_students_quantiles_are_those_of_the_tables(df: int, expected: float) -> None:
    assert quantiles.student(df) == exactly(expected)


def test_nobody_and_no_time_have_no_share_and_say_which() -> None:
    assert (ratio(Sums.of([])).value, ratio(Sums.of([])).reason) == (None, "empty")
    assert (ratio(Sums.of([(0, 0)])).value, ratio(Sums.of([(0, 0)])).reason) == (None, "no_time")
    assert wilson(0, 0).value is None
    assert kaplan_meier([], 7).value is None


def test_contacts_of_one_advisor_are_not_independent() -> None:
    # Two advisors whose contacts are all alike: there are two observations, and not twenty.
    contacts = [(20, 100)] * 10 + [(40, 100)] * 10
    simple = ratio(Sums.of(contacts))

    clustered = ratio(Sums.of([(200, 1000), (400, 1000)]), count=20)

    assert simple.value == clustered.value == exactly(0.3)
    # V = G/(G−1) Σ(Σe)² / T² = 2 · (100² + 100²) / 2000² = 0.01
    assert clustered.se == exactly(0.1)
    assert (clustered.n, clustered.clusters, clustered.df) == (20, 2, 1)
    assert design_effect(clustered, simple) == exactly(19.0)


def test_strata_count_by_how_many_contacts_they_stand_for() -> None:
    # 90 short contacts with half of it useful, 10 long ones with a tenth: by hand
    # (90·50 + 10·30) / (90·100 + 10·300) = 4800 / 12000.
    short = Stratum(Sums.of([(40, 100), (60, 100)]), 90)
    long = Stratum(Sums.of([(20, 300), (40, 300)]), 10)

    found = stratified([short, long])

    assert found.value == exactly(0.4)
    # s² of the residuals is 200 in both; V = (90²·(1−2/90)·200/2 + 10²·(1−2/10)·200/2) / 12000²
    variance = (8100 * (1 - 2 / 90) * 100 + 100 * 0.8 * 100) / 12_000**2
    assert found.se == exactly(math.sqrt(variance))
    assert found.df == 2


def test_fiellers_bounds_are_where_the_residuals_mean_is_just_too_far_from_none() -> None:
    pairs = [(10, 50), (20, 100), (45, 200), (30, 150)]

    found = ratio(Sums.of(pairs))

    assert found.marks[-1] == "fieller"
    for bound in (found.low, found.high):
        assert bound is not None
        residuals = [u - bound * t for u, t in pairs]
        mean = sum(residuals) / 4
        spread = sum((one - mean) ** 2 for one in residuals) / 3
        assert mean**2 == exactly(quantiles.student(3) ** 2 * spread / 4)


def test_an_interval_without_bounds_is_told_and_not_invented() -> None:
    found = ratio(Sums.of([(1, 1), (5, 900)]))

    assert found.marks[-1] == "unbounded"
    assert (found.low, found.high) == (None, None)


def test_ninety_five_intervals_of_a_hundred_hold_the_true_share() -> None:
    chance = random.Random(7)
    held = 0
    for _ in range(1000):
        pairs = [(t * min(1, max(0, chance.gauss(0.3, 0.1))), t)
                 for t in (chance.uniform(200, 600) for _ in range(60))]  # fmt: skip
        found = ratio(Sums.of(pairs))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.3 <= found.high

    assert 0.925 <= held / 1000 <= 0.975


def test_wilsons_interval_is_the_vectors() -> None:
    vector = VECTORS["wilson"]

    found = wilson(vector["x"], vector["n"])

    assert found.value == exactly(vector["p"])
    assert [found.low, found.high] == exactly(vector["CI95"])
    assert (wilson(680, 850, deff=4).high or 0) > (found.high or 1)


def test_net_promoters_are_the_vectors() -> None:
    vector = VECTORS["nps"]

    found = service.net_promoters(vector["promoters"], vector["detractors"], vector["n"])

    assert found.value == exactly(vector["nps"])
    assert found.se == exactly(vector["se"])
    assert [found.low, found.high] == exactly(vector["CI95"])


def test_the_same_day_has_five_service_levels_and_ours() -> None:
    vector = VECTORS["service_level_variants_icmi"]
    offered = service.Offered(
        vector["answered"], vector["abandoned"], vector["answered_le_T"],
        vector["abandoned_le_T"], vector["abandoned_le_5s"],
    )  # fmt: skip

    found = [service.service_level(offered, formula).value for formula in service.FORMULAS]

    assert found[:5] == exactly([vector[f"f{n}"] for n in range(1, 6)])
    assert found[5] == exactly(860 / 1050)


def test_what_waits_unanswered_too_long_is_a_failure() -> None:
    vector = VECTORS["async_on_time"]

    found = service.on_time(vector["in_time"], vector["late"], vector["unanswered_overdue"])

    assert found.value == exactly(vector["on_time"])
    assert vector["in_time"] + vector["late"] + vector["unanswered_overdue"] == vector["elapsed"]


def test_handling_time_is_compared_on_the_same_mix_of_motives() -> None:
    vector = VECTORS["dmt_standardised"]
    before, after = (
        {name: (share * 100, mean) for name, (share, mean) in vector[period].items()}
        for period in ("p0", "p1")
    )

    found = standardise(before, after)

    assert found is not None
    assert found.before == exactly(vector["raw0"])
    assert found.after == exactly(vector["raw1"])
    assert found.standardised == exactly(vector["standardised_p1_on_p0_mix"])
    assert found.mix + found.rate == exactly(found.after - found.before)
    assert (found.rate, found.mix) == (exactly(-28.0), exactly(108.0))


def test_a_motive_without_a_past_is_told_and_an_empty_period_has_no_comparison() -> None:
    found = standardise({"a": (10, 100)}, {"a": (5, 90), "new": (5, 500)})

    assert found is not None
    assert found.unmatched == 0.5
    assert found.standardised == 90
    assert standardise({}, {"a": (1, 1)}) is None
    assert standardise({"a": (1, 1)}, {"b": (1, 1)}) is None


def test_tickets_not_yet_followed_long_enough_count_for_what_is_known_of_them() -> None:
    # Six closed tickets: contacts again after 1, 2 and 4 days; three followed 2, 5 and 9 days.
    times = [(1, True), (2, True), (2, False), (4, True), (5, False), (9, False)]

    found = kaplan_meier(times, 7)

    # 5/6 · 4/5 · 2/3; Greenwood: S²·(1/(6·5) + 1/(5·4) + 1/(3·2))
    assert found.value == exactly(4 / 9)
    assert found.se == exactly(4 / 9 * math.sqrt(1 / 30 + 1 / 20 + 1 / 6))
    assert median(times) == 4
    assert median([(1, False), (2, False)]) is None


def test_the_three_axes_of_the_parcel_are_the_vectors() -> None:
    vector = VECTORS["three_axis"]
    counts = [count for count, _ in vector["Q"].values()]
    seconds = [count * each for count, each in vector["Q"].values()]

    assert association.entropy(counts) == exactly(vector["H_bits"])
    assert sum(seconds) == vector["seconds_total"]
    assert [one / sum(seconds) for one in seconds] == exactly(vector["P_seconds"])
    table = {(vector["D"], name): count for name, (count, _) in vector["Q"].items()}
    assert association.conditional_entropy(table) == exactly(vector["H_bits"])
    assert association.cramers_v(table) is None


def test_cramers_v_is_one_when_one_axis_tells_the_other_and_none_when_it_says_nothing() -> None:
    assert association.cramers_v({("a", "x"): 10, ("b", "y"): 5}) == exactly(1.0)
    even = {(row, column): 5 for row in "ab" for column in "xy"}
    assert association.cramers_v(even) == exactly(0.0)
    assert association.entropy([]) is None
    assert association.entropy([3, 0]) == 0.0


def test_kappa_and_its_error_are_those_of_a_published_table() -> None:
    # 45 agree yes, 15 and 25 disagree, 15 agree no: Po 0.60, Pe 0.54, kappa 0.1304.
    pairs = [("y", "y")] * 45 + [("y", "n")] * 15 + [("n", "y")] * 25 + [("n", "n")] * 15

    found = agreement.kappa(pairs)

    assert found.value == exactly((0.60 - 0.54) / 0.46)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.1304 < found.high
    assert agreement.kappa([]).reason == "empty"
    assert agreement.kappa([("a", "a")]).reason == "one_code"
    assert agreement.kappa([("a", "a"), ("b", "b")]).value == exactly(1.0)


def test_alpha_of_two_raters_is_worked_out_by_hand() -> None:
    # Ten units by two raters, six disagreeing values among twenty: Krippendorff (2011), example A:
    # observed agreement 6 of 10 on values {0: 14, 1: 6}; alpha = 1 − 19·8 / (2·14·6) = 0.095.
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    units = list(zip(first, second, strict=True))

    assert agreement.alpha(units) == exactly(1 - 19 * 8 / (2 * 14 * 6))
    assert agreement.alpha([(1,), (2,)]) is None
    assert agreement.alpha([(1, 1), (1, 1)]) is None
    assert agreement.alpha([(1, 1), (2, 2)]) == exactly(1.0)
    near = agreement.alpha([(1, 2), (9, 9), (5, 5)], is_interval=True)
    assert near is not None
    assert near > (agreement.alpha([(1, 2), (9, 9), (5, 5)]) or 1)


def test_a_longer_contact_pays_only_if_it_spares_enough_others() -> None:
    vector = VECTORS["od_roi"]
    before, more = vector["before"], vector["R0_1_5"]
    given = {"cost": vector["cost_per_min"], "minutes": before["h"]}

    assert money.yearly_cost(vector["N"], **given, reiterations=before["R"]) == exactly(
        before["cost"]
    )
    assert money.break_even(6, before["R"], 12) == exactly(vector["after_double_h"]["breakeven_R"])
    assert money.yearly_cost(vector["N"], **given, reiterations=1.5) == exactly(more["before_cost"])
    assert money.break_even(6, 1.5, 12) == exactly(more["breakeven_R"])


def test_the_rarer_motive_comes_first_and_a_seed_gives_the_same_ranks() -> None:
    vector = VECTORS["motive_priority"]
    cost = {
        name: money.Motive(one["n"], one["h"], one["R"], one["L"]).recoverable_cost(vector["c"])
        for name, one in ((name, vector[name]) for name in "AB")
    }

    assert cost == exactly({name: vector[name]["recoverable"] for name in "AB"})
    assert sorted(cost, key=lambda name: -cost[name]) == vector["rank"]
    values = {"A": [4.0, 5.0, 4.5] * 20, "B": [2.0, 2.5] * 30, "C": [2.3, 2.2] * 30}
    found = ranks.rank_intervals(values, seed=11)
    assert found == ranks.rank_intervals(values, seed=11)
    assert found["A"] == (1, 1, 1)
    assert found["B"][1] <= 2 <= found["B"][2]


def test_filling_a_wait_removes_nothing_and_is_told_from_removing_it() -> None:
    vector = VECTORS["masquage_rabot"]
    before, masked, planed = (
        (one["u"], one["m"], one["l"])
        for one in (vector["before"], vector["masked"], vector["planed"])
    )

    assert money.rabot(before, masked) == vector["masked"]["rabot"]
    assert money.masquage(before, masked) == 60
    assert money.is_masking(0, 60, 0.143)
    assert not money.is_masking(-23, 60, -0.497)
    assert not money.is_masking(120, 60, 0.143)
    assert not money.is_masking(0, 60, None)
    assert money.rabot(before, planed) == vector["planed"]["rabot"]
    assert masked[0] / sum(masked) == exactly(vector["masked"]["duc_raw"])
    assert (masked[0] + masked[1]) / sum(masked) == exactly(vector["masked"]["duc_perceived"])
    assert planed[0] / sum(planed) == exactly(vector["planed"]["duc_raw"])


def test_the_lean_case_is_asserted_as_given_and_not_as_reconstructed() -> None:
    given = VECTORS["lean_case_given"]
    added, before, after = given["VA_min"], given["lead_before_h"], given["lead_after_h"]

    assert sum(added[who] for who in ("SPOC", "seller", "specialist")) == added["total"]
    assert (before - after) / before == exactly(given["lead_reduction"])
    assert added["total"] / 60 / before == exactly(given["PCE_before"])
    assert added["total"] / 60 / after == exactly(given["PCE_after_if_VA_unchanged"])
    assert 1 - VECTORS["duc_study_2017"]["DUC"] == exactly(
        VECTORS["duc_study_2017"]["potential_reduction"]
    )


def test_of_one_stratum_the_odds_ratio_has_the_interval_of_woolf_and_turned_round_its_inverse() -> (
    None
):
    found = odds_ratio([Fourfold(30, 20, 15, 40)])
    turned = odds_ratio([Fourfold(15, 40, 30, 20)])

    # 30 · 40 / (20 · 15), and the variance of its logarithm 1/30 + 1/20 + 1/15 + 1/40.
    width = quantiles.normal() * math.sqrt(1 / 30 + 1 / 20 + 1 / 15 + 1 / 40)
    assert (found.value, found.low, found.high) == exactly(
        (4, 4 * math.exp(-width), 4 * math.exp(width))
    )
    assert (turned.value, turned.low, turned.high) == exactly(
        (1 / 4, math.exp(-width) / 4, math.exp(width) / 4)
    )
    assert (found.n, found.marks) == (105, ())


@pytest.mark.parametrize(
    ("tables", "reason"),
    [([], "empty"), ([Fourfold(0, 0, 0, 0)], "empty"), ([Fourfold(3, 2, 0, 0)], "one_value"),
     ([Fourfold(3, 0, 2, 0)], "one_value"), ([Fourfold(3, 0, 0, 2)], "no_comparison"),
     ([Fourfold(1, 0, 0, 0), Fourfold(0, 1, 1, 0), Fourfold(0, 0, 0, 1)], "no_comparison")],
)  # fmt: skip
def test_a_table_with_an_empty_side_has_no_odds_ratio_and_says_why(
    tables: list[Fourfold], reason: str
) -> None:
    found = odds_ratio(tables)

    assert (found.value, found.low, found.high, found.reason) == (None, None, None, reason)


def test_an_odds_ratio_of_fewer_than_30_on_a_side_is_marked() -> None:
    assert odds_ratio([Fourfold(20, 9, 20, 60)]).marks == ("few",)


def test_a_second_in_which_two_parts_meet_is_rated_once_by_one_listener() -> None:
    found = agreement.by_second([(0, 1_400, 0), (1_400, 1_500, 100), (1_500, 4_000, 80)])

    assert found == {0: 0, 1: 50, 2: 80, 3: 80}
    assert agreement.alpha([[one] for one in found.values()], is_interval=True) is None
