"""Time spent, value added and lead time of a demand, and of each of its steps (TP, VA, délai).

Source: the lean article; measures.md A6.
"""

from __future__ import annotations

from measures.measure import COHORT, Measure
from measures.shapes import Mean, Quantile, Ratio

_LEAD = "(closed - first_offered) / 1000.0"
_CLOSED = "status = 'closed' AND closed >= first_offered"

TIME_SPENT = Measure(
    slug="time_spent",
    label={"fr": "Temps passé par demande (TP)", "en": "Time spent on a demand"},
    unit="s",
    formula="Σ handling time of all contacts of a demand ÷ demands",
    includes="Internal contacts too; a contact on two demands counts half for each.",
    edges="Closed demands only.",
    source="measures.md A6",
    table="ticket",
    keep=_CLOSED,
    shape=Mean("handling_ms / 1000.0"),
    settings={"cohort": COHORT},
    is_compared_by_mix=True,
)
VALUE_ADDED = Measure(
    slug="value_added",
    label={"fr": "Valeur ajoutée par demande (VA)", "en": "Value added to a demand"},
    unit="s",
    formula="Σ useful time of all contacts of a demand ÷ demands",
    includes="As time_spent.",
    edges="Modelled from the steps' classes.",
    source="measures.md A6",
    table="ticket",
    keep=_CLOSED,
    shape=Mean("useful_ms / 1000.0"),
    settings={"cohort": COHORT},
    is_compared_by_mix=True,
)
VALUE_ADDED_RATIO = Measure(
    slug="value_added_ratio",
    label={"fr": "Taux de valeur ajoutée", "en": "Value-added ratio"},
    unit="share",
    formula="Σ value added ÷ Σ lead time",
    includes="Clock hours from the first contact to the close.",
    edges="A demand opened and closed at once has no lead time and adds none.",
    source="measures.md A6 (PCE)",
    table="ticket",
    keep=_CLOSED,
    shape=Ratio("useful_ms", "closed - first_offered", is_share=False),
    settings={"cohort": COHORT},
)
WASTE_FACTOR = Measure(
    slug="waste_factor",
    label={"fr": "Facteur de gaspillage", "en": "Waste factor"},
    unit="ratio",
    formula="Σ time spent ÷ Σ value added",
    includes="As time_spent.",
    edges="No value added: null.",
    source="measures.md A6",
    table="ticket",
    keep=_CLOSED,
    shape=Ratio("handling_ms", "useful_ms", is_share=False),
    settings={"cohort": COHORT},
)
LEAD_TIME = Measure(
    slug="lead_time",
    label={"fr": "Délai d'une demande (médian)", "en": "Lead time of a demand (median)"},
    unit="s",
    formula="median of (close − first contact)",
    includes="Clock time, nights and week-ends included; mean and P90 stand beside it.",
    edges="Open demands are not in it: see exceptionally_long.",
    source="measures.md A6",
    table="ticket",
    keep=_CLOSED,
    shape=Quantile(_LEAD),
    settings={"cohort": COHORT},
)
STEP_TIME = Measure(
    slug="step_time",
    label={"fr": "Temps passé par étape", "en": "Time spent on a step"},
    unit="s",
    formula="Σ time of visits ÷ visits",
    includes="Live visits, automatic ones too (0 s); `useful_s` beside it is the value added.",
    edges="A visit that spans several contacts counts its time in the first.",
    source="measures.md A6",
    table="visit",
    at="entered",
    keep="NOT undone",
    shape=Mean("ms / 1000.0", {"useful_s": "avg(useful_ms) / 1000.0", "visits": "count(*)"}),
)
STEP_DELAY = Measure(
    slug="step_delay",
    label={"fr": "Délai par étape", "en": "Lead time of a step"},
    unit="s",
    formula="Σ (end of a step − end of the step before) ÷ visits",
    includes="Live visits that ended; the first one counts from the start of its session.",
    edges="Over one session the delays add up to its lead time, exactly.",
    source="measures.md A6",
    table="visit",
    at="entered",
    keep="delay_ms IS NOT NULL",
    shape=Mean("delay_ms / 1000.0", {"total_s": "sum(delay_ms) / 1000.0"}),
)
MEASURES = (
    TIME_SPENT, VALUE_ADDED, VALUE_ADDED_RATIO, WASTE_FACTOR, LEAD_TIME, STEP_TIME, STEP_DELAY,
)  # fmt: skip
