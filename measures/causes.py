"""Causes and what solves them: which action solves what, and what it prevents.

Source: measures.md A18.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from measures.cut import Cut, Key, Reader, Worked, rows, selected
from measures.measure import COHORT, Measure, Setting
from measures.once_and_done import ONE, WINDOW
from measures.shapes import Counts, Found, Special
from measures.statistics.estimate import Estimate, doubts, nothing
from measures.statistics.quantiles import normal
from measures.statistics.ratio import Stratum, Sums, stratified

_SOLVED = f"{ONE} AND (again IS NULL OR again > closed + {{window}} * 86400000::BIGINT)"


def _effect(reader: Reader, cut: Cut) -> Found:
    """Return by group how many demands were solved, on the mix of motives of all groups."""
    width = len(cut.dims)
    query = (
        f"SELECT {selected(cut.dims)}motive, qualification, channel, count(*), "  # noqa: S608 - our own parts
        f"count(*) FILTER ({cut.told(_SOLVED)}), sum(contacts - 1) FROM ({cut.kept}) GROUP BY ALL"
    )
    weights: dict[Key, int] = {}
    groups: dict[Key, dict[Key, tuple[int, int, int]]] = {}
    for key, (n, solved, again) in rows(reader, query, width + 3).items():
        stratum = key[width:]
        weights[stratum] = weights.get(stratum, 0) + int(n)
        groups.setdefault(key[:width], {})[stratum] = (int(n), int(solved), int(again or 0))
    whole = sum(weights.values())
    found: Found = {}
    for key, cells in groups.items():
        # Sizes are weights: nothing was drawn from a population.
        strata = [Stratum(Sums(n, s, n, s, s, n), weights[one] * 1_000_000)
                  for one, (n, s, _) in cells.items()]  # fmt: skip
        n = sum(count for count, _, _ in cells.values())
        also = {
            "raw": sum(s for _, s, _ in cells.values()) / n,
            "reiterations": sum(again for _, _, again in cells.values()) / n,
            "reach": sum(weights[one] for one in cells) / whole,
        }
        found[key] = Worked(stratified(strata), also)
    return found


ACTION_EFFECT = Measure(
    slug="action_effect",
    label={"fr": "Efficacité des actions", "en": "What an action solves"},
    unit="share",
    formula="Σ weight · (demands solved at once ÷ demands), over motive, qualification and channel",
    includes="Closed demands of known customers, solved as in once_and_done. Ask by=action, with "
    "where=qualification:…; each action is weighed by the mix of all, over the part `reach` of it "
    "where it was taken. `raw` is its own mix; `reiterations` are a demand's.",
    edges="Who takes an action is not drawn by lot: it says what to try, not what it caused. A "
    "stratum with one demand leaves the interval out (`thin_stratum`).",
    source="measures.md A18 (effectiveness of action)",
    table="ticket",
    keep="status = 'closed' AND customer IS NOT NULL "
    "AND closed + {window} * 86400000::BIGINT <= {now}",
    shape=Special(_effect),
    settings={"window": WINDOW, "cohort": COHORT},
)
_TREATED = (
    "SELECT t.* REPLACE (p.action AS action), list_contains(t.actions, p.action) AS treated, "
    "EXISTS (SELECT 1 FROM ticket n WHERE n.tenant = t.tenant AND n.customer = t.customer "
    "AND n.ticket <> t.ticket AND n.first_offered > t.closed "
    "AND n.first_offered <= t.closed + {window} * 86400000::BIGINT "
    "AND (n.motive = p.spares OR starts_with(n.motive, p.spares || '.'))) AS came "
    "FROM ticket t JOIN (SELECT DISTINCT a.action, a.spares, o.qualification FROM ({prevents}) a "
    "CROSS JOIN ticket o WHERE list_contains(o.actions, a.action)) p "
    "ON p.qualification = t.qualification"
)
"""Each demand with an action that should spare a declaration, and those like it without it."""


def _prevented(counts: Mapping[str, Any], settings: Mapping[str, Any]) -> Estimate:
    del settings
    n1, n0 = counts["with_n"], counts["without_n"]
    if not n1 or not n0:
        return nothing("no_comparison", n1)
    p1, p0 = counts["with_came"] / n1, counts["without_came"] / n0
    se = math.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    width = normal() * se
    value = p1 - p0
    return Estimate(
        value, max(-1.0, value - width), min(1.0, value + width), se, None, n1, None,
        doubts(min(n1, n0)),
    )  # fmt: skip


def _rates(counts: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    del settings
    found = {}
    for name in ("with", "without"):
        n = counts[f"{name}_n"]
        found[name] = counts[f"{name}_came"] / n if n else None
        found[f"{name}_n"] = n
    return found


PREVENTION = Measure(
    slug="prevention",
    label={"fr": "Demandes évitées par l'action", "en": "Demands that an action prevents"},
    unit="share",
    formula="share that came back for what the action should spare, with it − without it",
    includes="Closed demands of known customers; actions whose code says `prevents`. Without it: "
    "demands with a qualification for which it was taken elsewhere. Back: within the window, for "
    "the declaration it should spare or one below. Negative: fewer came back.",
    edges="Everybody had it, or nobody: null, reason no_comparison. With several such actions a "
    "demand counts for each: ask by=action.",
    source="measures.md A18 (prevention)",
    table="ticket",
    rows=_TREATED,
    more=("treated", "came"),
    keep="status = 'closed' AND customer IS NOT NULL "
    "AND closed + {window} * 86400000::BIGINT <= {now}",
    shape=Counts(
        {
            "with_n": "count(*) FILTER (treated)",
            "with_came": "count(*) FILTER (treated AND came)",
            "without_n": "count(*) FILTER (NOT treated)",
            "without_came": "count(*) FILTER (NOT treated AND came)",
        },
        _prevented,
        _rates,
    ),
    settings={"window": Setting(30, "days within which who comes back counts", least=1),
              "cohort": COHORT},
    words=lambda policy, _: {"prevents": policy.prevents()},
)  # fmt: skip
MEASURES = (ACTION_EFFECT, PREVENTION)
