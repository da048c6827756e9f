"""Handling and conversation time over many contacts (DMT, DMC). Source: measures.md A2."""

from __future__ import annotations

from measures.measure import Measure, Setting
from measures.shapes import Mean
from measures.sql import spent
from measures.times import HANDLING, TALK

_HANDLING = f"{spent(HANDLING)} / 1000.0"
_CONVERSATION = f"{spent((*TALK, 'hold'))} / 1000.0"
_TALK_ALONE = f"{spent(TALK)} / 1000.0"
_CAP = Setting(3600, "seconds beyond which a contact is left out of `mean_capped`", least=1)
_CAPPED = "avg({0}) FILTER ({0} <= {{cap}})"

HANDLING_TIME = Measure(
    slug="handling_time",
    label={"fr": "Durée moyenne de traitement (DMT)", "en": "Handling time (AHT)"},
    unit="s",
    formula="Σ (talk + hold + after-call work) ÷ handled contacts",
    includes="All advisors of a contact; answered contacts of every channel.",
    edges="Abandoned contacts and idle time are left out. Beside it: median, P90, mean under a "
    "cap. Two periods are compared on the mix of motives of the first.",
    source="measures.md A2",
    shape=Mean(_HANDLING, {"mean_capped": _CAPPED.format(_HANDLING)}),
    keep="NOT abandoned",
    settings={"cap": _CAP},
    is_compared_by_mix=True,
)
CONVERSATION_TIME = Measure(
    slug="conversation_time",
    label={"fr": "Durée moyenne de conversation (DMC)", "en": "Conversation time"},
    unit="s",
    formula="Σ (talk + hold) ÷ handled contacts",
    includes="Talk and hold; not after-call work. `talk_only` beside it leaves the hold out.",
    edges="As handling_time.",
    source="measures.md A2",
    shape=Mean(_CONVERSATION, {"talk_only": f"avg({_TALK_ALONE})"}),
    keep="NOT abandoned",
    is_compared_by_mix=True,
)
MEASURES = (HANDLING_TIME, CONVERSATION_TIME)
