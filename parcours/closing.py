"""What is left when a contact is over, shown: the trace on three axes, the ledger of its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from parcours.wordlist import AXES, CATEGORIES, word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BAR = 24


def trace_table(trace: Mapping[str, Any], *, language: str) -> Table:
    """Return the trace as a table: a line a code; the principal one and what was by hand marked."""
    title = {"fr": "Les trois axes", "en": "The three axes"}[language]
    table = Table(title=title, title_justify="left", box=None, show_header=False, padding=(0, 2))
    not_reached: Sequence[str] = trace.get("not_reached", ())
    for axis in AXES:
        entries: Sequence[Mapping[str, Any]] = trace.get(axis, ())
        for entry in entries:
            label = Text(str(entry.get("label") or entry["code"]))
            if entry.get("principal") and len(entries) > 1:
                label.append({"fr": "  principal", "en": "  principal"}[language], style="cyan")
            if entry.get("by_hand"):
                label.append({"fr": "  à la main", "en": "  by hand"}[language], style="yellow")
            if entry.get("after_failure"):
                said = {"fr": ", après un échec du robot", "en": ", after a robot failure"}
                label.append(said[language], style="yellow")
            table.add_row(word(AXES, axis, language), label, Text(entry["code"], style="dim"))
        if not entries:
            nothing = {
                True: {"fr": "non atteint", "en": "not reached"},
                False: {"fr": "rien", "en": "nothing"},
            }[axis in not_reached][language]
            table.add_row(word(AXES, axis, language), Text(nothing, style="dim"), "")
    return table


def ledger_table(totals: Mapping[str, int], share: float | None, *, language: str) -> Table:
    """Return the ledger of time as a table: each category's time and share of the contact.

    Args:
        totals: milliseconds by category; they add up to the contact.
        share: the useful share, None where it has no meaning.
        language: `fr` or `en`.
    """
    title = {"fr": "Le temps", "en": "The time"}[language]
    table = Table(title=title, title_justify="left", box=None, show_header=False, padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    whole = sum(totals.values())
    for category in CATEGORIES:
        spent = totals.get(category, 0)
        if spent:
            filled = round(_BAR * spent / whole)
            colour = "green" if category == "useful" else "yellow"
            bar = Text("█" * filled or "▏", style=colour)
            table.add_row(word(CATEGORIES, category, language), duration(spent), bar)
    table.add_row(
        Text({"fr": "total", "en": "total"}[language], style="bold"),
        Text(duration(whole), style="bold"),
        useful(share, language=language),
    )
    return table


def useful(share: float | None, *, language: str) -> Text:
    """Return the useful share in words, said not calibrated (measures.md A1: before any rating)."""
    if share is None:
        return Text({"fr": "part utile : sans objet", "en": "useful share: none"}[language])
    said = {"fr": f"part utile : {share:.0%} (modélisée, non calibrée)",
            "en": f"useful share: {share:.0%} (modelled, not calibrated)"}  # fmt: skip
    return Text(said[language], style="bold green")


def duration(ms: int) -> str:
    """Return a duration for people: `0.35 s`, `42 s`, `3 min 05 s`."""
    if ms < 10_000:
        return f"{ms / 1000:.2f} s"
    minutes, seconds = divmod(round(ms / 1000), 60)
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
