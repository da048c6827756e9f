"""The API's description is complete, and says what the service does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from api import openapi
from api.questions import Form, Valid
from api.routes.registry import OPERATIONS
from api.schemas import View
from engine.commands import COMMANDS
from tests.api.service import Shop, begin
from tests.support.answers import CASES, made

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.current()


def operations_of(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the described operations with their names."""
    return [
        (f"{method} {path}", described)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]


def test_the_published_description_is_the_current_one() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == openapi.as_text(), (
        "docs/reference/openapi.json is stale: run `python -m api > docs/reference/openapi.json`"
    )


def test_every_route_of_the_issue_is_described(document: dict[str, Any]) -> None:
    wanted = {
        "post /v1/sessions", "get /v1/sessions/{session}", "post /v1/sessions/{session}/commands",
        "post /v1/sessions/{session}/commands:preview", "get /v1/sessions/{session}/events",
        "get /v1/sessions/{session}/events/stream", "get /v1/sessions/{session}/trace",
        "get /v1/sessions/{session}/timeline", "get /v1/sessions/{session}/transcript",
        "get /v1/journeys", "get /v1/journeys/{journey}", "get /v1/journeys/{journey}/graph",
        "post /v1/libraries:check", "post /v1/libraries", "get /v1/search",
        "post /v1/declarations:suggest", "get /v1/contacts", "get /v1/tickets",
        "get /v1/customers/{ref}", "get /live", "get /ready", "get /metrics",
    }  # fmt: skip

    assert wanted <= {name for name, _ in operations_of(document)}


def test_every_operation_says_what_it_does_who_may_and_what_it_gives(
    document: dict[str, Any],
) -> None:
    for name, described in operations_of(document):
        assert described["summary"], name
        assert described["x-permission"], name
        assert described["operationId"], name
        good = [status for status in described["responses"] if status.startswith(("2", "302"))]
        assert good, name


def test_every_body_has_an_example_of_its_form(document: dict[str, Any]) -> None:
    for name, described in operations_of(document):
        for place in _contents(described):
            for example in place.get("examples", {}).values():
                _validate(example["value"], place["schema"], document, name)
        if "requestBody" in described:
            content = described["requestBody"]["content"]["application/json"]
            assert content.get("examples"), f"{name} has no example of its body"


def _contents(described: dict[str, Any]) -> list[dict[str, Any]]:
    answers = [answer.get("content", {}) for answer in described["responses"].values()]
    asked = described.get("requestBody", {}).get("content", {})
    return [content for each in (*answers, asked) for content in each.values()]


def _validate(value: Any, schema: dict[str, Any], document: dict[str, Any], name: str) -> None:
    whole = {**schema, "components": document["components"]}
    errors = list(jsonschema.Draft202012Validator(whole).iter_errors(value))
    assert not errors, f"{name}: {errors[0].message} at {errors[0].json_path}"


def test_every_command_one_may_send_is_described(document: dict[str, Any]) -> None:
    sent = {name for name, spec in COMMANDS.items() if not spec.system}

    assert set(document["components"]["schemas"]["Command"]["discriminator"]["mapping"]) == sent


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert named <= set(document["components"]["schemas"])


def test_a_real_view_has_the_form_that_is_described(shop: Shop, document: dict[str, Any]) -> None:
    with shop.client() as client:
        view = begin(client).json()["view"]

    schema = {"$ref": "#/components/schemas/View"}
    _validate(view, schema, document, "view")
    assert set(view) == set(View.__struct_fields__)
    assert set(view["step"]) == set(document["components"]["schemas"]["Step"]["properties"])
    assert set(view["fields"][0]) == set(
        document["components"]["schemas"]["Question"]["properties"]
    )


@pytest.mark.parametrize("name", CASES)
def test_what_a_control_is_told_is_described_for_every_type_of_answer(name: str) -> None:
    answer_type = made(name)
    form, valid = answer_type.form("fr", "advisor"), answer_type.schema()

    # A key that is not described would be lost on the way.
    assert msgspec.to_builtins(msgspec.convert(form, Form)) == form
    assert msgspec.to_builtins(msgspec.convert(valid, Valid)) == valid


def test_a_question_to_come_has_the_form_that_is_described(
    shop: Shop, document: dict[str, Any]
) -> None:
    with shop.client() as client:
        session = begin(client).json()["session"]
        ahead = client.get(f"/v1/sessions/{session}/questions").json()

    _validate(ahead, {"$ref": "#/components/schemas/Ahead"}, document, "ahead")
    described = document["components"]["schemas"]["Asked"]["properties"]
    assert {*ahead["items"][0]} == {*described}


def test_the_service_gives_its_description_to_who_is_known(
    shop: Shop, document: dict[str, Any]
) -> None:
    with shop.client() as client:
        given = client.get("/openapi.json")
        page = client.get("/docs")

    assert given.json() == json.loads(json.dumps(document))
    assert "text/html" in page.headers["content-type"]
    for operation in OPERATIONS:
        assert operation.path in page.text
