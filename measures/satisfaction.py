"""What customers say: content or not, how hard it was, whether the time was useful, what they felt.

Each stands with how many answered, and with the same figure weighed as if every motive and outcome
had answered alike. Source: measures.md A3, A10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from measures.cut import Cut, Key, Reader, Worked, rows, selected
from measures.measure import Measure
from measures.parts import Wanted
from measures.shapes import Counts, Found, Mean, Ratio, Shape, Share
from measures.sql import listed, spent
from measures.statistics.estimate import Estimate, nothing
from measures.statistics.service import net_promoters
from measures.sweep import Swept
from measures.times import ASYNCHRONOUS, LIVE

ASKED = "NOT abandoned AND direction <> 'internal'"


BESIDE: Final = ("response_rate", "asked", "weighted", "weighted_reach")
"""What stands beside a figure of those who answered, of all who were asked."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A figure of those who answered, with the response rate and the weighed figure beside it."""

    shape: Shape
    value: str

    adds_up: ClassVar[bool] = False

    @property
    def wanted(self) -> Wanted:
        """What the figure of those who answered needs."""
        return self.shape.wanted

    def worked(self, one: Swept, settings: Mapping[str, Any]) -> Worked:
        """Return the figure of those who answered."""
        return self.shape.worked(one, settings)

    def asks(self, reader: Reader, cut: Cut, found: Found) -> Found:
        """Return the figure of each group with what stands beside it."""
        beside = self._beside(reader, cut)
        return {
            key: Worked(
                found[key].estimate if key in found else nothing(),
                {**(found[key].also if key in found else {}), **more},
            )
            for key, more in beside.items()
        }

    def _beside(self, reader: Reader, cut: Cut) -> dict[Key, Mapping[str, float | None]]:
        dims = [f"d{place}" for place in range(len(cut.dims))]
        named = "".join(f"{dim}, " for dim in dims)
        grouping = f"GROUP BY {', '.join(dims)}" if dims else ""
        inner = replace(cut, keep=ASKED)
        query = (
            f"WITH cell AS (SELECT {selected(cut.dims)}motive, outcome, count(*) AS asked, "  # noqa: S608 - our own parts
            f"count(*) FILTER ({cut.keep}) AS said, "
            f"avg(({self.value})::DOUBLE) FILTER ({cut.keep}) AS mean "
            f"FROM ({inner.kept}) GROUP BY ALL) "
            f"SELECT {named}sum(said) / sum(asked), sum(asked), "
            f"sum(asked * mean) / sum(asked) FILTER (said > 0), "
            f"sum(asked) FILTER (said > 0) / sum(asked) FROM cell {grouping}"
        )
        found = rows(reader, query, len(cut.dims))
        return {
            key: dict(zip(BESIDE, values, strict=True))
            for key, values in found.items()
            if values[1]
        }


_EDGES = (
    "Nobody answered: null. `response_rate` and `asked` stand beside it; `weighted` gives each "
    "motive and outcome the weight of all its contacts, over the part `weighted_reach` of them "
    "where somebody answered. Those who answer are not those who do not."
)
_INCLUDES = "Answered contacts of customers whose customer answered that question."


def _nps(counts: Mapping[str, Any], _: Mapping[str, Any]) -> Estimate:
    return net_promoters(counts["promoters"], counts["detractors"], counts["answers"])


CSAT = Measure(
    slug="satisfaction",
    label={"fr": "Satisfaction (4 ou 5 sur 5)", "en": "Satisfaction (4 or 5 out of 5)"},
    unit="share",
    formula="answers of 4 or 5 ÷ answers from 1 to 5",
    includes=_INCLUDES,
    edges=_EDGES,
    source="measures.md A10",
    keep=f"{ASKED} AND satisfaction IS NOT NULL",
    shape=Answered(
        Share("satisfaction >= 4", {"mean": "avg(satisfaction)"}),
        "CASE WHEN satisfaction >= 4 THEN 1 ELSE 0 END",
    ),
)
CES = Measure(
    slug="effort",
    label={"fr": "Facilité ressentie (1 à 7)", "en": "How easy it was (1 to 7)"},
    unit="ratio",
    formula="Σ answers from 1 (hard) to 7 (easy) ÷ answers",
    includes=_INCLUDES,
    edges=_EDGES + " `easy` is the share of answers from 5 up.",
    source="measures.md A10 (CES)",
    keep=f"{ASKED} AND effort IS NOT NULL",
    shape=Answered(
        Mean("effort", {"easy": "count(*) FILTER (effort >= 5) / count(*)"}, least=1.0, most=7.0),
        "effort",
    ),
)
NPS = Measure(
    slug="recommendation",
    label={"fr": "Recommandation nette (NPS)", "en": "Net promoters (NPS)"},
    unit="ratio",
    formula="(answers of 9 and 10 − answers from 0 to 6) ÷ answers, from −1 to 1",
    includes=_INCLUDES,
    edges=_EDGES,
    source="measures.md A10",
    keep=f"{ASKED} AND recommend IS NOT NULL",
    shape=Answered(
        Counts(
            {
                "promoters": "count(*) FILTER (recommend >= 9)",
                "detractors": "count(*) FILTER (recommend <= 6)",
                "answers": "count(*)",
            },
            _nps,
        ),
        "CASE WHEN recommend >= 9 THEN 1 WHEN recommend <= 6 THEN -1 ELSE 0 END",
    ),
)
FOUND_USEFUL = Measure(
    slug="found_useful",
    label={"fr": "« Ce temps vous a-t-il été utile ? »", "en": "“Was this time useful to you?”"},
    unit="share",
    formula="Σ answers, from not at all (0) to all of it (1) ÷ answers",
    includes=_INCLUDES,
    edges=_EDGES + " Each customer weighs the same, however long the contact: see duc_rated.",
    source="measures.md A3",
    keep=f"{ASKED} AND useful_said IS NOT NULL",
    shape=Answered(Mean("useful_said / 100.0", most=1.0), "useful_said / 100.0"),
)
DUC_RATED = Measure(
    slug="duc_rated",
    label={"fr": "DUC dite par les clients", "en": "Useful share, as customers rate it"},
    unit="share",
    formula="Σ (share said useful · time the customer spent) ÷ Σ time the customer spent",
    includes="As duc_experienced, of contacts whose customer answered. Source: rated.",
    edges="What customers find useful may be filler: `raw` takes the filled time out. Nobody "
    "answered: null. E-mail and social: not counted.",
    source="measures.md A3 (rated)",
    keep=f"{ASKED} AND useful_said IS NOT NULL AND channel NOT IN {listed(ASYNCHRONOUS)}",
    shape=Ratio(
        f"useful_said / 100.0 * {spent(LIVE)}",
        spent(LIVE),
        {
            "raw": f"sum(greatest(useful_said / 100.0 * {spent(LIVE)} - ms_masked, 0)) "
            f"/ nullif(sum({spent(LIVE)}), 0)"
        },
    ),
)
FELT = Measure(
    slug="felt_losses",
    label={"fr": "Pertes ressenties par client", "en": "Losses felt, a customer"},
    unit="count",
    formula="Σ losses ticked ÷ answers",
    includes="Customers who answered any question. Beside it, the share who felt each loss.",
    edges="Nothing ticked counts as none felt.",
    source="measures.md A3, A4",
    keep=f"{ASKED} AND felt IS NOT NULL",
    shape=Mean(
        "len(felt)",
        {
            f"felt_{loss}": f"count(*) FILTER (list_contains(felt, '{loss}')) / count(*)"
            for loss in (
                "queue", "lookup", "analysis", "procedure", "hold", "transfer", "repetition",
                "deferral",
            )
        },
        has_quantiles=False,
    ),
)  # fmt: skip
MEASURES = (CSAT, CES, NPS, FOUND_USEFUL, DUC_RATED, FELT)
