"""How soon customers are answered, on each channel, and who was not answered.

Source: measures.md A9; targets of domain.md (phone 60 s, chat 30 s, mail 24 h, social 30 min).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from measures.measure import Measure, Setting
from measures.policy import LIBRARY, Policy
from measures.shapes import Counts, Quantile, Share
from measures.sql import listed
from measures.statistics.estimate import Estimate
from measures.statistics.service import DEFAULT, FORMULAS, Offered, on_time, service_level
from measures.times import ASYNCHRONOUS

SHORT_MS = 5_000
RETRY_MS = 1_800_000
_ASYNC = listed(ASYNCHRONOUS)
_TARGET = Setting(
    LIBRARY, "seconds within which to answer, on every channel; the library's by channel where "
    "none is given", least=1, says="answer_within",
)  # fmt: skip
_WITHIN = "({target} * 1000)"
_WAITED = "(coalesce(responded, ended, {now}) - offered)"
_TARGETS = (
    "Targets are the library's by channel (`answer_within`); where it says none, phone 60 s, chat "
    "30 s, mail 24 h, social 30 min. A channel without a target is left out."
)


_QUICK = f"{_WAITED} <= {_WITHIN}"


def _longest(policy: Policy, known: Mapping[str, Any]) -> dict[str, float]:
    """Return after how many seconds no message is still in time."""
    asked = known["target"]
    is_theirs = isinstance(asked, str)
    return {"longest": max(policy.answer_within().values()) if is_theirs else asked}


def _level(counts: Mapping[str, Any], settings: Mapping[str, Any]) -> Estimate:
    return service_level(Offered(**counts), str(settings["formula"]))


SERVICE_LEVEL = Measure(
    slug="service_level",
    label={"fr": "Niveau de service", "en": "Service level"},
    unit="share",
    formula="by its setting `formula`; answered in time ÷ (answered + abandoned after 5 s)",
    includes="Inbound contacts that are over, of channels that are answered live. " + _TARGETS,
    edges="Five formulas are in use and give five figures for one day: the one used is part of "
    "the answer.",
    source="measures.md A9",
    at="offered",
    keep=f"direction = 'inbound' AND channel NOT IN {_ASYNC} AND ended IS NOT NULL "
    "AND {target} IS NOT NULL",
    settled=lambda _: ("offered", 0),
    shape=Counts(
        {
            "answered": "count(answered)",
            "abandoned": "count(*) FILTER (answered IS NULL)",
            "answered_in_time": f"count(*) FILTER (answered IS NOT NULL AND {_QUICK})",
            "abandoned_in_time": f"count(*) FILTER (answered IS NULL AND {_QUICK})",
            "abandoned_short": f"count(*) FILTER (answered IS NULL AND {_WAITED} <= {SHORT_MS})",
        },
        _level,
    ),
    settings={
        "target": _TARGET,
        "formula": Setting(DEFAULT, "how abandoned contacts count", tuple(FORMULAS)),
    },
)


def _on_time(counts: Mapping[str, Any], _: Mapping[str, Any]) -> Estimate:
    return on_time(counts["in_time"], counts["late"], counts["overdue"])


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
    settled=lambda known: ("offered", round(1000 * known["longest"])),
    words=_longest,
    shape=Counts(
        {
            "in_time": f"count(*) FILTER (responded IS NOT NULL AND {_QUICK})",
            "late": f"count(*) FILTER (responded IS NOT NULL AND NOT {_QUICK})",
            "overdue": "count(*) FILTER (responded IS NULL)",
        },
        _on_time,
    ),
    settings={"target": _TARGET},
)
RESPONSE_TIME = Measure(
    slug="response_time",
    label={"fr": "Délai de réponse (médian)", "en": "Response time (median)"},
    unit="s",
    formula="median of (answer − arrival)",
    includes="Answered inbound contacts; mean and P90 stand beside it. A message is answered by "
    "its reply, and not when it is opened; one closed without a reply, when it is closed.",
    edges="Those never answered are not in it: see service_level, on_time and abandoned.",
    source="measures.md A9",
    at="offered",
    keep="direction = 'inbound' AND responded IS NOT NULL",
    shape=Quantile("(responded - offered) / 1000.0"),
)
_GAVE_UP = (
    "SELECT tenant, customer, contact, offered FROM contact WHERE abandoned AND customer IS NOT "
    "NULL AND direction = 'inbound' AND closed >= {since} AND closed < {until}"
)
_AGAIN = (
    f"SELECT a.contact, b.offered AS again FROM ({_GAVE_UP}) a ASOF JOIN "  # noqa: S608 - our own parts
    "(SELECT tenant, customer, offered FROM contact WHERE direction = 'inbound' "
    f"AND customer IN (SELECT customer FROM ({_GAVE_UP}) g)) b "
    "ON b.tenant = a.tenant AND b.customer = a.customer AND b.offered > a.offered"
)
"""When who gave up in the period came again: few did, and only theirs are looked through."""
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
    rows=f"SELECT c.*, n.again FROM contact c LEFT JOIN ({_AGAIN}) n ON n.contact = c.contact",  # noqa: S608 - our own parts
    more=("again",),
    keep=f"direction = 'inbound' AND NOT (abandoned AND again IS NOT NULL "
    f"AND again <= ended + {RETRY_MS})",
    shape=Share("abandoned", {"demands": "count(*) FILTER (abandoned)"}),
)
MEASURES = (SERVICE_LEVEL, ON_TIME, RESPONSE_TIME, ABANDONED, UNHANDLED)
