"""A published troubleshooting drawing, walked by a robot on a simulated telephone over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import httpx
import pytest

from authoring.check import check
from authoring.load import load
from runtime.settings import Settings
from tests.api.service import Shop, key, running
from tests.support.phone import Phone, Simulator, simulated
from tests.support.troubleshooting import (
    Drawing,
    code,
    data_folder,
    deployment,
    drawings,
    followed,
    library,
)

PATIENCE_S = 30
Fault = tuple[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def folder() -> Path:
    found = data_folder()
    if found is None:
        pytest.skip("no published drawings here: set PARCOURS_REAL_DATA to their folder")
    return found


@pytest.fixture(scope="module")
def drawing(folder: Path) -> Drawing:
    return drawings(folder)[0]


@pytest.fixture(scope="module")
def scenarios(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (folder / "service-tasks.json").read_text(encoding="utf-8")
    )
    return found


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with simulated() as found:
        yield found


@pytest.fixture(scope="module")
def shop(
    drawing: Drawing, simulator: Simulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    place = tmp_path_factory.mktemp("telecom")
    (place / "connectors.toml").write_text(deployment(simulator.port), encoding="utf-8")
    told = Settings(
        database=str(place / "t.sqlite3"), port=0, rate_per_s=0, inline_ms=5_000,
        connectors=str(place / "connectors.toml"),
    )  # fmt: skip
    with running(told) as found:
        with found.client("author") as author:
            body = {"files": library(drawing)}
            published = author.post("/v1/libraries", json=body, headers=key())
        assert published.status_code == 201, published.text
        yield found


def faults_of(scenario: Mapping[str, Any]) -> list[Fault]:
    actions = scenario["initial_state"]["initialization_actions"]
    return [(one["func_name"], one["arguments"]) for one in actions]


def walk(shop: Shop, drawing: Drawing, number: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let the robot walk a case to its end, told once; return the last view and the trace."""
    with shop.client("robot") as client:
        body = {"journey": drawing.journey, "inputs": {"phone": number}}
        begun = client.post("/v1/sessions", json=body, headers=key())
        assert begun.status_code == 201, begun.text
        path = f"/v1/sessions/{begun.json()['session']}"
        headers = {**key(), "If-Match": begun.headers["etag"]}
        answer = client.post(f"{path}/commands", json={"type": "autopilot"}, headers=headers)
        assert answer.status_code == 200, answer.text
        view = _settled(client, path)
        trace = client.get(f"{path}/trace").json()
    return view, trace


def _settled(client: httpx.Client, path: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    while True:
        view: dict[str, Any] = client.get(path).json()
        if view["pilot"] is None:
            return view
        assert time.monotonic() < until, view
        time.sleep(0.02)


def codes(trace: Mapping[str, Any]) -> dict[str, list[str]]:
    axes = ("declaration", "qualification", "action")
    return {axis: [one["code"] for one in trace[axis]] for axis in axes}


def expected(drawing: Drawing, faults: list[Fault]) -> tuple[str, dict[str, list[str]]]:
    """Return where following the drawing by hand ends, and the codes of that way."""
    other = Simulator()
    way = followed(drawing, other.add("", faults))
    done = list(dict.fromkeys(f"done.{name}" for name in way.deeds))
    if "human" not in drawing.label(way.end).lower():
        done.append("done.told")
    found = list(dict.fromkeys(code(*one) for one in way.answers))
    return way.end, {"declaration": ["trouble.no_service"], "qualification": found, "action": done}


def test_the_drawing_is_a_library_that_the_checker_takes(drawing: Drawing) -> None:
    loaded = load(library(drawing))

    assert [one for one in check(loaded) if one.severity == "error"] == []


def test_each_published_scenario_ends_with_exactly_the_published_fix(
    drawing: Drawing, scenarios: list[dict[str, Any]], simulator: Simulator, shop: Shop
) -> None:
    assert scenarios
    for index, scenario in enumerate(scenarios):
        number = f"s{index}"
        phone = simulator.add(number, faults_of(scenario))

        view, trace = walk(shop, drawing, number)

        wanted = scenario["evaluation_criteria"]
        done = [(d.name, d.arguments) for d in simulator.deeds[number] if d.changed]
        if view["transfer"] is not None:
            assert view["transfer"] == {"what": "transfer", "to": "human_agents", "by": "robot:ana"}
            done.append(("transfer_to_human_agents", wanted["actions"][-1]["arguments"]))
        published = [(one["name"], one["arguments"]) for one in wanted["actions"]]
        assert done == published, scenario["id"]
        for one in wanted["env_assertions"]:
            assert getattr(phone, one["func_name"])(**one["arguments"]) is one["assert_value"]
        end, axes = expected(drawing, faults_of(scenario))
        assert view["step"] is None or view["step"]["id"] == end
        assert codes(trace) == axes, scenario["id"]


def test_any_faults_together_are_found_and_mended_as_the_drawing_says(
    drawing: Drawing, scenarios: list[dict[str, Any]], simulator: Simulator, shop: Shop
) -> None:
    every = [faults_of(scenario) for scenario in scenarios]
    mixed = [[], *([*one, *other] for one, other in combinations(every, 2))]
    for index, faults in enumerate(mixed):
        number = f"m{index}"
        simulator.add(number, faults)
        other: Phone = Simulator().add("", faults)
        way = followed(drawing, other)

        view, trace = walk(shop, drawing, number)

        end, axes = expected(drawing, faults)
        assert codes(trace) == axes, faults
        assert [deed.name for deed in simulator.deeds[number]] == way.deeds
        assert simulator.phones[number] == other
        assert (view["transfer"] is not None) is ("human" in drawing.label(end).lower())


def test_an_advisor_who_takes_over_reads_what_the_robot_declared_found_and_did(
    drawing: Drawing, scenarios: list[dict[str, Any]], simulator: Simulator, shop: Shop
) -> None:
    ended = [s for s in scenarios if s["evaluation_criteria"]["actions"][-1]["name"].startswith(
        "transfer")]  # fmt: skip
    simulator.add("recap", faults_of(ended[-1]))

    view, _ = walk(shop, drawing, "recap")

    told = {line["what"]: line["text"] for line in view["recap"]}
    assert "recap" in told["who"]
    assert told["declared"] == "No service"
    assert "Line Suspended? Yes" in told["found"]
    assert "reset_apn_settings" in told["done"]
    assert told["asked"]
