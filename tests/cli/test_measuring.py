"""Samples, thresholds, irritants and volumes: from the terminal, as over HTTP."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from parcours.main import main
from runtime.clock import FixedClock
from tests.measures.test_facts import LOST, one_contact
from tests.runtime.conftest import OpenService, clock, ids, open_shop

__all__ = ["clock", "ids", "open_shop"]


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Give a SQLite file: the command line and the service open the same one in turn."""
    return str(tmp_path / "store.db")


def test_a_listener_works_in_the_terminal(
    open_shop: OpenService, clock: FixedClock, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def play() -> None:
        async with open_shop(LOST) as service:
            for number in range(3):
                await one_contact(service, clock, f"C-{number}")

    asyncio.run(play())
    place = ["samples", "--database", database, "--tenant", "acme", "--lang", "en", "--as", "sue"]
    period = ["--from", "2025-12-01", "--to", "2026-02-01"]

    def typed(*words: str) -> str:
        assert main([*place, *words]) == 0
        return capsys.readouterr().out

    drawn = typed("draw", "Week", "--size", "3", "--seed", "1", "--by", "channel", *period)
    sample = drawn.splitlines()[0]
    shown = typed("next", sample)
    contact = shown.split()[0]
    typed("rate", sample, contact, "--useful", "0,100", "--codes", "declaration:parcel")
    wrong = main([*place, "rate", sample, contact, "--useful", "all"])

    assert drawn.splitlines()[1].split()[:3] == ["3", "/", "3"]
    assert "0.0 –     20.0 s" in shown
    assert wrong == 2
    assert "Week" in typed("list")
    assert typed("show", sample).splitlines() == ["1 / 3  Week", "useful: 33.3%", "agreement: –"]


def test_a_threshold_is_set_listed_and_taken_away_in_the_terminal(
    open_shop: OpenService, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def publish() -> None:
        async with open_shop(LOST):
            pass

    asyncio.run(publish())
    place = ["thresholds", "--database", database, "--tenant", "acme", "--lang", "en"]

    def typed(*words: str) -> tuple[int, str]:
        code = main([*place, *words])
        return code, capsys.readouterr().out

    bounds = ["--low", "0.7", "--margin", "0.02", "--window", "30 days"]
    _, made = typed("add", "once_and_done", "--name", "Solved at once", *bounds)
    _, listed = typed("list")
    people, _ = typed("add", "contacts", "--name", "x", "--high", "1", "--by", "advisor")
    removed, _ = typed("remove", made.strip())
    again, _ = typed("remove", made.strip())

    assert listed == f"{made.strip()}  Solved at once  once_and_done  [70.0% … –]  → –\n"
    assert (people, removed, again) == (2, 0, 2)
    assert typed("list") == (0, "")
    assert main(["exports", *place[1:]]) == 0
    assert capsys.readouterr().err == "no export\n"


def test_figures_go_into_a_file_by_its_name_or_it_is_said_why_not(
    open_shop: OpenService, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def publish() -> None:
        async with open_shop(LOST):
            pass

    missing, written = tmp_path / "other.db", tmp_path / "figures.csv"

    def typed(*words: str) -> tuple[int, str]:
        code = main(["measures", *words, "--lang", "en"])
        return code, capsys.readouterr().err

    wrong, why = typed("contacts", "--database", str(missing))
    assert (wrong, why) == (2, f"{missing}: there is no database of that name (--database).\n")
    assert not missing.exists()
    asyncio.run(publish())
    place = ["--database", database, "--tenant", "acme"]
    assert typed("contacts", *place, "--output", str(written)) == (0, "")
    assert written.read_text(encoding="utf-8").startswith("measure,unit,from,to")
    nowhere = tmp_path / "none" / "x.json"
    code, why = typed("contacts", *place, "--output", str(nowhere))
    assert (code, why) == (2, f"{nowhere}: cannot be written (No such file or directory).\n")
    assert typed("contacts", *place, "--output", "x.txt")[0] == 2
    code, why = typed("once_and_done", *place, "--with", "window:0")
    assert "with; allowed: 1 … 366" in why


def test_an_irritant_is_kept_and_orders_are_brought_in_the_terminal(
    open_shop: OpenService, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def publish() -> None:
        async with open_shop(LOST):
            pass

    asyncio.run(publish())
    place = ["--database", database, "--tenant", "acme", "--lang", "en"]

    def typed(command: str, *words: str) -> tuple[int, str]:
        code = main([command, *place, *words])
        return code, capsys.readouterr().out

    file = tmp_path / "volumes.csv"
    file.write_text("month;customers;orders\n2026-01;300;\n2026-02;310;95\n", encoding="utf-8")
    brought = typed("volumes", "bring", str(file))
    file.write_text("month,orders\n2026-03,many\n", encoding="utf-8")
    wrong = main(["volumes", *place, "bring", str(file)])
    why = capsys.readouterr().err
    owned = ["--title", "Lost parcels", "--owner", "Carrier"]
    _, made = typed("irritants", "add", "qualification:lost", *owned)
    irritant = made.strip()
    promised = ["--action", "Scan each parcel", "--due", "2020-01-31"]
    _, changed = typed("irritants", "change", irritant, *promised)
    typed("irritants", "change", irritant, "--done-on", "2020-02-03")
    _, shown = typed("irritants", "show", irritant)

    assert brought == (0, "3\n")
    assert typed("volumes", "list")[1].splitlines()[1] == "customers  2026-02  310"
    assert (wrong, "volumes.csv:2:2: orders: a whole number is expected." in why) == (2, True)
    assert changed == f"{irritant}  committed !  2020-01-31  Carrier  Lost parcels\n"
    assert shown.splitlines()[0].startswith(f"{irritant}  done  2020-02-03")
    assert shown.splitlines()[2] == "  contacts  – (– … –)  –  unknown"
    assert typed("irritants", "list")[1] == shown.splitlines()[0] + "\n"
