"""A wrong field is named, with what it takes."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from api import paging, parameters, queries, schemas
from api.languages import preferred
from api.problems import Problem, render
from api.refusals import PROBLEMS


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"journey": 3}, "journey", "request.wrong-field"),
        ({}, "journey", "request.missing-field"),
        ({"journey": "a", "jurney": "b"}, "jurney", "request.unknown-field"),
        ({"journey": "a", "inputs": []}, "inputs", "request.wrong-field"),
        ({"journey": ""}, "journey", "request.wrong-field"),
        ([], "body", "request.wrong-field"),
        (None, "body", "request.wrong-field"),
    ],
)
def test_a_body_of_the_wrong_form_names_the_field(body: Any, field: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        parameters.structured(body, schemas.Start)

    assert refused.value.status == 422
    assert refused.value.wrong[field]["code"] == code


@pytest.mark.parametrize(
    "raw",
    [
        b"limit=0", b"limit=201", b"limit=x", b"limit=1&limit=2", b"page=2", b"limit", b"limit=%00",
        b"cursor=%ff", b"&&", b"a=1&" * 40 + b"a=1",
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_refused(raw: bytes) -> None:
    with pytest.raises(Problem) as refused:
        parameters.query(raw, queries.PageQuery)

    assert (refused.value.code, refused.value.status) == ("request.bad-query", 422)


def test_parameters_come_as_numbers_and_defaults() -> None:
    asked = parameters.query(b"limit=7", queries.PageQuery)

    assert asked == queries.PageQuery(limit=7, cursor=None)


@pytest.mark.parametrize("after", ["ses_01", "livraison.suivi", "é"])
def test_a_cursor_goes_on_after_the_last_name(after: str) -> None:
    assert (
        paging.read("acme", "journeys", paging.write("acme", "journeys", after), kind=str) == after
    )


def test_a_cursor_goes_on_after_the_last_number() -> None:
    assert paging.read("acme", "events", paging.write("acme", "events", 12), kind=int) == 12


GIVEN = paging.write("acme", "events", 12)


def _written(text: str) -> str:
    """Return a text as a cursor spells it."""
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "é", "W10", "====", "a b",
        paging.write("acme", "contacts", 12),
        paging.write("rival", "events", 12),
        paging.write("acme", "events", "12"),
        _written('["events",13,"' + "0" * 16 + '"]'),
        _written('["events",12]'),
        _written('["events","\\ud800","x"]'),
        GIVEN + "=", GIVEN[:-1], GIVEN.swapcase(),
    ],
)  # fmt: skip
def test_a_cursor_of_another_list_or_tenant_or_changed_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        paging.read("acme", "events", cursor, kind=int)

    assert (refused.value.code, refused.value.status) == ("request.bad-cursor", 400)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (b"", "en"),
        (b"fr", "fr"),
        (b"fr-CA, en;q=0.8", "fr"),
        (b"de, fr;q=0.3, en;q=0.7", "en"),
        (b"*", "en"),
        (b"fr;q=nonsense", "en"),
    ],
)
def test_a_refusal_speaks_the_language_asked_for(header: bytes, language: str) -> None:
    assert preferred(header) == language


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_says_what_to_do_in_both_languages(code: str, language: str) -> None:
    kind = PROBLEMS[code]

    reply = render(Problem(code), language=language, trace_id="0")

    assert reply.status == kind.status
    assert kind.title[language].encode() in reply.body
    assert kind.detail[language]
