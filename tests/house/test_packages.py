"""What is installed is what was chosen, and what is shipped is what is in the checkout."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest

from tests.house.sources import PYTHON_ROOMS, ROOT, files, name_of

LOCKS: Final = ("requirements.lock", "requirements-dev.lock")


def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def locked(name: str) -> dict[str, str]:
    """Give the packages of a lock by name, each with its version."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;\\]+)", text, re.MULTILINE))


def extras() -> list[str]:
    """Give what is installed only where it is asked for."""
    return [
        one for extra in project()["project"]["optional-dependencies"].values() for one in extra
    ]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~ ;]", requirement)[0] for requirement in requirements}


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_is_checked_by_hash(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = [
        entry for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE) if entry.strip()
    ]

    # One whose newest version leaves an older Python behind is there twice.
    assert {re.split("==", entry)[0] for entry in entries} == locked(name).keys()
    assert [entry.partition(" ")[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_never_says_where_packages_were_found(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert re.findall(r"://|--index|--extra-index|--find-links|--trusted", text) == []


def test_both_locks_agree_and_hold_what_the_project_asks_for() -> None:
    run, develop = locked(LOCKS[0]), locked(LOCKS[1])
    asked = names(project()["project"]["dependencies"])

    assert asked <= run.keys()
    assert names(project()["dependency-groups"]["dev"]) <= develop.keys()
    assert names(extras()) <= develop.keys()
    assert run.items() <= develop.items()


def test_the_lock_that_names_its_registry_is_not_kept() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert "uv.lock" in ignored
    assert "exclude-newer" in project()["tool"]["uv"]
    if (ROOT / ".git").exists():
        tracked = subprocess.run(
            ["git", "ls-files", "--", "uv.lock"], cwd=ROOT, capture_output=True, check=True
        )
        assert tracked.stdout == b""


def test_every_dependency_has_its_reason_on_record() -> None:
    record = (ROOT / "docs" / "decisions" / "0004-dependencies.md").read_text(encoding="utf-8")
    asked = names(
        project()["project"]["dependencies"] + project()["dependency-groups"]["dev"] + extras()
    )

    assert sorted(name for name in asked if not re.search(rf"\b{name}\b", record)) == []


def test_the_wheel_holds_the_rooms_and_nothing_else(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", tmp_path],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        packed = {name for name in opened.namelist() if ".dist-info/" not in name}

    rooms = {shipped(name_of(path)) for path in files() if is_shipped(path)}
    pages = {name for name in packed if name.startswith("api/web/")}
    assert packed - pages == rooms
    if pages == set() and os.environ.get("PARCOURS_WITHOUT_WEB") == "1":
        pytest.skip("the wheel has no pages: they are not wanted here (PARCOURS_WITHOUT_WEB=1)")
    assert pages == bundle()


def is_shipped(path: Path) -> bool:
    room = path.relative_to(ROOT).parts[0]
    return room in {*PYTHON_ROOMS, "alembic", "journeys"} and name_of(path) != "engine/ruff.toml"


def bundle() -> set[str]:
    """Give the built pages as the wheel carries them."""
    dist = ROOT / "web" / "dist"
    built = {f"api/web/{path.relative_to(dist).as_posix()}" for path in dist.rglob("*.*")}
    assert {"api/web/index.html", "api/web/care.html", "api/web/embed.html"} <= built
    return built


def shipped(name: str) -> str:
    """Give a file's place in the wheel: the migrations would else mix with their library."""
    return re.sub(r"^alembic/", "runtime/migrations/", name)
