"""Figures shown in the terminal: a table, a bar for each group, what to doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from measures.reporting.groups import ranked
from measures.reporting.words import doubt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BAR = 12
_HEADS = {
    "fr": ("valeur", "intervalle à 95 %", "n", "écart", "à savoir"),
    "en": ("value", "95 % interval", "n", "change", "to know"),
}


def list_table(items: Sequence[Mapping[str, Any]], *, language: str) -> Table:
    """Return the measures as a table: name, label, unit."""
    title = {"fr": "Les indicateurs", "en": "The measures"}[language]
    table = Table(title=title, title_justify="left", box=None, show_header=False, padding=(0, 2))
    for item in items:
        table.add_row(item["slug"], item["label"], Text(item["unit"], style="dim"))
    return table


def figure_table(found: Mapping[str, Any], *, language: str) -> Table:
    """Return an answer as a table: a line a group, the total last, each with its interval."""
    period = found["period"]
    table = Table(
        title=f"{found['label']} ({found['unit']}), {period['from']} → {period['to']}",
        title_justify="left", box=None, padding=(0, 2),
    )  # fmt: skip
    for name in found["by"]:
        table.add_column(name, overflow="fold")
    if not found["by"]:
        table.add_column("")
    is_compared = found["compared_with"] is not None
    heads = [head for head in _HEADS[language] if is_compared or head not in {"écart", "change"}]
    table.add_column("")
    for head in heads:
        is_last = head == heads[-1]
        table.add_column(head, justify="left" if is_last else "right", no_wrap=not is_last)
    values = [abs(one["value"]) for one in found["groups"] if one["value"] is not None]
    most = max(values, default=0)
    for group in found["groups"]:
        names = [_named(value) for value in group["key"].values()]
        table.add_row(
            *names, _bar(group["value"], most), *_line(found, group, is_compared, language)
        )
    names = ["total", *[""] * (max(1, len(found["by"])) - 1)]
    line = _line(found, found["total"], is_compared, language)
    table.add_row(*names, "", *line, style="bold" if found["groups"] else None)
    return table


def _line(
    found: Mapping[str, Any], group: Mapping[str, Any], is_compared: bool, language: str
) -> list[str]:
    unit = found["unit"]
    low, high = group["low"], group["high"]
    between = "" if low is None or high is None else f"{said(low, unit)} – {said(high, unit)}"
    cells = [said(group["value"], unit), between, "" if group["n"] is None else str(group["n"])]
    if is_compared:
        change = group.get("difference")
        cells.append("" if change is None else change_said(change, unit))
    codes = [one for one in (group["reason"], *group["marks"]) if one]
    told = [ranked(group, language), *(doubt(one, language) for one in codes)]
    cells.append(", ".join(one for one in told if one))
    return cells


def said(value: float | None, unit: str) -> str:
    """Return a value as people read it in its unit; a dash for none."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{value:.1%}"
    if float(value).is_integer() and unit == "count":
        return str(int(value))
    return f"{value:,.2f}".replace(",", " ")


def change_said(change: float | None, unit: str) -> str:
    """Return a difference with its sign, that of two shares in points; a dash for none."""
    if change is None:
        return "–"
    text = f"{100 * change:.1f} pt" if unit == "share" else said(change, unit)
    return f"+{text}" if change > 0 else text


def _named(value: str | None) -> str:
    return "–" if value is None else value


def _bar(value: float | None, most: float) -> Text:
    filled = 0 if value is None or not most else round(_BAR * abs(value) / most)
    return Text("█" * filled, style="cyan")
