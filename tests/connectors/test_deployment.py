"""A deployment file is right, or everything wrong in it is told at once, in its place."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import msgspec
import pytest

from connectors.deployment import Deployment, load_deployment
from connectors.faults import Misconfigured
from connectors.kinds import open_connectors
from connectors.secret import Secret, SecretMissing, Secrets

CANARY = "canary-2b1d"


def read(folder: Path, text: str, **environment: str) -> Deployment:
    path = folder / "connectors.toml"
    path.write_text(text, encoding="utf-8")
    return load_deployment(path, secrets_folder=folder / "secrets", environment=environment)


def faults(folder: Path, text: str) -> list[tuple[str, str, int]]:
    with pytest.raises(Misconfigured) as wrong:
        open_connectors(read(folder, text))
    return [(one.code, ".".join(one.path), one.line) for one in wrong.value.faults]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[oms", [("deployment.not-toml", "", 1)]),
        ('oms = "http"', [("deployment.wrong-table", "oms", 1)]),
        ('["o.m"]\nkind = "mock"', [("deployment.wrong-table", "o.m", 1)]),
        ("[oms]\n", [("deployment.missing-key", "oms.kind", 1)]),
        ('[oms]\n\nkind = "carrier-pigeon"', [("deployment.unknown-kind", "oms.kind", 3)]),
        ("[oms]\nkind = 3", [("deployment.wrong-value", "oms.kind", 2)]),
        (
            '[a]\nkind = "mock"\nanswer = "x"\n[b]\nkind = "x"',
            [
                ("deployment.missing-key", "a.answers", 1),
                ("deployment.unknown-key", "a.answer", 3),
                ("deployment.unknown-kind", "b.kind", 5),
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_code_and_its_line(
    text: str, expected: list[tuple[str, str, int]], tmp_path: Path
) -> None:
    assert faults(tmp_path, text) == expected


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"cannot be read: .*\[deployment\.unreadable\]"):
        load_deployment(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Misconfigured, match=r"deployment\.unreadable"):
        load_deployment(tmp_path / "binary.toml")


def test_both_languages_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as wrong:
        open_connectors(read(tmp_path, '[oms]\nkind = "x"'))

    [fault] = wrong.value.faults
    file = (tmp_path / "connectors.toml").as_posix()
    assert fault.text("fr").startswith(f"{file}:2:1: oms.kind: sorte inconnue « x » ; possibles")
    assert fault.text("en").startswith(f"{file}:2:1: oms.kind: unknown kind `x`; there are")


def test_a_secret_comes_from_the_environment_else_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "oms-token").write_text("from the file\n", encoding="utf-8")
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    environment = {"PARCOURS_SECRET_CRM_TOKEN": "from the environment"}
    secrets = Secrets(environment, tmp_path)

    assert secrets.read("oms-token") == "from the file"
    assert secrets.read("crm-token") == "from the environment"
    for missing in ("empty", "nowhere", ".."):
        with pytest.raises(SecretMissing, match=f"secret {missing} is missing"):
            secrets.read(missing)
    environment["PARCOURS_SECRET_OMS_TOKEN"] = "changed"
    assert secrets.read("oms-token") == "changed"


@pytest.mark.parametrize(
    "reference", ["token", "secret://", "secret://../x", "secret://A", "secret://a/b", "env:TOKEN"]
)
def test_only_a_name_refers_to_a_secret(reference: str) -> None:
    assert Secrets({}).named(reference) is None


def test_a_secret_is_shown_nowhere_and_stored_nowhere() -> None:
    secrets = Secrets({"PARCOURS_SECRET_T": CANARY})
    secret = secrets.named("secret://t")
    assert isinstance(secret, Secret)

    shown = f"{secret} {secret!r} {secret!s:>9} {[secret]} {secrets!r} {copy.deepcopy(secret)}"

    assert CANARY not in shown
    assert str(secret) == "***"
    with pytest.raises(TypeError):
        json.dumps(secret)
    with pytest.raises(TypeError):
        msgspec.json.encode({"token": secret})
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret.reveal() == CANARY
