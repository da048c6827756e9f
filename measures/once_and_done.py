"""Once and done: solved in one contact, and nothing heard of it again within a window.

The share depends on its window, so window and cutoff are part of the answer. Source: measures.md
A7, finding 5.
"""

from __future__ import annotations

from dataclasses import replace

from measures.cut import Cut, Key, Reader, Worked, selected
from measures.facts.linked import HORIZON_DAYS
from measures.measure import BUDGET, COHORT, Measure, Setting
from measures.shapes import Found, Share, Special
from measures.statistics.survival import Observed, kaplan_meier

DAY_MS = 86_400_000
WINDOW = Setting(7, "days within which nothing more may be heard", least=1, most=HORIZON_DAYS)
ONE = "contacts = 1 AND outcome = 'resolved' AND reopened = 0"
QUIET = "(again IS NULL OR again > closed + {window} * 86400000::BIGINT)"
MATURE = "status = 'closed' AND closed + {window} * 86400000::BIGINT <= {now}"
_BOUNDS = {
    "identified": "count(customer) / count(*)",
    "bound_low": f"count(*) FILTER (customer IS NOT NULL AND {ONE} AND {QUIET}) / count(*)",
    "bound_high": f"count(*) FILTER ({ONE} AND {QUIET}) / count(*)",
}
_EDGES = (
    "Only demands closed a whole window ago count (complete-window cohort). A demand without a "
    "known customer is taken as never heard of again: `bound_low` and `bound_high` say between "
    "what that leaves the share. An advisor's own tick is no evidence."
)


def _share(slug: str, *, label: dict[str, str], hits: str, formula: str) -> Measure:
    return Measure(
        slug=slug,
        label=label,
        unit="share",
        formula=formula,
        includes="Closed demands; a further contact counts when it is the same customer's, for "
        "the same motive. Outbound contacts do not count.",
        edges=_EDGES,
        source="measures.md A7",
        table="ticket",
        keep=MATURE,
        settled=lambda known: ("closed", int(known["window"] * DAY_MS)),
        shape=Share(hits, _BOUNDS),
        settings={"window": WINDOW, "cohort": COHORT},
    )


OD_GROSS = _share(
    "once_and_done",
    label={"fr": "Résolution au premier contact (brute)", "en": "Once and done (gross)"},
    hits=f"{ONE} AND {QUIET}",
    formula="demands with one inbound contact, resolved, not reopened, and nothing more within "
    "the window ÷ closed demands",
)
OD_NET = replace(
    _share(
        "once_and_done_net",
        label={"fr": "Résolution au premier contact (nette)", "en": "Once and done (net)"},
        hits=f"{ONE} AND {QUIET}",
        formula="as once_and_done, over the motives that can be done in one contact",
    ),
    keep=f"{MATURE} AND {{budget}} <= 1",
    settings={"window": WINDOW, "cohort": COHORT, "budget": BUDGET},
)
OD_STRICT = _share(
    "once_and_done_strict",
    label={"fr": "Résolution au premier contact (stricte)", "en": "Once and done (strict)"},
    hits=f"{ONE} AND {QUIET} AND internal = 0 AND transfers = 0",
    formula="as once_and_done, also without transfer and without internal contact",
)


def _survival(reader: Reader, cut: Cut) -> Found:
    window = float(cut.settings["window"])
    # Of those followed for longer than the window it does not matter for how long.
    query = (
        f"SELECT {selected(cut.dims)}least(days, {window + 1}) AS days, "  # noqa: S608 - our own parts
        f"over AND days <= {window} AS over, count(*) FROM (SELECT *, CASE WHEN NOT ({ONE}) THEN 0 "
        "WHEN again IS NOT NULL THEN (again - closed) / 86400000.0 "
        f"ELSE ({cut.now} - closed) / 86400000.0 END AS days, NOT ({ONE}) OR again IS NOT NULL "
        f"AS over FROM ({cut.kept}) k) k GROUP BY ALL"
    )
    times: dict[Key, dict[Observed, int]] = {}
    width = len(cut.dims)
    for row in reader.execute(query).fetchall():
        key = tuple(None if one is None else str(one) for one in row[:width])
        days, is_over, count = row[width:]
        times.setdefault(key, {})[float(days), bool(is_over)] = count
    return {key: Worked(kaplan_meier(found, window), {}) for key, found in times.items()}


OD_SURVIVAL = Measure(
    slug="once_and_done_survival",
    label={"fr": "Résolution au premier contact (Kaplan-Meier)",
           "en": "Once and done (Kaplan–Meier)"},
    unit="share",
    formula="Kaplan–Meier estimate at the window of going without a further contact",
    includes="All closed demands, the youngest too: each counts for as long as it was followed.",
    edges="A demand that took several contacts, or was not resolved, fails at once. Greenwood's "
    "interval. Marked `short_follow_up` when nobody was followed for a whole window.",
    source="measures.md A7 (censoring)",
    table="ticket",
    keep="status = 'closed'",
    shape=Special(_survival),
    settings={"window": WINDOW, "cohort": COHORT},
)  # fmt: skip
MEASURES = (OD_GROSS, OD_NET, OD_STRICT, OD_SURVIVAL)
