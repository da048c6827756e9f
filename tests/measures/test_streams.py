"""The value stream of a journey from the facts: each step, the whole, before and after."""

from __future__ import annotations

import math
import random
import statistics
from pathlib import Path
from typing import Any

import pytest
import yaml

from measures.statistics.medians import around_median
from measures.statistics.ratio import Sums
from measures.streams.order import walk_order
from measures.streams.reading import Walks
from measures.streams.table import stream
from tests.measures.facts_by_hand import NOW, T0, ask, connected
from tests.measures.walks_by_hand import ALL, visits_of

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent.parent / "golden/measures/value_streams.yaml").read_text("utf-8")
)
MIDDLE = T0 + 10 * 86_400_000


def table(walks: list[dict[str, Any]], now: Walks = ALL, before: Walks | None = None) -> Any:
    connection = connected({"visits": visits_of(walks)})
    found = stream(connection, now, before)
    connection.close()
    return found


def flat(figures: dict[str, Any]) -> dict[str, Any]:
    """Return figures with the bounds of each mean beside it."""
    made: dict[str, Any] = {}
    for name, one in figures.items():
        made[name] = one["value"] if isinstance(one, dict) else one
        if isinstance(one, dict):
            made |= {f"{name}_{part}": value for part, value in one.items() if part != "value"}
    return made


def held(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert len(found["steps"]) == len(expected["steps"])
    for line, wanted in zip(found["steps"], expected["steps"], strict=True):
        shown = {**flat(line["now"]), **{k: line[k] for k in ("journey", "step", "is_sub")}}
        assert {name: shown[name] for name in wanted} == pytest.approx(wanted, abs=1e-9), line
    total = flat(found["total"]["now"])
    wanted = expected["total"]
    assert {name: total[name] for name in wanted} == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_value_stream_is_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    held(table(case["walks"]), case["expect"])


def drawn(seed: int, walks: int = 120) -> list[dict[str, Any]]:
    """Return walks of a made-up month: some steps left out, some gone back to, some undone."""
    chance, made = random.Random(seed), []
    for _ in range(walks):
        clock = 0
        visits: list[dict[str, Any]] = []
        for step in ("who", "which", "look", "tell", "offer", "close"):
            while chance.random() < (0.8 if not visits or visits[-1]["step"] != step else 0.15):
                clock += chance.randrange(0, 4)
                spent = chance.randrange(1, 60)
                visits.append({
                    "step": step, "journey": "identify" if step == "who" else "parcel",
                    "entered": clock, "finished": clock + spent, "spent": spent,
                    "useful": chance.randrange(0, spent), "undone": chance.random() < 0.1,
                })  # fmt: skip
                clock += spent
        if any(not one["undone"] for one in visits):
            made.append({
                "visits": visits, "advisor": chance.choice((None, *"abcdefghijkl")),
                "motive": chance.choice(("late", "lost")), "revision": chance.choice("rs"),
                "start": chance.randrange(0, 18) * 86_400,
            })  # fmt: skip
    return made


def test_the_lines_add_up_to_the_whole_and_are_those_of_the_time_and_the_delay_of_steps() -> None:
    walks = drawn(7)
    connection = connected({"visits": visits_of(walks)})

    found = stream(connection, ALL, None)

    total = found["total"]["now"]
    for name, slug, share in (("spent", "step_time", "share_of_time"),
                              ("delay", "step_delay", "share_of_delay")):  # fmt: skip
        sums = {
            (one["journey"], one["step"]): one["now"][name]["value"] * one["now"]["walks"]
            for one in found["steps"]
        }
        asked = ask(connection, slug, by="journey,step")
        assert sums == pytest.approx(
            {tuple(g["key"].values()): g["value"] * g["n"] for g in asked["groups"]}
        )
        assert sum(one["now"][share] for one in found["steps"]) == pytest.approx(1)
        assert math.fsum(sums.values()) == pytest.approx(total[name]["value"] * total["walks"])
        assert asked["total"]["n"] == total["visits"]
    lived = [[v for v in one["visits"] if not v["undone"]] for one in walks]
    spent = [sum(v["spent"] for v in one) for one in lived]
    lead = [max(v["finished"] for v in one) - min(v["entered"] for v in one) for one in lived]
    assert total["walks"] == len(walks)
    assert total["spent"]["median"] == pytest.approx(statistics.median(spent))
    assert total["median_delay"]["value"] == pytest.approx(statistics.median(lead))
    assert total["wait"]["value"] <= total["delay"]["value"]
    # Each walk goes through its steps in this order, whichever it leaves out.
    order = [one["step"] for one in found["steps"]]
    assert order == ["who", "which", "look", "tell", "offer", "close"]
    connection.close()


def test_walks_that_ended_in_two_halves_of_a_period_are_those_of_the_whole() -> None:
    connection = connected({"visits": visits_of(drawn(3))})
    halves = (Walks("parcel", T0, MIDDLE), Walks("parcel", MIDDLE, NOW))

    whole, *parts = (stream(connection, one, None)["total"]["now"] for one in (ALL, *halves))

    assert whole["walks"] == sum(one["walks"] for one in parts)
    for name in ("spent", "added", "delay", "rework"):
        assert whole[name]["value"] * whole["walks"] == pytest.approx(
            sum(one[name]["value"] * one["walks"] for one in parts)
        )
    connection.close()


SLOW = [{"step": "ask", "entered": 0, "finished": 100, "spent": 40, "useful": 10},
        {"step": "wait", "entered": 100, "finished": 400, "spent": 0}]  # fmt: skip
QUICK = [{"step": "ask", "entered": 0, "finished": 100, "spent": 40, "useful": 10},
         {"step": "tell", "entered": 100, "finished": 120, "spent": 20, "useful": 20}]  # fmt: skip
TWO = [
    {"times": 20, "revision": "old", "motive": "late", "visits": SLOW},
    {"times": 20, "revision": "new", "motive": "late", "visits": QUICK},
]


def test_two_revisions_are_held_against_each_other_step_by_step() -> None:
    new, old = Walks("parcel", T0, NOW, "new"), Walks("parcel", T0, NOW, "old")

    found = table(TWO, new, old)

    total = found["total"]
    assert (total["now"]["delay"]["value"], total["before"]["delay"]["value"]) == (120, 400)
    # All walks of a revision are alike here, so that nothing is left to chance.
    assert total["difference"]["delay"] == {"value": -280, "low": -280, "high": -280}
    assert total["difference"]["median_delay"] == {"value": -280, "low": -280, "high": -280}
    assert total["difference"]["efficiency"]["value"] == pytest.approx(30 / 120 - 10 / 400)
    assert found["comparison"]["delay"]["rate"] == -280
    ask_, tell, wait = found["steps"]
    # Neither of the other two was before the other: their names decide.
    assert [one["step"] for one in found["steps"]] == ["ask", "tell", "wait"]
    assert ask_["difference"]["spent"]["value"] == 0
    assert (wait["now"]["walks"], wait["now"]["reason"], wait["difference"]["spent"]) == (
        0, "empty", None,
    )  # fmt: skip
    assert (tell["before"]["reason"], tell["now"]["added"]["value"]) == ("empty", 20)


def test_walks_of_other_motives_are_no_gain_of_the_new_way() -> None:
    # Short ones were a fifth of the walks and are four fifths of them; each takes what it took.
    walks = [
        {"times": n, "motive": motive, "revision": revision, "visits": visits}
        for revision, few, many in (("old", 8, 32), ("new", 32, 8))
        for n, motive, visits in ((few, "lost", QUICK), (many, "late", SLOW))
    ]

    found = table(walks, Walks("parcel", T0, NOW, "new"), Walks("parcel", T0, NOW, "old"))

    assert found["total"]["difference"]["delay"]["value"] == pytest.approx(-168)
    assert found["total"]["difference"]["delay"]["high"] < 0
    lead = found["comparison"]["delay"]
    assert (lead["mix"], lead["rate"]) == (pytest.approx(-168), pytest.approx(0))


def test_the_few_walks_of_another_revision_do_not_follow_from_all_but_them() -> None:
    walks = [{"times": n, "revision": name, "visits": SLOW}
             for name, n in (("old", 20), ("new", 20), ("trial", 3))]  # fmt: skip

    def shown(revision: str | None) -> Any:
        return table(walks, Walks("parcel", T0, NOW, revision))["total"]["now"]["reason"]

    assert [shown(one) for one in (None, "trial")] == [None, "too_few"]
    # All walks less those of one of the two would be those of the trial and of the other.
    assert [shown("old"), shown("new")].count("protects_others") == 1
    # A step that the rest hardly passed is not told of this revision, either.
    rest = [{"times": 20, "revision": "old", "visits": SLOW},
            {"times": 17, "revision": "new", "visits": QUICK},
            {"times": 3, "revision": "new", "visits": SLOW}]  # fmt: skip
    steps = table(rest, Walks("parcel", T0, NOW, "old"))["steps"]
    assert [one["now"]["reason"] for one in steps if one["step"] == "wait"] == ["protects_others"]


def test_steps_stand_as_they_were_walked_whatever_each_walk_left_out() -> None:
    # The long way is rarer, and longer before `end`: on average `end` comes before `late`.
    following = {("a", "end"): 90, ("a", "b"): 10, ("b", "late"): 10, ("late", "end"): 10}

    assert walk_order(following, {"a": 1, "b": 2, "late": 3, "end": 2.2}) == [
        "a", "b", "late", "end",
    ]  # fmt: skip
    # Round in a circle: whoever comes first on average.
    assert walk_order({("a", "b"): 5, ("b", "c"): 5, ("c", "a"): 5}, {"a": 1, "b": 2, "c": 3}) == [
        "a", "b", "c",
    ]  # fmt: skip
    assert walk_order({}, {}) == []


def test_a_median_is_as_sure_as_a_bootstrap_says() -> None:
    chance = random.Random(11)
    values = sorted(chance.expovariate(1 / 300) for _ in range(400))
    middle = statistics.median(values)
    hits = [(float(one <= middle), 1.0) for one in values]
    draws = sorted(statistics.median(chance.choices(values, k=400)) for _ in range(1_000))

    bounds = around_median(Sums.of(hits), Sums.of(hits))

    assert bounds is not None
    low, high = (values[round(share * 399)] for share in bounds)
    assert low == pytest.approx(draws[25], rel=0.04)
    assert high == pytest.approx(draws[974], rel=0.04)
    alike = Sums.of([(sum(u for u, _ in hits[at : at + 20]), 20.0) for at in range(0, 400, 20)])
    wider = around_median(Sums.of(hits), alike)
    assert wider is not None
    assert wider[0] < bounds[0] < 0.5 < bounds[1] < wider[1]
    assert around_median(Sums.of(hits[:5]), Sums.of(hits[:5])) is None
