"""A table of kind `http` is right, or all that is wrong in it is told before anything is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.port import Described
from tests.connectors.deployed import faults_of, open_text

TOP = '[oms]\nkind = "http"\nbase_url = "https://oms.example/api"\n'
HEAD = f"{TOP}[oms.operations.get]\n"


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ('base_url = "http://oms.example"', [("deployment.url", "oms.base_url")]),
        ('base_url = "https://me@oms.example"', [("deployment.url", "oms.base_url")]),
        ('base_url = "https://oms.example/?x"', [("deployment.url", "oms.base_url")]),
        ('base_url = "https://oms.example/#x"', [("deployment.url", "oms.base_url")]),
        ('base_url = "https://①②⑦.⓪.⓪.①/"', [("deployment.url", "oms.base_url")]),
        ('base_url = "file:///etc/passwd"', [("deployment.url", "oms.base_url")]),
        ("base_url = 3", [("deployment.wrong-value", "oms.base_url")]),
        ("", [("deployment.missing-key", "oms.base_url")]),
    ],
)
def test_an_address_that_may_not_be_asked_is_told(
    top: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert faults_of(f'[oms]\nkind = "http"\n{top}\n', tmp_path) == expected


@pytest.mark.parametrize(
    ("line", "code", "place"),
    [
        ('allow_private = ["0.0.0.0/0"]', "deployment.egress", "allow_private"),
        ('allow_private = ["169.254.0.0/16"]', "deployment.egress", "allow_private"),
        ('allow_private = ["all"]', "deployment.egress", "allow_private"),
        ("allow_private = [3]", "deployment.wrong-value", "allow_private"),
        ('authorities = "none.pem"', "deployment.no-file", "authorities"),
        ('verify = "no"', "deployment.unknown-key", "verify"),
        ('auth = {kind = "kerberos"}', "deployment.wrong-value", "auth.kind"),
        (
            'auth = {kind = "bearer", token = "in clear"}',
            "deployment.secret-in-clear", "auth.token",
        ),
        (
            'auth = {kind = "bearer", token = "secret://nowhere"}',
            "deployment.missing-secret", "auth.token",
        ),
        ('auth = {kind = "header", name = "a b", value = "secret://s"}',
         "deployment.wrong-value", "auth.name"),
        ('auth = {kind = "basic", password = "secret://s"}', "deployment.missing-key", "auth.user"),
        (
            'auth = {kind = "bearer", token = "secret://s", more = 1}',
            "deployment.unknown-key", "auth.more",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_system_is_told(
    line: str, code: str, place: str, tmp_path: Path
) -> None:
    assert (code, f"oms.{place}") in faults_of(f"{TOP}{line}\n", tmp_path, secrets={"s": "x"})


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('method = "FETCH"', "method"),
        ('path = "orders"', "path"),
        ('path = "/a/{x}{y}"', "path"),
        ('path = "/a/{}"', "path"),
        ('path = "/a?b=c"', "path"),
        ('path = "/a/../b"', "path"),
        ('query = {a = "{x}"}', "query"),
        ("query = {a = 3}", "query"),
        ('headers = {Host = "x"}', "headers"),
        ('headers = {Cookie = "x"}', "headers"),
        ('json = "everything"', "json"),
        ('json = "*"', "json"),
        ('json = {a = "x"}\nform = {a = "x"}', "form"),
        ('input = {a = "string"}', "input"),
        ('required = ["a"]', "input"),
        ('query = {a = "a"}\ninput = {a = "text"}', "input"),
        ('query = {a = "a"}\ninput = {a = 3}', "input"),
        ('effect = "harmless"', "effect"),
        ('timeout = "soon"', "timeout"),
        ('timeout = "5 min"', "timeout"),
        ('sensitive = ["nothing"]', "sensitive"),
        ('key_header = "a b"', "key_header"),
        ('result = "all"', "result"),
        ('result = "*"', "result"),
        ("result = {a = 3}", "result"),
        ('result = {a = {at = "x", as = "money"}}', "result"),
        ('result = {a = {at = "x", map = "y"}}', "result"),
        ("success = [20]", "success"),
        ('success = ["200"]', "success"),
        ("refusals = [{status = 404}]", "refusals"),
        ('refusals = [{reason = "x"}]', "refusals"),
        ('refusals = [{status = 404, reason = "Not found!"}]', "refusals"),
        ('refusals = [{status = 409, map = {A = "b"}}]', "refusals"),
        ('refusals = [{status = "404", reason = "x"}]', "refusals"),
        ("refusals = [3]", "refusals"),
        ('pages = {by = "magic"}', "pages.by"),
        ('says = {channel = "SMS", in = "x"}\njson = {a = "x"}', "says.channel"),
        ('says = {channel = "sms", in = "y"}\njson = {a = "x"}', "says.in"),
        ('says = {channel = "sms", in = "x", most = 3}\njson = {a = "x"}', "says.most"),
        ('pages = {by = "link", most = 1000}', "pages.most"),
    ],
)
def test_what_is_wrong_in_an_operation_is_told(line: str, place: str, tmp_path: Path) -> None:
    found = faults_of(f"{HEAD}{line}\n", tmp_path)

    assert found == [("deployment.wrong-value", f"oms.operations.get.{place}")]


def test_a_probe_is_a_read_of_the_same_system(tmp_path: Path) -> None:
    text = f'{HEAD}method = "POST"\nprobe = "oms.{{}}"\n[oms.operations.look]\n'

    assert faults_of(text.replace("{}", "get"), tmp_path) == [
        ("deployment.wrong-probe", "oms.operations.get.probe")
    ]
    described = open_text(text.replace("{}", "look"), tmp_path)["oms"].operations()
    assert described is not None
    assert described["oms.get"].probe == "oms.look"


@pytest.mark.parametrize(
    ("line", "effect"),
    [
        ("", "read"),
        ('method = "HEAD"', "read"),
        ('method = "PUT"', "idempotent"),
        ('method = "DELETE"', "idempotent"),
        ('method = "POST"', "unsafe"),
        ('method = "PATCH"', "unsafe"),
        ('method = "POST"\neffect = "read"', "read"),
        ('effect = "unsafe"', "unsafe"),
    ],
)
def test_what_a_repetition_does_follows_the_method_unless_it_is_said(
    line: str, effect: str, tmp_path: Path
) -> None:
    described = open_text(f"{HEAD}{line}\n", tmp_path)["oms"].operations()

    assert described is not None
    assert described["oms.get"].effect == effect


def test_an_operation_is_described_by_what_it_sends_and_takes(tmp_path: Path) -> None:
    described = open_text(
        f"""{HEAD}
path = "/orders/{{order.id}}"
query = {{lang = "language"}}
input = {{language = {{type = "string", maxLength = 2}}}}
result = {{status = "state"}}
sensitive = ["status"]
timeout = "3s"
""",
        tmp_path,
    )["oms"].operations()

    assert described == {
        "oms.get": Described(
            input={
                "type": "object",
                "properties": {"language": {"type": "string", "maxLength": 2}, "order": {}},
                "required": ["order"],
                "additionalProperties": False,
            },
            output={"type": "object", "properties": {"status": {}}, "additionalProperties": False},
            effect="read",
            timeout_ms=3_000,
            sensitive=frozenset({"status"}),
        )
    }
