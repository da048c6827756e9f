"""A withheld group cannot be worked out from what is shown: attacked with all questions at once."""

from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest

from tests.measures.facts_by_hand import ask, connected

Row = tuple[frozenset[Any], float]
CHANNELS = ("phone", "chat", "email", "web", "sms")


def settled(known: Iterable[frozenset[Any]], wanted: frozenset[Any]) -> bool:
    """Return whether the sum over some cells follows from sums over others, exactly."""
    solved: list[tuple[Any, dict[Any, Fraction]]] = []

    def reduced(cells: frozenset[Any]) -> dict[Any, Fraction]:
        row = dict.fromkeys(cells, Fraction(1))
        for pivot, other in solved:
            factor = row.get(pivot, Fraction(0))
            if factor:
                for one, value in other.items():
                    row[one] = row.get(one, Fraction(0)) - factor * value
        return {one: value for one, value in row.items() if value}

    for cells in known:
        row = reduced(cells)
        if row:
            pivot = next(iter(row))
            solved.append((pivot, {one: v / row[pivot] for one, v in row.items()}))
    return not reduced(wanted)


def drawn(seed: int) -> list[dict[str, Any]]:
    """Return contacts whose channels and motives are some common, some rare."""
    chance = random.Random(seed)
    motives = ("a", "a.x", "a.y", "b.p", "b.q", "c")
    weights = [chance.choice((1, 1, 2, 4, 20)) for _ in motives]
    often = [chance.choice((1, 2, 10, 40)) for _ in CHANNELS]
    return [
        {"channel": chance.choices(CHANNELS, often)[0], "useful": 60,
         "motive": chance.choices(motives, weights)[0]}
        for _ in range(chance.choice((12, 40, 90)))
    ]  # fmt: skip


def few(cells: Iterable[Any], rows: list[dict[str, Any]], *names: str) -> list[Any]:
    """Return the cells that one to four contacts are in."""
    counted: dict[Any, int] = {}
    for row in rows:
        cell = tuple(row[name] for name in names)
        counted[cell] = counted.get(cell, 0) + 1
    return [one for one in cells if 0 < counted.get(one, 0) < 5]


@pytest.mark.parametrize("seed", range(6))
def test_no_filter_level_or_total_gives_away_a_motive_of_few(seed: int) -> None:
    rows = drawn(seed)
    connection = connected({"contacts": rows})
    codes = sorted({row["motive"] for row in rows})

    shown: list[frozenset[Any]] = [frozenset((one,) for one in codes)]
    for by in ("motive", "motive:1"):
        for group in ask(connection, "contacts", by=by)["groups"]:
            if group["value"] is not None:
                at = group["key"][by]
                exact = {
                    (c,) for c in codes if (c if by == "motive" else c.partition(".")[0]) == at
                }
                shown.append(frozenset(exact))
    for count in (1, 2, 3):
        for some in combinations(("a", "a.x", "a.y", "b", "b.p", "c"), count):
            found = ask(connection, "contacts", where=f"motive:{'|'.join(some)}")
            if found["total"]["value"] is not None:
                inside = {(c,) for c in codes if any(c == o or c.startswith(f"{o}.") for o in some)}
                shown.append(frozenset(inside))

    for one in few([(code,) for code in codes], rows, "motive"):
        assert not settled(shown, frozenset({one})), one


@pytest.mark.parametrize("seed", range(6))
def test_no_table_of_two_dimensions_with_its_margins_gives_away_a_cell_of_few(seed: int) -> None:
    rows = drawn(seed)
    connection = connected({"contacts": rows})
    cells = sorted({(row["channel"], row["motive"]) for row in rows})

    shown = [frozenset(cells)]
    table = ask(connection, "contacts", by="channel,motive")["groups"]
    shown += [frozenset({tuple(one["key"].values())}) for one in table if one["value"] is not None]
    for place, by in enumerate(("channel", "motive")):
        for group in ask(connection, "contacts", by=by)["groups"]:
            if group["value"] is not None:
                at = group["key"][by]
                shown.append(frozenset(one for one in cells if one[place] == at))

    for one in few(cells, rows, "channel", "motive"):
        assert not settled(shown, frozenset({one})), one
    for place, name in enumerate(("channel", "motive")):
        for (value,) in few({(one[place],) for one in cells}, rows, name):
            margin = frozenset(one for one in cells if one[place] == value)
            assert not settled(shown, margin), value


def test_the_one_small_group_takes_the_smallest_other_one_with_it_and_says_why() -> None:
    rows = [{"channel": name, "useful": 60} for name, n in
            (("phone", 9), ("chat", 6), ("fax", 3)) for _ in range(n)]  # fmt: skip
    connection = connected({"contacts": rows})

    found = ask(connection, "contacts", by="channel")
    alone = ask(connection, "contacts", where="channel:chat")
    both = ask(connection, "contacts", where="channel:chat|fax")

    assert [(g["key"]["channel"], g["value"], g["reason"]) for g in found["groups"]] == [
        ("chat", None, "protects_others"), ("fax", None, "too_few"), ("phone", 9, None),
    ]  # fmt: skip
    assert (alone["total"]["value"], alone["total"]["reason"]) == (None, "protects_others")
    assert (alone["total"]["n"], alone["total"]["also"]) == (None, {})
    assert both["total"]["value"] == 9


def test_a_day_of_few_is_withheld_with_the_day_beside_it_and_its_month_is_shown() -> None:
    rows = [{"offered": 86_400 * day, "useful": 60} for day, n in
            ((0, 9), (1, 3), (2, 6), (9, 5)) for _ in range(n)]  # fmt: skip
    connection = connected({"contacts": rows})

    days = ask(connection, "contacts", by="day")["groups"]

    assert [one["value"] for one in days] == [9, None, None, 5]
    assert [one["value"] for one in ask(connection, "contacts", by="month")["groups"]] == [23]


def test_a_team_of_few_advisors_is_withheld_with_another_team() -> None:
    rows = [{"team": name, "advisor": f"{name}{n % advisors}", "useful": 60}
            for name, advisors in (("small", 4), ("large", 5), ("larger", 8))
            for n in range(10 * advisors)]  # fmt: skip
    connection = connected({"contacts": rows})

    found = ask(connection, "contacts", by="team")["groups"]

    assert [(one["key"]["team"], one["value"], one["reason"]) for one in found] == [
        ("large", None, "protects_others"), ("larger", 80, None), ("small", None, "team_too_small"),
    ]  # fmt: skip
