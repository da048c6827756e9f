"""Value streams as a report and the terminal show them: steps, the whole, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from measures.reporting.numbers import changed, said
from measures.reporting.words import doubt, told
from measures.streams.rows import unit_of
from measures.streams.table import OF_STEP

_COLUMNS: Final = ("walks", *OF_STEP)
_DOUBTS: Final = ("few", "few_clusters")
_SHARES: Final = ("share_of_time", "share_of_delay")


def sections_of(streams: Sequence[Mapping[str, Any]], language: str) -> str:
    """Return value streams as a section of a page; nothing where there is none."""
    if not streams:
        return ""
    tables = "".join(
        f"<h3>{escape(one['title'])}</h3>{_table(one, language)}" for one in streams
    )  # fmt: skip
    return (
        f'<section id="streams"><h2>{escape(told("streams", language))}</h2>'
        f'<p class="note">{escape(told("streams_note", language))}</p>{tables}</section>'
    )


def _table(found: Mapping[str, Any], language: str) -> str:
    heads = _row("th", heads_of(found, language))
    lines = []
    for line in lines_of(found):
        kind = ' class="total"' if line["step"] is None else ""
        cells = [name_of(line, language), *cells_of(line, language)]
        lines.append(f"<tr{kind}>{_row('td', cells)}</tr>")
    return (
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
        f"<p>{escape(whole_of(found, language))}</p>"
    )


def _row(tag: str, cells: Sequence[str]) -> str:
    """Return cells of a row: words first and last, figures between them."""
    first, *figures, last = map(escape, cells)
    between = "".join(f'<{tag} class="n">{one}</{tag}>' for one in figures)
    return f"<{tag}>{first}</{tag}>{between}<{tag}>{last}</{tag}>"


def heads_of(found: Mapping[str, Any], language: str) -> list[str]:
    """Return what stands above the cells of `cells_of`, the name's first."""
    more = _SHARES if found["compared_with"] is None else ("delay_before", "change_of_delay")
    names = ("step", *_COLUMNS, *more, "know")
    return [told(name, language) for name in names]


def lines_of(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the lines of a value stream: each step, and the whole without one."""
    return [*found["steps"], {**found["total"], "step": None, "is_sub": False}]


def name_of(line: Mapping[str, Any], language: str) -> str:
    """Return a line's name: the step, with the journey it belongs to if that is another one."""
    if line["step"] is None:
        return told("total", language)
    return f"{line['journey']} › {line['step']}" if line["is_sub"] else str(line["step"])


def cells_of(line: Mapping[str, Any], language: str) -> list[str]:
    """Return the cells of a line as people read them, in the order of `heads_of`."""
    now, before = line["now"], line["before"]
    cells = [_said(now, name, language) for name in _COLUMNS]
    if before is None:
        cells += [_said(now, name, language) for name in _SHARES]
    else:
        cells += [_said(before, "delay", language), _change(line["difference"]["delay"], language)]
    # How the interval was made is said where there is one: of JSON, CSV and spreadsheets.
    marks = (one for one in now["marks"] if one in _DOUBTS)
    doubts = [doubt(one, language) for one in (now["reason"], *marks) if one]
    return [*cells, ", ".join(doubts)]


def _said(figures: Mapping[str, Any], name: str, language: str) -> str:
    one = figures[name]
    return said(one["value"] if isinstance(one, dict) else one, unit_of(name), language)


def _change(one: Mapping[str, Any] | None, language: str, unit: str = "s") -> str:
    if one is None:
        return "–"
    text = changed(one["value"], unit, language)
    if one["low"] is None:
        return text
    low, high = (changed(one[name], unit, language) for name in ("low", "high"))
    return f"{text} ({low} … {high})"


def whole_of(found: Mapping[str, Any], language: str) -> str:
    """Return in a sentence what the whole comes to, and what changed since the other period."""
    total = found["total"]
    names = ("median_delay", "efficiency", "waste", "rework")
    parts = []
    for name in names:
        text = f"{told(name, language)} {_said(total['now'], name, language)}"
        between = (total["difference"] or {}).get(name)
        if between is not None:
            text += f" [{_change(between, language, unit_of(name))}]"
        parts.append(text)
    mix = found["comparison"] and found["comparison"]["delay"]
    if mix:
        parts.append(f"{told('same_mix', language)} {changed(mix['rate'], 's', language)}")
    return " · ".join(parts)
