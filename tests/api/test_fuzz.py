"""Whatever is sent, the service answers as its description says, and never breaks."""

from __future__ import annotations

from typing import Any

import hypothesis
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api import openapi
from tests.api.service import Shop

EXAMPLES = 12
"""Requests made up for each operation and run; the search for more is for a long night."""

SCHEMA = schemathesis.openapi.from_dict(openapi.current())


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@SCHEMA.exclude(operation_id=["session.stream", "waiting.stream"]).parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_whatever_is_sent_is_answered_as_described(
    case: schemathesis.Case[Any], shop: Shop
) -> None:
    for role in ("admin", "advisor"):
        case.call_and_validate(
            base_url=shop.url,
            headers={"Authorization": f"Bearer {shop.keys[role]}"},
            checks=CHECKS,
        )
