"""A hundred actions came to nothing: supervisors see to each, typing or over HTTP. T23."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from runtime.upgrade import is_postgres
from tests.api.conftest import settings
from tests.api.service import TENANT, bring, key
from tests.cli.conftest import Cli
from tests.support.mailing import DESKS, Office, begin, office

LETTERS = 100
DIRECT = 8
"""Of which so many are seen to in the database itself, where the command line may: it is slow."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def mailing(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    database = str(tmp_path / "shop.db")
    if request.param == "postgres":
        database = request.getfixturevalue("postgres_url")
        monkeypatch.setenv("PARCOURS_FSYNC_OFF_ALLOWED", "true")
    with office(settings(database), tmp_path) as found:
        yield found


def through(found: Office) -> tuple[str, ...]:
    """Return how the command line reaches them through their service."""
    return ("--to", found.shop.url, "--key", found.shop.keys["supervisor"])


def reached(found: Office) -> tuple[str, ...]:
    """Return how the command line reaches them where they are: a SQLite file is its service's."""
    if is_postgres(found.settings.database):
        return ("--database", found.settings.database, "--tenant", TENANT)
    return through(found)


def fail(found: Office, count: int) -> None:
    """Have so many letters come to nothing."""
    with found.shop.client() as advisor:
        for number in range(count):
            assert begin(advisor, f"tell{number % DESKS}", f"Max {number}").status_code == 200
    found.until({"open": count})


def see_to(found: Office, cli: Cli, client: httpx.Client, letter: str, number: int) -> None:
    """Have one taken up again or closed, each in turn, by the command line and over HTTP."""
    typed = ("dead-letters", *(reached(found) if number < DIRECT else through(found)))
    address = f"/v1/dead-letters/{letter}"
    match number % 4:
        case 0:
            assert cli(*typed, "redrive", letter).code == 0
        case 1:
            assert cli(*typed, "close", letter, "--reason", "told by phone").code == 0
        case 2:
            asked = client.post(f"{address}:redrive", json={}, headers=key())
            assert asked.status_code == 200
        case _:
            body = {"reason": "needed no more"}
            assert client.post(f"{address}:close", json=body, headers=key()).status_code == 200


def test_a_hundred_of_them_are_taken_up_again_or_closed_and_none_is_lost(
    mailing: Office, cli: Cli
) -> None:
    fail(mailing, LETTERS)
    assert sorted(Counter(mailing.mail.keys).values()) == [1] * LETTERS
    mailing.mail.status = 200
    direct = DIRECT if is_postgres(mailing.settings.database) else 0
    with mailing.shop.client("supervisor") as supervisor:
        letters = mailing.letters(supervisor)
        assert len({one["id"] for one in letters}) == LETTERS
        listed = cli("dead-letters", *reached(mailing), "list", "--limit", "200").out.splitlines()
        assert [line.split()[0] for line in listed] == [one["id"] for one in letters]

        for number, letter in enumerate(letters):
            see_to(mailing, cli, supervisor, letter["id"], number)
            actions, stand = mailing.states()
            assert sum(actions.values()) == sum(stand.values()) == LETTERS
        mailing.until({"succeeded": LETTERS // 2, "closed": LETTERS // 2})

        assert mailing.states()[0] == {"succeeded": LETTERS // 2, "unknown": LETTERS // 2}
        calls = Counter(mailing.mail.keys)
        assert Counter(calls.values()) == {1: LETTERS // 2, 2: LETTERS // 2}
        for number, letter in enumerate(letters):
            read = supervisor.get(f"/v1/dead-letters/{letter['id']}").json()
            what = "closed" if number % 2 else "redriven"
            typed = number < direct and number % 4 < 2
            who = "supervisor:command-line" if typed else "supervisor:ana"
            assert [(one["what"], one["by"]) for one in read["decided"]] == [(what, who)]
            assert [(one["number"], one["reason"]) for one in read["tried"]] == [(1, "http.500")]
        needing = supervisor.get("/v1/sessions", params={"attention": "true"}).json()
        assert needing["items"] == []


def test_the_command_line_says_what_is_wrong_and_changes_nothing(mailing: Office, cli: Cli) -> None:
    fail(mailing, 1)
    typed = ("dead-letters", *reached(mailing))
    listed = cli(*typed, "list")
    letter = listed.out.split()[0]

    assert "mail0.tell" in listed.out
    assert "unknown (http.500)  open" in listed.out
    nothing = cli(*typed, "list", "--state", "closed")
    assert (nothing.code, nothing.out) == (0, "")
    assert "nothing to take up" in nothing.err
    for wrong, says in (
        (("list", "--state", "lost"), "state"),
        (("list", "--limit", "0"), "--limit"),
        (("redrive", "dlt_nobody"), "Not found"),
        (("close", "dlt_nobody", "--reason", "x"), "Not found"),
        (("close", letter), "--reason"),
        (("close", letter, "--reason", ""), "reason"),
        (("close", letter, "--reason", "x" * 501), "reason"),
        (("close", letter, "--reason", "two\nlines"), "reason"),
    ):
        said = cli(*typed, *wrong)
        assert said.code in (1, 2), wrong
        assert re.search(says, said.err), (wrong, said.err)
        assert "Traceback" not in said.err
    assert mailing.states()[1] == {"open": 1}

    closed = cli(*typed, "close", letter, "--reason", "told by phone")
    again = cli(*typed, "close", letter, "--reason", "once more")
    late = cli(*typed, "redrive", letter)

    assert closed.out.endswith("closed\n")
    assert again.code == late.code != 0
    assert "read the list again" in again.err
    assert "read the list again" in late.err
    assert mailing.states()[1] == {"closed": 1}


def test_what_may_have_been_paid_is_paid_again_only_on_a_supervisors_word(
    mailing: Office, cli: Cli
) -> None:
    with mailing.shop.client() as advisor:
        asked = begin(advisor, "pay", "Max")
        body = {"type": "finish"}
        bring(advisor, asked, body)
    mailing.until({"open": 1})
    typed = ("dead-letters", *reached(mailing))
    letter = cli(*typed, "list").out.split()[0]

    refused = cli(*typed, "redrive", letter)
    taken = cli(*typed, "redrive", letter, "--may-repeat")

    assert refused.code != 0
    assert "may have taken place" in refused.err
    assert taken.out.endswith("redriven\n")
    mailing.until({"open": 1})


def test_a_service_is_not_told_by_somebody_without_a_supervisors_key(
    mailing: Office, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PARCOURS_KEY", raising=False)
    there = ("dead-letters", "--to", mailing.shop.url)

    without = cli(*there, "list")
    stranger = cli(*there, "--key", "pk_1_2", "list")
    advisor = cli(*there, "--key", mailing.shop.keys["advisor"], "list")
    nowhere = cli("dead-letters", "--to", "http://", "--key", "pk_1_2", "list")

    assert without.code == 2
    assert "wants a supervisor's key" in without.err
    assert "(access.unauthenticated)" in stranger.err
    assert "(access.forbidden)" in advisor.err
    assert nowhere.code == 2
    assert "is not an address" in nowhere.err
