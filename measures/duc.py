"""The useful share of contact time (DUC), in its two named forms; never one unlabelled number.

Source: the DUC article; measures.md A3 and finding 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.ledger import CATEGORIES, useful_share
from measures.figure import Figure
from measures.times import ASYNCHRONOUS, ContactTime


def _sums(contacts: Sequence[ContactTime]) -> dict[str, int]:
    return {category: sum(c.of(category) for c in contacts) for category in CATEGORIES}


def _is_lived(contact: ContactTime) -> bool:
    return contact.channel not in ASYNCHRONOUS and not contact.abandoned


def duc_experienced(contacts: Sequence[ContactTime]) -> float | None:
    """Return useful time over the time customers spent.

    A ratio of sums; the queue is in, after-call work out. Contacts on asynchronous channels have
    none: what the customer spent is not known. Abandoned ones stand in a figure of their own.
    """
    return useful_share(_sums([c for c in contacts if _is_lived(c)]))


def duc_handling(contacts: Sequence[ContactTime]) -> float | None:
    """Return useful time over handling time: the queue out, after-call work in."""
    return useful_share(_sums([c for c in contacts if not c.abandoned]), handling=True)


def duc_mean_of_ratios(contacts: Sequence[ContactTime]) -> float | None:
    """Return the mean over contacts of each one's useful share: that of the average customer."""
    shares = [useful_share(c.totals) for c in contacts if _is_lived(c)]
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None


def unattributed(contacts: Sequence[ContactTime]) -> float | None:
    """Return the share of time nothing is known of; above 5 % other figures are incomplete."""
    sums = _sums(contacts)
    total = sum(sums.values())
    return sums["unattributed"] / total if total else None


DUC_EXPERIENCED = Figure(
    "duc_experienced",
    {"fr": "DUC vécue (attente comprise)", "en": "Useful share, as experienced (queue included)"},
    "share",
    "measures.md A3",
    duc_experienced,
)
DUC_HANDLING = Figure(
    "duc_handling",
    {
        "fr": "DUC du traitement (post-appel compris)",
        "en": "Useful share of handling (after-call included)",
    },
    "share",
    "measures.md A3",
    duc_handling,
)
DUC_MEAN_OF_RATIOS = Figure(
    "duc_mean_of_ratios",
    {"fr": "DUC du client moyen", "en": "Useful share of the average customer"},
    "share",
    "measures.md A3",
    duc_mean_of_ratios,
)
UNATTRIBUTED = Figure(
    "unattributed",
    {"fr": "Temps non attribué", "en": "Time not attributed"},
    "share",
    "measures.md A4",
    unattributed,
)
