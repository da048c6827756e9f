"""The three axes: how many, how long, and how much one axis says of another.

Source: domain.md; measures.md A13.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from measures.cut import Cut, Key, Reader, Worked, rows
from measures.measure import Measure, Setting
from measures.policy import AXES, WEIGHTS, Policy
from measures.shapes import Found, Share, Special, Total
from measures.sql import spent
from measures.statistics.association import conditional_entropy, cramers_v
from measures.statistics.estimate import Estimate, doubts, nothing
from measures.times import HANDLING

PAIRS = {
    "qualification_given_motive": ("motive", "qualification"),
    "action_given_qualification": ("qualification", "action"),
}
_PAIR = Setting("qualification_given_motive", "which axis is told by which", tuple(PAIRS))

CONTACTS = Measure(
    slug="contacts",
    label={"fr": "Contacts", "en": "Contacts"},
    unit="count",
    formula="number of contacts",
    includes="Contacts over in the period, those abandoned too (`abandoned` beside it).",
    edges="By an axis each contact counts once, under its principal code; `share` is its part of "
    "all: with where=motive:… and by=qualification that is P(qualification | declaration).",
    source="measures.md A13",
    shape=Total("1", {"abandoned": "count(*) FILTER (abandoned)"}),
)
SECONDS = Measure(
    slug="seconds",
    label={"fr": "Temps de traitement total", "en": "Handling time in all"},
    unit="s",
    formula="Σ (talk + hold + after-call work)",
    includes="Answered contacts: the axes weighed by time, and not by number.",
    edges="As contacts.",
    source="measures.md A13",
    keep="NOT abandoned",
    shape=Total(f"{spent(HANDLING)} / 1000.0"),
)
WEIGHED = Measure(
    slug="weighed",
    label={"fr": "Contacts pesés", "en": "Contacts, weighed"},
    unit="weight",
    formula="Σ weight of the code of `axis`",
    includes="Answered contacts, each by its principal code: the library's own weight of it, its "
    "cost, its dissatisfaction or its seconds (`weigh`).",
    edges="A code that says nothing has the weight of the nearest one above it; without any, 1 "
    "for `weight` and 0 for the others. `share` beside a group is its part of all.",
    source="measures.md A13",
    keep="NOT abandoned",
    shape=Total("{weighed}", {"contacts": "count(*)"}),
    settings={
        "axis": Setting("qualification", "the axis whose codes weigh", tuple(AXES)),
        "weigh": Setting("weight", "what of a code is added up", WEIGHTS),
    },
    words=lambda policy, known: {"weighed": policy.weighed(known["axis"], known["weigh"])},
)
NOT_REACHED = Measure(
    slug="not_qualified",
    label={"fr": "Contacts sans qualification", "en": "Contacts without a qualification"},
    unit="share",
    formula="contacts whose walk ended without a qualification ÷ contacts with a session",
    includes="Answered contacts that a journey served.",
    edges="Without any session nothing could be found: such contacts are left out.",
    source="measures.md A13 (not_reached)",
    keep="NOT abandoned AND sessions > 0",
    shape=Share("qualification IS NULL"),
)


def _map(policy: Policy, _: Mapping[str, Any]) -> dict[str, str]:
    return {"corresponds": policy.corresponds() or "CAST(NULL AS BOOLEAN)"}


DECLARED_OTHERWISE = Measure(
    slug="declared_otherwise",
    label={"fr": "Déclaré autrement que constaté", "en": "Declared otherwise than found"},
    unit="share",
    formula="contacts whose qualification is none that their declaration corresponds to ÷ contacts "
    "that can be compared",
    includes="Answered contacts with a declaration and a qualification, each by its principal "
    "code, whose declaration, or one above it, says `corresponds` in the library.",
    edges="The nearest code above that says it counts, and with each qualification all below it. "
    "No library says it of anything, or of none of these contacts: null, reason no_map. High is no "
    "fault: customers cannot know. It says which declarations mislead whoever counts by them "
    "alone; ask by=motive, and by=qualification what they turn out to be.",
    source="measures.md A13 (declaration ≠ qualification)",
    keep="NOT abandoned AND motive IS NOT NULL AND qualification IS NOT NULL "
    "AND {corresponds} IS NOT NULL",
    shape=Share("NOT {corresponds}", {"contacts": "count(*) FILTER (NOT {corresponds})"}),
    words=_map,
    needs_map=True,
)


def _tables(reader: Reader, cut: Cut) -> dict[Key, dict[tuple[str, str], float]]:
    first, second = PAIRS[str(cut.settings["pair"])]
    width = len(cut.dims)
    named = "".join(f"{expression} AS d{place}, " for place, expression in enumerate(cut.dims))
    query = f"SELECT {named}{first}, {second}, count(*) FROM ({cut.kept}) GROUP BY ALL"  # noqa: S608 - our own parts
    found: dict[Key, dict[tuple[str, str], float]] = {}
    for key, (count,) in rows(reader, query, width + 2).items():
        row, column = key[width] or "(none)", key[width + 1] or "(none)"
        found.setdefault(key[:width], {})[row, column] = float(count)
    return found


def _entropy(reader: Reader, cut: Cut) -> Found:
    return {
        key: Worked(_said(conditional_entropy(table), table, "empty"), {})
        for key, table in _tables(reader, cut).items()
    }


def _association(reader: Reader, cut: Cut) -> Found:
    return {
        key: Worked(_said(cramers_v(table), table, "one_value"), {})
        for key, table in _tables(reader, cut).items()
    }


def _said(value: float | None, table: dict[tuple[str, str], float], reason: str) -> Estimate:
    n = round(sum(table.values()))
    return nothing(reason, n) if value is None else Estimate(value, n=n, marks=doubts(n))


ENTROPY = Measure(
    slug="axis_entropy",
    label={"fr": "Incertitude restante entre axes", "en": "What one axis leaves open of another"},
    unit="bits",
    formula="H(second | first) = −Σ p(first, second) log₂ p(second | first)",
    includes="Principal codes of answered contacts; a missing code counts as one of its own.",
    edges="0: the first axis tells the second. Choose the pair with the setting `pair`.",
    source="measures.md A13; Shannon (1948)",
    keep="NOT abandoned AND sessions > 0",
    shape=Special(_entropy),
    settings={"pair": _PAIR},
)
CRAMER = Measure(
    slug="axis_association",
    label={"fr": "Lien entre deux axes (V de Cramér)", "en": "Link of two axes (Cramér's V)"},
    unit="ratio",
    formula="√(χ² ÷ n ÷ (min(rows, columns) − 1))",
    includes="As axis_entropy.",
    edges="Either axis with one value only: null, reason one_value.",
    source="measures.md A13; Cramér (1946)",
    keep="NOT abandoned AND sessions > 0",
    shape=Special(_association),
    settings={"pair": _PAIR},
)
MEASURES = (CONTACTS, SECONDS, WEIGHED, NOT_REACHED, DECLARED_OTHERWISE, ENTROPY, CRAMER)
