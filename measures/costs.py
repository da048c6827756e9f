"""What demands cost, and what a longer, better contact would spare. Source: measures.md A12."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from measures.measure import COHORT, MINUTE, Measure, Setting
from measures.policy import LIBRARY, Policy
from measures.shapes import Counts, Mean
from measures.statistics.estimate import Estimate, doubts, nothing
from measures.statistics.money import break_even, yearly_cost

MINUTE_MS = 60_000.0
MONTH_MS = 365.25 / 12 * 86_400_000
_COST = (
    "((handling_ms - internal_ms) * {minute} / {occupancy} "
    "+ internal_ms * {internal_minute}) / 60000.0 "
    "+ robot_runs * {robot_run} + {channels} + {gestures}"
)
"""What a demand cost. Who is asked inside is not borne by the occupancy of those who answer."""


def _words(policy: Policy, known: Mapping[str, Any]) -> dict[str, str]:
    del known
    return {"channels": policy.channels("channels"), "gestures": policy.gestures("actions")}


COST_TO_SERVE = Measure(
    slug="cost_to_serve",
    label={"fr": "Coût d'une demande", "en": "Cost to serve a demand"},
    unit="money",
    formula="Σ (advisors' minutes · cost ÷ occupancy + internal minutes · cost + cost of each "
    "contact by channel + robot runs · cost + goodwill) ÷ demands",
    includes="Closed demands, all their contacts. Unit costs are the library's (`costs`); goodwill "
    "is the `cost` of the codes of its actions. `by_resolved` is Σ cost ÷ resolved demands.",
    edges="Nothing said of what a minute costs: null, reason no_costs. A contact on two demands "
    "has half its time in each; its channel's cost counts in both.",
    source="measures.md A12",
    table="ticket",
    keep="status = 'closed'",
    shape=Mean(
        _COST,
        {"total": f"sum({_COST})",
         "by_resolved": f"sum({_COST}) / nullif(count(*) FILTER (outcome = 'resolved'), 0)"},
    ),
    settings={
        "minute": MINUTE,
        "internal_minute": Setting(LIBRARY, "what a minute of a colleague costs",
                                   says="internal_minute", otherwise=0),
        "occupancy": Setting(LIBRARY, "share of paid time spent in contacts", least=0.01,
                             says="occupancy", otherwise=1),
        "robot_run": Setting(LIBRARY, "what an action of a robot costs", says="robot_run",
                             otherwise=0),
        "cohort": COHORT,
    },
    is_compared_by_mix=True,
    words=_words,
    is_money=True,
)  # fmt: skip


def _saving(counts: Mapping[str, Any], settings: Mapping[str, Any]) -> Estimate:
    """Return what the period's demands would cost less, were its contacts another length."""
    demands, contacts = counts["demands"] or 0, counts["contacts"] or 0
    if not demands or not contacts:
        return nothing()
    now, then = _before_and_after(counts, settings)
    return Estimate(now - then, n=demands, marks=doubts(demands))


def _before_and_after(
    counts: Mapping[str, Any], settings: Mapping[str, Any]
) -> tuple[float, float]:
    demands, contacts = float(counts["demands"]), float(counts["contacts"])
    minutes = float(counts["handling_ms"]) / contacts / MINUTE_MS
    again = contacts / demands - 1
    cost = float(settings["minute"])
    longer = 1 + float(settings["longer"])
    # What was measured holds the length of further contacts already.
    now = yearly_cost(demands, cost=cost, minutes=minutes, reiterations=again)
    left = again * (1 - float(settings["spared"])) * longer
    then = yearly_cost(
        demands, cost=cost, minutes=minutes * float(settings["factor"]), reiterations=left
    )
    return now, then


def _beside(counts: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, float | None]:
    demands, contacts = counts["demands"] or 0, counts["contacts"] or 0
    if not demands or not contacts:
        return {}
    now, then = _before_and_after(counts, settings)
    minutes, again = counts["handling_ms"] / contacts / MINUTE_MS, contacts / demands - 1
    after = minutes * float(settings["factor"])
    months = (settings["until"] - settings["since"]) / MONTH_MS
    monthly = (now - then) / months
    project = float(settings["project"])
    return {
        "cost_before": now, "cost_after": then, "minutes": minutes, "reiterations": again,
        "break_even": break_even(minutes, again, after) if after else None,
        "payback_months": project / monthly if project and monthly > 0 else None,
    }  # fmt: skip


RETURN = Measure(
    slug="return_of_change",
    label={"fr": "Gain d'un contact plus long et mieux résolu",
           "en": "What a longer, better contact spares"},
    unit="money",
    formula="n · cost · h · (1 + R) − n · cost · (h · factor) · (1 + R · (1 − spared) · "
    "(1 + longer))",
    includes="Closed demands with a contact; h minutes a contact and R reiterations a demand as "
    "measured. `break_even`: the reiterations a demand at which the change costs nothing.",
    edges="A simulation, marked `assumed`: factor, spared and longer are the author's. A negative "
    "break-even says that it cannot pay by handling time alone.",
    source="measures.md A12",
    table="ticket",
    keep="status = 'closed' AND contacts >= 1",
    shape=Counts(
        {"demands": "count(*)", "contacts": "sum(contacts)", "handling_ms": "sum(handling_ms)"},
        _saving, _beside,
    ),
    settings={
        "minute": MINUTE,
        "factor": Setting(2, "how many times as long a contact becomes", least=0),
        "spared": Setting(0.5, "share of the reiterations that it spares", least=0, most=1),
        "longer": Setting(0, "by how much further contacts are longer than first ones", least=0),
        "project": Setting(0, "what the change costs once", least=0),
        "cohort": COHORT,
    },
    marks=("assumed",),
    is_money=True,
)  # fmt: skip
MEASURES = (COST_TO_SERVE, RETURN)
