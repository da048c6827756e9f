"""What the page for integrators shows is what a deployment takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from connectors.codes import DEPLOYMENT
from connectors.mock import Mock
from parcours.places import ROOT
from tests.connectors.deployed import open_text

PAGE = (ROOT / "docs" / "connectors" / "http.md").read_text(encoding="utf-8")
DOCUMENT = """
openapi: 3.1.0
paths:
  /customers/{id}:
    get:
      operationId: getCustomerById
      responses:
        200:
          content: {application/json: {schema: {
            type: object, properties: {email: {type: string}}}}}
  /notes:
    post: {operationId: createNote}
"""


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_every_table_shown_can_be_opened(block: str, tmp_path: Path) -> None:
    [answers] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    files = {"crm.openapi.yaml": DOCUMENT, "mock.yaml": answers}

    opened = open_text(
        block.replace("openapi.json", "openapi.yaml"),
        tmp_path,
        secrets={"oms-token": "x", "crm-key": "x"},
        files=files,
    )

    assert len(opened) == 1


def test_the_answers_shown_are_answers() -> None:
    [answers] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)

    assert Mock(yaml.safe_load(answers)).operations() is None


def test_every_code_of_a_deployment_has_its_place_in_the_reference() -> None:
    reference = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")

    assert [code for code in DEPLOYMENT if f"| `{code}` |" not in reference] == []
