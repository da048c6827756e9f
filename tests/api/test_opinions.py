"""What customers and listeners say, over HTTP: by a link, by a survey tool, by a sample."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.service import Shop, begin, code_of, key


@pytest.fixture(scope="module")
def over(shop: Shop) -> dict[str, str]:
    """Play a session to its end; return its id and its contact's."""
    with shop.client() as advisor:
        begun = begin(advisor)
        session = begun.json()["session"]
        advisor.post(
            f"/v1/sessions/{session}/commands",
            json={"type": "cancel", "reason": "played"},
            headers={**key(), "If-Match": begun.headers["etag"]},
        )
        contact = advisor.get("/v1/contacts").json()["items"][0]["id"]
    return {"session": session, "contact": contact}


def by_link(shop: Shop, session: str) -> httpx.Client:
    """Return who holds a link to a session."""
    with shop.client() as advisor:
        made = advisor.post("/v1/links", json={"session": session}, headers=key())
    return httpx.Client(
        base_url=shop.url,
        headers={"Authorization": f"Bearer {made.json()['token']}"},
        trust_env=False,
    )


def say(client: httpx.Client, path: str, body: Any, value: dict[str, str] | None = None) -> Any:
    return client.post(path, json=body, headers=value or key())


def test_a_customer_says_by_a_link_after_the_contact_whether_it_was_useful(
    shop: Shop, over: dict[str, str]
) -> None:
    path, sent = f"/v1/sessions/{over['session']}/opinion", key()
    with by_link(shop, over["session"]) as customer:
        first = say(customer, path, {"useful": 50, "felt": ["queue", "queue"]}, sent)
        again = say(customer, path, {"useful": 50, "felt": ["queue", "queue"]}, sent)
        elsewhere = say(customer, "/v1/sessions/ses_other/opinion", {"useful": 1})
        wrong = [say(customer, path, body) for body in (
            {}, {"useful": 101}, {"satisfaction": 0}, {"felt": ["rain"]}, {"text": "a word"},
        )]  # fmt: skip

    assert first.status_code == 200, first.text
    assert (first.json()["useful"], first.json()["felt"]) == (50, ["queue"])
    assert first.json()["contact"] == over["contact"]
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert elsewhere.status_code == 404
    assert {one.status_code for one in wrong} == {422}


def test_nobody_answers_in_a_customers_place(shop: Shop, over: dict[str, str]) -> None:
    for role in ("advisor", "supervisor", "admin"):
        with shop.client(role) as client:
            for what in ("sessions", "contacts"):
                path = f"/v1/{what}/{over[what[:-1]]}/opinion"
                assert code_of(say(client, path, {"useful": 100})) == (403, "access.forbidden")
    with shop.client("robot") as survey:
        brought = say(survey, f"/v1/contacts/{over['contact']}/opinion", {"recommend": 9})
        missing = say(survey, "/v1/contacts/ctc_none/opinion", {"recommend": 9})

    assert brought.json()["recommend"] == 9
    assert missing.status_code == 404


def test_a_sample_is_drawn_listed_heard_and_rated_once(shop: Shop, over: dict[str, str]) -> None:
    plan = {"name": "Now", "size": 100, "seed": 1, "by": "channel"}
    with shop.client("supervisor") as supervisor:
        drawn = say(supervisor, "/v1/samples", plan)
        sample = f"/v1/samples/{drawn.json()['id']}"
        contact = f"{sample}/contacts/{over['contact']}"
        parts = len(supervisor.get(contact).json()["parts"])
        rated = say(supervisor, contact, {"useful": [100] * parts})
        short = say(supervisor, contact, {"useful": [100] * (parts + 1)})
        left = supervisor.get(f"{sample}/contacts").json()["items"]
        come_to = supervisor.get(sample).json()
        listed = supervisor.get("/v1/samples").json()["items"]
        people = say(supervisor, "/v1/samples", {**plan, "by": "advisor"})

    assert drawn.status_code == 201, drawn.text
    assert rated.status_code == 200, rated.text
    assert code_of(short) == (422, "request.wrong")
    assert over["contact"] not in [one["contact"] for one in left]
    assert come_to["rated"] == 1
    assert listed[0]["id"] == drawn.json()["id"]
    assert code_of(people) == (422, "measure.people")
