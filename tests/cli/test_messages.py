"""`parcours messages`: what files, a pipe and a Maildir hold is taken in, each message once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli

MAIL = """From: Zoe <zoe@example.org>
Message-ID: <{id}@example.org>
Subject: My parcel

Hello, my parcel has not arrived.
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "parcours.sqlite3"


def test_files_a_pipe_and_a_maildir_are_taken_in_and_each_message_once(
    cli: Cli, database: Path, tmp_path: Path
) -> None:
    box = tmp_path / "box"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    (box / "new" / "1.host").write_text(MAIL.format(id="one"))
    file = tmp_path / "two.eml"
    file.write_text(MAIL.format(id="two"))

    at = ("--database", database)
    first = cli("messages", *at, "take", "--maildir", box)
    again = cli("messages", *at, "take", "--maildir", box)
    both = cli("messages", *at, "take", file, "-", typed=MAIL.format(id="one"))
    listed = cli("messages", *at, "list")

    assert first.code == 0
    assert "zoe@example.org  My parcel" in first.out
    assert [one.name for one in (box / "cur").iterdir()] == ["1.host:2,S"]
    assert (again.code, again.out) == (0, "")
    assert both.out.splitlines()[1] == first.out.strip()
    assert len(listed.out.splitlines()) == 2


def test_what_is_no_e_mail_is_said_and_the_others_are_taken(
    cli: Cli, database: Path, tmp_path: Path
) -> None:
    wrong, right = tmp_path / "wrong.eml", tmp_path / "right.eml"
    wrong.write_bytes(b"")
    right.write_text(MAIL.format(id="one"))

    taken = cli("messages", "--database", database, "take", wrong, right)

    assert taken.code == 1
    assert "no sender" in taken.err
    assert "My parcel" in taken.out
    assert cli("messages", "--database", database, "take").code != 0
    assert cli("messages", "--database", database, "take", tmp_path / "none").code != 0
    assert cli("messages", "--database", database, "take", "--maildir", tmp_path).code != 0
    assert cli("messages", "--database", database, "list", "--status", "lost").code != 0


def test_a_letter_is_taken_in_once_by_what_the_scanner_calls_it(
    cli: Cli, database: Path, tmp_path: Path
) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("My parcel has not arrived.\n")
    named = ("--name", "Zoe", "--reference", "7")

    first, again = (cli("messages", "--database", database, "letter", text, *named) for _ in "12")

    assert first.code == 0
    assert first.out == again.out
    assert "letter  new  Zoe" in first.out
