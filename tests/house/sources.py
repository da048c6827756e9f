"""What the house tests read: the checkout's files, and its Python as syntax trees."""

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

# Each top-level folder and what it is for: a new one is placed here on purpose, and in the
# contracts of pyproject.toml when it holds Python.
PYTHON_ROOMS: Final = (
    "api",
    "authoring",
    "connectors",
    "engine",
    "measures",
    "parcours",
    "runtime",
)
OTHER_ROOMS: Final = {
    "alembic": "migrations of the store",
    "bench": "measurements",
    "docs": "papers",
    "journeys": "the shipped library, YAML only",
    "tests": "tests",
    "web": "the pages: console, customer's page, widget; TypeScript",
}
_LEFT_BY_TOOLS: Final = {"__pycache__", "build", "dist", "node_modules", "var"}


def top_level_folders() -> set[str]:
    """Give the names of the checkout's folders, without tools' own."""
    return {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name not in _LEFT_BY_TOOLS
    }


@cache
def files() -> tuple[Path, ...]:
    """Give every file of the project, sorted, without what tools leave behind."""
    found: list[Path] = [path for path in ROOT.iterdir() if path.is_file() and _is_ours(path)]
    for folder in (*PYTHON_ROOMS, *OTHER_ROOMS, ".ci"):
        found += [path for path in _walk(ROOT / folder) if _is_ours(path)]
    return tuple(sorted(found))


def _walk(folder: Path) -> Iterator[Path]:
    # Tools' own folders are not entered: `node_modules` alone holds more files than the project.
    for inside, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _LEFT_BY_TOOLS]
        yield from (Path(inside) / name for name in names)


def _is_ours(path: Path) -> bool:
    inside = path.relative_to(ROOT)
    return not (
        not _LEFT_BY_TOOLS.isdisjoint(inside.parts)
        or any(part.endswith("_cache") for part in inside.parts)
        or re.search(r"\.sqlite3|\.egg-info|^uv\.lock$|^\.git$|/schema\.d\.ts$", inside.as_posix())
    )


def name_of(path: Path) -> str:
    """Give a file's name from the checkout's root, as the tables of exceptions write it."""
    return path.relative_to(ROOT).as_posix()


def modules(*rooms: str) -> tuple[Path, ...]:
    """Give the Python files of these rooms, or of all that are shipped."""
    wanted = rooms or (*PYTHON_ROOMS, "alembic")
    return tuple(
        path
        for path in files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in wanted
    )


@cache
def tree(path: Path) -> ast.Module:
    """Give a Python file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=name_of(path))


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(module: ast.Module) -> Iterator[tuple[str, Function, bool]]:
    """Give each function, at any depth: its dotted name, itself, whether it has a `self`."""
    yield from _functions(module, prefix="", in_class=False)


def _functions(
    node: ast.AST, *, prefix: str, in_class: bool
) -> Iterator[tuple[str, Function, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            is_static = any(
                isinstance(mark, ast.Name) and mark.id == "staticmethod"
                for mark in child.decorator_list
            )
            yield prefix + child.name, child, in_class and not is_static
            yield from _functions(child, prefix=f"{prefix}{child.name}.", in_class=False)
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, prefix=f"{prefix}{child.name}.", in_class=True)
        else:
            yield from _functions(child, prefix=prefix, in_class=in_class)
