"""What holds of figures whatever happened: nothing lost, nothing twice, no order, no second truth.

Contacts and demands are drawn with a seed, and every figure here is worked out a second time in
plain Python, which shares no line with the measures.
"""

from __future__ import annotations

import math
import random
import statistics
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from engine.ledger import CATEGORIES
from measures.registry import MEASURES
from tests.measures.facts_by_hand import DAY, NOW, T0, ask, connected

Rows = list[dict[str, Any]]
MOTIVES = ("delivery.late", "delivery.lost", "invoice", "invoice.wrong.vat", None)
NOT_LIVED = ("after_call", "deferral")
NOT_HANDLING = ("queue", "ivr", "idle", "deferral")
SEEDS = (1, 2)


def drawn(seed: int) -> tuple[Rows, Rows]:
    """Return contacts and demands of a made-up month, in milliseconds after its start."""
    chance = random.Random(seed)
    contacts, tickets = [], []
    for number in range(300):
        spent = {c: chance.randrange(0, 200) for c in chance.sample(CATEGORIES, 5)}
        abandoned = chance.random() < 0.1
        queue = chance.choice((0, 3, 30, 59, 60, 61, 300))
        contacts.append(
            {
                "contact": f"c{number:03}",
                "offered": chance.randrange(0, 18 * 86_400),
                "channel": chance.choice(("phone", "phone", "chat", "email")),
                "motive": chance.choice(MOTIVES),
                "advisor": None if abandoned else chance.choice((None, *"abcdefgh")),
                "abandoned": abandoned,
                "customer": chance.choice((None, f"cus{number // 2}")),
                **({"queue": queue} if abandoned else {**spent, "queue": queue}),
            }
        )
        opened = chance.randrange(0, 12 * 86_400)
        tickets.append(
            {
                "ticket": f"t{number:03}",
                "opened": opened,
                "closed": opened + chance.randrange(60, 5 * 86_400),
                "customer": chance.choice((None, *(f"cus{n}" for n in range(60)))),
                "motive": chance.choice(MOTIVES[:2]),
                "channels": chance.choices(("phone", "chat", "email"), k=chance.randrange(1, 4)),
                "outcome": chance.choice(("resolved", "resolved", "unresolved")),
                "internal": chance.randrange(0, 3),
                "handling": chance.randrange(0, 900),
            }
        )
    return contacts, tickets


@pytest.fixture(scope="module", params=SEEDS)
def month(request: pytest.FixtureRequest) -> Iterator[tuple[Rows, Rows, Any]]:
    contacts, tickets = drawn(request.param)
    connection = connected({"contacts": contacts, "tickets": tickets})
    yield contacts, tickets, connection
    connection.close()


def seconds(row: dict[str, Any], *but: str) -> int:
    return sum(row.get(category, 0) for category in CATEGORIES if category not in but)


def answered(contacts: Rows) -> Rows:
    return [row for row in contacts if not row["abandoned"]]


def test_useful_shares_are_those_of_plain_python(month: tuple[Rows, Rows, Any]) -> None:
    contacts, _, connection = month
    lived = [row for row in answered(contacts) if row["channel"] != "email"]
    useful = sum(row.get("useful", 0) for row in lived)
    total = sum(seconds(row, *NOT_LIVED) for row in lived)
    share = useful / total
    residuals: dict[str, float] = defaultdict(float)
    for row in lived:
        own = row.get("useful", 0) - share * seconds(row, *NOT_LIVED)
        residuals[row["advisor"] or row["contact"]] += own
    groups = len(residuals)
    squares = math.fsum(one * one for one in residuals.values())
    error = math.sqrt(groups / (groups - 1) * squares) / total

    found = ask(connection, "duc_experienced")["total"]

    assert found["value"] == pytest.approx(share, abs=1e-12)
    assert (found["n"], found["clusters"]) == (len(lived), groups)
    if "fieller" not in found["marks"]:
        half = (found["high"] - found["low"]) / 2
        assert half / error == pytest.approx(statistics.NormalDist().inv_cdf(0.975), rel=0.05)


def test_handling_times_are_those_of_plain_python(month: tuple[Rows, Rows, Any]) -> None:
    contacts, _, connection = month
    times = sorted(seconds(row, *NOT_HANDLING) for row in answered(contacts))
    place = 0.9 * (len(times) - 1)
    low = times[math.floor(place)]
    p90 = low + (times[math.ceil(place)] - low) * (place - math.floor(place))

    found = ask(connection, "handling_time")

    assert found["total"]["value"] == pytest.approx(statistics.mean(times))
    assert found["total"]["also"]["median"] == pytest.approx(statistics.median(times))
    assert found["total"]["also"]["p90"] == pytest.approx(p90)
    assert found["excluded"] == len(contacts) - len(times)


def test_service_levels_are_those_of_plain_python(month: tuple[Rows, Rows, Any]) -> None:
    contacts, _, connection = month
    targets = {"phone": 60, "chat": 30}
    live = [row for row in contacts if row["channel"] in targets]
    in_time = sum(not r["abandoned"] and r["queue"] <= targets[r["channel"]] for r in live)
    out_of = sum(not r["abandoned"] or r["queue"] > 5 for r in live)

    found = ask(connection, "service_level")["total"]

    assert found["value"] == pytest.approx(in_time / out_of)


def test_once_and_done_is_that_of_plain_python(month: tuple[Rows, Rows, Any]) -> None:
    _, tickets, connection = month
    window = 7 * 86_400
    done = followed = 0
    for one in tickets:
        if one["closed"] + window > (NOW - T0) / 1000:
            continue
        followed += 1
        again = any(
            other["customer"] == one["customer"] and other["motive"] == one["motive"]
            and one["closed"] < other["opened"] <= one["closed"] + window
            for other in tickets if one["customer"] is not None
        )  # fmt: skip
        done += len(one["channels"]) == 1 and one["outcome"] == "resolved" and not again

    found = ask(connection, "once_and_done")["total"]

    assert (found["value"], found["n"]) == (pytest.approx(done / followed), followed)


def test_reiterations_are_those_of_plain_python(month: tuple[Rows, Rows, Any]) -> None:
    _, tickets, connection = month
    mature = [t for t in tickets if t["closed"] + 7 * 86_400 <= (NOW - T0) / 1000]
    further = sum(len(one["channels"]) - 1 for one in mature)
    switched = sum(a != b for one in mature for a, b in pairwise(one["channels"]))

    assert ask(connection, "reiterations")["total"]["value"] == pytest.approx(further / len(mature))
    assert ask(connection, "all_reiterations")["total"]["value"] == pytest.approx(
        (further + sum(one["internal"] for one in mature)) / len(mature)
    )
    assert ask(connection, "channel_switches")["total"]["value"] == pytest.approx(
        switched / further
    )


@pytest.mark.parametrize("slug", ["contacts", "seconds"])
@pytest.mark.parametrize("by", ["motive:1", "motive:2", "motive", "channel", "day", "channel,week"])
def test_groups_add_up_to_the_total_at_every_level(
    month: tuple[Rows, Rows, Any], slug: str, by: str
) -> None:
    _, _, connection = month

    found = ask(connection, slug, by=by)

    shown = [group for group in found["groups"] if group["value"] is not None]
    withheld = len(found["groups"]) - len(shown)
    missing = found["total"]["n"] - sum(group["n"] for group in shown)
    assert missing >= 5 if withheld else missing == 0
    if not withheld:
        assert sum(group["value"] for group in shown) == pytest.approx(found["total"]["value"])


def test_what_adds_up_adds_up_over_a_split_period(month: tuple[Rows, Rows, Any]) -> None:
    contacts, _, connection = month
    cuts = ("2025-12-10", "2025-12-17", "2025-12-23", "2026-01-02")

    for slug in ("contacts", "seconds", "tickets"):
        whole = ask(connection, slug, since=cuts[0], until=cuts[-1])["total"]["value"]
        parts = [
            ask(connection, slug, since=since, until=until)["total"]["value"] or 0
            for since, until in pairwise(cuts)
        ]
        assert sum(parts) == pytest.approx(whole), slug
    assert ask(connection, "contacts")["total"]["value"] == len(contacts)


def test_the_order_in_which_contacts_arrive_changes_no_figure() -> None:
    contacts, tickets = drawn(4)
    one = connected({"contacts": contacts, "tickets": tickets})
    chance = random.Random(5)
    shuffled = connected(
        {"contacts": chance.sample(contacts, len(contacts)),
         "tickets": chance.sample(tickets, len(tickets))}
    )  # fmt: skip

    for slug in MEASURES:
        by = "motive" if slug in {"contacts", "recoverable", "handling_time"} else None
        assert flat(ask(one, slug, by=by)) == pytest.approx(
            flat(ask(shuffled, slug, by=by)), rel=1e-9, nan_ok=True
        ), slug


def flat(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers of an answer by where they stand."""
    groups = [*answer["groups"], answer["total"]]
    return {
        f"{place}.{name}": value
        for place, group in enumerate(groups)
        for name, value in {**group, **group["also"]}.items()
        if isinstance(value, int | float)
    }


def test_a_share_lies_within_its_interval_and_between_none_and_all() -> None:
    contacts, tickets = drawn(2)
    connection = connected({"contacts": contacts, "tickets": tickets})

    for slug, measure in MEASURES.items():
        for one in (g := ask(connection, slug, by="channel"))["groups"] + [g["total"]]:
            if one["value"] is None:
                assert one["reason"], slug
            elif one["low"] is not None:
                assert one["low"] <= one["value"] <= one["high"], slug
            if measure.unit == "share" and one["value"] is not None and slug[:3] != "val":
                assert 0 <= one["value"] <= 1, slug


def test_the_ledger_of_every_contact_is_spent_once(month: tuple[Rows, Rows, Any]) -> None:
    contacts, _, connection = month
    losses = ("queue", "lookup", "analysis", "procedure", "hold", "transfer", "repetition", "ivr",
              "rework", "robot_wait", "masked", "idle")  # fmt: skip

    apart = sum(ask(connection, f"loss_{one}")["total"]["value"] for one in losses)

    assert ask(connection, "lost_time")["total"]["value"] == pytest.approx(apart)
    by_hand = sum(row.get(one, 0) for row in contacts for one in losses) / len(contacts)
    assert apart == pytest.approx(by_hand)
    assert (NOW - T0) == 20 * DAY
