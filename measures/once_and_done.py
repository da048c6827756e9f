"""Once and done: solved in one contact, and nothing heard of it again within a window.

The share depends on its window, so window and cutoff are part of the answer. Source: measures.md
A7, finding 5.
"""

from __future__ import annotations

from dataclasses import replace

from measures.cut import Cut, Reader, Worked, selected
from measures.measure import BUDGET, COHORT, Measure, Setting
from measures.shapes import Found, Share, Special
from measures.statistics.survival import kaplan_meier

DAY_MS = 86_400_000
WINDOW = Setting(7, "days within which nothing more may be heard", least=1)
_MANY = (
    "SELECT customer, motive FROM ticket WHERE customer IS NOT NULL AND motive IS NOT NULL "
    "AND (closed >= {since} OR first_offered >= {since}) GROUP BY customer, motive "
    "HAVING count(*) > 1"
)
_CAME_AGAIN = (
    "SELECT k.ticket, n.first_offered AS again FROM (SELECT ticket, tenant, customer, motive, "  # noqa: S608 - our own parts
    "closed FROM ticket WHERE {at} >= {since} AND {at} < {until} AND closed IS NOT NULL "
    f"AND (customer, motive) IN ({_MANY})) k ASOF JOIN (SELECT tenant, customer, motive, "
    "first_offered FROM ticket WHERE first_offered >= {since} "
    f"AND (customer, motive) IN ({_MANY})) n ON n.tenant = k.tenant AND n.customer = k.customer "
    "AND n.motive = k.motive AND n.first_offered > k.closed"
)
"""When demands of the period came again; most customers have one of a motive, and are left out."""
ROWS = f"SELECT t.*, n.again FROM ticket t LEFT JOIN ({_CAME_AGAIN}) n ON n.ticket = t.ticket"  # noqa: S608 - our own parts
"""Each demand with when the same customer next came for the same motive."""
ONE = "contacts = 1 AND outcome = 'resolved' AND reopened = 0"
_QUIET = "(again IS NULL OR again > closed + {window} * 86400000::BIGINT)"
_MATURE = "status = 'closed' AND closed + {window} * 86400000::BIGINT <= {now}"
_BOUNDS = {
    "identified": "count(customer) / count(*)",
    "bound_low": f"count(*) FILTER (customer IS NOT NULL AND {ONE} AND {_QUIET}) / count(*)",
    "bound_high": f"count(*) FILTER ({ONE} AND {_QUIET}) / count(*)",
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
        rows=ROWS,
        more=("again",),
        keep=_MATURE,
        shape=Share(hits, _BOUNDS),
        settings={"window": WINDOW, "cohort": COHORT},
    )


OD_GROSS = _share(
    "once_and_done",
    label={"fr": "Résolution au premier contact (brute)", "en": "Once and done (gross)"},
    hits=f"{ONE} AND {_QUIET}",
    formula="demands with one inbound contact, resolved, not reopened, and nothing more within "
    "the window ÷ closed demands",
)
OD_NET = replace(
    _share(
        "once_and_done_net",
        label={"fr": "Résolution au premier contact (nette)", "en": "Once and done (net)"},
        hits=f"{ONE} AND {_QUIET}",
        formula="as once_and_done, over the motives that can be done in one contact",
    ),
    keep=f"{_MATURE} AND {{budget}} <= 1",
    settings={"window": WINDOW, "cohort": COHORT, "budget": BUDGET},
)
OD_STRICT = _share(
    "once_and_done_strict",
    label={"fr": "Résolution au premier contact (stricte)", "en": "Once and done (strict)"},
    hits=f"{ONE} AND {_QUIET} AND internal = 0 AND transfers = 0",
    formula="as once_and_done, also without transfer and without internal contact",
)


def _survival(reader: Reader, cut: Cut) -> Found:
    window = float(cut.settings["window"])
    query = (
        f"SELECT {selected(cut.dims)}CASE WHEN NOT ({ONE}) THEN 0 WHEN again IS NOT NULL "  # noqa: S608 - our own parts
        f"THEN (again - closed) / 86400000.0 ELSE ({cut.now} - closed) / 86400000.0 END, "
        f"NOT ({ONE}) OR again IS NOT NULL FROM ({cut.kept})"
    )
    times: dict[tuple[str | None, ...], list[tuple[float, bool]]] = {}
    width = len(cut.dims)
    for row in reader.execute(query).fetchall():
        key = tuple(None if one is None else str(one) for one in row[:width])
        times.setdefault(key, []).append((float(row[width]), bool(row[width + 1])))
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
    rows=ROWS,
    more=("again",),
    keep="status = 'closed'",
    shape=Special(_survival),
    settings={"window": WINDOW, "cohort": COHORT},
)  # fmt: skip
MEASURES = (OD_GROSS, OD_NET, OD_STRICT, OD_SURVIVAL)
