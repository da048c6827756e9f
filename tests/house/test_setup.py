"""Setting up on a machine that lacks something: it works, or says what to do."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.house.sources import ROOT

# Stands for uv on the PATH, and says what it was given.
TELLING_UV = """#!/bin/sh
[ "$1" = --version ] && exit 0
echo "index=${UV_DEFAULT_INDEX:-} certificates=${SSL_CERT_FILE:-}"
"""
# Debian's python3 without python3-venv and python3-pip.
BARE_PYTHON = f"""#!/bin/sh
[ "$2" = venv ] && {{ echo "ensurepip is not available"; exit 1; }}
[ "$2" = pip ] && {{ echo "No module named pip"; exit 1; }}
exec {sys.executable} "$@"
"""
# As `pip config list` prints them: the files' settings, and those of the environment.
PYTHON_WITH_PIP_SETTINGS = f"""#!/bin/sh
[ "$2" = pip ] || exec {sys.executable} "$@"
cat <<'END'
global.cert='ours.pem'
global.extra-index-url='https://other.test/simple'
global.index-url='https://overridden.test/simple'
install.index-url='https://mirror.test/simple'
END
"""
OLD_PYTHON = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a checkout that holds nothing but the script, beside an empty folder of programs."""
    (tmp_path / "programs").mkdir()
    (tmp_path / "home").mkdir()
    folder = tmp_path / "checkout"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy2(ROOT / ".ci" / "uv", folder / ".ci" / "uv")
    return folder


def install(checkout: Path, name: str, text: str) -> None:
    program = checkout.parent / "programs" / name
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)


def run(
    checkout: Path, *, python: str = sys.executable, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    programs = checkout.parent / "programs"
    return subprocess.run(
        [checkout / ".ci" / "uv", "pip", "sync"],
        env={
            "PATH": f"{programs}:{os.defpath}",
            "HOME": str(checkout.parent / "home"),
            "PYTHON": python,
            # The machine's own pip settings must not decide what this test sees.
            "PIP_CONFIG_FILE": os.devnull,
            **(settings or {}),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_can_fetch_nothing_is_told_what_to_install(checkout: Path) -> None:
    install(checkout, "uv", "#!/bin/sh\nexit 1\n")
    install(checkout, "python3", BARE_PYTHON)

    done = run(checkout, python="python3")

    assert done.returncode == 1
    assert "ensurepip is not available" in done.stderr
    assert "apt-get install python3-venv" in done.stderr
    assert not (checkout / ".uv").exists()


def test_an_old_python_is_refused_before_anything_is_fetched(checkout: Path) -> None:
    install(checkout, "python3", OLD_PYTHON)

    done = run(checkout, python="python3")

    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    assert not (checkout / ".uv").exists()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        pytest.param({}, "index= certificates=\n", id="nothing set"),
        pytest.param(
            {"PIP_INDEX_URL": "https://mirror.test/simple", "PIP_CERT": "ours.pem"},
            "index=https://mirror.test/simple certificates=ours.pem\n",
            id="pip's environment",
        ),
        pytest.param(
            {"PIP_INDEX_URL": "https://mirror.test/simple", "UV_INDEX_URL": "https://uv.test"},
            "index= certificates=\n",
            id="uv's own setting is left to uv",
        ),
    ],
)
def test_packages_come_from_where_the_user_said(
    checkout: Path, settings: dict[str, str], told: str
) -> None:
    install(checkout, "uv", TELLING_UV)

    done = run(checkout, settings=settings)

    assert (done.returncode, done.stdout) == (0, told)


def test_the_files_of_pip_are_read_too(checkout: Path) -> None:
    install(checkout, "uv", TELLING_UV)
    install(checkout, "python3", PYTHON_WITH_PIP_SETTINGS)

    done = run(checkout, python="python3")

    assert done.stdout == "index=https://mirror.test/simple certificates=ours.pem\n"
