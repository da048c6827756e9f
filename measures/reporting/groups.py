"""The groups of a figure as a report shows them: by their names, those of most weight if many.

Causes stand in the order of their rank; no dimension of people is in a report. Source: issue 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from measures.reporting.numbers import said

MOST: Final = 20
"""Groups shown on the page; the spreadsheet and the data have them all."""
_DIMENSIONS: Final = {
    "motive": ("Motif", "Motive"),
    "qualification": ("Qualification", "Qualification"),
    "action": ("Action", "Action"),
    "channel": ("Canal", "Channel"),
    "step": ("Étape", "Step"),
}
_CHANNELS: Final = {
    "phone": ("téléphone", "phone"), "email": ("e-mail", "e-mail"), "chat": ("chat", "chat"),
    "web": ("web", "web"), "sms": ("SMS", "SMS"), "social": ("réseaux sociaux", "social networks"),
    "counter": ("guichet", "counter"), "post": ("courrier", "post"),
    "internal": ("interne", "internal"),
}  # fmt: skip
_NONE: Final = ("(sans)", "(none)")


def headed(figure: Mapping[str, Any], language: str) -> str:
    """Return what the groups of a figure are of: `Motive`."""
    found = (_DIMENSIONS.get(name.partition(":")[0], (name, name)) for name in figure["by"])
    return ", ".join(one[_place(language)] for one in found)


def named(group: Mapping[str, Any], labels: Mapping[str, str], language: str) -> str:
    """Return what a group is called; `labels` are those of the library's codes."""
    parts = []
    for name, value in group["key"].items():
        if value is None:
            parts.append(_NONE[_place(language)])
        elif name == "channel":
            parts.append(_CHANNELS.get(value, (value, value))[_place(language)])
        else:
            parts.append(labels.get(value, value))
    return " · ".join(parts)


def shown(figure: Mapping[str, Any]) -> tuple[Sequence[Mapping[str, Any]], int]:
    """Return the groups to show, and how many are left out.

    Ranked ones in the order of their rank. Of more than `MOST`, those of the greatest weight: value
    times n.
    """
    groups: Sequence[Mapping[str, Any]] = figure["groups"]
    if any(one["also"].get("rank") for one in groups):
        groups = sorted(groups, key=lambda one: one["also"].get("rank") or len(groups) + 1)
    if len(groups) <= MOST:
        return groups, 0
    weighed = sorted(groups, key=lambda one: -abs(one["value"] or 0) * (one["n"] or 0))
    return weighed[:MOST], len(groups) - MOST


def ranked(group: Mapping[str, Any], language: str) -> str | None:
    """Return the rank of a group with its interval, and its part of all with those before it."""
    also = group["also"]
    if not also.get("rank"):
        return None
    share = said(also["cumulative"], "share", language) if also.get("cumulative") else None
    rank = f"{also['rank']:g}"
    if (also["rank_low"], also["rank_high"]) != (also["rank"], also["rank"]):
        rank += f" ({also['rank_low']:g} – {also['rank_high']:g})"
    words = ("rang {}", "rank {}"), (", {} en tout avec les précédents", ", {} of all so far")
    text = words[0][_place(language)].format(rank)
    return text + (words[1][_place(language)].format(share) if share else "")


def _place(language: str) -> int:
    return 0 if language == "fr" else 1
