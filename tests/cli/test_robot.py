"""A file of cases walked by a robot: what whoever runs a batch types and gets."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parcours.client import Client
from parcours.commands import robot
from parcours.libraries import texts_of
from parcours.places import ROOT
from parcours.robot import walking
from runtime.deploying import read_data
from runtime.settings import Settings
from tests.api.service import Shop, key, running
from tests.cli.conftest import Cli, Said

LIBRARY = """
parcours: 1
library: batch
title: Batch
languages: [en]
audiences: [advisor]
channels: [internal]
"""
CODES = """
declarations: {order: {label: Order, children: {late: {label: Late}}}}
qualifications: {order: {label: Order, children: {held: {label: Held}, sent: {label: Sent}}}}
actions: {order: {label: Order, children: {resent: {label: Sent again}}}}
"""
CONNECTORS = """
operations:
  oms.status:
    effect: read
    input: {id: {type: text}}
    output: {status: {type: choice, options: [held, sent]}}
  oms.resend: {effect: keyed, input: {id: {type: text}}}
"""
JOURNEY = """
parcours: 1
journey: late
title: A late parcel
inputs: {order: {type: text, pattern: "F-[0-9]+"}}
steps:
  - id: since
    ask: {days: {type: number, label: Days, default: 1, max: 30}}
    declares: order.late
  - id: look
    do: oms.status
    with: {id: order}
    saves: {status: result.status}
    by_hand: {say: Look it up., fills: [status]}
  - id: cause
    decide:
      - {when: 'status == "held" and days > 5', qualifies: order.held, next: ask}
      - {when: 'status == "held"', qualifies: order.held}
      - {else: true, qualifies: order.sent}
  - id: resend
    do: oms.resend
    with: {id: order}
    acts: order.resent
    by_hand: {say: Send it.}
  - {id: done, end: resolved}
  - id: ask
    ask: {wish: {type: text, label: What would you like?}}
    acts: order.resent
    next: done
"""
FILES = {
    "library.yaml": LIBRARY,
    "codes.yaml": CODES,
    "connectors.yaml": CONNECTORS,
    "journeys/late.yaml": JOURNEY,
}
ANSWERS = {
    "oms.status": [{"result": {"status": "held"}, "delay": "20ms"}],
    "oms.resend": [{"result": {}, "delay": "20ms"}],
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    database = tmp_path_factory.mktemp("batch") / "b.sqlite3"
    told = Settings(database=str(database), port=0, rate_per_s=0)
    with running(told, answers=ANSWERS) as found:
        with found.client("author") as author:
            published = author.post("/v1/libraries", json={"files": FILES}, headers=key())
        assert published.status_code == 201, published.text
        yield found


class Batch:
    """A file of cases, the results beside it, and the command over both."""

    def __init__(self, folder: Path, shop: Shop, cli: Cli) -> None:
        self.folder, self.shop, self.cli = folder, shop, cli

    def write(self, name: str, *lines: str) -> Path:
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def walk(self, path: Path, *more: str, role: str = "robot") -> Said:
        return self.cli("robot", "late", "--input", path, "--to", self.shop.url,
                        "--key", self.shop.keys[role], *more)  # fmt: skip

    def results(self, path: Path) -> list[dict[str, Any]]:
        beside = path.with_name(f"{path.stem}.results{path.suffix}")
        text = beside.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            return list(csv.DictReader(text.splitlines()))
        return [json.loads(line) for line in text.splitlines()]

    def sessions(self) -> int:
        """Return how many sessions the service has begun."""
        return sum(name == "oms.status" for name, _, _ in self.calls())

    def calls(self) -> list[Any]:
        return list(self.shop.calls)


@pytest.fixture
def batch(tmp_path: Path, shop: Shop, cli: Cli) -> Batch:
    return Batch(tmp_path, shop, cli)


def test_each_row_is_walked_to_its_end_or_to_the_step_where_a_person_is_needed(
    batch: Batch,
) -> None:
    cases = batch.write("cases.csv", "case,order,days", "one,F-1,2", "two,F-2,9")

    said = batch.walk(cases)

    assert said.code == 0, said.err
    one, two = batch.results(cases)
    assert (one["case"], one["state"], one["outcome"]) == ("one", "ended", "resolved")
    axes = (one["declaration"], one["qualification"], one["action"])
    assert axes == ("order.late", "order.held", "order.resent")
    assert float(one["seconds"]) > 0
    assert (two["state"], two["step"]) == ("handed_over", "ask")
    assert two["waits_for"] == "advisor: accept"
    assert "handed over" in said.out


def test_a_wrong_row_is_told_at_its_place_and_stops_no_other(batch: Batch) -> None:
    cases = batch.write(
        "cases.jsonl",
        '{"case": "good", "order": "F-3"}',
        "{not json}",
        '["a", "list"]',
        '{"case": "bad", "order": "X"}',
        '{"case": "good", "order": "F-4"}',
        '{"case": "many", "order": "F-5", "days": 99, "colour": "red"}',
    )

    said = batch.walk(cases)

    assert said.code == 1
    rows = batch.results(cases)
    assert [(row["line"], row["state"], row["code"]) for row in rows] == [
        (1, "ended", None),
        (2, "wrong", "case.not-json"),
        (3, "wrong", "case.not-an-object"),
        (4, "wrong", "answer.bad-form"),
        (5, "wrong", "case.twice"),
        (6, "handed_over", None),
    ]
    assert rows[5]["unused"] == ["days", "colour"]
    assert f"{cases}:4: order:" in said.err


def test_a_csv_that_a_spreadsheet_wrote_is_read(batch: Batch) -> None:
    cases = batch.folder / "cases.csv"
    cases.write_bytes('\ufeffcase;order;days\r\né;F-6;"3"\r\n;F-7\r\n'.encode())

    said = batch.walk(cases)

    assert said.code == 1
    assert [(r["case"], r["state"], r["code"]) for r in batch.results(cases)] == [
        ("é", "ended", ""),
        ("3", "wrong", "case.columns"),
    ]


def test_a_run_that_is_started_again_repeats_nothing(batch: Batch) -> None:
    cases = batch.write("cases.csv", "order", "F-10", "F-11", "F-12")
    assert batch.walk(cases).code == 0
    before, first = batch.sessions(), batch.results(cases)

    assert batch.walk(cases).code == 0

    assert (batch.sessions(), batch.results(cases)) == (before, first)
    assert batch.walk(cases, "--run", "anew").code == 0
    assert batch.sessions() == before + 3


def test_a_run_that_is_killed_goes_on_without_walking_a_case_twice(batch: Batch) -> None:
    orders = [f"F-9{n:03}" for n in range(60)]
    cases = batch.write("cases.csv", "order", *orders)
    journal = batch.folder / "cases.results.csv.journal"
    command = [sys.executable, "-m", "parcours.main", "robot", "late", "--input", str(cases),
               "--to", batch.shop.url, "--key", batch.shop.keys["robot"]]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        until = time.monotonic() + 60
        while time.monotonic() < until and (
            not journal.exists() or journal.read_text(encoding="utf-8").count("result") < 5
        ):
            assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
    # The journal's last line may be cut, and what it had not noted yet was begun all the same.
    text = journal.read_text(encoding="utf-8")
    journal.write_text(text[:-3], encoding="utf-8")

    said = batch.walk(cases)

    assert said.code == 0, said.err
    assert {row["state"] for row in batch.results(cases)} == {"ended"}
    for operation in ("oms.status", "oms.resend"):
        keys = [
            k for name, given, k in batch.calls() if name == operation and given["id"] in orders
        ]
        assert len(set(keys)) == len(orders)
        assert len(keys) == len(orders)


def test_who_stops_a_run_is_told_how_to_go_on_and_finds_what_was_done(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = batch.write("cases.csv", "case,order,days", "one,F-1,2", "two,F-2,9")
    walked = walking.walk

    def stopped(client: Client, of: Any, case: Any, **more: Any) -> dict[str, Any]:
        if case.name == "two":
            raise KeyboardInterrupt
        return walked(client, of, case, **more)

    monkeypatch.setattr(robot, "walk", stopped)
    said = batch.walk(cases, "--concurrency", "1")
    assert (said.code, "still to be walked: 1" in said.err) == (130, True)
    assert [row["state"] for row in batch.results(cases)] == ["ended", "waiting"]

    monkeypatch.setattr(robot, "walk", walked)
    said = batch.walk(cases)

    assert said.code == 0
    assert [row["state"] for row in batch.results(cases)] == ["ended", "handed_over"]


def test_what_cannot_be_done_at_all_is_said_before_any_case_begins(batch: Batch) -> None:
    cases = batch.write("cases.csv", "order", "F-1")

    unknown = batch.cli("robot", "nothing", "--input", cases, "--to", batch.shop.url,
                        "--key", batch.shop.keys["robot"])  # fmt: skip
    assert (unknown.code, "no journey 'nothing'" in unknown.err) == (2, True)
    refused = batch.cli("robot", "late", "--input", cases, "--to", batch.shop.url, "--key", "x")
    assert refused.code == 1
    twice = batch.write("twice.csv", "order,order", "F-1,F-2")
    assert "names every column, once" in batch.walk(twice).err
    assert ".csv or .jsonl" in batch.walk(batch.write("cases.txt", "x")).err
    assert "file of cases" in batch.walk(cases, "--output", str(cases)).err
    assert batch.walk(batch.folder / "none.csv").code == 2


def test_the_twenty_deliveries_of_the_guide_are_walked_on_the_demo(
    tmp_path: Path, cli: Cli
) -> None:
    demo = ROOT / "journeys" / "demo"
    answers = read_data(demo / "mock.yaml")["operations"]
    cases = ROOT / "docs" / "examples" / "livraisons.csv"
    told = Settings(database=str(tmp_path / "d.sqlite3"), port=0, rate_per_s=0)
    with running(told, answers=answers) as shop:
        with shop.client("author") as author:
            published = author.post("/v1/libraries", json={"files": texts_of(demo)}, headers=key())
        assert published.status_code == 201, published.text

        said = cli("robot", "livraison.suivi", "--input", cases, "--to", shop.url,
                   "--key", shop.keys["robot"], "--output", tmp_path / "r.jsonl")  # fmt: skip

    rows = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 20
    assert said.code == 1
    assert {row["state"] for row in rows} <= {"ended", "handed_over", "wrong"}
    assert [row["case"] for row in rows if row["state"] == "wrong"] == ["D-07"]
    found = {code for row in rows for code in row.get("qualification") or []}
    assert {"paiement.defaut_presentation_cb", "transport.retard", "transport.perte"} <= found


def test_a_case_that_waits_for_an_event_says_which() -> None:
    wait = {"name": "delivery.announced"}
    by_event = {"goes_on": {"by": "event", "what": "wake"}, "wait": wait}
    by_clock = {"goes_on": {"by": "clock", "what": "wake"}, "wait": {"name": None}}

    assert walking.waits_for(by_event) == "event: wake delivery.announced"
    assert walking.waits_for(by_clock) == "clock: wake"
    assert walking.waits_for({"goes_on": None, "wait": None}) is None
