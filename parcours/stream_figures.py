"""A value stream shown in the terminal: a line for each step, the whole, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table

from measures.reporting.streams import cells_of, heads_of, lines_of, name_of, whole_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def stream_table(found: Mapping[str, Any], *, language: str) -> Group:
    """Return a value stream as a table, with what the whole comes to below it."""
    period, earlier = found["period"], found["compared_with"]
    title = f"{found['title']}, {period['from']} → {period['to']}"
    if earlier is not None:
        title += f" | {earlier['from']} → {earlier['to']}"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1))
    first, *others, last = heads_of(found, language)
    table.add_column(first)
    for head in others:
        table.add_column(head, justify="right")
    table.add_column(last)
    for line in lines_of(found):
        style = "bold" if line["step"] is None else None
        table.add_row(name_of(line, language), *cells_of(line, language), style=style)
    return Group(table, "", whole_of(found, language))
