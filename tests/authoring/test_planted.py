"""One defect planted in the shipped library: what it is gets found; what is no defect does not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authoring.check import check, has_errors
from authoring.checks.registry import CHECKS
from authoring.findings import Finding
from authoring.load import load
from tests.support.any_walk import Walker
from tests.support.mutants import (
    Data,
    as_files,
    changed,
    deletions,
    demo,
    demo_texts,
    renamed,
    without,
)

SUIVI, PANNE = "livraison.suivi", "internet.panne"
Change = Callable[[dict[str, Any]], object]
MUTANTS = int(os.environ.get("PARCOURS_MUTANTS", "25"))


def found(files: dict[str, str]) -> list[Finding]:
    return check(load(files))


def places(findings: list[Finding]) -> list[tuple[str, str, str | None, str | None]]:
    """Return findings modulo their positions."""
    return sorted((f.code, f.severity, f.journey, f.step or "") for f in findings)


LONG = "x" * 90
PLANTED: list[tuple[str, str, str, Change]] = [
    ("graph.unknown-target", SUIVI, "neighbour", lambda s: s.update(next="fond")),
    ("graph.unknown-journey", SUIVI, "identify", lambda s: s.update(call="client.who")),
    ("graph.unknown-team", SUIVI, "to_logistics", lambda s: s["transfer"].update(team="trucks")),
    ("graph.unknown-promise", SUIVI, "reassure", lambda s: s.update(keeps="latter")),
    ("graph.unknown-outcome", SUIVI, "identify", lambda s: s["on"].update(deferred="later")),
    ("graph.unmapped-outcome", SUIVI, "identify", lambda s: s.pop("on")),
    ("graph.unreachable", SUIVI, "late",
     lambda s: s.update(next="solved", ask={"late_wish": "text"})),
    ("graph.dead-end", SUIVI, "damaged_parcel",
     lambda s: (s.pop("goto_journey"), s.pop("with"), s.update(say={"fr": "Oui", "en": "Well"}))),
    ("graph.no-outcome", SUIVI, "not_identified",
     lambda s: (s.pop("end"), s.update(ask={"why": "text"}, none=False, next="not_identified"))),
    ("graph.endless-cycle", SUIVI, "payment_through",
     lambda s: s["decide"][1].update(next="payment")),
    ("graph.missing-else", SUIVI, "cause", lambda s: s["decide"].pop()),
    ("data.unassigned", SUIVI, "order", lambda s: s["on"]["refused"].update(not_found="card")),
    ("data.dead-rule", SUIVI, "cause", lambda s: s["decide"].insert(2, s["decide"][0])),
    ("data.waste", SUIVI, "neighbour",
     lambda s: s.update(ask={"colour": {"type": "text", "label": {"fr": "C", "en": "C"}}})),
    ("data.asked-twice", SUIVI, "order_number", lambda s: (s.pop("again"), s.pop("otherwise"))),
    ("data.wrong-type", SUIVI, "order", lambda s: s["with"].update(id="1 + 1")),
    ("trace.missing-axis", SUIVI, "reassure", lambda s: s.pop("acts")),
    ("trace.unknown-code", SUIVI, "reassure", lambda s: s.update(acts="information.nothing")),
    ("trace.not-a-leaf", SUIVI, "reassure", lambda s: s.update(acts="information")),
    ("trace.never-resolved", "info.horaires", "told", lambda s: s.update(end="abandoned")),
    ("safety.no-manual", SUIVI, "payment", lambda s: s.pop("by_hand")),
    ("safety.by-hand-incomplete", SUIVI, "order", lambda s: s["by_hand"]["fills"].pop()),
    ("safety.when-without-else", SUIVI, "chase", lambda s: s.update(when="known(order_id)")),
    ("safety.unsafe-retry", SUIVI, "chase", lambda s: s.update(effect="unsafe", retries=2)),
    ("safety.effect-understated", SUIVI, "resend", lambda s: s.update(effect="read")),
    ("safety.compensate", SUIVI, "pay_link", lambda s: s.pop("compensate")),
    ("safety.unknown-parameter", SUIVI, "order", lambda s: s["with"].update(number="order_id")),
    ("safety.missing-parameter", SUIVI, "order", lambda s: s.pop("with")),
    ("safety.unidentified", PANNE, "exchange", lambda s: s.update(irreversible=True)),
    ("people.missing-wording", SUIVI, "complaint", lambda s: s["say"].pop("customer")),
    ("people.silent-stop", SUIVI, "not_identified",
     lambda s: (s.pop("end"), s.update(ask={"why": {"type": "text"}}, next="solved"))),
    ("people.long-label", SUIVI, "complaint",
     lambda s: s["ask"]["complaint"]["options"][0].update(label={"fr": LONG, "en": LONG})),
]  # fmt: skip
ELSEWHERE = {
    "graph.recursion", "graph.call-depth", "graph.not-startable", "safety.sensitive-out",
    "tables.overlap", "trace.open-segment",
}  # fmt: skip
"""Planted below: they stand in another file, or need two changes."""


def test_every_check_has_a_defect_planted_for_it() -> None:
    assert {code for code, *_ in PLANTED} | ELSEWHERE == {each.code for each in CHECKS}


@pytest.mark.parametrize(
    ("code", "journey", "step", "change"), PLANTED, ids=[p[0] for p in PLANTED]
)
def test_a_planted_defect_is_found(code: str, journey: str, step: str, change: Change) -> None:
    findings = found(as_files(changed(demo(), journey, step, change)))

    assert code in {one.code for one in findings}, places(findings)


def test_defects_that_stand_elsewhere_are_found_too() -> None:
    itself = {"call": "client.identification"}
    circle = changed(demo(), "client.identification", "same_postcode",
                     lambda s: (s.pop("decide"), s.update(itself)))  # fmt: skip
    fragment = demo()
    fragment["library.yaml"]["declarations"]["livraison.suivi"] = "commande.choix"
    rights = demo()
    rights["tables/remboursement.droits.yaml"]["rules"][1]["if"]["days"] = ">= 14"
    segment = demo()
    segment["library.yaml"]["facts"]["customer.segment"] = {"type": "text", "holder": "customer"}
    told = changed(demo(), "client.identification", "postcode", lambda s: s.update(sensitive=True))
    told = changed(told, "client.identification", "find",
                   lambda s: s["with"].update(number="default(postcode, null)"))  # fmt: skip

    deep = demo()
    for place in range(1, 18):
        last = {"id": "out", "end": "resolved"}
        steps = [{"id": "on", "call": f"deep.n{place + 1}"}, last] if place < 17 else [last]
        deep[f"journeys/deep.n{place}.yaml"] = {
            "parcours": 1, "journey": f"deep.n{place}", "title": "Deep", "start": False,
            "steps": steps,
        }  # fmt: skip

    assert "graph.call-depth" in {one.code for one in found(as_files(deep))}
    assert "graph.recursion" in {one.code for one in found(as_files(circle))}
    assert "tables.overlap" in {one.code for one in found(as_files(rights))}
    assert "graph.not-startable" in {one.code for one in found(as_files(fragment))}
    assert "trace.open-segment" in {one.code for one in found(as_files(segment))}
    assert "safety.sensitive-out" in {one.code for one in found(as_files(told))}


@settings(max_examples=MUTANTS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_is_left_out_is_found_or_does_no_harm(data: st.DataObject) -> None:
    library = demo()
    file, path = data.draw(st.sampled_from(list(deletions(library))))
    mutant = without(library, file, path)
    loaded = load(as_files(mutant))
    if loaded.library is None or has_errors(check(loaded)):
        return

    journey = mutant[file]["journey"]
    begun = journey if loaded.library.journeys[journey].startable else SUIVI
    for walk in range(3):
        walker = Walker(loaded, Random(f"{file}{path}{walk}"))
        walker.begin(begun)
        walker.walk(25)


def _rewritten(data: Data) -> dict[str, str]:
    """Return each file as JSON over many lines: other quotes, other places, the same meaning."""
    return {name: json.dumps(one, ensure_ascii=False, indent=1) for name, one in data.items()}


def _reordered(data: Data) -> dict[str, str]:
    """Return each file with the keys of steps in another order."""
    for name, one in data.items():
        if name.startswith("journeys/"):
            one["steps"] = [dict(reversed(step.items())) for step in one["steps"]]
    return as_files(data)


def _ends_first(data: Data) -> dict[str, str]:
    """Return each journey with its outcomes in another order: nothing falls through to them."""
    for name, one in data.items():
        if name.startswith("journeys/"):
            steps = one["steps"]
            at = next(i for i, step in enumerate(steps) if "end" in step)
            tail = [s for s in steps[at:] if "end" in s]
            if len(tail) == len(steps) - at and len(tail) > 1:
                one["steps"] = [*steps[: at + 1], *reversed(tail[1:])]
    return as_files(data)


def _all_renamed(data: Data) -> dict[str, str]:
    """Return every step under another id."""
    return as_files({name: renamed(one) for name, one in data.items()})


SAME: list[Callable[[Data], dict[str, str]]] = [_rewritten, _reordered, _ends_first, _all_renamed]
DEFECTS = [p for p in PLANTED if p[0] in (
    "graph.unmapped-outcome", "data.unassigned", "trace.missing-axis", "safety.by-hand-incomplete",
    "graph.endless-cycle", "people.missing-wording",
)]  # fmt: skip


@pytest.mark.parametrize("same", SAME, ids=lambda one: one.__name__.strip("_"))
def test_the_shipped_library_has_no_finding_however_it_is_written(
    same: Callable[[Data], dict[str, str]],
) -> None:
    assert found(demo_texts()) == []
    assert found(same(demo())) == []


@pytest.mark.parametrize("same", SAME, ids=lambda one: one.__name__.strip("_"))
@pytest.mark.parametrize(
    ("code", "journey", "step", "change"), DEFECTS, ids=[p[0] for p in DEFECTS]
)
def test_a_defect_is_found_however_it_is_written(
    same: Callable[[Data], dict[str, str]], code: str, journey: str, step: str, change: Change
) -> None:
    wrong = changed(demo(), journey, step, change)
    before = [(one.code, one.severity, one.journey) for one in found(as_files(wrong))]

    after = [(one.code, one.severity, one.journey) for one in found(same(wrong))]

    assert code in {one for one, _, _ in before}
    assert sorted(after, key=str) == sorted(before, key=str)
