"""How soon customers are answered, on each channel, and who was not answered.

Source: measures.md A9; targets of domain.md (phone 60 s, chat 30 s, mail 24 h, social 30 min).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from measures.cut import Cut, Worked
from measures.measure import Measure, Setting
from measures.shapes import Found, Quantile, Share, Special, beside
from measures.sql import listed
from measures.statistics.service import DEFAULT, FORMULAS, Offered, on_time, service_level
from measures.times import ASYNCHRONOUS

if TYPE_CHECKING:
    import duckdb

TARGETS_S = {"phone": 60, "chat": 30, "email": 86_400, "social": 1_800}
SHORT_MS = 5_000
RETRY_MS = 1_800_000
_ASYNC = listed(ASYNCHRONOUS)
_TARGET = Setting(0, "seconds within which to answer; 0 takes each channel's own", least=0)
_OWN = " ".join(f"WHEN '{channel}' THEN {s * 1000}" for channel, s in TARGETS_S.items())
_WITHIN = f"(CASE WHEN {{target}} > 0 THEN {{target}} * 1000 ELSE CASE channel {_OWN} END END)"
_WAITED = "(coalesce(answered, ended, {now}) - offered)"
_TARGETS = "Targets: phone 60 s, chat 30 s, mail 24 h, social 30 min."


def _level(connection: duckdb.DuckDBPyConnection, cut: Cut) -> Found:
    formula = str(cut.settings["formula"])
    quick = f"{_WAITED} <= {_WITHIN}"
    found = beside(
        connection, cut,
        {"answered": "count(answered)",
         "abandoned": "count(*) FILTER (answered IS NULL)",
         "answered_in_time": f"count(*) FILTER (answered IS NOT NULL AND {quick})",
         "abandoned_in_time": f"count(*) FILTER (answered IS NULL AND {quick})",
         "abandoned_short": f"count(*) FILTER (answered IS NULL AND {_WAITED} <= {SHORT_MS})"},
    )  # fmt: skip
    return {
        key: Worked(service_level(Offered(**counts), formula), counts)
        for key, counts in found.items()
    }


SERVICE_LEVEL = Measure(
    slug="service_level",
    label={"fr": "Niveau de service", "en": "Service level"},
    unit="share",
    formula="by its setting `formula`; answered in time ÷ (answered + abandoned after 5 s)",
    includes="Inbound contacts of channels that are answered live. " + _TARGETS,
    edges="Five formulas are in use and give five figures for one day: the one used is part of "
    "the answer.",
    source="measures.md A9",
    at="offered",
    keep=f"direction = 'inbound' AND channel NOT IN {_ASYNC} AND ended IS NOT NULL",
    shape=Special(_level),
    settings={
        "target": _TARGET,
        "formula": Setting(DEFAULT, "how abandoned contacts count", tuple(FORMULAS)),
    },
)


def _on_time(connection: duckdb.DuckDBPyConnection, cut: Cut) -> Found:
    quick = f"{_WAITED} <= {_WITHIN}"
    found = beside(
        connection, cut,
        {"in_time": f"count(*) FILTER (answered IS NOT NULL AND {quick})",
         "late": f"count(*) FILTER (answered IS NOT NULL AND NOT {quick})",
         "overdue": "count(*) FILTER (answered IS NULL)"},
    )  # fmt: skip
    return {
        key: Worked(on_time(counts["in_time"], counts["late"], counts["overdue"]), counts)
        for key, counts in found.items()
    }


ON_TIME = Measure(
    slug="on_time",
    label={"fr": "Messages répondus à temps", "en": "Messages answered in time"},
    unit="share",
    formula="answered within the target ÷ all whose target has elapsed",
    includes="Inbound e-mail and social messages received in the period. " + _TARGETS,
    edges="Unanswered beyond the target is a failure, and not missing; one whose time is not up "
    "yet does not count.",
    source="measures.md A9",
    at="offered",
    keep=f"direction = 'inbound' AND channel IN {_ASYNC} AND offered + {_WITHIN} <= {{now}}",
    shape=Special(_on_time),
    settings={"target": _TARGET},
)
RESPONSE_TIME = Measure(
    slug="response_time",
    label={"fr": "Délai de réponse (médian)", "en": "Response time (median)"},
    unit="s",
    formula="median of (answer − arrival)",
    includes="Answered inbound contacts; mean and P90 stand beside it.",
    edges="Those never answered are not in it: see service_level, on_time and abandoned.",
    source="measures.md A9",
    at="offered",
    keep="direction = 'inbound' AND answered IS NOT NULL",
    shape=Quantile("(answered - offered) / 1000.0"),
)
ABANDONED = Measure(
    slug="abandoned",
    label={"fr": "Contacts abandonnés", "en": "Abandoned contacts"},
    unit="share",
    formula="contacts nobody answered ÷ contacts offered",
    includes="Inbound contacts that are over.",
    edges="Every attempt counts: see unhandled for demands.",
    source="measures.md A1, A9",
    keep="direction = 'inbound'",
    shape=Share("abandoned", {"contacts": "count(*) FILTER (abandoned)"}),
)
UNHANDLED = Measure(
    slug="unhandled",
    label={"fr": "Demandes non traitées", "en": "Unhandled demands"},
    unit="share",
    formula="abandoned, and not tried again within 30 minutes ÷ (answered + those)",
    includes="Inbound contacts that are over; an attempt that the same customer makes again on "
    "any channel within 30 minutes is not a demand of its own.",
    edges="A caller who is not known cannot be seen to try again: each attempt counts.",
    source="measures.md A9",
    rows="SELECT c.*, n.offered AS again FROM contact c ASOF LEFT JOIN (SELECT tenant, customer, "
    "offered FROM contact WHERE customer IS NOT NULL AND direction = 'inbound') n "
    "ON n.tenant = c.tenant AND n.customer = c.customer AND n.offered > c.offered",
    keep=f"direction = 'inbound' AND NOT (abandoned AND again IS NOT NULL "
    f"AND again <= ended + {RETRY_MS})",
    shape=Share("abandoned", {"demands": "count(*) FILTER (abandoned)"}),
)
MEASURES = (SERVICE_LEVEL, ON_TIME, RESPONSE_TIME, ABANDONED, UNHANDLED)
