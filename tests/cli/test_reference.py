"""The generated reference says what the code says, and leaves nothing out."""

from dataclasses import fields
from itertools import pairwise

import pytest

from api.refusals import PROBLEMS
from authoring.checks.registry import CHECKS
from authoring.load import load_folder
from authoring.testkit import run_tests
from engine.answers import ANSWER_TYPES
from engine.commands import COMMANDS
from engine.events import EVENTS
from engine.evolve import evolve
from engine.expressions import FUNCTIONS, Expression, compile_expression
from engine.expressions.grammar import MISSING_TABLE
from engine.scope import Scope
from engine.state import State
from engine.steps.registry import STEP_KINDS
from parcours.generate import FOLDER, stale, write
from parcours.places import SHIPPED
from parcours.reference.pages import PAGES, render
from parcours.reference.service_pages import engine_codes, field_codes
from parcours.reference.states import CONTACT, SESSION
from runtime.access import PERMISSIONS
from runtime.contacts import PHASES
from runtime.settings import Settings

REGISTRIES = {
    "step-kinds.md": [f"\n## `{name}`\n" for name in STEP_KINDS],
    "answer-types.md": [f"\n## `{name}`\n" for name in ANSWER_TYPES],
    "checks.md": [f"\n### `{check.code}`\n" for check in CHECKS],
    "events.md": [f"\n### {name}\n" for name in EVENTS],
    "commands.md": [f"\n### {name}\n" for name in COMMANDS],
    "expressions.md": [f"| `{name}` |" for name in FUNCTIONS],
    "errors.md": [f"| `{code}` |" for code in (*PROBLEMS, *engine_codes(), *dict(field_codes()))],
    "settings.md": [f"| `{one.name}` |" for one in fields(Settings)],
    "permissions.md": [f"| `{action}` |" for action in PERMISSIONS],
    "states.md": [f"| `{state}` |" for state in (*SESSION.meaning, *CONTACT.meaning)],
}


def test_the_reference_in_the_checkout_is_what_the_code_says_now() -> None:
    assert stale() == [], "run `make docs` and look at the difference"


@pytest.mark.parametrize("name", list(REGISTRIES))
def test_everything_registered_has_its_place_in_the_reference(name: str) -> None:
    text = render()[name]

    assert [one for one in REGISTRIES[name] if one not in text] == []


@pytest.mark.parametrize("one", ["answer.unknown-field", "answer.rule", "command.unknown-field",
                                 "offer.unreachable", "request.unknown-field"])  # fmt: skip
def test_a_code_that_stands_beside_a_field_is_listed_with_its_message(one: str) -> None:
    line = next(line for line in render()["errors.md"].splitlines() if f"| `{one}` |" in line)

    assert one == "answer.rule" or all(cell.strip() for cell in line.split("|")[1:-1])


def test_every_page_is_listed_and_none_is_left_over() -> None:
    listed = render()["README.md"]

    assert all(f"({name})" in listed for name in PAGES)
    assert {path.name for path in FOLDER.glob("*.md")} == {*PAGES, "README.md"}


def test_a_page_that_was_edited_by_hand_is_found_and_written_anew(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("reference")
    write(folder)
    (folder / "events.md").write_text("changed", encoding="utf-8")

    assert stale(folder) == ["events.md"]
    assert write(folder) == ["events.md"]
    assert stale(folder) == []


@pytest.mark.parametrize(("text", "gives"), MISSING_TABLE)
def test_the_table_of_missing_values_is_what_expressions_give(text: str, gives: str) -> None:
    expression: Expression = compile_expression(text)
    codes = {"declaration": (), "qualification": (), "action": ()}

    value = expression.evaluate(Scope({}, "2026-01-01", codes))

    assert {"missing": None, "true": True, "false": False}[gives] is value


def test_the_drawn_life_of_a_contact_has_every_phase() -> None:
    assert set(CONTACT.meaning) == set(PHASES)


def test_the_drawn_life_of_a_session_holds_every_walk_of_the_shipped_library() -> None:
    results, _ = run_tests(load_folder(SHIPPED))

    passed = set()
    for result in results:
        state, before = State(), ""
        for event in result.events:
            evolve(state, event)
            passed.add((before, state.status))
            before = state.status

    assert {"active", "pending", "waiting", "ended", "failed"} <= {after for _, after in passed}
    assert [move for move in sorted(passed) if not SESSION.may(*move)] == []


def test_a_bar_in_a_cell_does_not_break_its_table() -> None:
    for name in PAGES:
        text = render()[name]
        rows = [line for line in text.splitlines() if line.startswith("| ")]
        for before, after in pairwise(rows):
            if after.startswith("| ---"):
                width = before.replace("\\|", "").count("|")
                assert after.count("|") == width, name
