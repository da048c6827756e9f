"""The engine only decides: beyond the linter's bans, what a syntax tree alone can show."""

import ast
import builtins
from collections.abc import Iterator
from typing import Final

import pytest

from engine import events
from tests.house.sources import PYTHON_ROOMS, Function, functions, modules, name_of, tree

# These reach outside, or run text as code.
BANNED_BUILTINS: Final = frozenset(
    {"__import__", "breakpoint", "compile", "eval", "exec", "input", "open", "print"}
)
EVENT_CLASSES: Final = frozenset(
    name
    for name, thing in vars(events).items()
    if isinstance(thing, type) and issubclass(thing, events.Event)
)
_SETTERS: Final = frozenset({"setattr", "delattr", "__setattr__", "__delattr__"})
_CONSTRUCTORS: Final = frozenset({"__init__", "__post_init__"})


def banned_calls(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and node.id in BANNED_BUILTINS:
            yield node.lineno, node.id


def changed_events(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Give each place that changes an event after it was made: its line and the name used.

    Events are slotted and not frozen (frozen ones cost four times as much to make), so that
    nothing but this refuses it. A name stands for an event when it is annotated, made or matched
    as one, or is called `event`.
    """
    for name, function, is_method in functions(module):
        holders = {"event", *_names_of_events(function)}
        owner = name.rpartition(".")[0].rpartition(".")[2]
        if is_method and owner in EVENT_CLASSES and function.name not in _CONSTRUCTORS:
            holders.add("self")
        for node in ast.walk(function):
            for target in _changed(node):
                if isinstance(target, ast.Name) and target.id in holders:
                    yield target.lineno, target.id


def _names_of_events(function: Function) -> Iterator[str]:
    for node in ast.walk(function):
        match node:
            case ast.arg(arg=name, annotation=annotation) if _is_event(annotation):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                if _is_event(annotation):
                    yield name
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=made)):
                if _is_event(made):
                    yield name
            case ast.MatchAs(pattern=ast.MatchClass(cls=matched), name=str(name)):
                if _is_event(matched):
                    yield name
            case _:
                pass


def _is_event(node: ast.expr | None) -> bool:
    """Say whether an expression names an event's class, alone or in a union."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            return name in EVENT_CLASSES
        case ast.BinOp(left=left, right=right):
            return _is_event(left) or _is_event(right)
        case _:
            return False


def _changed(node: ast.AST) -> list[ast.expr]:
    """Give the objects whose attributes a statement or a call sets or deletes."""
    match node:
        case ast.Attribute(value=owner, ctx=ast.Store() | ast.Del()):
            return [owner]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]):
            return [first] if name in _SETTERS else []
        case _:
            return []


def test_the_engine_calls_nothing_that_reaches_outside() -> None:
    assert vars(builtins).keys() >= BANNED_BUILTINS
    found = [
        f"{name_of(path)}:{line} {name}"
        for path in modules("engine")
        for line, name in banned_calls(tree(path))
    ]

    assert found == []


def test_no_event_is_changed_after_it_was_made() -> None:
    found = [
        f"{name_of(path)}:{line} {name}"
        for path in modules(*PYTHON_ROOMS)
        for line, name in changed_events(tree(path))
    ]

    assert found == []


def test_every_event_is_slotted() -> None:
    assert {"Event"} < EVENT_CLASSES
    assert [name for name in sorted(EVENT_CLASSES) if vars(events)[name].__dictoffset__] == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(event): event.at = 1",
        "def f(x: Started): x.at = 1",
        "def f(x: events.Started | None): setattr(x, 'at', 1)",
        "def f():\n    x = Started(1)\n    x.at += 1",
        "def f(x):\n    match x:\n        case Started() as y:\n            del y.at",
        "def f(x):\n    y: Started = x\n    object.__setattr__(y, 'at', 1)",
        "class Started:\n    def later(self): self.at = 1",
    ],
)
def test_a_changed_event_would_be_found(source: str) -> None:
    assert len(list(changed_events(ast.parse(source)))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def f(state): state.at = 1",
        "def f(event): state.last = event.at",
        "def f():\n    x = State(1)\n    x.at += 1",
        "class Started:\n    def __post_init__(self): self.at = 1",
        "class State:\n    def later(self): self.at = 1",
    ],
)
def test_what_is_no_event_may_change(source: str) -> None:
    assert list(changed_events(ast.parse(source))) == []


def test_a_call_that_reaches_outside_would_be_found() -> None:
    assert [name for _, name in banned_calls(ast.parse("x = open('a'); y = eval('1')"))] == [
        "open",
        "eval",
    ]
