"""The demonstration: what it shows, what it offers to try, and that it notices what is off."""

import copy
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from parcours.client import Client, Unexpected
from parcours.demo.check import free_port, running
from parcours.demo.conversation import (
    CALLED,
    EXPECTED,
    STOPS,
    Played,
    command_for,
    settled,
    turn_of,
    verify,
    verify_partition,
)
from parcours.demo.screen import has_screen
from parcours.demo.service import ADVISORS, Card
from parcours.demo.welcome import LEAN_CASE, breaking, mending
from parcours.places import ROOT

PATIENCE_S = 120


def test_one_contact_is_played_over_http_and_everything_it_leaves_is_shown() -> None:
    command = [sys.executable, "-m", "parcours.main", "demo", "--check", "--lang", "fr"]

    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for sentence in (
        "Bonjour, je n'ai toujours pas reçu mon colis",
        "F-1042",
        "Issue : résolu",
        *EXPECTED.values(),
        "recherche d'information",
        "part utile",
        "Systèmes appelés",
        "✓ Tout est vérifié",
    ):
        assert sentence in done.stdout


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Card]]:
    folder = tmp_path_factory.mktemp("demo")
    with running(folder, free_port(), language="en") as card:
        yield folder, card


def test_the_curl_it_prints_begins_a_session_when_it_is_pasted(
    demonstration: tuple[Path, Card], tmp_path: Path
) -> None:
    said = (demonstration[0] / "service.log").read_text()
    pasted = said[said.index(f"curl -s {demonstration[1].url}/v1") :].rstrip()
    spelled = tmp_path / "curl"
    spelled.write_text('#!/bin/sh\nfor one in "$@"; do printf "%s\\n" "$one"; done\n')
    spelled.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}

    words = subprocess.run(
        ["sh", "-c", pasted], env=environment, capture_output=True, text=True, check=True
    ).stdout.splitlines()

    headers = dict(one.split(": ", 1) for one in words if ": " in one and not one.startswith("{"))
    address = urlsplit(next(one for one in words if one.startswith("http")))
    assert address.hostname is not None
    with closing(http.client.HTTPConnection(address.hostname, address.port)) as connection:
        connection.request("POST", address.path, body=words[-1].encode(), headers=headers)
        answer = connection.getresponse()
        body = json.loads(answer.read())
    assert answer.status == 201, body
    assert body["view"]["say"]


def test_every_address_it_prints_answers(demonstration: tuple[Path, Card]) -> None:
    folder, card = demonstration
    said = (folder / "service.log").read_text()
    addresses = [
        urlsplit(word)
        for word in said.split()
        if word.startswith(card.url) and "sessions" not in word
    ]

    statuses = {}
    for address in addresses:
        assert address.hostname is not None
        with closing(http.client.HTTPConnection(address.hostname, address.port)) as connection:
            target = address.path + (f"?{address.query}" if address.query else "")
            connection.request("GET", target or "/", headers={"X-Parcours-Actor": "advisor:ana"})
            answer = connection.getresponse()
            answer.read()
            statuses[target] = answer.status
            if target == "/":
                # Asked for with --lang: the pages are in that language whatever the browser's is.
                assert answer.getheader("set-cookie", "").startswith("parcours-language=en;")

    assert len(statuses) >= 5
    assert set(statuses.values()) == {200}, statuses


def test_each_of_its_three_advisors_has_a_key_that_works(
    demonstration: tuple[Path, Card],
) -> None:
    _, card = demonstration
    address = urlsplit(card.url)
    assert address.hostname is not None

    assert set(card.keys) == set(ADVISORS)
    for token in card.keys.values():
        with closing(http.client.HTTPConnection(address.hostname, address.port)) as connection:
            connection.request("GET", "/v1/journeys", headers={"Authorization": f"Bearer {token}"})
            assert connection.getresponse().status == 200


def test_programs_have_keys_for_what_the_documentation_calls(
    demonstration: tuple[Path, Card],
) -> None:
    folder, card = demonstration
    said = (folder / "service.log").read_text()
    asked: dict[str, tuple[str, Any]] = {
        "supervisor": ("/v1/incidents", None), "bot": ("/v1/incidents/current", None),
        "robot": ("/v1/journeys", None),
        "pbx": (f"/cti/{card.others['pbx']}", {"event": "newCall", "callId": "1"}),
    }  # fmt: skip

    assert set(card.others) == set(asked)
    for what, (path, body) in asked.items():
        assert card.others[what] in said
        with asking(card, card.others[what]) as client:
            assert client.send(path, body).status == 200, what


def test_the_system_it_says_how_to_break_leaves_its_work_to_the_advisor_until_it_is_mended(
    demonstration: tuple[Path, Card],
) -> None:
    folder, card = demonstration
    said = (folder / "service.log").read_text()
    answers = {"email": "claire.dubois@example.org", "postcode": "69003"}
    assert breaking(card) in said
    assert mending(card) in said
    assert LEAN_CASE in said

    subprocess.run(["sh", "-c", breaking(card)], capture_output=True, check=True)
    try:
        stopped = walked_to_the_orders(card, answers)
    finally:
        subprocess.run(["sh", "-c", mending(card)], capture_output=True, check=True)
    listed = walked_to_the_orders(card, answers)

    # Nobody waits for a system that is down: the number is asked for in place of the list.
    assert (stopped["step"]["id"], stopped["fields"][0]["options"]) == ("number", [])
    assert (listed["step"]["id"], len(listed["fields"][0]["options"])) == ("pick", 8)


def test_a_customer_who_pays_later_sends_the_waiting_contact_on_to_its_end(
    demonstration: tuple[Path, Card],
) -> None:
    _, card = demonstration
    answers = {
        "email": "claire.dubois@example.org", "postcode": "69003", "complaint": "not_received",
        "order_id": "F-1042", "link_by": "sms", "paid": False,
    }  # fmt: skip
    waiting = walked(card, answers, until=lambda view: view["status"] == "waiting")

    told = paid(card, "F-1042")

    assert told == (200, {"order": "F-1042", "told": 202})
    with asking(card) as client:
        until = time.monotonic() + PATIENCE_S
        while (view := client.get(f"/v1/sessions/{waiting['session']}").body)["status"] != "ended":
            assert time.monotonic() < until, view
    assert view["outcome"] == "resolved"


@pytest.mark.parametrize("order", ["F-0", 7])
def test_nobody_pays_for_an_order_that_is_not_there(
    demonstration: tuple[Path, Card], order: object
) -> None:
    assert paid(demonstration[1], order) == (404, {"error": {"code": "NO_SUCH_ORDER"}})


def paid(card: Card, order: object) -> tuple[int, Any]:
    """Have a customer pay for an order at the payment desk; return what it answers."""
    with closing(http.client.HTTPConnection(urlsplit(card.systems).netloc)) as connection:
        body = json.dumps({"order": order})
        connection.request("POST", "/_paid", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def walked_to_the_orders(card: Card, answers: dict[str, Any]) -> dict[str, Any]:
    """Return what an advisor sees where a customer's orders are chosen from."""
    return walked(
        card, {**answers, "complaint": "not_received"},
        until=lambda view: any(one["name"] == "order_id" for one in view["fields"]),
    )  # fmt: skip


@contextmanager
def asking(card: Card, key: str | None = None) -> Iterator[Client]:
    """Give the client of a key, Ana's by default."""
    at = urlsplit(card.url)
    assert at.hostname is not None
    token = card.keys["ana"] if key is None else key
    with closing(Client(at.hostname, at.port, key=token, language="en")) as client:
        yield client


def walked(
    card: Card, answers: dict[str, Any], *, until: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """Return what an advisor sees where a walk with those answers is first as asked for."""
    with asking(card) as client:
        begun = client.post(
            "/v1/sessions",
            {"journey": "livraison.suivi", "channel": "phone", "language": "en"}, expect=201,
        )  # fmt: skip
        session = begun.body["session"]
        turn = turn_of(begun)
        for _ in range(STOPS):
            if turn.view["status"] == "pending":
                turn = settled(client, session, turn)
            if until(turn.view):
                return turn.view
            command = command_for(turn.view, answers)
            path = f"/v1/sessions/{session}/commands"
            turn = turn_of(client.post(path, command, etag=turn.etag))
    raise AssertionError("it never comes to that")


def left_behind() -> Played:
    """Give what a right contact leaves, made by hand: ten seconds, six of them useful."""
    return Played(
        session="ses_1",
        outcome="resolved",
        trace={axis: [{"code": code}] for axis, code in EXPECTED.items()},
        timeline={
            "segments": [
                {"start": 1_000, "end": 5_000, "category": "queue"},
                {"start": 5_000, "end": 11_000, "category": "useful"},
            ],
            "totals": {"queue": 4_000, "useful": 6_000},
            "useful_share": 0.6,
        },
        contact={"offered": 1_000, "wrapped": 11_000},
        called=["crm.find_customer", *CALLED, "message.send"],
    )


def test_what_a_right_contact_leaves_is_accepted() -> None:
    verify(left_behind())


def test_another_outcome_is_noticed() -> None:
    played = left_behind()
    played.outcome = "unresolved"

    with pytest.raises(Unexpected):
        verify(played)


@pytest.mark.parametrize("called", [[], [*CALLED, "oms.resend"], list(reversed(CALLED))])
def test_a_system_not_called_or_called_twice_is_noticed(called: list[str]) -> None:
    played = left_behind()
    played.called = called

    with pytest.raises(Unexpected):
        verify(played)


@pytest.mark.parametrize("axis", list(EXPECTED))
def test_an_axis_that_is_not_coded_as_it_should_be_is_noticed(axis: str) -> None:
    played = left_behind()
    played.trace[axis] = [{"code": "something.else"}]

    with pytest.raises(Unexpected):
        verify(played)


WRONG: dict[str, dict[str, Any]] = {
    "a gap": {"segments": [{"start": 1_000, "end": 4_000}, {"start": 5_000, "end": 11_000}]},
    "an overlap": {"segments": [{"start": 1_000, "end": 6_000}, {"start": 5_000, "end": 11_000}]},
    "a late beginning": {"segments": [{"start": 2_000, "end": 11_000}]},
    "an early end": {"segments": [{"start": 1_000, "end": 10_999}]},
    "totals that do not add up": {"totals": {"queue": 4_000, "useful": 5_999}},
    "no useful share": {"useful_share": None},
    "a share above one": {"useful_share": 1.01},
}


@pytest.mark.parametrize("what", list(WRONG))
def test_a_ledger_that_does_not_partition_the_contact_is_noticed(what: str) -> None:
    played = left_behind()
    timeline = {**copy.deepcopy(played.timeline), **WRONG[what]}

    with pytest.raises(Unexpected):
        verify_partition(timeline, played.contact)


@pytest.mark.parametrize(
    ("is_terminal", "platform", "environment", "opens"),
    [
        (True, "darwin", {}, True),
        (True, "linux", {"DISPLAY": ":0"}, True),
        (True, "linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        (True, "linux", {}, False),
        (False, "darwin", {}, False),
        (True, "darwin", {"CI": "true"}, False),
    ],
)
def test_the_console_opens_by_itself_where_somebody_has_a_screen(
    is_terminal: bool, platform: str, environment: dict[str, str], opens: bool
) -> None:
    assert has_screen(is_terminal=is_terminal, platform=platform, environment=environment) is opens
