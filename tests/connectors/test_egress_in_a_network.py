"""In a network where every address answers, only those that a deployment allows are tried. T35."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.alone import OURS, PUBLIC, SIX
from tests.support.served import ROOT


def apart() -> list[str]:
    """Return the command that runs another one in a network of its own."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("no network of its own can be made here: unshare (util-linux) or ip (iproute2)")
    command = ["unshare", "--net"]
    if os.geteuid() != 0:
        command += ["--user", "--map-root-user"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("no network of its own can be made here: `unshare --net` is not permitted")
    return command


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give what was seen in that network, every way out tried."""
    folder: Path = tmp_path_factory.mktemp("alone")
    command = [*apart(), sys.executable, "-m", "tests.connectors.alone", str(folder)]
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert said.returncode == 0, said.stderr
    found: dict[str, Any] = json.loads(said.stdout)
    assert found["control"] == ["200", ["127.0.0.1"]], "whoever is reached is seen"
    return found


def test_no_spelling_scheme_or_name_of_a_private_place_sends_it_anything(
    seen: dict[str, Any],
) -> None:
    ways = ("spelled ", "scheme ", "named ")
    ended = {name: one for name, one in seen["cases"].items() if name.startswith(ways)}

    assert len(ended) > 60
    assert {name: one for name, one in ended.items() if one[1] != []} == {}
    assert {one[0] for one in ended.values()} <= {"egress.denied", "connector.unreachable"}
    assert {one[0] for name, one in ended.items() if name.startswith("named ")} == {"egress.denied"}


def test_a_name_that_changes_its_address_is_not_followed_to_this_machine(
    seen: dict[str, Any],
) -> None:
    assert seen["cases"]["rebound first"] == ["200", [PUBLIC]]
    assert seen["cases"]["rebound then"] == ["egress.denied", []]


def test_nobody_is_sent_elsewhere_and_no_proxy_of_the_environment_is_asked(
    seen: dict[str, Any],
) -> None:
    assert seen["cases"]["moved"] == ["302", [PUBLIC]]


def test_what_is_allowed_is_reached_under_its_own_name_and_nothing_beside_it(
    seen: dict[str, Any],
) -> None:
    cases = seen["cases"]

    assert cases["ours"] == ["200", [OURS]]
    assert cases["beside ours"] == ["egress.denied", []]
    assert cases["six"] == ["200", [SIX]]
    assert cases["secure"] == ["200", [PUBLIC]]
    assert cases["other name"] == ["connector.tls", [PUBLIC]]
    assert cases["in clear"] == ["egress.denied", []]
    assert f"oms.internal:{seen['port']}" in seen["hosts"]
    assert seen["names"] == ["good.example", "evil.example"]
    assert seen["requests"] == 6
