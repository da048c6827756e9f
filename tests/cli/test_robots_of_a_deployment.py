"""The robots of a deployment, and the events it tells: held against a library before they run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

JOURNEY = """
parcours: 1
journey: appointment.move
title: "Move an appointment"
inputs:
  reference: {type: text}
  day: {type: date}
  note: {type: text, required: false}
steps:
  - id: reason
    ask: {reason: {type: text, label: "Why?"}}
    declares: appointment.move
  - id: sleep
    wait: {event: diary.confirmed, with: {reference: reference}}
    qualifies: appointment.away
    acts: appointment.moved
  - {id: solved, end: resolved}
"""
ROBOTS = """\
[night]
journey = "appointment.move"
cases = "cases.csv"
at = "06:30"
"""
EXPORTS = """\
[week]
measure = "handling_time"
by = "channel"
format = "csv"
folder = "out"
at = "06:30"
on = "monday"
period = "week"
"""
CASES = "case,reference,day,reason\none,A-1,2026-12-01,away\ntwo,A-2,2026-12-02,away\n"
HOOKS = """\
[hooks.diary]
secret = "secret://diary"
[hooks.diary.events."diary.confirmed"]
match = {reference = "data.ref"}
"""


@pytest.fixture
def folder(library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a library whose journey takes inputs and waits, beside a deployment that suits it."""
    (library / "journeys" / "appointment.yaml").write_text(JOURNEY, encoding="utf-8")
    (library / "connectors.yaml").write_text("parcours: 1\noperations: {}\n", encoding="utf-8")
    for name, text in (
        ("robots.toml", ROBOTS), ("cases.csv", CASES), ("connectors.toml", HOOKS),
    ):  # fmt: skip
        (library.parent / name).write_text(text, encoding="utf-8")
    for system in ("DIARY", "POST"):
        monkeypatch.setenv(f"PARCOURS_SECRET_{system}", "whsec_c2VjcmV0LW9mLXRoZS1kaWFyeQ==")
    return library


def told(cli: Cli, folder: Path) -> list[str]:
    """Return what a deployment's files are reproached: severity, file, line and code."""
    said = cli(
        "check", folder, "--deployment", folder.parent / "connectors.toml", "--format", "json"
    )
    assert "Traceback" not in said.err
    return [
        f"{one['severity']} {Path(one['file']).name}:{one['line']} {one['code']}"
        for one in json.loads(said.out)["findings"]
        if one["code"].startswith(("deployment.", "case.", "answer.", "start.", "measure."))
    ]


def test_robots_and_events_that_suit_a_library_have_nothing_to_report(
    cli: Cli, folder: Path
) -> None:
    assert told(cli, folder) == []


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (("appointment.move", "appointment.mov"), "error robots.toml:2 deployment.unknown-journey"),
        (("06:30", "25:30"), "error robots.toml:4 deployment.wrong-schedule"),
        (("cases.csv", "none.csv"), "warning robots.toml:3 deployment.no-cases"),
        (("cases.csv", "robots.toml"), "error robots.toml:3 deployment.unreadable"),
    ],
)
def test_what_a_robot_cannot_do_is_told_where_its_file_says_it(
    cli: Cli, folder: Path, wrong: tuple[str, str], expected: str
) -> None:
    (folder.parent / "robots.toml").write_text(ROBOTS.replace(*wrong), encoding="utf-8")

    assert told(cli, folder) == [expected]


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ("case,day,reason\none,2026-12-01,x\n", ["error cases.csv:1 deployment.missing-column"]),
        (
            CASES.replace("reason", "raeson"),
            ["warning cases.csv:1 deployment.unknown-column"],
        ),
        (
            CASES.replace("2026-12-02", "tomorrow").replace("one", "two"),
            ["error cases.csv:3 case.twice"],
        ),
        (CASES.replace("2026-12-02", "tomorrow"), ["error cases.csv:3 answer.not-a-date"]),
        (
            CASES.replace("\n", ",channel\n", 1).replace("away\n", "away,pigeon\n"),
            [f"error cases.csv:{line} start.unknown-channel" for line in (2, 3)],
        ),
    ],
)
def test_a_case_that_could_not_begin_is_told_at_its_row(
    cli: Cli, folder: Path, cases: str, expected: list[str]
) -> None:
    (folder.parent / "cases.csv").write_text(cases, encoding="utf-8")

    assert told(cli, folder) == expected


def test_a_file_of_nothing_but_wrong_cases_is_told_of_in_part(cli: Cli, folder: Path) -> None:
    rows = "".join(f"{number},A,tomorrow\n" for number in range(100))
    (folder.parent / "cases.csv").write_text("case,reference,day\n" + rows, encoding="utf-8")

    assert len(told(cli, folder)) == 20


def test_robots_are_checked_without_a_deployment_file_too(cli: Cli, folder: Path) -> None:
    wrong = folder.parent / "mine.toml"
    wrong.write_text(ROBOTS.replace("06:30", "soon"), encoding="utf-8")

    said = cli("check", folder, "--robots", wrong)

    assert said.code == 1
    assert (
        f"{wrong.as_posix()}:4:1: error deployment.wrong-schedule night.at: expected: a time such "
        "as 06:30."
    ) in said.out


@pytest.mark.parametrize(
    ("hooks", "limit", "expected"),
    [
        ("", "", "error appointment.yaml:14 deployment.no-event"),
        ("", ", timeout: 2 days", "warning appointment.yaml:14 deployment.no-event"),
        (
            HOOKS.replace("{reference =", "{ref ="),
            "",
            "error appointment.yaml:14 deployment.wrong-match",
        ),
        (HOOKS.replace("diary", "post"), "", "error appointment.yaml:14 deployment.no-event"),
    ],
)  # fmt: skip
def test_an_event_that_is_waited_for_and_never_comes_is_told_at_the_step(
    cli: Cli, folder: Path, hooks: str, *, limit: str, expected: str
) -> None:
    (folder.parent / "connectors.toml").write_text(hooks, encoding="utf-8")
    path = folder / "journeys" / "appointment.yaml"
    path.write_text(JOURNEY.replace("reference}}", f"reference}}{limit}}}"), encoding="utf-8")

    assert told(cli, folder) == [expected]


def test_what_is_wrong_with_systems_and_with_hooks_is_told_at_once(cli: Cli, folder: Path) -> None:
    text = '[crm]\nkind = "fax"\n' + HOOKS.replace("://diary", "://nowhere")
    (folder.parent / "connectors.toml").write_text(text, encoding="utf-8")

    assert told(cli, folder) == [
        "error connectors.toml:2 deployment.unknown-kind",
        "error connectors.toml:4 deployment.missing-secret",
    ]


def test_what_is_written_by_the_clock_is_looked_at_before_it_is_due(cli: Cli, folder: Path) -> None:
    exports = folder.parent / "exports.toml"
    exports.write_text(EXPORTS, encoding="utf-8")
    right = told(cli, folder)
    exports.write_text(
        EXPORTS.replace('"channel"', '"colour"').replace("monday", "someday"), encoding="utf-8"
    )

    assert right == []
    assert told(cli, folder) == [
        "error exports.toml:3 measure.wrong-question",
        "error exports.toml:7 deployment.wrong-schedule",
    ]
