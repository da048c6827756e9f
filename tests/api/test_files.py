"""Files sent for a question: what is taken, who may save it, and that it goes with the person."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.service import Shop, code_of
from tests.e2e.libraries import with_files

PNG = b"\x89PNG\r\n\x1a\n" + b"a parcel, dented"
PDF = b"%PDF-1.7 a bill"
PHONE = "+33612345678"


@pytest.fixture(scope="module")
def desk(any_shop: Shop) -> Shop:
    with any_shop.client("author") as author:
        published = author.post(
            "/v1/libraries", json={"files": with_files()}, headers={"Idempotency-Key": "files"}
        )
        assert published.status_code == 201, published.text
    return any_shop


@pytest.fixture
def advisor(desk: Shop) -> Iterator[httpx.Client]:
    with desk.client("advisor") as client:
        yield client


def begin(client: httpx.Client, key: str) -> str:
    body = {"journey": "with.files", "channel": "phone", "customer": {"phone": PHONE}}
    begun = client.post("/v1/sessions", json=body, headers={"Idempotency-Key": key})
    assert begun.status_code == 201, begun.text
    return str(begun.json()["session"])


def send(client: httpx.Client, session: str, content: bytes, **more: Any) -> httpx.Response:
    body = {
        "question": "photo",
        "name": "box.png",
        "media_type": "image/png",
        "content": base64.b64encode(content).decode(),
        **more,
    }
    return client.post(f"/v1/sessions/{session}/files", json=body)


def test_a_file_that_was_sent_answers_its_question_and_is_saved_by_whoever_may(
    desk: Shop, advisor: httpx.Client, request: pytest.FixtureRequest
) -> None:
    session = begin(advisor, request.node.name)

    sent = send(advisor, session, PNG, name='boîte "1".png')
    answered = advisor.post(
        f"/v1/sessions/{session}/commands",
        json={"type": "answer", "values": {"photo": sent.json()}},
        headers={"Idempotency-Key": f"{request.node.name} answer", "If-Match": '"2"'},
    )
    saved = advisor.get(f"/v1/sessions/{session}/files/{sent.json()['id']}")

    assert sent.status_code == 201
    assert {name: sent.json()[name] for name in ("name", "media_type", "size", "sha256")} == {
        "name": 'boîte "1".png',
        "media_type": "image/png",
        "size": len(PNG),
        "sha256": hashlib.sha256(PNG).hexdigest(),
    }
    assert answered.status_code == 200, answered.text
    assert answered.json()["step"]["id"] == "others"
    assert saved.content == PNG
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''bo%C3%AEte%20%221%22.png"
    )
    assert saved.headers["x-content-type-options"] == "nosniff"
    with desk.client("rival") as rival, desk.client("customer") as customer:
        for other in (rival, customer):
            answer = other.get(f"/v1/sessions/{session}/files/{sent.json()['id']}")
            assert code_of(answer) == (404, "not-found")
            assert send(other, session, PNG).status_code in {403, 404}


def test_the_same_file_sent_again_is_the_same(
    advisor: httpx.Client, request: pytest.FixtureRequest
) -> None:
    session = begin(advisor, request.node.name)

    assert send(advisor, session, PNG).json() == send(advisor, session, PNG).json()


@pytest.mark.parametrize(
    ("content", "more", "refused"),
    [
        (PNG, {"question": "other"}, (422, "file.no-question")),
        (PNG, {"question": "papers"}, (422, "file.no-question")),
        (PNG, {"question": "paper"}, (422, "file.no-question")),
        (PNG + bytes(2_000), {}, (413, "file.too-large")),
        (PDF, {"media_type": "application/pdf"}, (422, "file.other-type")),
        (PDF, {}, (422, "file.other-type")),
        (b"<html>", {}, (422, "file.other-content")),
        (b"", {}, (422, "file.other-content")),
        (b"MZ a program", {"media_type": "image/x-icon"}, (422, "file.other-content")),
        (PNG, {"name": "a\nb"}, (422, "request.wrong")),
        (PNG, {"size": 8}, (422, "request.wrong")),
        (PNG, {"media_type": "image/png; charset=x"}, (422, "request.wrong")),
    ],
)
def test_what_a_question_does_not_take_is_refused_and_not_kept(
    advisor: httpx.Client, request: pytest.FixtureRequest, content: bytes,
    more: dict[str, Any], refused: tuple[int, str],
) -> None:  # fmt: skip
    session = begin(advisor, request.node.name)

    assert code_of(send(advisor, session, content, **more)) == refused


def test_a_file_beyond_every_limit_is_refused_before_it_is_held(
    advisor: httpx.Client, request: pytest.FixtureRequest
) -> None:
    session = begin(advisor, request.node.name)

    def endless() -> Iterator[bytes]:
        for _ in range(16):
            yield b"x" * 1_048_576

    answer = advisor.post(
        f"/v1/sessions/{session}/files",
        content=endless(),
        headers={"Content-Type": "application/json"},
    )

    assert code_of(answer) == (413, "request.too-large")


def test_a_session_keeps_so_many_files_and_no_more(
    advisor: httpx.Client, request: pytest.FixtureRequest
) -> None:
    session = begin(advisor, request.node.name)
    for number in range(20):
        assert send(advisor, session, PNG + bytes([number])).status_code == 201

    assert code_of(send(advisor, session, PNG)) == (422, "file.too-many")


def test_whoever_holds_a_link_sends_files_for_their_session_alone(
    desk: Shop, advisor: httpx.Client, request: pytest.FixtureRequest
) -> None:
    session, other = begin(advisor, request.node.name), begin(advisor, "another")
    made = advisor.post(
        "/v1/links",
        json={"session": session},
        headers={"Idempotency-Key": f"{request.node.name} link"},
    ).json()

    with desk.client("nobody", Authorization=f"Bearer {made['token']}") as customer:
        sent = send(customer, session, PNG)
        saved = customer.get(f"/v1/sessions/{session}/files/{sent.json()['id']}")
        refused = send(customer, other, PNG)

    assert (sent.status_code, saved.content) == (201, PNG)
    assert code_of(refused) == (404, "not-found")


def test_a_file_goes_with_the_person(
    desk: Shop, advisor: httpx.Client, request: pytest.FixtureRequest
) -> None:
    session = begin(advisor, request.node.name)
    file = send(advisor, session, PNG).json()["id"]

    with desk.client("admin") as admin:
        erased = admin.delete(f"/v1/customers/phone:{PHONE}")

    assert erased.status_code == 200, erased.text
    assert code_of(advisor.get(f"/v1/sessions/{session}/files/{file}")) == (404, "not-found")
