"""A request sent again has one effect and gets its first answer. Source: promises.md 1.3, T03."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest

from api.routes.registry import OPERATIONS
from tests.api.service import LIBRARY, Shop, code_of, key, library_files

CHANGES_NOTHING = {
    "customer.match",
    "ticket.match",
    "session.preview",
    "library.check",
    "declaration.suggest",
    "colleague.name",
}
ITS_OWN_WAY = {
    "sign-in.persona", "sign-in.end", "incident.validate", "incident.end", "incident.acknowledge",
    "hook.take-in", "cti.report", "launch.create", "launch.open", "session.file.send",
    "channel.turn",
    "customer.merge", "customer.split", "customer.import",
    "contact.import", "code.make", "code.open",
    "message.take-in", "message.open", "message.judge", "message.close",
}  # fmt: skip
"""A sign-in gives a secret, which is not kept to be given again; nobody is signed out twice. What
is done to an incident names its version, and who was merged or split stays so, as does who was
brought from a file or a log: a second time it changes nothing. A code made again takes the
place of the one before; a link by a code is another one. A message has an id of its own, is
opened once, and what was judged of it stays so. What other systems send has an id of
its own, the message's or the call's."""
RING = {"channel": "phone"}
CLIENTS = 6


def other_library(name: str = "second") -> dict[str, str]:
    """Return a library beside the shop's, with a journey of its own."""
    files = {
        path: text.replace("parcel.missing: parcel", "parcel.missing: second")
        .replace("journey: parcel\n", "journey: second\n")
        .replace("library: shop", f"library: {name}")
        for path, text in library_files(LIBRARY).items()
    }
    files["journeys/second.yaml"] = files.pop("journeys/parcel.yaml")
    return files


def sent(client: httpx.Client, path: str, body: Any, value: str) -> httpx.Response:
    """Send a request with a key."""
    return client.post(path, json=body, headers={"Idempotency-Key": value})


def ringing(client: httpx.Client) -> str:
    """Return the phases' address of a new contact."""
    made: str = client.post("/v1/contacts", json=RING, headers=key()).json()["id"]
    return f"/v1/contacts/{made}/phases"


def test_every_post_that_changes_something_takes_a_key() -> None:
    posts = {one.id for one in OPERATIONS if one.method == "POST"}
    keyed = {one.id for one in OPERATIONS if one.keyed}

    assert posts - keyed == CHANGES_NOTHING | ITS_OWN_WAY


def test_a_contact_opened_again_is_the_first_one(any_advisor: httpx.Client) -> None:
    value = str(uuid.uuid4())
    first = sent(any_advisor, "/v1/contacts", RING, value)
    before = any_advisor.get("/v1/contacts").json()

    again = sent(any_advisor, "/v1/contacts", RING, value)
    other = sent(any_advisor, "/v1/contacts", {"channel": "chat"}, value)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert code_of(other) == (422, "idempotency.reused")
    assert any_advisor.get("/v1/contacts").json() == before


def test_a_phase_passed_again_is_the_first_answer_even_once_the_contact_is_further(
    any_advisor: httpx.Client,
) -> None:
    path, value = ringing(any_advisor), str(uuid.uuid4())
    first = sent(any_advisor, path, {"phase": "answered"}, value)
    sent(any_advisor, path, {"phase": "ended"}, str(uuid.uuid4()))

    again = sent(any_advisor, path, {"phase": "answered"}, value)
    other = sent(any_advisor, path, {"phase": "wrapped_up"}, value)
    elsewhere = sent(any_advisor, ringing(any_advisor), {"phase": "answered"}, value)
    anew = sent(any_advisor, path, {"phase": "answered"}, str(uuid.uuid4()))

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert code_of(other) == (422, "idempotency.reused")
    assert code_of(elsewhere) == (422, "idempotency.reused")
    assert code_of(anew) == (409, "contact.wrong-phase")


def test_a_library_published_again_is_published_once(any_shop: Shop) -> None:
    value = str(uuid.uuid4())
    body = {"files": other_library()}
    with any_shop.client("author") as author:
        first = sent(author, "/v1/libraries", body, value)
        again = sent(author, "/v1/libraries", body, value)
        other = sent(author, "/v1/libraries", {"files": library_files()}, value)
        anew = sent(author, "/v1/libraries", body, str(uuid.uuid4()))

    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert code_of(other) == (422, "idempotency.reused")
    assert anew.json()["number"] == first.json()["number"] + 1


def test_a_request_that_is_refused_does_not_use_its_key_up(any_shop: Shop) -> None:
    broken = other_library("third")
    broken["codes.yaml"] = "declarations: [wrong]\n"
    with any_shop.client() as advisor, any_shop.client("author") as author:
        path = ringing(advisor)
        cases: list[tuple[str, Any, Any]] = [
            ("/v1/contacts", {"channel": "phone", "direction": "sideways"}, RING),
            ("/v1/contacts", {"channel": "phone", "customer": "cus_nobody"}, RING),
            (path, {"phase": "wrapped_up"}, {"phase": "answered"}),
            ("/v1/libraries", {"files": broken}, {"files": library_files()}),
        ]
        for address, wrong, right in cases:
            value = str(uuid.uuid4())
            client = author if address == "/v1/libraries" else advisor
            refused = sent(client, address, wrong, value)
            taken = sent(client, address, right, value)

            assert refused.status_code in {404, 409, 422}
            assert taken.status_code in {200, 201}, (address, taken.text)
            assert "idempotency-replayed" not in taken.headers


@pytest.mark.parametrize("value", [None, "", "x" * 256, "tab\there", "é"])
@pytest.mark.parametrize("path", ["/v1/contacts", "/v1/contacts/ctc_x/phases", "/v1/libraries"])
def test_without_a_well_formed_key_nothing_is_done(
    shop: Shop, path: str, value: str | None
) -> None:
    headers = {} if value is None else {"Idempotency-Key": value.encode("latin-1")}
    with shop.client("author" if path == "/v1/libraries" else "advisor") as client:
        refused = client.post(path, json={}, headers=headers)  # type: ignore[arg-type]  # raw bytes on purpose

    assert code_of(refused) == (400, "request.bad-key")


def test_a_key_is_its_callers_own(any_shop: Shop) -> None:
    value = str(uuid.uuid4())
    with (
        any_shop.client() as advisor, any_shop.client("supervisor") as supervisor,
        any_shop.client("rival") as rival,
    ):  # fmt: skip
        made = [
            sent(client, "/v1/contacts", {"channel": "phone"}, value)
            for client in (advisor, supervisor, rival)
        ]

    assert [one.status_code for one in made[:2]] == [201, 201]
    assert made[0].json()["id"] != made[1].json()["id"]
    assert "idempotency-replayed" not in {name for one in made for name in one.headers}


def test_a_contact_opened_many_times_at_once_is_one(any_shop: Shop) -> None:
    barrier, value = Barrier(CLIENTS), str(uuid.uuid4())

    def one(_: int) -> httpx.Response:
        with any_shop.client() as client:
            barrier.wait()
            return sent(client, "/v1/contacts", RING, value)

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(one, range(CLIENTS)))

    done = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in done}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in done) == 1
