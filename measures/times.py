"""What a figure is worked out from: the time of contacts, by category of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ASYNCHRONOUS = ("email", "post", "social")
"""Channels on which the customer's own time is unknown. Source: measures.md A1."""
TALK = (
    "useful",
    "identification",
    "lookup",
    "analysis",
    "procedure",
    "repetition",
    "robot_wait",
    "masked",
    "rework",
    "transfer",
    "unattributed",
)
"""Categories of the exchange itself; hold, after-call work, queue and idle are counted apart."""

HANDLING = (*TALK, "hold", "after_call")
"""What handling time is the sum of: no queue, no menu, no idle time. Source: measures.md A2."""
LIVE = (*TALK, "hold", "queue", "ivr", "idle")
"""What the customer lives through: after-call work is not theirs. Source: measures.md A3."""

HANDLED = (*TALK, "hold", "after_call", "idle")
"""What the useful share of handling is a share of: all but queue, menu and deferral."""

LOST = (
    "queue", "lookup", "analysis", "procedure", "hold", "transfer", "repetition", "ivr", "rework",
    "robot_wait", "masked", "idle",
)  # fmt: skip
"""What is no use to the customer. Source: measures.md A4, A5."""
SUMS: Mapping[str, tuple[str, ...]] = {
    "talk_ms": TALK,
    "conversation_ms": (*TALK, "hold"),
    "handling_ms": HANDLING,
    "handled_ms": HANDLED,
    "live_ms": LIVE,
    "lost_ms": LOST,
}
"""Sums that a contact's facts hold: a figure then reads one column in place of fifteen."""


@dataclass(frozen=True, slots=True)
class ContactTime:
    """One contact: milliseconds by category, and whether it was abandoned before an answer."""

    totals: Mapping[str, int]
    channel: str = "phone"
    abandoned: bool = False

    def of(self, *categories: str) -> int:
        """Return the milliseconds spent in these categories."""
        return sum(self.totals.get(category, 0) for category in categories)
