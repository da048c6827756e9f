"""E-mails and letters over HTTP: posted, listed, opened, judged, answered; bad ones are refused."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.api.service import Shop, begin, code_of, key

MAIL = b"""From: Zoe <zoe@example.org>
Message-ID: <one@example.org>
Subject: My parcel

Hello, my order is F-1042.
"""


def posted(client: httpx.Client, content: bytes = MAIL) -> httpx.Response:
    body = {"mail": base64.b64encode(content).decode()}
    return client.post("/v1/messages", json=body)


def test_a_message_is_posted_opened_judged_and_answered(any_shop: Shop) -> None:
    with any_shop.client("robot") as gate, any_shop.client() as advisor:
        first, again = posted(gate), posted(gate)
        path = first.headers["location"]
        listed = advisor.get("/v1/messages").json()["items"]
        opened = advisor.post(path + ":open", json={"journey": "parcel"})
        read: dict[str, Any] = advisor.get(path).json()
        found = {one["name"]: one["value"] for one in read["answers_found"]}
        judged = advisor.post(path + "/answers", json={"accept": found})
        body = {"subject": "Re: x", "body": "Anything else?", "by": "hand"}
        headers = key()
        replied = advisor.post(path + "/replies", json=body, headers=headers)
        twice = advisor.post(path + "/replies", json=body, headers=headers)
        after = advisor.get(path).json()

    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert first.json()["from"] == "zoe@example.org"
    assert [one["id"] for one in listed] == [first.json()["id"]]
    assert opened.status_code == 200, opened.text
    assert found, read
    assert judged.json()["accepted"] == found
    assert replied.status_code == 201, replied.text
    assert twice.content == replied.content
    assert after["status"] == "answered"
    assert [one["direction"] for one in after["thread"]] == ["out"]


def test_an_appointment_is_given_to_calendars_and_sent_to_nobody_without_mail(
    any_shop: Shop,
) -> None:
    with any_shop.client() as advisor:
        session = begin(advisor).json()["session"]
        free = advisor.get("/v1/slots", params={"team": "seller", "limit": 1}).json()["items"]
        begins = datetime.fromtimestamp(free[0]["begins"] / 1_000, UTC).isoformat()
        body = {"type": "promise", "what": "We call you.", "by": "seller", "slot": begins}
        advisor.post(f"/v1/sessions/{session}/commands", json=body, headers=key())
        path = f"/v1/promises/{session}.1/invitation"
        given = advisor.get(path)
        whole = advisor.get("/v1/slots/calendar", params={"team": "seller"})
        unsent = advisor.post(path, json={"to": "zoe@example.org"}, headers=key())
        none = advisor.get(f"/v1/promises/{session}.2/invitation")

    assert given.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "invitation.ics" in given.headers["content-disposition"]
    assert f"UID:{session}.1@parcours" in given.text
    assert "METHOD:PUBLISH" in whole.text
    assert code_of(unsent) == (409, "message.no-mail")
    assert code_of(none) == (404, "not-found")


def test_what_is_wrong_is_refused_with_its_code(any_shop: Shop) -> None:
    with any_shop.client() as advisor, any_shop.client("rival") as rival:
        path = posted(advisor, MAIL.replace(b"one@", b"two@")).headers["location"]

        assert code_of(posted(advisor, b"")) == (422, "message.unreadable")
        assert code_of(advisor.post("/v1/messages", json={})) == (422, "request.wrong")
        assert code_of(advisor.post(path + ":open", json={})) == (422, "message.journey-needed")
        unknown = advisor.post(path + ":open", json={"journey": "none"})
        assert code_of(unknown)[1] == "journey.unknown"
        unopened = advisor.post(path + "/answers", json={"accept": {"a": 1}})
        assert code_of(unopened) == (409, "message.not-open")
        reply = {"subject": "x", "body": "y"}
        assert code_of(advisor.post(path + "/replies", json=reply, headers=key())) == (
            409, "message.no-mail",
        )  # fmt: skip
        assert code_of(rival.get(path)) == (404, "not-found")
        assert advisor.post(path + ":close").json()["status"] == "closed"
