"""What the loader makes of a library's files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from authoring.cache import Cache
from authoring.check import check
from authoring.digest import revision_hash
from authoring.findings import Finding, has_errors, to_json, to_sarif, to_text
from authoring.load import load, load_folder, read_folder, system_folder
from engine.expressions import parse_duration
from engine.kinds import Kind
from engine.model import Journey
from engine.steps.ask import Ask
from engine.steps.decide import Decide
from engine.steps.do import Do
from tests.authoring.loader.small import LIBRARY, files

ROOT = Path(__file__).parents[3]


def journey(steps: str, *, tables: str = "", **more: str) -> Journey:
    loaded = load(files(steps, tables=tables, **more))
    assert loaded.findings == []
    assert loaded.library is not None
    return loaded.library.journeys["j"]


def test_the_shipped_libraries_load_without_a_word() -> None:
    for folder in ("system", "demo"):
        loaded = load_folder(ROOT / "journeys" / folder)

        assert loaded.findings == []
        assert loaded.library is not None


def test_every_library_inherits_the_system_journeys_and_may_put_its_own_in_their_place() -> None:
    plain = load({"library.yaml": LIBRARY}).library
    own = load(
        {
            "library.yaml": LIBRARY + "system: {failure: broken}\n",
            "journeys/broken.yaml": "parcours: 1\njourney: broken\ntitle: x\n"
            "steps: [{end: unresolved}]\n",
        }
    ).library

    assert plain is not None
    assert own is not None
    assert plain.system["failure"] == "sys.failure"
    assert "sys.failure" in plain.journeys
    assert own.system["failure"] == "broken"
    assert own.system["nothing_fits"] == "sys.nothing_fits"


def test_a_script_reads_from_top_to_bottom_and_steps_without_id_get_one() -> None:
    steps = journey("- say: a\n- {id: q, ask: {x: text}}\n- say: b\n- {end: resolved}\n").steps

    assert [(step.id, step.next) for step in steps.values()] == [
        ("say-1", "q"),
        ("q", "say-3"),
        ("say-3", "end-4"),
        ("end-4", None),
    ]


def test_time_is_classed_by_the_step_then_the_library_then_its_kind() -> None:
    more = {"library.yaml": LIBRARY + "time: {ask: useful, transfer: hold}\n"}
    steps = journey(
        "- {id: a, ask: {x: text}}\n"
        "- {id: b, ask: {y: text}, time: lookup}\n"
        "- {id: c, transfer: {team: seller}}\n"
        "- {id: d, do: oms.get_order, with: {id: x}, by_hand: {say: z}}\n"
        "- {id: e, do: oms.get_order, with: {id: x}, behind: true, by_hand: {say: z}}\n"
        "- {id: f, consult: {team: seller}}\n"
        "- {id: g, say: h}\n"
        "- {end: resolved}\n",
        **more,
    ).steps

    assert [steps[one].time for one in "abcdefg"] == [
        "useful", "lookup", "hold", "robot_wait", None, "hold", None,
    ]  # fmt: skip


def test_what_a_person_fills_in_has_the_form_the_robot_would_have_given() -> None:
    steps = journey(
        "- id: a\n  do: oms.get_order\n  with: {id: '\"F-1\"'}\n"
        "  saves: {order: result, sum: result.amount}\n"
        "  by_hand: {say: b, fills: [order.status, sum]}\n"
        "- {say: '{order.status} {sum}'}\n- {end: resolved}\n"
    ).steps

    do = steps["a"]
    assert isinstance(do, Do)
    assert do.by_hand is not None
    assert [(field.name, field.type.name) for field in do.by_hand.fills] == [
        ("order.status", "choice"),
        ("sum", "money"),
    ]
    assert do.effect == "read"
    assert steps["say-2"].needs == {"order", "sum"}


def test_kinds_are_known_of_every_value_whatever_gives_it() -> None:
    made = journey(
        "- {id: a, ask: {n: {type: number, unit: kg}, c: {type: choice, options: [p, q]},"
        " o: {type: text, required: false}}}\n"
        "- {id: b, decide: [{when: 'n > 3 kg', set: {t: '\"x\"', d: 'n * 2'}},"
        " {else: true, set: {t: '\"y\"', d: n}}]}\n"
        "- {id: k, call: k, saves: {mine: found}}\n"
        "- {id: e, decide: {table: rule, with: {c: c}, saves: v}}\n"
        "- {id: w, wait: {event: z, saves: {w: event}}}\n"
        "- {say: '{a.n} {t} {d} {mine} {o} {v.ok}'}\n"
        "- {end: resolved}\n",
        tables="rule:\n  inputs: {c: {type: choice, options: [p, q]}}\n"
        "  outputs: {ok: yes_no}\n  rules: [{then: {ok: true}}]\n",
    )

    kinds = made.kinds
    assert kinds["n"] == Kind("number", unit="kg")
    assert kinds["c"] == Kind.choice(["p", "q"])
    assert kinds["o"] == Kind("text", optional=True)
    assert kinds["t"].name == "text"
    assert kinds["d"] == Kind("number", unit="kg")
    assert kinds["mine"].name == "text"
    assert kinds["v"].fields == {"ok": Kind("boolean", optional=True)}
    assert kinds["w"].name == "any"
    assert kinds["a.n"] == kinds["n"]
    assert "a.c" not in kinds
    assert made.steps["a"].qualified == {"n"}


def test_options_come_written_out_from_a_code_list_from_a_saved_list_or_as_yes_and_no() -> None:
    codes = (
        "declarations:\n  a:\n    label: A\n"
        "    children:\n      b: {label: B}\n      c: {label: C}\n  d: {label: D}\n"
    )
    steps = journey(
        "- id: q\n  ask:\n"
        "    one: {type: choice, options: [x, {id: y, label: Y, declares: a.b, next: z}]}\n"
        "    two: {type: choice, options: {codes: declarations, under: a}}\n"
        "    three: {type: choice, options: {from: four, id: i, label: l}}\n"
        "    four: {type: group, fields: {i: text, l: text}}\n"
        "    five: {type: yes_no, no: {acts: a.c, label: Jamais}}\n"
        "- {id: z, end: resolved}\n",
        **{"codes.yaml": codes},
    ).steps

    ask = steps["q"]
    assert isinstance(ask, Ask)
    one, two, three, _, five = ask.questions
    assert ask.router == "one"
    assert [option.id for option in one.options] == ["x", "y"]
    assert one.options[1].codes[0].code == "a.b"
    assert [option.id for option in two.options] == ["a.b", "a.c"]
    assert three.options == ()
    assert three.options_from is not None
    assert [option.id for option in five.options] == ["yes", "no"]
    assert five.options[1].codes[0] == ("action", "a.c", False)


def test_a_question_bound_to_a_fact_takes_its_type() -> None:
    ask = journey(
        "- {id: a, ask: {mail: {fact: customer.email, known: confirm}}}\n- {end: resolved}\n"
    ).steps["a"]

    assert isinstance(ask, Ask)
    assert ask.questions[0].type.name == "email"
    assert (ask.questions[0].fact, ask.questions[0].known) == ("customer.email", "confirm")


def test_a_question_may_be_skipped_where_nothing_needs_its_answer() -> None:
    steps = journey(
        "- {id: a, ask: {free: text, read: text, guarded: text,"
        " routed: {type: yes_no, yes: {next: c}}}}\n"
        "- {id: b, say: '{read}', when: 'known(guarded)'}\n"
        "- {id: c, ask: {late: text}}\n"
        '- {id: d, ask: {again: text}, valid: x, when: \'default(late, "x") == "x"\'}\n'.replace(
            ", valid: x", ""
        )
        + "- {id: e, decide: [{when: 'length(again) > 3', next: d}, {else: true}]}\n"
        "- {end: resolved}\n"
    ).steps

    skippable = {
        question.name
        for step in steps.values()
        if isinstance(step, Ask)
        for question in step.questions
        if question.skippable
    }
    assert skippable == {"free", "guarded", "late"}


def test_what_a_caller_saves_may_not_be_skipped() -> None:
    loaded = load(
        files("- {id: a, call: k, saves: [found]}\n- {say: '{found}'}\n- {end: resolved}\n")
    )

    assert loaded.library is not None
    ask = loaded.library.journeys["k"].steps["ask"]
    assert isinstance(ask, Ask)
    assert [question.skippable for question in ask.questions] == [False, True]


def test_values_and_durations_are_written_short() -> None:
    made = journey(
        "- {id: a, ask: {x: {type: money, currency: EUR, default: 80 EUR}}, target: 2m}\n"
        "- {id: b, say: '{x}', promise: {what: z, within: 3 days}}\n- {end: resolved}\n"
    )

    ask = made.steps["a"]
    assert isinstance(ask, Ask)
    assert ask.questions[0].default == {"amount": "80.00", "currency": "EUR"}
    assert ask.target == 120_000
    assert made.steps["b"].promise is not None
    assert made.steps["b"].promise.within == 3 * (parse_duration("1 day") or 0) * 1000


def test_a_rule_of_a_table_may_route_and_code_like_any_rule() -> None:
    made = journey(
        "- {id: a, ask: {n: number}}\n"
        "- {id: b, decide: {table: t, with: {n: n}, saves: [ok]}, on: {none: c}}\n"
        "- {id: c, end: resolved}\n",
        tables="t:\n  inputs: {n: number}\n  outputs: {ok: yes_no}\n"
        "  rules:\n    - {if: {n: '> 3'}, then: {ok: true}, qualifies: x.y, next: c}\n"
        "    - {if: {n: '<= 3'}}\n",
    )

    decide = made.steps["b"]
    assert isinstance(decide, Decide)
    assert decide.table is not None
    assert decide.table.none == "c"
    assert [(row.exit, row.next) for row in decide.table.rows] == [("1", "c"), ("2", None)]
    assert decide.table.rows[0].codes[0].code == "x.y"


def test_one_broken_file_hides_nothing_of_the_others() -> None:
    loaded = load(
        files(
            "- {id: a, ask: {x: txt}}\n- {id: d, end: resolved}\n",
            **{
                "journeys/m.yaml": "a: [\n",
                "journeys/n.yaml": "parcours: 1\njourney: n\ntitle: x\n"
                "steps:\n  - {call: m}\n  - {ennd: x}\n",
                "codes.yaml": "declarations: {a: {}}\n",
                "notes.yaml": "x: 1\n",
            },
        )
    )

    assert [(one.file, one.code) for one in loaded.findings] == [
        ("codes.yaml", "form.missing-key"),
        ("journeys/j.yaml", "form.value"),
        ("journeys/m.yaml", "form.yaml-syntax"),
        ("journeys/n.yaml", "form.no-kind"),
        ("notes.yaml", "form.unread-file"),
    ]
    assert loaded.library is not None
    assert {"j", "k", "n"} <= loaded.library.journeys.keys()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "form.missing-file"),
        ({"library.yaml": "x: 1\n"}, "form.unknown-key"),
        ({"library.yaml": b"\xff"}, "form.yaml-encoding"),
        ({"library.yaml": "[]"}, "form.type"),
        ({"library.yaml": b"x" * (33 << 20)}, "form.too-large"),
    ],
)
def test_without_settings_there_is_no_library(given: dict[str, bytes | str], code: str) -> None:
    loaded = load(given)

    assert loaded.library is None
    assert code in {one.code for one in loaded.findings}


def test_two_files_may_not_hold_the_same_journey() -> None:
    loaded = load(
        files(
            "- {end: resolved}\n",
            **{"journeys/z.yaml": "parcours: 1\njourney: j\ntitle: x\nsteps: [{end: resolved}]\n"},
        )
    )

    assert [(one.file, one.code) for one in loaded.findings] == [
        ("journeys/z.yaml", "form.duplicate-journey")
    ]


def test_a_journey_past_its_review_is_said_only_when_the_day_is_known() -> None:
    text = 'parcours: 1\njourney: z\ntitle: x\nreview_by: "2026-01-01"\nsteps: [{end: resolved}]\n'
    given = files("- {end: resolved}\n", **{"journeys/z.yaml": text})

    assert load(given).findings == []
    assert [one.code for one in load(given, today=date(2026, 1, 2)).findings] == [
        "change.past-review"
    ]
    assert load(given, today=date(2026, 1, 1)).findings == []


def test_the_hash_is_of_everything_the_journeys_are_made_of() -> None:
    given = files("- {end: resolved}\n")
    reference = load(given).library
    assert reference is not None

    def revision(**changed: str) -> str:
        loaded = load({**given, **changed}).library
        assert loaded is not None
        return loaded.revision

    assert revision() == reference.revision
    backwards = load(dict(reversed(given.items()))).library
    assert backwards is not None
    assert backwards.revision == reference.revision
    assert revision(**{"tests/a.yaml": "test: a\ndo: [{start: j}]\n"}) == reference.revision
    assert revision(**{"library.yaml": LIBRARY + "# a word\n"}) != reference.revision
    assert revision_hash(given) != reference.revision
    assert revision_hash(given, system=read_folder(system_folder())) == reference.revision


def test_a_cache_gives_again_what_did_not_change_and_builds_again_what_did() -> None:
    cache = Cache()
    given = files(
        "- {id: a, call: k, saves: [found]}\n- {say: '{found}'}\n- {end: resolved}\n",
        **{"journeys/z.yaml": "parcours: 1\njourney: z\ntitle: x\nsteps: [{end: resolved}]\n"},
    )
    first = load(given, cache=cache).library
    again = load(given, cache=cache).library
    changed = load(
        {**given, "journeys/k.yaml": given["journeys/k.yaml"] + "# a word\n"}, cache=cache
    ).library
    assert first is not None
    assert again is not None
    assert changed is not None

    assert all(again.journeys[name] is journey for name, journey in first.journeys.items())
    assert changed.journeys["z"] is first.journeys["z"]
    assert changed.journeys["k"] is not first.journeys["k"]
    assert changed.journeys["j"] is not first.journeys["j"]


def test_a_cache_does_not_hide_findings() -> None:
    cache = Cache()
    given = files("- {id: a, say: '{nothing}'}\n- {end: resolved}\n")

    found = [load(given, cache=cache).findings for _ in range(2)]
    assert found[0] == found[1]
    assert [one.code for one in found[0]] == ["data.unknown-name"]


def test_a_library_examined_before_has_the_findings_of_one_examined_anew() -> None:
    cache = Cache()
    waste = files("- {id: a, ask: {colour: text}}\n- {end: resolved}\n")
    mended = files("- {id: a, ask: {colour: text}}\n- {say: '{colour}'}\n- {end: resolved}\n")

    for given in (waste, mended, waste, mended):
        cached = check(load(given, cache=cache), cache=cache)
        assert cached == check(load(given))
    assert "data.waste" in {one.code for one in check(load(waste, cache=cache), cache=cache)}


def test_a_cache_folder_outlives_the_process_and_survives_damage(tmp_path: Path) -> None:
    given = files("- {end: resolved}\n")
    load(given, cache=Cache(tmp_path))
    later = Cache(tmp_path)
    loaded = load(given, cache=later)
    for one in tmp_path.iterdir():
        one.write_bytes(b"{")

    assert loaded.findings == []
    assert (later.misses, later.hits > 0) == (0, True)
    assert load(given, cache=Cache(tmp_path)).findings == []


def test_findings_are_told_as_text_as_json_and_as_sarif() -> None:
    findings = load(files("- {id: a, say: '{nothing}'}\n- {end: resolved}\n")).findings

    assert has_errors(findings)
    assert to_text(findings).startswith("journeys/j.yaml:5:17: error data.unknown-name")
    assert '"counts": {' in to_json(findings)
    assert '"ruleId": "data.unknown-name"' in to_sarif(findings)
    assert not has_errors([Finding("people.x", "warning", "f", 1, 1, "m")])
