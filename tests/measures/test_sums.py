"""Sums kept of the files of facts: quicker, and never another figure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.contacts import BEGINS, DAY, TENANT, Year, write_facts
from measures.asking.answer import answer
from measures.asking.question import Asked, question
from measures.asking.usual import usual_questions
from measures.facts import tail
from measures.facts.folder import Folder
from measures.facts.kept import Kept
from measures.facts.reading import Facts, Held
from measures.facts.schema import TABLES
from measures.merged import NotMergeable, apart
from measures.parts import DIGITS, rounded
from measures.registry import MEASURES

NOW = BEGINS + 100 * DAY
PERIOD = {"since": "2025-01-01", "until": "2025-02-20"}
KINDS = {
    (type(one.shape), one.table, one.at, one.settled is None, one.rows is None, one.during is None):
        slug for slug, one in MEASURES.items()
}  # fmt: skip
"""One measure of each way in which figures are worked out."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return facts of two months, by seed, in one file a month."""
    made = tmp_path_factory.mktemp("facts")
    write_facts(made, Year(contacts=1_200, days=55, advisors=12))
    return made


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    made = tail.connect()
    yield made
    made.close()


def facts_of(connection: duckdb.DuckDBPyConnection, folder: Path, *, enough: int = 1) -> Facts:
    place = Folder(folder)
    held = Held(
        folder=place, manifest=place.read(), tenant=TENANT, kept=Kept(folder, TENANT), enough=enough
    )
    return Facts(connection.cursor(), held)


class Rows:
    """The same facts, of which nothing is kept: every figure goes through all rows."""

    def __init__(self, facts: Facts) -> None:
        self.execute = facts.execute


def asked(reader: Any, slug: str, **more: Any) -> dict[str, Any]:
    wanted = question(slug, Asked(**{**PERIOD, **more}), zone="Europe/Paris", now=NOW)
    return answer(reader, wanted, "en")


def numbers(found: Any, place: str = "") -> dict[str, Any]:
    """Return all that an answer says, by where it stands."""
    if isinstance(found, dict):
        parts = list(found.items())
    elif isinstance(found, list):
        parts = list(enumerate(found))
    else:
        return {place: found}
    return {k: v for name, one in parts for k, v in numbers(one, f"{place}.{name}").items()}


def close(one: Any, other: Any) -> bool:
    """Return whether two answers are the same, but for the last digits of sums of fractions."""
    first, second = numbers(one), numbers(other)
    assert first.keys() == second.keys()
    return all(
        math.isclose(value, second[place], rel_tol=1e-9, abs_tol=1e-12)
        if isinstance(value, float) or isinstance(second[place], float)
        else value == second[place]
        for place, value in first.items()
        if value is not None or second[place] is not None
    )


@pytest.mark.parametrize("slug", KINDS.values())
def test_a_figure_of_sums_is_that_of_all_rows(
    slug: str, folder: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    by = "motive:1" if len(slug) % 2 else None

    facts = facts_of(connection, folder)
    first = asked(facts, slug, by=by)
    again = asked(facts, slug, by=by)

    assert close(first, asked(Rows(facts), slug, by=by))
    assert close(again, first)


def test_a_period_that_was_summed_up_reads_no_row_of_its_files(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    write_facts(tmp_path, Year(contacts=100, days=55))
    whole = {"since": "2024-12-31", "until": "2026-01-01"}
    before = asked(facts_of(connection, tmp_path), "handling_time", **whole)

    facts = facts_of(connection, tmp_path)
    for path in (tmp_path / TENANT / "contact").glob("*.parquet"):
        with path.open("r+b") as file:
            # The footer stays: what lies in the rows is lost.
            file.write(bytes(path.stat().st_size // 2))

    assert close(asked(facts, "handling_time", **whole), before)
    with pytest.raises(duckdb.Error):
        asked(Rows(facts), "handling_time", **whole)


def test_a_late_correction_is_in_every_figure_at_once(
    folder: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    facts = facts_of(connection, folder)
    asked(facts, "handling_time")
    names = list(TABLES["contact"])
    [one] = facts.execute(
        "SELECT * FROM contact WHERE NOT abandoned ORDER BY contact LIMIT 1"
    ).fetchall()
    longer = {**dict(zip(names, one, strict=True)), "handling_ms": 50_000_000, "ms_useful": 1}
    rows: tail.Rows = {table: [] for table in TABLES}
    rows["contact"] = [tuple(longer[name] for name in names)]
    before = asked(facts, "handling_time")["total"]

    tail.put(connection, TENANT, rows)
    corrected = facts_of(connection, folder)
    after = asked(corrected, "handling_time")["total"]

    assert after["n"] == before["n"]
    assert after["value"] > before["value"]
    assert close(after, asked(Rows(corrected), "handling_time")["total"])


def test_what_is_usually_asked_is_summed_up_beforehand(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    write_facts(tmp_path, Year(contacts=100, days=20))
    facts = facts_of(connection, tmp_path)

    usual_questions(facts, now=NOW)
    ready = set((tmp_path / TENANT / "sums").iterdir())
    asked(facts, "handling_time", since="2024-12-31", until="2026-01-01")
    asked(facts, "step_time", by="step", since="2024-12-31", until="2026-01-01")

    assert len(ready) > 50
    assert set((tmp_path / TENANT / "sums").iterdir()) == ready


def test_what_cannot_be_kept_is_worked_out_from_the_rows(
    folder: Path, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / TENANT).mkdir()
    (tmp_path / TENANT / "sums").write_text("a file where a folder is to be", encoding="utf-8")
    place = Folder(folder)
    held = Held(
        folder=place, manifest=place.read(), tenant=TENANT, kept=Kept(tmp_path, TENANT), enough=1
    )
    facts = Facts(connection.cursor(), held)

    assert close(asked(facts, "contacts"), asked(Rows(facts), "contacts"))


def test_quantiles_of_many_values_are_within_their_bound_and_exact_when_asked_for(
    folder: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    facts = facts_of(connection, folder)
    exact = asked(facts, "handling_time", settings="quantiles:exact")["total"]
    [(median, p90)] = facts.execute(
        "SELECT quantile_cont(handling_ms / 1000.0, 0.5), quantile_cont(handling_ms / 1000.0, 0.9) "
        "FROM contact WHERE NOT abandoned AND closed >= 1735686000000 AND closed < 1740006000000"
    ).fetchall()

    found = asked(facts, "handling_time")["total"]

    assert exact["n"] > 500
    assert exact["also"]["median"] == pytest.approx(median, rel=1e-12)
    assert exact["also"]["p90"] == pytest.approx(p90, rel=1e-12)
    assert found["also"]["median"] == pytest.approx(median, rel=2**-DIGITS)
    assert found["also"]["p90"] == pytest.approx(p90, rel=2**-DIGITS)
    assert found["value"] == pytest.approx(exact["value"], rel=1e-12)


@settings(max_examples=25)
@given(st.lists(st.floats(-1e12, 1e12, allow_subnormal=False), min_size=1))
def test_a_rounded_value_is_off_by_one_in_128_at_most_and_is_not_rounded_further(
    values: list[float],
) -> None:
    values = [0.0 if abs(value) < 1e-200 else value for value in values]

    once, twice = duckdb.execute(
        f"SELECT list_transform($v, lambda v: {rounded('v')}), "
        f"list_transform(list_transform($v, lambda v: {rounded('v')}), lambda v: {rounded('v')})",
        {"v": values},
    ).fetchall()[0]

    assert once == pytest.approx(values, rel=2**-DIGITS, abs=0)
    assert twice == once


def test_whole_numbers_up_to_128_stay_as_they_are() -> None:
    [(found,)] = duckdb.execute(
        f"SELECT list_transform(range(-128, 129), lambda v: {rounded('v')})"
    ).fetchall()

    assert found == list(range(-128, 129))


def test_aggregates_are_taken_apart_into_what_adds_up() -> None:
    found = apart(
        {
            "share": "sum(a) / nullif(sum(b), 0)",
            "mean": "avg(a) FILTER (b <= (3))",
            "some": "count(*) FILTER (WHERE c = ')') / count(*)",
            "p90": "quantile_cont(a / 2, 0.9)",
        }
    )

    assert found.partial == {
        "sum(a)": "sum", "sum(b)": "sum",
        "sum(a) FILTER (WHERE b <= (3))": "sum", "count(a) FILTER (WHERE b <= (3))": "sum",
        "count(*) FILTER (WHERE c = ')')": "sum", "count(*)": "sum",
    }  # fmt: skip
    assert found.whole == {
        "share": "a0 / nullif(a1, 0)",
        "mean": "(a2 / nullif(a3, 0))",
        "some": "coalesce(a4, 0)::BIGINT / coalesce(a5, 0)::BIGINT",
        "p90": "s0",
    }
    assert (found.spreads, found.shares) == (["a / 2"], [(0, 0.9)])
    with pytest.raises(NotMergeable):
        apart({"customers": "count(DISTINCT customer)"})
