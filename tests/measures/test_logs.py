"""Event logs: every contact and step once, nobody's name, read by another tool."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from measures.asking.question import Asked
from measures.desk import Desk
from measures.facts.keeper import Keeper
from measures.logs.forms import FORMS
from measures.logs.log import Log, event_log
from parcours.main import main
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Forbidden
from runtime.finished import Finished
from tests.measures.test_facts import LOST, everything, one_contact
from tests.runtime.conftest import ANA, OpenService
from tests.support.mining import read_logs

SEEN = Actor("acme", "supervisor", "sam")
ASKED = Asked(since="2025-12-01", until="2026-02-01")


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Give a SQLite file: the command line and the service open the same one in turn."""
    return str(tmp_path / "store.db")


@pytest.fixture
def told(open_shop: OpenService, clock: FixedClock, tmp_path: Path) -> tuple[Log, dict[str, Any]]:
    """Play four contacts, two of one customer; give their log and their facts."""

    async def run() -> tuple[Log, dict[str, Any]]:
        async with open_shop(LOST) as service:
            for number in (1, 2, 3, 1):
                await one_contact(service, clock, f"C-{number}")
            keeper = Keeper(service.store, clock, tmp_path / "apart", alone=True)
            desk = Desk.of(service, keeper)
            finished = Finished(service.store)
            with pytest.raises(Forbidden):
                await event_log(desk, finished, ANA, asked=ASKED)
            log = await event_log(desk, finished, SEEN, asked=ASKED)
            facts = await everything(keeper)
            await keeper.close()
            return log, facts

    return asyncio.run(run())


def test_pm4py_reads_every_contact_and_step_of_the_three_forms(
    told: tuple[Log, dict[str, Any]], database: str, tmp_path: Path
) -> None:
    log, facts = told
    paths = {
        "json": tmp_path / "l.json",
        "sqlite": tmp_path / "l.sqlite",
        "xes": tmp_path / "l.xes",
    }
    for name, form in (("json", "ocel"), ("sqlite", "ocel-sqlite"), ("xes", "xes")):
        paths[name].write_bytes(FORMS[form](log))
    whole = paths["json"].read_text(encoding="utf-8") + paths["xes"].read_text(encoding="utf-8")
    line = ["--from", str(ASKED.since), "--to", str(ASKED.until), "--tenant", "acme"]
    typed = [main(["log", str(tmp_path / f"typed.{one}"), "--database", database, *line])
             for one in ("xes", "csv")]  # fmt: skip

    assert not [word for word in ("ana", "zoe", "cus_", "C-1", "F-1") if word in whole]
    assert len([one for one in log.things.values() if one.kind == "customer"]) == 3
    assert json.loads(paths["json"].read_text(encoding="utf-8"))["eventTypes"]
    assert typed == [0, 2]
    assert (tmp_path / "typed.xes").read_bytes() == paths["xes"].read_bytes()
    found = read_logs(paths)
    happened = len(facts["contact"]) + len(facts["visit"])
    for name in ("json", "sqlite"):
        one = found[name]
        assert (one["events"], one["objects"]) == (happened, len(log.things))
        assert one["types"] == ["contact", "customer", "journey_version", "session", "ticket"]
        assert one["relations"] == sum(len(event.related) for event in log.happenings)
        assert one["o2o"] == sum(len(thing.related) for thing in log.things.values())
        assert "contact" in one["activities"]
    assert len(found["xes"]["traces"]) == len(facts["ticket"])
    assert sum(found["xes"]["traces"].values()) == 2 * happened
    assert found["xes"]["transitions"] == ["complete", "start"]
