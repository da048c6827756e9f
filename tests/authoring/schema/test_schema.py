"""The schemas editors complete with, and the verdicts compiled from them."""

from __future__ import annotations

import copy
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from authoring.building.steps import BUILDERS
from authoring.documents import kind_of_file
from authoring.load import load, read_folder
from authoring.schema import library_schemas
from authoring.schema.__main__ import write
from authoring.schema.explain import explain
from authoring.schema.shape import Shape
from authoring.yaml.reader import read
from engine.answers import ANSWER_TYPES
from engine.steps.registry import STEP_KINDS
from tests.authoring.loader.small import LIBRARY, journey

ROOT = Path(__file__).parents[3]
SCHEMAS = library_schemas()
SHAPES = {kind: Shape(schema) for kind, schema in SCHEMAS.items()}
VALIDATORS = {kind: Draft202012Validator(schema) for kind, schema in SCHEMAS.items()}
DOCUMENTS = [
    (path, kind, read(content.decode(), path).data)
    for path, content in read_folder(ROOT / "journeys" / "demo").items()
    if (kind := kind_of_file(path)) is not None
]


def test_every_schema_is_one_of_json_schema_2020_12() -> None:
    for kind, schema in SCHEMAS.items():
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema", kind


def test_every_kind_of_step_and_type_of_answer_is_in_the_journeys_schema() -> None:
    parts = SCHEMAS["journey"]["$defs"]

    assert {name.removeprefix("step_") for name in parts if name.startswith("step_")} == {
        *STEP_KINDS,
        "goal",
    }
    assert {name.removeprefix("field_") for name in parts if name.startswith("field_")} == set(
        ANSWER_TYPES
    )
    assert set(BUILDERS) == set(STEP_KINDS)


def test_the_schemas_are_written_for_editors(tmp_path: Path) -> None:
    written = write(tmp_path / "reference")

    assert {one.name for one in written} == {f"{kind}.schema.json" for kind in SCHEMAS}
    assert (
        json.loads((tmp_path / "reference" / "journey.schema.json").read_text("utf-8"))
        == SCHEMAS["journey"]
    )


def test_the_schema_in_the_reference_is_the_one_the_code_makes() -> None:
    kept = json.loads((ROOT / "docs" / "reference" / "journey.schema.json").read_text("utf-8"))

    assert kept == json.loads(json.dumps(SCHEMAS["journey"]))


@pytest.mark.parametrize(
    ("path", "kind", "data"), [pytest.param(*one, id=one[0]) for one in DOCUMENTS]
)
def test_the_compiled_verdict_is_a_complete_validators_on_every_shipped_file(
    path: str, kind: str, data: Any
) -> None:
    del path
    assert VALIDATORS[kind].is_valid(data)
    assert SHAPES[kind].fits(data)
    assert explain(SHAPES[kind], data) == []


JUNK: list[Any] = [
    None,
    True,
    False,
    0,
    3,
    -1.5,
    2.0,
    "",
    "x",
    "a b",
    "text",
    "resolved",
    [],
    {},
    ["x"],
    [{}],
    {"fr": "x"},
    {"type": "choice"},
    {"type": "text", "zz": 1},
    {"type": 3},
    {"from": "x", "id": "a", "label": "b"},
    {"else": True},
    {"when": "x"},
    {"a\n": "b"},
    "end\n",
]


def places(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path]
    if isinstance(data, dict):
        for key, value in data.items():
            found += places(value, (*path, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            found += places(value, (*path, at))
    return found


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, str, Any]:
    """A shipped file with a few things replaced, removed or renamed."""
    path, kind, data = draw(st.sampled_from(DOCUMENTS))
    data = copy.deepcopy(data)
    for _ in range(draw(st.integers(1, 3))):
        where = draw(st.sampled_from(places(data)))
        if not where:
            continue
        holder = data
        for part in where[:-1]:
            holder = holder[part]
        match draw(st.sampled_from(["remove", "replace", "rename"])):
            case "remove":
                del holder[where[-1]]
            case "rename" if isinstance(holder, dict):
                name = draw(
                    st.sampled_from(["zz", "ask", "do", "end", "when", "type", "id", "say"])
                )
                holder[name] = holder.pop(where[-1])
            case _:
                holder[where[-1]] = copy.deepcopy(draw(st.sampled_from(JUNK)))
    return path, kind, data


@settings(max_examples=150, deadline=None)
@given(damaged())
def test_the_compiled_verdict_is_a_complete_validators_on_damaged_files(
    given_file: tuple[str, str, Any],
) -> None:
    _, kind, data = given_file

    fits = SHAPES[kind].fits(data)
    if not _ends_in_line_break(data):
        assert fits == VALIDATORS[kind].is_valid(data)
    faults = explain(SHAPES[kind], data)
    assert bool(faults) != fits
    assert all(fault.message.endswith(".") for fault in faults)


def _ends_in_line_break(data: Any) -> bool:
    # Python's `$`, which the complete validator uses, lets a last line break through; JSON Schema's
    # does not.
    return '\\n"' in json.dumps(data)


FILES = read_folder(ROOT / "journeys" / "demo")


@settings(max_examples=40, deadline=None)
@given(damaged())
def test_a_damaged_library_gives_findings_with_their_place_and_never_an_error(
    given_file: tuple[str, str, Any],
) -> None:
    path, kind, data = given_file

    loaded = load({**FILES, path: json.dumps(data, ensure_ascii=False)})

    assert all(one.line >= 1 and one.column >= 1 and one.message for one in loaded.findings)
    if not SHAPES[kind].fits(data):
        assert any(one.file == path for one in loaded.findings)


EXAMPLE = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
REFERENCES = {
    "safety.unknown-operation",
    "graph.unknown-journey",
    "graph.unknown-target",
    "form.unknown-table",
    "data.unknown-name",
    "form.wording",
}
"""An example names journeys, operations and values that stand elsewhere."""


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


@pytest.mark.parametrize("kind", STEP_KINDS)
def test_the_example_of_every_kind_of_step_loads(kind: str) -> None:
    examples = EXAMPLE.findall(inspect.cleandoc(STEP_KINDS[kind].__doc__ or ""))

    assert examples
    for example in examples:
        loaded = load({"library.yaml": LIBRARY, "journeys/j.yaml": journey(example)})
        assert [one for one in loaded.findings if one.code not in REFERENCES] == []


@pytest.mark.parametrize("name", ANSWER_TYPES)
def test_the_example_of_every_type_of_answer_loads(name: str) -> None:
    examples = EXAMPLE.findall(inspect.cleandoc(ANSWER_TYPES[name].__doc__ or ""))

    assert examples
    for example in examples:
        steps = f"- id: a\n  ask:\n    q:\n{indented(example, 6)}"
        loaded = load({"library.yaml": LIBRARY, "journeys/j.yaml": journey(steps)})
        assert loaded.findings == []
        assert loaded.library is not None
        assert loaded.library.journeys["j"].steps["a"].fields()[0].type.name == name


def documented() -> list[Any]:
    """The examples of the language's reference, their `…` filled in.

    With the file each is a part of.
    """
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    found = []
    for number, example in enumerate(EXAMPLE.findall(text), start=1):
        filled = re.sub(r"\b(what|customer): \{…\}", r"\1: x", example)
        for dots, filling in (("{…}", "{}"), ("[…]", "[]"), ('"…"', '"x"'), (": …", ": x")):
            filled = filled.replace(dots, filling)
        filled = filled.replace("steps: [...]", "steps: [{end: resolved}]")
        found.append(pytest.param(filled, id=f"{number}: {filled.splitlines()[0][:40]}"))
    return found


def file_of(example: str) -> tuple[str, str]:
    """Return the file an example of the reference belongs in, and its text there."""
    if "\nlibrary: " in example:
        return "library.yaml", example
    if example.startswith("operations:") and "delay:" in example:
        # Made-up answers stand beside a library, and are no part of it.
        return "mock.yaml", example
    first = example.splitlines()[0]
    for head, file in (
        ("declarations:", "codes.yaml"),
        ("operations:", "connectors.yaml"),
        ("test:", "tests/t.yaml"),
    ):
        if first.startswith(head):
            return file, example
    if "\ntable: " in example:
        return "tables/t.yaml", example
    if first.startswith("parcours:"):
        return "journeys/j.yaml", example
    return "journeys/j.yaml", journey(example)


@pytest.mark.parametrize("example", documented())
def test_every_example_of_the_reference_loads(example: str) -> None:
    file, text = file_of(example)

    loaded = load({"library.yaml": LIBRARY, file: text})

    # An example of a default, or of an option, names what its dots stand for.
    elsewhere = REFERENCES | {"form.default", "data.unknown-option"}
    assert [one for one in loaded.findings if one.code not in elsewhere] == []
