"""What goes with satisfaction: once and done, useful share, time; a link, and never a cause.

Source: measures.md A10; the ratio and its interval: `measures.statistics.odds`.
"""

from __future__ import annotations

from typing import Any, Final

from measures.cut import Cut, Key, Reader, Worked, rows, selected
from measures.measure import Measure, Setting
from measures.once_and_done import MATURE, ONE, QUIET, WINDOW
from measures.satisfaction import ASKED
from measures.shapes import Found, Special
from measures.sql import listed, spent
from measures.statistics.odds import Fourfold, odds_ratio, pooled
from measures.times import ASYNCHRONOUS, HANDLING, LIVE

FACTORS: Final = ("once_and_done", "useful_share", "handling_time")
WITH_FACTORS: Final = (
    f"SELECT c.*, t.done AS once_and_done, CASE WHEN c.channel NOT IN {listed(ASYNCHRONOUS)} "  # noqa: S608 - our own parts
    f"AND c.{spent(LIVE)} > 0 THEN c.ms_useful / c.{spent(LIVE)} END AS useful_share, "
    f"c.{spent(HANDLING)} / 1000.0 AS handling_time "
    "FROM contact c LEFT JOIN (SELECT tenant, ticket, "
    f"CASE WHEN {ONE} AND {QUIET} THEN 1.0 ELSE 0.0 END AS done FROM ticket WHERE {MATURE}) t "
    "ON t.tenant = c.tenant AND t.ticket = c.ticket"
)
"""Contacts with what each factor is of them: 1 or 0, a share, seconds; none where not known."""


def _link(reader: Reader, cut: Cut) -> Found:
    """Return by group the odds ratio over motives, beside what it is made of."""
    width = len(cut.dims)
    of_group = [f"d{place}" for place in range(width)]
    middle = "max(0.5)" if cut.settings["factor"] == FACTORS[0] else "quantile_cont(v, 0.5)"
    same = " AND ".join(f"m.{one} IS NOT DISTINCT FROM b.{one}" for one in of_group) or "TRUE"
    grouping = f" GROUP BY {', '.join(of_group)}" if of_group else ""
    counts = ", ".join(
        f"count(*) FILTER (b.v {side} m.middle AND b.satisfaction {said} 4)"
        for side in (">", "<=") for said in (">=", "<")
    )  # fmt: skip
    query = (
        f"WITH base AS (SELECT {selected(cut.dims)}motive, satisfaction, "  # noqa: S608 - our own parts
        f"{cut.settings['factor']} AS v "
        f"FROM ({cut.kept})), mid AS (SELECT {''.join(f'{one}, ' for one in of_group)}"
        f"{middle} AS middle FROM base{grouping}) "
        f"SELECT {''.join(f'b.{one} AS {one}, ' for one in of_group)}b.motive AS motive, "
        f"max(m.middle), {counts} FROM base b JOIN mid m ON {same} "
        f"GROUP BY {''.join(f'b.{one}, ' for one in of_group)}b.motive"
    )
    tables: dict[Key, list[Fourfold]] = {}
    middles: dict[Key, float] = {}
    for key, (limit, *cells) in rows(reader, query, width + 1).items():
        tables.setdefault(key[:width], []).append(Fourfold(*map(int, cells)))
        middles[key[:width]] = float(limit)
    return {
        key: Worked(odds_ratio(found), _beside(found, middles[key]))
        for key, found in tables.items()
    }


def _beside(tables: list[Fourfold], middle: float) -> dict[str, Any]:
    whole = pooled(tables)
    with_n, without_n, _, _ = whole.margins
    return {
        "raw": odds_ratio([whole]).value,
        "satisfied_with": whole.with_yes / with_n if with_n else None,
        "satisfied_without": whole.without_yes / without_n if without_n else None,
        "with_n": with_n,
        "without_n": without_n,
        "limit": middle,
        "motives": sum(any(one.crosses) for one in tables),
    }


SATISFACTION_LINK = Measure(
    slug="satisfaction_link",
    label={
        "fr": "Ce qui va avec la satisfaction (rapport de cotes)",
        "en": "What goes with satisfaction (odds ratio)",
    },
    unit="ratio",
    formula="Σ over motives (satisfied with · not satisfied without ÷ n) ÷ Σ (not satisfied with · "
    "satisfied without ÷ n), satisfied being 4 or 5 of 5",
    includes="Answered contacts of customers who said how satisfied they were. `factor` says with "
    "what: a demand that was once and done, or a useful share, or a handling time, above the "
    "median of these contacts (`limit`). 1: no link; above, the satisfied are more often with it. "
    "Adjusted by motive (Mantel–Haenszel); `raw` is not. `motives`: how many of them compare.",
    edges="A link, and never a cause: those with and without it differ in more than motive. All "
    "with it, or all satisfied: null, reason one_value; no motive where both can be compared: "
    "null, reason no_comparison. Marked few where any side has fewer than 30. The interval takes "
    "contacts as independent (Robins, Breslow and Greenland). Demands not yet closed for a whole "
    "window do not count for once_and_done, nor e-mail, post and social for useful_share.",
    source="measures.md A10; Mantel and Haenszel (1959); Robins, Breslow and Greenland (1986)",
    rows=WITH_FACTORS,
    more=FACTORS,
    keep=f"{ASKED} AND satisfaction IS NOT NULL AND {{factor}} IS NOT NULL",
    shape=Special(_link),
    settings={
        "factor": Setting(FACTORS[0], "what satisfaction is held against", FACTORS),
        "window": WINDOW,
    },
)
MEASURES = (SATISFACTION_LINK,)
