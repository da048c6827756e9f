"""Modules and functions stay small enough to read: the limits, and the exceptions with reasons."""

import ast
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Final

import pytest

from tests.house.sources import PYTHON_ROOMS, Function, functions, modules, name_of, tree

MODULE_LINES: Final = 400
MODULE_LINES_MEDIAN: Final = 100
MODULE_LINES_P90: Final = 250
FUNCTION_LINES: Final = 60
FUNCTION_LINES_P95: Final = 40
PARAMETERS: Final = 6
# Three, not two: a step's verbs and the engine's face take (walk, here, command) and (library,
# state, command) as one thing. Private functions are read beside their only callers.
POSITIONAL: Final = 3

# rule, what -> why it may exceed it. One that is no longer needed fails the last test.
EXCEPTIONS: Final[dict[tuple[str, str], str]] = {
    ("parameters", "parcours/commands/measures.py measures"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "parcours/commands/value_stream.py value_stream"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "parcours/commands/report.py report"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "parcours/commands/samples.py draw_sample"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "parcours/commands/irritants.py add"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "parcours/commands/irritants.py change"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "parcours/commands/thresholds.py add"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "parcours/commands/samples.py reach"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "parcours/commands/check.py check"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "parcours/commands/bridge.py chatwoot"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "parcours/commands/bridge.py zammad"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "parcours/commands/bridge.py xmpp"): (
        "each is an option of the command, given by its name"
    ),
    ("parameters", "authoring/building/desk.py Desk.report"): (
        "a finding is said whole, each part after its message by its name"
    ),
    ("parameters", "authoring/building/fields.py field"): (
        "what a field is built from, each part given by its name"
    ),
    ("function lines", "authoring/schema/parts.py parts"): (
        "one JSON Schema written out as a table: cut up, nobody could read it as one"
    ),
    ("function lines", "authoring/yaml/reader.py _Builder._build"): (
        "one loop over a million events: a method for each kind would double the cost of loading"
    ),
    ("positional", "connectors/egress.py Pinned.connect_tcp"): (
        "httpcore fixes how it opens a connection"
    ),
    ("positional", "engine/machine.py decide"): (
        "the engine's face: (library, state, command, env) is one phrase that every room says"
    ),
    ("positional", "engine/machine.py preview"): "said as `decide` is, whose outcome it foretells",
    ("parameters", "engine/view.py view"): "all that a look depends on, each given by its name",
    ("parameters", "engine/view.py history"): "looks as `view` does, each part given by its name",
    ("parameters", "engine/walk.py Walk.leave"): (
        "a visit's resolution is written whole, each part given by its name"
    ),
    ("parameters", "parcours/commands/customers.py bring"): (
        "each parameter of a command is one of its options: typer reads them here"
    ),
    ("parameters", "parcours/commands/keys.py create"): (
        "each parameter of a command is one of its options: typer reads them here"
    ),
    ("parameters", "parcours/commands/robot.py robot"): (
        "each parameter of a command is one of its options: typer reads them here"
    ),
}

# Python itself fixes how these are called.
_FIXED_BY_PYTHON: Final = {"__exit__", "__aexit__", "__new__"}
# The ASGI specification fixes how an application is called.
_FIXED_BY_ASGI: Final = ["self", "scope", "receive", "send"]

EVERYTHING: Final = (*PYTHON_ROOMS, "alembic", "bench", "tests")


def too_long_modules() -> Iterator[tuple[str, str, int]]:
    for path in modules(*EVERYTHING):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MODULE_LINES:
            yield "module lines", name_of(path), lines


def too_long_functions() -> Iterator[tuple[str, str, int]]:
    for path in modules(*EVERYTHING):
        for name, function, _ in functions(tree(path)):
            if length(function) > FUNCTION_LINES:
                yield "function lines", f"{name_of(path)} {name}", length(function)


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def too_many_parameters(module: ast.Module, path: str) -> Iterator[tuple[str, str, int]]:
    for name, function, is_method in functions(module):
        if function.name in _FIXED_BY_PYTHON or is_asgi_application(function):
            continue
        positional = len(function.args.posonlyargs + function.args.args) - is_method
        every = positional + len(function.args.kwonlyargs)
        if every > PARAMETERS:
            yield "parameters", f"{path} {name}", every
        is_private = function.name.startswith("_") and not function.name.endswith("__")
        if positional > POSITIONAL and not is_private:
            yield "positional", f"{path} {name}", positional


def is_asgi_application(function: Function) -> bool:
    names = [argument.arg for argument in function.args.args]
    return function.name == "__call__" and names == _FIXED_BY_ASGI


def violations() -> list[tuple[str, str, int]]:
    # pytest calls tests with what they ask for by name: the limit is not for them.
    found = [*too_long_modules(), *too_long_functions()]
    for path in modules():
        found += too_many_parameters(tree(path), name_of(path))
    return found


def test_nothing_exceeds_a_limit_without_a_reason() -> None:
    unexplained = [
        f"{what}: {figure} ({rule})"
        for rule, what, figure in violations()
        if (rule, what) not in EXCEPTIONS
    ]

    assert unexplained == []


def test_every_exception_is_still_needed_and_explained() -> None:
    needed = {(rule, what) for rule, what, _ in violations()}

    assert set(EXCEPTIONS) <= needed
    assert [key for key, reason in EXCEPTIONS.items() if len(reason.split()) < 4] == []


def test_most_modules_are_short() -> None:
    # An empty __init__.py says nothing of how long our modules are.
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in modules()]
    lines = [count for count in lines if count > 1]

    assert median(lines) <= MODULE_LINES_MEDIAN
    assert quantiles(lines, n=10)[-1] <= MODULE_LINES_P90


def test_most_functions_fit_a_screen() -> None:
    lengths = [length(function) for path in modules() for _, function, _ in functions(tree(path))]

    assert quantiles(lengths, n=20)[-1] <= FUNCTION_LINES_P95


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(a, b, c, *, d, e, f): ...", []),
        ("def f(a, b, c, d): ...", [("positional", "x.py f", 4)]),
        ("def _f(a, b, c, d): ...", []),
        ("def _f(a, *, b, c, d, e, f, g): ...", [("parameters", "x.py _f", 7)]),
        ("class A:\n    def f(self, a, b, c): ...", []),
        ("class A:\n    async def f(self, a, b, c, d): ...", [("positional", "x.py A.f", 4)]),
        ("class A:\n    def _f(self, a, b, c, d): ...", []),
        ("def f(a, *, b, c, d, e, f, g): ...", [("parameters", "x.py f", 7)]),
        ("class A:\n    def __exit__(self, a, b, c, d): ...", []),
        ("class A:\n    async def __call__(self, scope, receive, send): ...", []),
        (
            "class A:\n    def __init__(self, a, b, c, d): ...",
            [("positional", "x.py A.__init__", 4)],
        ),
    ],
)
def test_parameters_are_counted_as_callers_see_them(
    source: str, expected: list[tuple[str, str, int]]
) -> None:
    assert list(too_many_parameters(ast.parse(source), "x.py")) == expected
