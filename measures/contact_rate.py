"""Contacts for each customer, order or contract: the proof that a cause is gone.

Source: measures.md A18 (contact rate); interval: Byar's approximation to Poisson's, N. E. Breslow
and N. E. Day, Statistical Methods in Cancer Research II (1987), 2.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from measures.measure import Measure, Setting
from measures.policy import Policy
from measures.shapes import Counts
from measures.statistics.estimate import Estimate, doubts, nothing
from measures.statistics.poisson import byar


def volume(counts: Mapping[str, int], *, since: int, until: int, zone: str) -> float | None:
    """Return what contacts of a period are divided by; None where a month of it is not known.

    Each month counts for the share of it that lies in the period; `since` and `until` are
    milliseconds UTC, months are those of the zone.
    """
    whole, place = 0.0, ZoneInfo(zone)
    first = datetime.fromtimestamp(since / 1000, place)
    begun = datetime(first.year, first.month, 1, tzinfo=place)
    while begun.timestamp() * 1000 < until:
        year, month = divmod(begun.year * 12 + begun.month, 12)
        ended = datetime(year, month + 1, 1, tzinfo=place)
        count = counts.get(f"{begun:%Y-%m}")
        if count is None:
            return None
        low, high = begun.timestamp() * 1000, ended.timestamp() * 1000
        whole += count * (min(high, until) - max(low, since)) / (high - low)
        begun = ended
    return whole


def _words(policy: Policy, known: Mapping[str, Any]) -> dict[str, float | None]:
    counts = policy.volumes.get(known["of"], {})
    found = volume(counts, since=known["since"], until=known["until"], zone=policy.zone)
    return {"volume": found}


def _rate(counts: Mapping[str, Any], settings: Mapping[str, Any]) -> Estimate:
    contacts, whole = int(counts["contacts"]), settings["volume"]
    if not whole:
        return nothing("no_volumes", contacts)
    low, high = byar(contacts)
    return Estimate(
        contacts / whole, low / whole, high / whole, n=contacts, marks=doubts(contacts)
    )  # fmt: skip


def _beside(counts: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, float | None]:
    return {"contacts": counts["contacts"], "volume": settings["volume"]}


CONTACT_RATE = Measure(
    slug="contact_rate",
    label={"fr": "Taux de contact", "en": "Contact rate"},
    unit="ratio",
    formula="inbound contacts ÷ Σ over months of (customers, orders … of the month · share of it "
    "in the period)",
    includes="Inbound contacts, those abandoned too. `of` names what they are divided by, as it "
    "was brought: of customers it is contacts a customer and month, of orders contacts an order.",
    edges="A month of the period for which nothing was brought: null, reason no_volumes. Each "
    "group is divided by all of them. The interval takes contacts as independent (Byar).",
    source="measures.md A18 (contact rate)",
    keep="direction = 'inbound'",
    shape=Counts({"contacts": "count(*)"}, _rate, _beside),
    settings={"of": Setting("customers", "what contacts are divided by: a kind of the volumes "
                            "that were brought", pattern="[a-z][a-z0-9_]{0,31}")},
    words=_words,
    not_by=("day", "week", "month"),
)  # fmt: skip
MEASURES = (CONTACT_RATE,)
