"""A library held against a deployment: what is missing is told before anything is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

TABLE = """
[oms]
kind = "http"
base_url = "https://oms.example/api"
auth = {kind = "bearer", token = "secret://oms-token"}
[oms.operations.get_order]
path = "/orders/{id}"
result = {status = "state", amount = "total"}
sensitive = ["amount"]
[oms.operations.resend]
method = "POST"
path = "/orders/{order}/shipments"
json = {note = "note"}
required = ["note"]
"""
OPERATIONS = """
parcours: 1
operations:
  oms.get_order:
    effect: read
    input: {id: {type: text, required: true}}
    output:
      status: text
      amount: {type: money, currency: EUR}
    sensitive: [amount]
"""


@pytest.fixture
def folder(library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a library whose operations are ours, beside a deployment whose secret is there."""
    (library / "connectors.yaml").write_text(OPERATIONS, encoding="utf-8")
    monkeypatch.setenv("PARCOURS_SECRET_OMS_TOKEN", "x")
    return library


def codes(cli: Cli, folder: Path, table: str, operations: str) -> list[tuple[str, str, int]]:
    """Return code, severity and line of what a deployment lacks."""
    (folder / "connectors.yaml").write_text(operations, encoding="utf-8")
    deployment = folder.parent / "connectors.toml"
    deployment.write_text(table, encoding="utf-8")
    said = cli("check", folder, "--deployment", deployment, "--format", "json")
    assert "Traceback" not in said.err
    return [
        (one["code"], one["severity"], one["line"])
        for one in json.loads(said.out)["findings"]
        if one["code"].startswith("deployment.")
    ]


def test_a_deployment_that_does_all_of_it_has_nothing_to_report(cli: Cli, folder: Path) -> None:
    assert codes(cli, folder, TABLE, OPERATIONS) == []


@pytest.mark.parametrize(
    ("operation", "code", "severity"),
    [
        ("crm.find: {effect: read}", "deployment.no-connector", "warning"),
        ("oms.get_ordre: {effect: read}", "deployment.no-operation", "warning"),
        (
            (
                "oms.get_order: {effect: read, input: {id: {type: text, required: true}, "
                "number: {type: text}}}"
            ),
            "deployment.unknown-parameter",
            "error",
        ),
        ("oms.get_order: {effect: read}", "deployment.missing-parameter", "error"),
        (
            "oms.get_order: {effect: read, input: {id: {type: text}}}",
            "deployment.missing-parameter",
            "warning",
        ),
        (
            (
                "oms.get_order: {effect: read, input: {id: {type: text, required: true}}, "
                "output: {shipped_on: date}}"
            ),
            "deployment.missing-output",
            "warning",
        ),
        (
            (
                "oms.get_order: {effect: read, input: {id: {type: text, required: true}}, "
                "output: {amount: text}}"
            ),
            "deployment.sensitive-shown",
            "warning",
        ),
        (
            (
                "oms.get_order: {effect: read, input: {id: {type: text, required: true}}, "
                "sensitive: [id]}"
            ),
            "deployment.sensitive-out",
            "warning",
        ),
        (
            (
                "oms.resend: {effect: keyed, input: {order: {type: text, required: true}, "
                "note: {type: text, required: true}}}"
            ),
            "deployment.effect-understated",
            "error",
        ),
    ],
)
def test_what_a_deployment_does_not_do_is_told_where_the_library_asks_it(
    cli: Cli, folder: Path, operation: str, code: str, severity: str
) -> None:
    operations = f"parcours: 1\noperations:\n  {operation}\n"

    assert (code, severity, 3) in codes(cli, folder, TABLE, operations)


def test_a_type_that_its_connector_does_not_take_is_told(cli: Cli, folder: Path) -> None:
    table = TABLE.replace(
        'path = "/orders/{id}"', 'path = "/orders/{id}"\ninput = {id = "integer"}'
    )

    assert codes(cli, folder, table, OPERATIONS) == [("deployment.wrong-type", "error", 6)]


def test_an_operation_in_use_that_nobody_does_is_an_error(cli: Cli, folder: Path) -> None:
    # The journey of a library just begun does agenda.move.
    operations = """\
operations:
  agenda.move:
    effect: idempotent
    input: {reference: {type: text, required: true}, day: {type: date, required: true}}
    output: {confirmed_on: {type: date}}
    refusals: [day_full]
"""

    assert codes(cli, folder, TABLE, operations) == [("deployment.no-connector", "error", 2)]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (TABLE.replace("oms-token", "nowhere"), [("deployment.missing-secret", "error", 5)]),
        (TABLE.replace('"https:', '"http:'), [("deployment.url", "error", 4)]),
        ("[oms", [("deployment.not-toml", "error", 1)]),
        ('[oms]\nkind = "fax"\n', [("deployment.unknown-kind", "error", 2)]),
    ],
)
def test_what_is_wrong_in_the_deployment_file_stands_beside_what_is_wrong_in_the_library(
    cli: Cli, folder: Path, table: str, expected: list[tuple[str, str, int]]
) -> None:
    assert codes(cli, folder, table, OPERATIONS) == expected


def test_the_text_names_the_file_the_line_and_the_code(cli: Cli, folder: Path) -> None:
    deployment = folder.parent / "connectors.toml"
    deployment.write_text(TABLE.replace("oms-token", "nowhere"), encoding="utf-8")

    said = cli("check", folder, "--deployment", deployment)

    assert said.code == 1
    assert (
        f"{deployment.as_posix()}:5:1: error deployment.missing-secret oms.auth.token: secret "
        "`nowhere` not found"
    ) in said.out


def test_a_deployment_file_that_is_not_there_says_so(cli: Cli, folder: Path) -> None:
    said = cli("check", folder, "--deployment", folder / "none.toml")

    assert said.code == 1
    assert "deployment.unreadable" in said.out


DOCUMENT = {
    "openapi": "3.1.0",
    "paths": {
        "/orders/{id}": {
            "get": {
                "operationId": "getOrder",
                "responses": {
                    "200": {"content": {"application/json": {"schema": {
                        "type": "object",
                        "properties": {
                            "state": {"enum": ["held", "on"]},
                            "shipped": {"type": "string", "format": "date"},
                            "count": {"type": "integer"},
                            "gift": {"type": ["boolean", "null"]},
                            "lines": {"type": "array", "items": {
                                "type": "object", "properties": {"sku": {"type": "string"}}}},
                            "anything": {"type": "object"},
                        },
                    }}}},
                    "404": {},
                },
            }
        },
        "/labels": {
            "put": {
                "operationId": "putLabels",
                "requestBody": {"required": True, "content": {"application/json": {"schema": {
                    "type": "object", "required": ["labels"],
                    "properties": {"labels": {"type": "object"}, "by": {"type": "string"}},
                }}}},
                "responses": {"204": {}},
            }
        },
    },
}  # fmt: skip
DESCRIBED = '[oms]\nkind = "openapi"\ndocument = "oms.json"\nbase_url = "https://oms.example"\n'


def test_what_a_deployment_offers_is_listed_and_its_rows_fit_it(cli: Cli, folder: Path) -> None:
    deployment = folder.parent / "connectors.toml"
    deployment.write_text(DESCRIBED, encoding="utf-8")
    (folder.parent / "oms.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")

    listed = cli("connectors", "--deployment", deployment)
    rows = cli("connectors", "oms", "--rows", "--deployment", deployment)

    assert listed.out == (
        "appointments.call_off  keyed  (promise*, to, result) -> to\n"
        "appointments.free  read  (team*, after, days, limit) -> slots\n"
        "appointments.give_back  idempotent  (team, slot, what, kept_by, result)\n"
        "appointments.invite  keyed  (promise*, to) -> to\n"
        "appointments.take  keyed  (team*, slot*, what*, kept_by)"
        " -> promise, begins, ends, label\n"
        "oms.getOrder  read  (id*) -> state, shipped, count, gift, lines, anything\n"
        "oms.putLabels  idempotent  (labels*, by)\n"
    )
    assert (
        rows.out
        == """\
parcours: 1
operations:
  oms.getOrder:
    effect: read
    input:
      id: {type: text, required: true}
    output:
      state: {type: choice, options: [held, "on"]}
      shipped: {type: date}
      count: {type: number, integer: true}
      gift: {type: yes_no}
      lines: {type: list, of: {type: record, fields: {sku: {type: text}}}}
    refusals: [not_found]
    timeout: 10s
  # oms.putLabels needs labels: no type of a journey is so
"""
    )
    assert codes(cli, folder, DESCRIBED, rows.out) == []
    said = cli("check", folder, "--format", "json")
    of_rows = [one for one in json.loads(said.out)["findings"] if one["file"] == "connectors.yaml"]
    assert of_rows == []


@pytest.mark.parametrize(
    ("table", "system", "code", "says"),
    [
        (DESCRIBED.replace("https://oms", "ftp://oms"), "oms", 2, "deployment.url"),
        (DESCRIBED, "crm", 2, "No system crm. There are: appointments, oms."),
        (
            DESCRIBED.replace(
                '"oms.json"', '"https://127.0.0.1:1/oms"\nallow_private = ["127.0.0.1/32"]'
            ),
            "oms",
            1,
            "deployment.down",
        ),
    ],
)
def test_what_cannot_be_listed_says_why(
    cli: Cli, folder: Path, table: str, *, system: str, code: int, says: str
) -> None:
    deployment = folder.parent / "connectors.toml"
    deployment.write_text(table, encoding="utf-8")
    (folder.parent / "oms.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")

    said = cli("connectors", system, "--deployment", deployment)

    assert said.code == code
    assert says in said.err
