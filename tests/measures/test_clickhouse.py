"""Every figure is the same in ClickHouse as in DuckDB, whose SQL it is written in."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bench.contacts import Year, write_facts
from measures.asking.dimensions import SPANS, TREES, names_of
from measures.facts import tail
from measures.facts.clickhouse.dialect import translated
from measures.facts.schema import TABLES
from measures.registry import MEASURES
from measures.satisfaction_link import FACTORS
from measures.streams.table import stream
from tests.measures.facts_by_hand import ask, connected
from tests.measures.in_clickhouse import brought, client
from tests.measures.said_by_libraries import policy_of
from tests.measures.test_measures import CASES
from tests.measures.test_streams import TWO, drawn
from tests.measures.test_sums import asked, close, facts_of, numbers
from tests.measures.walks_by_hand import ALL, visits_of

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

__all__ = ["client"]

STRANGE = (
    "l'été",
    "a\\'b",
    'say "«contact»"',
    "x'; DROP TABLE contact_5; --",
    "{now}",
    "%s",
    "été",
)


def test_every_measure_worked_out_by_hand_is_the_same(client: Client) -> None:
    seen: set[str] = set()
    for case in CASES:
        connection = connected(case)
        facts = brought(client, connection)
        policy = policy_of(case.get("library"), case.get("volumes"))

        for slug, expected in case["expect"].items():
            wanted = expected if isinstance(expected, dict) else {"value": expected}
            if slug in seen and wanted.get("value") is not None:
                # Its edges are of interest, and not the same query with other numbers.
                continue
            seen.add(slug)
            found = ask(facts, slug, policy=policy, **case.get("asked", {}))
            flat = {"excluded": found["excluded"], **found["total"]["also"], **found["total"]}
            assert {name: flat[name] for name in wanted} == pytest.approx(wanted, abs=1e-9), slug
        connection.close()


def test_every_measure_is_the_same_by_whatever_dimension_and_filter(
    client: Client, tmp_path: Path
) -> None:
    write_facts(tmp_path, Year(contacts=900, days=55, advisors=12))
    connection = tail.connect()
    facts = facts_of(connection, tmp_path)
    same = brought(client, facts, "{}")
    filters = cycle(("channel:phone", "motive:delivery", "channel:chat|email"))

    for place, (slug, measure) in enumerate(MEASURES.items()):
        names = [f"{name}:1" if name in TREES and place % 2 else name
                 for name in names_of(measure) if name != "tenant"]  # fmt: skip
        more = {
            "by": names[place % len(names)] if place % 5 else None,
            # A filter takes two queries more: what could be worked out from its answer.
            "where": next(filters) if place % 4 == 0 else None,
            "compare": "previous" if place % 16 == 1 else None,
        }
        here, there = asked(facts, slug, **more), asked(same, slug, **more)
        assert close(here, there), (slug, more, differing(here, there))
    connection.close()


def test_what_goes_with_satisfaction_is_the_same_by_each_factor_and_channel(
    client: Client,
) -> None:
    rows = [
        {"channel": ("phone", "chat")[n % 2], "motive": "ab"[n % 3 % 2], "useful": 60 + n % 17,
         "queue": n % 5, "satisfaction": 1 + n * 7 % 5, "ticket": f"t{n}",
         "advisor": "abcdefghijkl"[n % 12] if n % 10 else None}
        for n in range(160)
    ]  # fmt: skip
    tickets = [{"channels": ["phone"] * (1 + n % 4 // 2)} for n in range(160)]
    connection = connected({"contacts": rows, "tickets": tickets})
    facts = brought(client, connection)

    for factor in FACTORS:
        all_at_once = [ask(one, "satisfaction_factors", settings=f"factor:{factor}")
                       for one in (connection, facts)]  # fmt: skip
        assert all_at_once[0]["total"]["low"] is not None
        assert close(*all_at_once), differing(*all_at_once)
        here, there = (
            ask(one, "satisfaction_link", by="channel", settings=f"factor:{factor}")
            for one in (connection, facts)
        )
        assert None not in [one["value"] for one in (here["total"], *here["groups"])], factor
        assert close(here, there), (factor, differing(here, there))
    connection.close()


def test_a_value_stream_is_the_same(client: Client) -> None:
    connection = connected({"visits": visits_of([*drawn(7), *TWO])})
    facts = brought(client, connection)

    for now, before in ((ALL, None), (replace(ALL, revision="r"), replace(ALL, revision="s"))):
        here, there = (stream(one, now, before) for one in (connection, facts))
        assert None not in (here["total"]["now"]["spent"], here["total"]["now"]["median_delay"])
        assert [one["step"] for one in here["steps"]] == [one["step"] for one in there["steps"]]
        assert close(here, there), differing(here, there)
    connection.close()


def differing(here: Any, there: Any) -> dict[str, Any]:
    one, other = numbers(here), numbers(there)
    return {
        place: (one[place], other.get(place)) for place in one if one[place] != other.get(place)
    }


def test_names_of_any_kind_are_names_and_nothing_else(client: Client) -> None:
    rows = [{"motive": name, "useful": 60} for name in STRANGE for _ in range(6)]
    facts = brought(client, connected({"contacts": rows}))

    found = ask(facts, "handling_time", by="motive")

    assert [group["key"]["motive"] for group in found["groups"]] == sorted(STRANGE)
    for name in STRANGE:
        if "," not in name:
            one = ask(facts, "contacts", by="motive", where=f"motive:{name}")
            assert [(group["key"]["motive"], group["value"]) for group in one["groups"]] == [
                (name, 6)
            ]


def test_without_any_fact_every_figure_is_null_with_its_reason(client: Client) -> None:
    facts = brought(client, connected({}))

    for slug in (
        "contacts",
        "handling_time",
        "once_and_done_survival",
        "recoverable",
        "prevention",
    ):
        total = ask(facts, slug, by="motive")["total"]
        assert (total["value"], total["reason"]) == (None, "empty"), slug


def test_rows_are_read_as_they_were_written(client: Client) -> None:
    contacts = [{"felt": felt, "actions": ["a'b", "é"]} for felt in (None, [], ["queue"])]
    connection = connected({"contacts": contacts, "tickets": [{}], "visits": [{}]})
    facts = brought(client, connection)

    for table in TABLES:
        query = f"SELECT * FROM {table}"
        found = facts.execute(query)
        assert found.fetchall() == connection.execute(query).fetchall(), table
        if found.fetchall():
            assert [name for name, *_ in found.description] == list(TABLES[table])


def test_times_are_those_of_the_zone_in_both(client: Client) -> None:
    connection = connected(
        {"contacts": [{"offered": hours * 3_600.0} for hours in range(0, 9_000, 7)]}
    )
    facts = brought(client, connection)
    local = "timezone('Europe/Paris', to_timestamp(offered / 1000.0))"
    forms = ", ".join(f"strftime({local}, '{form}') AS {name}" for name, form in SPANS.items())
    query = (
        f"SELECT offered, {forms}, offered // 7, round(offered / 2.0 - 3) FROM contact ORDER BY 1"
    )

    assert facts.execute(query).fetchall() == connection.execute(query).fetchall()


def test_a_table_of_the_query_itself_is_no_table_of_facts() -> None:
    made = translated(
        "WITH contact AS (SELECT 1 AS n) SELECT n FROM contact", lambda *_: "SELECT 2 AS n"
    )

    assert made == "WITH contact AS (SELECT 1 AS n) SELECT n FROM contact"
