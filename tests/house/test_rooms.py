"""The rooms of the house: which there are, who may call whom, what none of them may hold."""

import ast
import subprocess
import sys
import tomllib
from typing import Any

import pytest

from tests.house.sources import (
    OTHER_ROOMS,
    PYTHON_ROOMS,
    ROOT,
    files,
    modules,
    name_of,
    top_level_folders,
    tree,
)


def contracts() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        settings: dict[str, Any] = tomllib.load(file)["tool"]["importlinter"]
    return settings


def test_a_new_room_is_placed_on_purpose() -> None:
    assert top_level_folders() == {*PYTHON_ROOMS, *OTHER_ROOMS}


def test_every_python_room_stands_in_the_layers() -> None:
    layers = next(c for c in contracts()["contracts"] if c["id"] == "rooms")["layers"]
    placed = [room.strip() for layer in layers for room in layer.split("|")]

    assert sorted(placed) == sorted(PYTHON_ROOMS)
    assert sorted(contracts()["root_packages"]) == sorted(PYTHON_ROOMS)


def test_the_contracts_between_rooms_are_kept() -> None:
    # In its own process: the linter reads the rooms' files and prints what is broken.
    run = "from importlinter.cli import lint_imports_command as lint; lint()"
    done = subprocess.run(
        [sys.executable, "-c", run, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_an_import_the_circles_overlook_names_types_only() -> None:
    overlooked = next(c for c in contracts()["contracts"] if c["id"] == "circles")["ignore_imports"]
    run = []
    for pair in overlooked:
        importer, imported_module = pair.split(" -> ")
        module = tree(ROOT / (importer.replace(".", "/") + ".py"))
        run += [pair for node in module.body if imports_when_run(node, imported_module)]

    assert overlooked
    assert run == []


def imports_when_run(node: ast.AST, module: str) -> bool:
    """Say whether a statement imports a module when the program runs, and not for its types."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return any(imports_when_run(other, module) for other in node.orelse)
    if isinstance(node, ast.ImportFrom):
        named = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        return module in named
    if isinstance(node, ast.Import):
        return any(alias.name == module for alias in node.names)
    return any(imports_when_run(child, module) for child in ast.iter_child_nodes(node))


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("from a.b import C", True),
        ("from a import b", True),
        ("import a.b", True),
        ("def f():\n    from a.b import C", True),
        ("if TYPE_CHECKING:\n    from a.b import C", False),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    from a.b import C", True),
        ("from a.c import D", False),
    ],
)
def test_an_import_for_types_is_told_from_one_that_runs(source: str, *, runs: bool) -> None:
    assert any(imports_when_run(node, "a.b") for node in ast.parse(source).body) is runs


def test_the_engine_needs_nothing_but_the_standard_library() -> None:
    strangers = [
        f"{name_of(path)} {name}"
        for path in modules("engine")
        for node in ast.walk(tree(path))
        for name in imported(node)
        if name not in sys.stdlib_module_names and name != "engine"
    ]

    assert strangers == []


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").partition(".")[0]]
    return []


def test_every_python_room_is_a_package() -> None:
    assert [room for room in PYTHON_ROOMS if not (ROOT / room / "__init__.py").is_file()] == []


def test_neither_migrations_nor_tests_are_packages() -> None:
    # `alembic/__init__.py` would shadow the library; pytest imports tests by path.
    unwanted = [
        name_of(path)
        for path in files()
        if path.name == "__init__.py" and path.relative_to(ROOT).parts[0] in {"alembic", "tests"}
    ]

    assert unwanted == []


def test_the_experts_room_holds_no_python() -> None:
    assert [name_of(path) for path in files() if path.match("journeys/**/*.py")] == []
    assert modules("journeys") == ()


def test_no_module_is_named_for_want_of_a_name() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}

    named = [name_of(path) for path in modules(*PYTHON_ROOMS, "tests", "bench")]

    assert [name for name in named if vague & set(name.removesuffix(".py").split("/"))] == []
