"""Dead letters over HTTP: a page after the other, each with its story, and what is refused."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.conftest import settings
from tests.api.service import bring, code_of, key
from tests.support.mailing import Office, begin, office

PATH = "/v1/dead-letters"


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("mailing")
    with office(settings(folder / "shop.db"), folder) as found:
        yield found


@pytest.fixture
def supervisor(mailing: Office) -> Iterator[httpx.Client]:
    with mailing.shop.client("supervisor") as client:
        yield client


@pytest.fixture
def letter(mailing: Office, supervisor: httpx.Client) -> dict[str, Any]:
    """Give a dead letter that nobody has."""
    before = {one["id"] for one in mailing.letters(supervisor)}
    opened = mailing.states()[1].get("open", 0)
    others = {state: count for state, count in mailing.states()[1].items() if state != "open"}
    with mailing.shop.client() as advisor:
        begin(advisor, "tell0", "Max")
    mailing.until({**others, "open": opened + 1})
    (found,) = [one for one in mailing.letters(supervisor) if one["id"] not in before]
    return found


def decide(client: httpx.Client, letter: str, what: str, body: Any) -> httpx.Response:
    """Have a supervisor decide about one."""
    return client.post(f"{PATH}/{letter}:{what}", json=body, headers=key())


def test_one_says_what_came_to_nothing_how_often_it_was_tried_and_in_which_session(
    mailing: Office, supervisor: httpx.Client, letter: dict[str, Any]
) -> None:
    read = supervisor.get(f"{PATH}/{letter['id']}").json()

    assert {**letter, "tried": read["tried"], "decided": []} == read
    assert (read["operation"], read["status"], read["reason"], read["state"], read["undo"]) == (
        "mail0.tell", "unknown", "http.500", "open", False,
    )  # fmt: skip
    assert [(one["number"], one["status"], one["late"]) for one in read["tried"]] == [
        (1, "unknown", False)
    ]
    with mailing.shop.client() as advisor:
        view = advisor.get(f"/v1/sessions/{letter['session']}").json()
    assert [one["effect"] for one in view["attention"]] == [letter["effect"]]


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"state": "lost"}, (422, "request.bad-query")),
        ({"limit": "0"}, (422, "request.bad-query")),
        ({"limit": "many"}, (422, "request.bad-query")),
        ({"cursor": "elsewhere"}, (400, "request.bad-cursor")),
        ({"status": "open"}, (422, "request.bad-query")),
    ],
)
def test_a_list_that_cannot_be_is_refused(
    supervisor: httpx.Client, query: dict[str, str], refused: tuple[int, str]
) -> None:
    assert code_of(supervisor.get(PATH, params=query)) == refused


@pytest.mark.parametrize(
    ("what", "body", "refused"),
    [
        ("close", {}, (422, "request.wrong")),
        ("close", {"reason": ""}, (422, "request.wrong")),
        ("close", {"reason": "  "}, (422, "request.wrong")),
        ("close", {"reason": "x" * 501}, (422, "request.wrong")),
        ("close", {"reason": "a\u0007b"}, (422, "request.wrong")),
        ("close", {"reason": 3}, (422, "request.wrong")),
        ("close", {"reason": "told", "state": "closed"}, (422, "request.wrong")),
        ("redrive", {"may_repeat": "yes"}, (422, "request.wrong")),
        ("redrive", {"reason": "told"}, (422, "request.wrong")),
        ("forget", {}, (405, "request.method")),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_changes_nothing(
    supervisor: httpx.Client,
    letter: dict[str, Any],
    what: str,
    body: dict[str, Any],
    refused: tuple[int, str],
) -> None:
    assert code_of(decide(supervisor, letter["id"], what, body)) == refused

    assert supervisor.get(f"{PATH}/{letter['id']}").json()["state"] == "open"


def test_a_reason_as_long_as_it_may_be_is_kept(
    supervisor: httpx.Client, letter: dict[str, Any]
) -> None:
    reason = "é" * 500

    closed = decide(supervisor, letter["id"], "close", {"reason": reason})

    assert closed.status_code == 200
    assert supervisor.get(f"{PATH}/{letter['id']}").json()["note"] == reason


@pytest.mark.parametrize("name", ["dlt_nobody", "%00", "x" * 300, "dlt_é"])
def test_one_that_does_not_exist_is_not_found(supervisor: httpx.Client, name: str) -> None:
    assert supervisor.get(f"{PATH}/{name}").status_code in (404, 422)
    assert decide(supervisor, name, "close", {"reason": "told"}).status_code in (404, 422)
    assert decide(supervisor, name, "redrive", {}).status_code in (404, 422)


def test_another_tenants_is_not_found_and_an_advisor_sees_none(
    mailing: Office, letter: dict[str, Any]
) -> None:
    with mailing.shop.client("rival") as rival, mailing.shop.client() as advisor:
        assert rival.get(PATH).json()["items"] == []
        assert code_of(rival.get(f"{PATH}/{letter['id']}")) == (404, "not-found")
        closed = decide(rival, letter["id"], "close", {"reason": "mine"})
        assert code_of(closed) == (404, "not-found")
        assert code_of(advisor.get(PATH)) == (403, "access.forbidden")
        assert code_of(decide(advisor, letter["id"], "redrive", {})) == (403, "access.forbidden")


def test_a_decision_sent_again_is_taken_once_and_another_one_is_refused(
    supervisor: httpx.Client, letter: dict[str, Any]
) -> None:
    address = f"{PATH}/{letter['id']}:close"
    again = {"Idempotency-Key": str(uuid.uuid4())}
    body = {"reason": "told by phone"}

    first = supervisor.post(address, json=body, headers=again)
    second = supervisor.post(address, json=body, headers=again)
    other = decide(supervisor, letter["id"], "redrive", {})

    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"
    assert code_of(other) == (409, "dead-letter.not-open")
    read = supervisor.get(f"{PATH}/{letter['id']}").json()
    assert [one["what"] for one in read["decided"]] == ["closed"]


def test_what_may_have_been_paid_wants_a_supervisors_word(
    mailing: Office, supervisor: httpx.Client
) -> None:
    with mailing.shop.client() as advisor:
        bring(advisor, begin(advisor, "pay", "Max"), {"type": "finish"})
    (paid,) = [one for one in mailing.letters(supervisor) if one["operation"] == "bank.pay"]

    refused = decide(supervisor, paid["id"], "redrive", {})
    taken = decide(supervisor, paid["id"], "redrive", {"may_repeat": True})

    assert code_of(refused) == (409, "dead-letter.may-be-done")
    assert (taken.status_code, taken.json()["state"]) == (200, "redriven")
