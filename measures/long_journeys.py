"""Demands that take exceptionally long, the open ones included. Source: measures.md A11."""

from __future__ import annotations

from measures.measure import COHORT, Measure, Setting
from measures.policy import LIBRARY
from measures.shapes import Share

_AGE = "(coalesce(closed, {now}) - first_offered)"
_P95 = "quantile_cont(closed - first_offered, 0.95)"

_BY = "FROM ticket WHERE closed IS NOT NULL GROUP BY ALL HAVING count(*) >= 50"
"""The reference: what fewer than 50 demands say of their slowest twentieth is not used."""
_WITH_P95 = (
    "SELECT t.*, coalesce(m.p95, a.p95, 0) AS p95 FROM ticket t LEFT JOIN "  # noqa: S608 - our own parts
    f"(SELECT tenant, motive, channel, {_P95} AS p95 {_BY}) m ON m.tenant = t.tenant "
    "AND m.motive IS NOT DISTINCT FROM t.motive AND m.channel IS NOT DISTINCT FROM t.channel "
    f"LEFT JOIN (SELECT tenant, {_P95} AS p95 {_BY}) a ON a.tenant = t.tenant"
)

EXCEPTIONALLY_LONG = Measure(
    slug="exceptionally_long",
    label={"fr": "Demandes exceptionnellement longues", "en": "Exceptionally long demands"},
    unit="share",
    formula="flagged ÷ demands open in the period; flagged: older than both the target and the "
    "P95 of its motive and channel, or more contacts than the budget, or two transfers",
    includes="Open demands at their age now, and closed ones at their lead time. The P95 is that "
    "of closed demands from 50 on, else of all motives.",
    edges="An open demand is flagged before it is closed. Outlier scores are not used: on real "
    "logs they found nothing.",
    source="measures.md A11",
    table="ticket",
    at="opened",
    rows=_WITH_P95,
    more=("p95",),
    during="opened < {until} AND coalesce(closed, {now}) >= {since}",
    shape=Share(
        f"{_AGE} > greatest({{target}} * 3600000, p95) OR contacts > {{budget}} "
        "OR transfers >= 2",
        {"still_open": "count(*) FILTER (closed IS NULL)",
         "too_old": f"count(*) FILTER ({_AGE} > greatest({{target}} * 3600000, p95))"},
    ),
    settings={
        "target": Setting(LIBRARY, "hours a demand should take at most; 48 where the library says "
                          "none", says="target", otherwise=48),
        "budget": Setting(LIBRARY, "contacts beyond which a demand is too long; 3 where the "
                          "library says none", least=1, says="contacts", otherwise=3),
    },
)  # fmt: skip
WITHIN_TARGET = Measure(
    slug="within_target",
    label={"fr": "Demandes closes dans leur délai", "en": "Demands closed within their target"},
    unit="share",
    formula="demands closed within the target of their motive ÷ closed demands",
    includes="From the first contact to the close, clock time. The target is the motive's in the "
    "library.",
    edges="Demands of motives without a target are left out. Open demands: see exceptionally_long.",
    source="measures.md A11",
    table="ticket",
    keep="status = 'closed' AND {target} IS NOT NULL",
    shape=Share("closed - first_offered <= {target} * 3600000"),
    settings={
        "target": Setting(LIBRARY, "hours a demand should take at most", says="target"),
        "cohort": COHORT,
    },
)
MEASURES = (EXCEPTIONALLY_LONG, WITHIN_TARGET)
