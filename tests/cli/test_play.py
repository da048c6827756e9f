"""A journey walked in the terminal: said, asked, corrected, recorded."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

from parcours.places import ROOT, SHIPPED
from tests.cli.conftest import Cli

WALK = "1\nAP-12\n12/03/2030\n\n"
PATIENCE_S = 30


def play(cli: Cli, library: Path, typed: str, *more: object) -> tuple[int, str]:
    said = cli("play", library, "appointment.move", "--lang", "en", *more, typed=typed)
    return said.code, said.out


def test_a_walk_says_asks_and_ends_with_its_trace_and_its_time(library: Path, cli: Cli) -> None:
    code, out = play(cli, library, WALK)

    assert code == 0
    for sentence in (
        "Hello, let us find another day together.",
        "Why must the day change?",
        "Your appointment is confirmed for 12 March 2030.",
        "Outcome: resolved",
        "appointment.moved",
        "useful share",
    ):
        assert sentence in out


def test_what_is_said_once_with_a_question_costs_no_key(library: Path, cli: Cli) -> None:
    _, out = play(cli, library, WALK)

    assert out.count("[Enter to go on]") == 1, "only the last sentence stands alone"


def test_an_answer_that_cannot_be_taken_is_asked_again_with_what_is_allowed(
    library: Path, cli: Cli
) -> None:
    code, out = play(cli, library, "7\n1\nAP-12\n31/02/2030\n12/03/2030\n\n")

    assert code == 0
    assert "Type a number (1, 2)" in out
    assert out.count("✗") == 2


def test_going_back_and_answering_otherwise_shows_the_consequences_first(
    library: Path, cli: Cli
) -> None:
    code, out = play(cli, library, "1\nAP-12\n12/03/2030\na\n1\n2\ny\n\n")

    assert code == 0
    assert out.index("This correction:") < out.index("Outcome")
    assert "appointment.wrong_day" in out
    assert "appointment.away" not in out


def test_the_consequences_of_a_correction_are_told_by_title(cli: Cli) -> None:
    typed = "claire.dubois@example.org\n69003\n1\n1\na\n3\n3\nn\nq\n"

    said = cli("play", SHIPPED, "livraison.suivi", "--lang", "en", typed=typed)

    assert said.code == 0
    assert "undoes: Recent orders, Which order, Reading the order, Pay again\n" in said.out


def test_a_correction_may_be_given_up(library: Path, cli: Cli) -> None:
    code, out = play(cli, library, "1\nAP-12\n12/03/2030\na\n1\n2\nn\n\n")

    assert code == 0
    assert "appointment.away" in out
    assert "appointment.wrong_day" not in out


def test_one_key_goes_back_and_another_returns(library: Path, cli: Cli) -> None:
    code, out = play(cli, library, "1\nb\nc\nAP-12\n12/03/2030\n\n")

    assert code == 0
    assert out.count("Correcting the answer") == 1


def test_help_and_history_cost_nothing(library: Path, cli: Cli) -> None:
    code, out = play(cli, library, "1\n?\nh\nAP-12\n12/03/2030\n\n")

    assert code == 0
    assert "none of these" in out
    assert "The customer will be away" in out.split("History", 1)[1]


def test_a_walk_that_was_recorded_is_a_test_that_holds(library: Path, cli: Cli) -> None:
    test = library / "tests" / "played.yaml"

    play(cli, library, "1\nAP-12\n12/03/2030\na\n1\n2\ny\n\n", "--record", test)

    tested = cli("test", library, "--only", "played")
    assert tested.code == 0, tested.out
    assert "1 of 1 test(s) hold." in tested.out


def test_a_robot_that_fails_leaves_its_procedure_to_a_person(library: Path, cli: Cli) -> None:
    mock = library / "down.yaml"
    mock.write_text("operations: {agenda.move: [{failed: down}]}\n")

    code, out = play(cli, library, "1\nAP-12\n12/03/2030\n13/03/2030\n\n", "--mock", mock)

    assert code == 0
    assert "Open the diary, move appointment AP-12" in out
    assert "by hand, after a robot failure" in out


def test_stopping_in_the_middle_pauses_the_session(library: Path, cli: Cli) -> None:
    code, out = play(cli, library, "1\nq\n")

    assert code == 0
    assert "Session paused." in out


def test_running_out_of_lines_is_not_an_outcome(library: Path, cli: Cli) -> None:
    code, out = play(cli, library, "1\n")

    assert code == 1
    assert "Nothing more to read" in out


def test_a_mock_that_is_not_one_is_refused(library: Path, cli: Cli) -> None:
    mock = library / "bad.yaml"
    mock.write_text("operations: {agenda.move: {failed: down}}\n")

    said = cli("play", library, "appointment.move", "--mock", mock)

    assert said.code == 2
    assert "a list of answers is expected" in said.err


def test_it_is_played_on_a_real_terminal_in_french(tmp_path: Path, cli: Cli) -> None:
    folder = tmp_path / "terminal"
    cli("new", folder, "--lang", "fr")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "parcours.main", "play", str(folder), "rendez_vous.deplacer"]
    environment = {**os.environ, "LANG": "fr_FR.UTF-8", "PARCOURS_LANG": "fr", "TERM": "xterm"}
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=environment
    ) as process:
        os.close(theirs)
        seen = ""
        for awaited, typed in (
            ("absent", "1\n"),
            ("Référence", "RV-12\n"),
            ("souhaitée", "12/03/2030\n"),
            ("Entrée pour continuer", "\n"),
            ("part utile", ""),
        ):
            seen += _until(ours, awaited)
            os.write(ours, typed.encode())
        assert process.wait(timeout=PATIENCE_S) == 0
    os.close(ours)
    assert "\x1b[" in seen, "in colours"


def _until(terminal: int, awaited: str) -> str:
    """Return what a terminal shows until some words are there."""
    raw = b""
    until = time.monotonic() + PATIENCE_S
    while awaited not in (shown := raw.decode(errors="replace")):
        left = until - time.monotonic()
        if left <= 0 or not select.select([terminal], [], [], left)[0]:
            raise AssertionError(f"{awaited!r} is not shown: {shown}")
        raw += os.read(terminal, 65_536)
    return shown
