"""How often customers come again for one demand, and how often others are asked about it.

Source: the Once & Done article; measures.md A8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from measures.measure import BUDGET, COHORT, Measure, Setting
from measures.shapes import Mean, Ratio, Share, Total

_MATURITY = Setting(7, "days since the close before a demand counts", least=0)
_BUDGET = Setting(1, "contacts that a well-organised process needs", least=1)
_KEEP = "status = 'closed' AND contacts >= 1 AND closed + {maturity} * 86400000::BIGINT <= {now}"


def _mature(settings: Mapping[str, Any]) -> tuple[str, int]:
    return "closed", int(settings["maturity"] * 86_400_000)


_SETTINGS = {"maturity": _MATURITY, "cohort": COHORT}
_EDGES = (
    "Demands closed long enough ago. Outbound contacts do not count, nor one that comes by the "
    "same channel within five minutes of a contact whose line broke."
)


def _mean(slug: str, *, label: dict[str, str], value: str, formula: str) -> Measure:
    return Measure(
        slug=slug,
        label=label,
        unit="count",
        formula=formula,
        includes="Contacts of a demand, whatever the channel.",
        edges=_EDGES,
        source="measures.md A8",
        table="ticket",
        keep=_KEEP,
        settled=_mature,
        shape=Mean(value),
        settings=_SETTINGS,
        is_compared_by_mix=True,
    )


EXTERNAL = _mean(
    "reiterations",
    label={"fr": "Réitérations du client par demande", "en": "Reiterations by the customer"},
    value="contacts - 1",
    formula="Σ (inbound contacts − 1) ÷ demands",
)
INTERNAL = _mean(
    "internal_reiterations",
    label={"fr": "Contacts internes par demande", "en": "Internal contacts a demand"},
    value="internal",
    formula="Σ internal contacts ÷ demands",
)
ALL = _mean(
    "all_reiterations",
    label={"fr": "Réitérations, internes comprises", "en": "Reiterations, internal ones included"},
    value="contacts - 1 + internal",
    formula="Σ (inbound contacts − 1 + internal contacts) ÷ demands",
)
RATE = Measure(
    slug="reiteration_rate",
    label={"fr": "Part de demandes réitérées", "en": "Demands that came again"},
    unit="share",
    formula="demands with more contacts than `budget` ÷ demands",
    includes="The budget is 1 unless said otherwise: any further contact is one too many.",
    edges=_EDGES,
    source="measures.md A8",
    table="ticket",
    keep=_KEEP,
    settled=_mature,
    shape=Share("contacts > {budget}"),
    settings={**_SETTINGS, "budget": _BUDGET},
)
OVER_BUDGET = replace(
    RATE,
    slug="over_budget",
    label={"fr": "Demandes au-delà de leur budget de contacts",
           "en": "Demands beyond their budget of contacts"},
    includes="The budget is what the library says the motive needs, 1 where it says nothing.",
    settings={**_SETTINGS, "budget": BUDGET},
)  # fmt: skip
CONTACTS = Measure(
    slug="contacts_a_demand",
    label={"fr": "Contacts par demande, face au nombre attendu",
           "en": "Contacts a demand, beside the number expected"},
    unit="count",
    formula="Σ inbound contacts ÷ demands",
    includes="`expected` beside it is the mean of what the library says the motives need; "
    "`beyond` is Σ contacts beyond that ÷ demands.",
    edges=_EDGES,
    source="measures.md A8; domain.md (reiterations against the expected number)",
    table="ticket",
    keep=_KEEP,
    settled=_mature,
    shape=Mean("contacts", {"expected": "avg({budget})",
                            "beyond": "avg(greatest(contacts - {budget}, 0))"}),
    settings={**_SETTINGS, "budget": BUDGET},
    is_compared_by_mix=True,
)  # fmt: skip
SWITCHES = Measure(
    slug="channel_switches",
    label={"fr": "Réitérations par un autre canal", "en": "Reiterations by another channel"},
    unit="share",
    formula="Σ contacts by another channel than the one before ÷ Σ reiterations",
    includes="Inbound and outbound contacts, in order.",
    edges="No reiteration at all: null.",
    source="measures.md A8",
    table="ticket",
    keep=_KEEP,
    settled=_mature,
    shape=Ratio("switches", "contacts + outbound - 1"),
    settings=_SETTINGS,
)
TICKETS = Measure(
    slug="tickets",
    label={"fr": "Demandes", "en": "Demands"},
    unit="count",
    formula="number of demands",
    includes="Closed in the period; by channel it is that of the first contact.",
    edges="None: null with its reason, and not 0.",
    source="measures.md A8 (first point of contact)",
    table="ticket",
    shape=Total(),
    settings={"cohort": COHORT},
)
MEASURES = (EXTERNAL, INTERNAL, ALL, RATE, OVER_BUDGET, CONTACTS, SWITCHES, TICKETS)
