"""Measures over HTTP: asked for, cut, compared, exported; what is refused, with its code."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest

from tests.api.service import Shop, begin, key


@pytest.fixture(scope="module")
def walked(shop: Shop) -> list[str]:
    """Play six contacts to their end; return their ids."""
    ended = []
    with shop.client() as advisor:
        for _ in range(6):
            answer = begin(advisor)
            session = answer.json()["session"]
            done = advisor.post(
                f"/v1/sessions/{session}/commands",
                json={"type": "cancel", "reason": "played"},
                headers={**key(), "If-Match": answer.headers["etag"]},
            )
            assert done.status_code == 200, done.text
            ended.append(session)
    return ended


@pytest.fixture
def supervisor(shop: Shop, walked: list[str]) -> Any:
    assert len(walked) == 6
    with shop.client("supervisor") as client:
        yield client


def asked(client: httpx.Client, slug: str, **query: Any) -> httpx.Response:
    return client.get(f"/v1/measures/{slug}", params=query)


def test_every_measure_is_listed_with_what_it_takes_to_read_it(supervisor: httpx.Client) -> None:
    items = supervisor.get("/v1/measures").json()["items"]

    assert len(items) > 50
    assert all(
        {"slug", "label", "unit", "formula", "source", "dimensions"} <= set(i) for i in items
    )


def test_every_measure_answers_and_says_what_it_stands_for(supervisor: httpx.Client) -> None:
    for one in supervisor.get("/v1/measures").json()["items"]:
        answer = asked(supervisor, one["slug"])

        assert answer.status_code == 200, answer.text
        assert answer.json()["as_of"] > 0
        total = answer.json()["total"]
        assert (total["value"] is None) == (total["reason"] is not None), one["slug"]


def test_contacts_are_counted_by_channel_and_lead_to_themselves(
    supervisor: httpx.Client,
) -> None:
    found = asked(supervisor, "contacts", by="channel").json()

    assert found["total"]["value"] == 6
    assert sum(group["value"] for group in found["groups"]) == 6
    [channel] = [group["key"]["channel"] for group in found["groups"]]
    behind = supervisor.get(
        "/v1/measures/contacts/contacts", params={"where": f"channel:{channel}", "limit": 4}
    ).json()
    more = supervisor.get(
        "/v1/measures/contacts/contacts",
        params={"where": f"channel:{channel}", "limit": 4, "cursor": behind["next"]},
    ).json()
    ids = [item["contact"] for item in behind["items"] + more["items"]]
    assert len(set(ids)) == 6
    assert supervisor.get(f"/v1/contacts/{ids[0]}").json()["channel"] == channel


def test_a_file_has_the_figures_of_the_answer(supervisor: httpx.Client) -> None:
    query = {"by": "channel,day", "compare": "previous"}

    found = asked(supervisor, "handling_time", **query).json()
    text = asked(supervisor, "handling_time", format="csv", **query)

    assert text.headers["content-type"] == "text/csv; charset=utf-8"
    read = list(csv.DictReader(io.StringIO(text.text)))
    assert len(read) == len(found["groups"]) + 1
    assert float(read[-1]["value"]) == found["total"]["value"]
    assert [row["by_channel"] for row in read[:-1]] == [
        g["key"]["channel"] for g in found["groups"]
    ]
    assert found["total"]["before"]["reason"] == "empty"
    assert found["total"]["difference"] is None


@pytest.mark.parametrize(
    ("slug", "query", "status", "code", "field"),
    [
        ("nothing", {}, 404, "measure.unknown", None),
        ("contacts", {"by": "advisor"}, 422, "measure.people", "by"),
        ("contacts", {"where": "customer:zoe"}, 422, "measure.people", "where"),
        ("contacts", {"by": "weather"}, 422, "measure.wrong-question", "by"),
        ("contacts", {"by": "step"}, 422, "measure.wrong-question", "by"),
        ("contacts", {"by": "channel:2"}, 422, "measure.wrong-question", "by"),
        ("contacts", {"by": "channel,channel"}, 422, "measure.wrong-question", "by"),
        ("contacts", {"where": "channel"}, 422, "measure.wrong-question", "where"),
        ("contacts", {"where": "day:2026-01-01"}, 422, "measure.wrong-question", "where"),
        ("contacts", {"from": "yesterday"}, 422, "measure.wrong-question", "from"),
        ("contacts", {"from": "0001-01-01"}, 422, "measure.wrong-question", "from"),
        ("contacts", {"from": "2026-02-01", "to": "2026-01-01"}, 422, "measure.wrong-question",
         "to"),
        ("contacts", {"compare": "then"}, 422, "measure.wrong-question", "compare"),
        ("contacts", {"with": "window:7"}, 422, "measure.wrong-question", "with"),
        ("once_and_done", {"with": "window:nan"}, 422, "measure.wrong-question", "with"),
        ("once_and_done", {"with": "cohort:x"}, 422, "measure.wrong-question", "with"),
        ("contacts", {"rank": "value"}, 422, "request.bad-query", "rank"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_says_why(
    supervisor: httpx.Client, slug: str, query: dict[str, str], status: int, code: str,
    field: str | None,
) -> None:  # fmt: skip
    answer = asked(supervisor, slug, **query)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    if field is not None:
        assert field in answer.json()["errors"]


def test_a_quote_in_a_filter_is_a_quote(supervisor: httpx.Client) -> None:
    answer = asked(supervisor, "contacts", where="journey:x' OR 'a'='a")

    assert answer.status_code == 200
    assert answer.json()["total"]["reason"] == "empty"


def test_an_author_sees_figures_but_not_the_contacts_behind_them(shop: Shop) -> None:
    with shop.client("author") as author:
        assert author.get("/v1/measures/contacts").status_code == 200
        assert author.get("/v1/measures/contacts/contacts").status_code == 403


def test_another_tenants_contacts_count_for_nobody_else(
    shop: Shop, supervisor: httpx.Client
) -> None:
    assert asked(supervisor, "contacts").json()["total"]["value"] == 6
    with shop.client("rival") as rival:
        answer = asked(rival, "contacts")

    assert answer.status_code == 200
    assert answer.json()["total"]["reason"] == "empty"


def test_the_figures_of_one_session_are_those_over_its_contact(
    shop: Shop, supervisor: httpx.Client, walked: list[str]
) -> None:
    with shop.client() as advisor:
        lines = [
            advisor.get(f"/v1/sessions/{one}/timeline").json()["contacts"][0]["totals_ms"]
            for one in walked
        ]
    spent = sum(ms for line in lines for name, ms in line.items() if name != "deferral")

    found = asked(supervisor, "duc_experienced").json()["total"]["also"]

    assert found["useful_s"] * 1000 == pytest.approx(sum(line["useful"] for line in lines))
    assert found["spent_s"] * 1000 == pytest.approx(
        spent - sum(line["after_call"] for line in lines)
    )


def test_a_value_stream_says_where_the_time_of_a_journeys_walks_went(
    supervisor: httpx.Client,
) -> None:
    found = supervisor.get("/v1/value-streams/parcel", params={"compare": "previous"}).json()
    text = supervisor.get("/v1/value-streams/parcel", params={"format": "csv"})
    book = supervisor.get("/v1/value-streams/parcel", params={"format": "xlsx"})

    total = found["total"]
    assert (total["now"]["walks"], total["before"]["reason"]) == (6, "empty")
    assert total["difference"]["spent"] is None
    read = list(csv.DictReader(io.StringIO(text.text)))
    assert [row["step"] for row in read] == [*(one["step"] for one in found["steps"]), ""]
    assert (int(read[-1]["walks"]), book.content[:2]) == (6, b"PK")


@pytest.mark.parametrize(
    ("journey", "query", "status", "code", "field"),
    [
        ("nothing", {}, 404, "not-found", None),
        ("parcel' OR 'a'='a", {}, 404, "not-found", None),
        ("parcel", {"from": "2026-02-01", "to": "2026-01-01"}, 422, "measure.wrong-question", "to"),
        ("parcel", {"compare": "then"}, 422, "measure.wrong-question", "compare"),
        ("parcel", {"revision": "9"}, 422, "measure.wrong-question", "revision"),
        ("parcel", {"compare_revision": "zz"}, 422, "measure.wrong-question", "compare_revision"),
        ("parcel", {"by": "step"}, 422, "request.bad-query", "by"),
    ],
)  # fmt: skip
def test_a_value_stream_that_there_is_none_of_says_why(
    supervisor: httpx.Client, journey: str, query: dict[str, str], status: int, code: str,
    field: str | None,
) -> None:  # fmt: skip
    answer = supervisor.get(f"/v1/value-streams/{journey}", params=query)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    if field is not None:
        assert field in answer.json()["errors"]
