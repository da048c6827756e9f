"""A report as one HTML page that stands by itself: charts inside, nothing fetched, fit to print."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from measures.reporting.charts import bars_of, chart
from measures.reporting.groups import headed, named, ranked, shown
from measures.reporting.numbers import changed, said
from measures.reporting.register import section_of
from measures.reporting.streams import sections_of
from measures.reporting.words import MARKS, REASONS, doubt, told

_STYLE: Final = """
:root{color-scheme:light;--ink:#1d2733;--soft:#5a6675;--line:#d9dee5;--sunken:#f4f6f9}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);max-width:60rem;margin:0 auto;padding:2rem}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.25rem;margin:2.5rem 0 .25rem}
h3{font-size:1rem;margin:1.5rem 0 .25rem}p.note,.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:left;font-weight:600}
th,td{padding:.3rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
#streams .n{white-space:normal}tr.total td{font-weight:600}svg{max-width:100%;height:auto}
aside{background:var(--sunken);padding:.75rem 1rem;border-radius:.4rem;margin:1rem 0}
dl{margin:0}dt{font-weight:600;margin-top:.75rem}dd{margin:0}
@media print{body{padding:0;font-size:11pt}section{break-inside:auto}tr,svg{break-inside:avoid}}
"""


def page(report: Mapping[str, Any]) -> str:
    """Return a report as HTML, in its language."""
    language = report["language"]
    body = [_head(report), *(_section(report, one) for one in report["sections"])]
    body.append(sections_of(report["streams"], language))
    body.append(section_of(report["irritants"], language))
    body.append(_definitions(report))
    title = escape(told("title", language))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>"
        + "\n".join(body)
        + "</main></body></html>\n"
    )


def _head(report: Mapping[str, Any]) -> str:
    language = report["language"]
    moment = datetime.fromtimestamp(report["as_of"] / 1000, ZoneInfo(report["zone"]))
    spans = [f"{told('period', language)} {_span(report['period'])}"]
    if report["compared_with"]:
        spans.append(f"{told('compared', language)} {_span(report['compared_with'])}")
    lines = [", ".join(spans)]
    if report["where"]:
        lines.append(f"{told('filter', language)} {report['where']}")
    lines.append(
        f"{told('as_of', language)} {moment:%Y-%m-%d %H:%M} ({told('zone', language)} "
        f"{report['zone']})"
    )
    shown = "<br>".join(escape(line) for line in lines)
    people = escape(told("people", language))
    removed = _removed(report)
    return (
        f"<h1>{escape(told('title', language))}</h1><p>{shown}</p>"
        f'<p class="note">{people}</p>{removed}'
    )


def _span(period: Mapping[str, str]) -> str:
    return f"{period['from']} → {period['to']}"


def _removed(report: Mapping[str, Any]) -> str:
    """Return what two periods have less of: what was removed, what was only filled."""
    found, language = report["removed"], report["language"]
    if found is None:
        return ""
    text = told("removed", language).format(
        lost=changed(-found["rabot_s"], "s", language),
        masquage=changed(found["masquage_s"], "s", language),
    )
    if found["is_masking"]:
        text += " " + told("masquage", language)
    return f"<aside>{escape(text)}</aside>"


def _section(report: Mapping[str, Any], section: Mapping[str, Any]) -> str:
    language = report["language"]
    alone = [one for one in section["figures"] if not one["by"]]
    cut = [one for one in section["figures"] if one["by"]]
    parts = [
        f'<section id="{section["id"]}"><h2>{escape(section["title"])}</h2>',
        f'<p class="note">{escape(section["note"])}</p>',
    ]
    if alone:
        rows = [(_name(one), one, one["total"]) for one in alone]
        parts.append(_table(told("measure", language), rows, report))
    for one in cut:
        listed, left_out = shown(one)
        groups = [(named(group, report["labels"], language), group) for group in listed]
        drawn = chart(one["label"], bars_of(groups), unit=one["unit"], language=language)
        parts.append(f"<h3>{escape(_name(one))}</h3>")
        parts.append(drawn or "")
        rows = [*((name, one, group) for name, group in groups),
                (told("total", language), one, one["total"])]  # fmt: skip
        parts.append(_table(headed(one, language), rows, report, has_total=True))
        if left_out:
            note = told("left_out", language).format(n=len(groups), others=left_out)
            parts.append(f'<p class="note">{escape(note)}</p>')
    return "".join([*parts, "</section>"])


def _name(figure: Mapping[str, Any]) -> str:
    changed = {
        name: value for name, value in figure["settings"].items()
        if name == "factor" or (name == "window" and value != 7)
    }  # fmt: skip
    told_of = ", ".join(f"{name} {value}" for name, value in changed.items())
    return f"{figure['label']} ({told_of})" if told_of else str(figure["label"])


def _table(
    head: str, rows: Sequence[tuple[str, Mapping[str, Any], Mapping[str, Any]]],
    report: Mapping[str, Any], *, has_total: bool = False,
) -> str:  # fmt: skip
    language = report["language"]
    is_compared = report["compared_with"] is not None
    names = ["value", "interval", *(("before", "change") if is_compared else ())]
    heads = "".join(f'<th class="n">{escape(told(name, language))}</th>' for name in names)
    lines = []
    for place, (name, figure, group) in enumerate(rows):
        cells = _cells(figure, group, is_compared=is_compared, language=language)
        shown = "".join(f'<td class="n">{escape(cell)}</td>' for cell in cells)
        doubts = [doubt(one, language) for one in (group["reason"], *group["marks"]) if one]
        rank = ranked(group, language)
        doubts = doubts if rank is None else [rank, *doubts]
        kind = ' class="total"' if has_total and place == len(rows) - 1 else ""
        lines.append(
            f"<tr{kind}><td>{escape(name)}</td>{shown}<td>{escape(', '.join(doubts))}</td></tr>"
        )
    return (
        f'<table><thead><tr><th>{escape(head)}</th>{heads}<th class="n">n</th>'
        f"<th>{escape(told('know', language))}</th></tr></thead><tbody>{''.join(lines)}</tbody>"
        "</table>"
    )


def _cells(
    figure: Mapping[str, Any], group: Mapping[str, Any], *, is_compared: bool, language: str
) -> list[str]:
    unit = figure["unit"]
    low, high = group["low"], group["high"]
    between = "" if low is None or high is None else (
        f"{said(low, unit, language)} – {said(high, unit, language)}"
    )  # fmt: skip
    cells = [said(group["value"], unit, language), between]
    if is_compared:
        earlier, change = group.get("before", {}).get("value"), group.get("difference")
        cells += [said(earlier, unit, language), changed(change, unit, language)]
    return [*cells, "" if group["n"] is None else str(group["n"])]


def _coded(text: str) -> str:
    """Return a sentence as HTML, what stands between back-quotes as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))


def _definitions(report: Mapping[str, Any]) -> str:
    language = report["language"]
    seen: dict[str, Mapping[str, Any]] = {}
    for section in report["sections"]:
        for one in section["figures"]:
            seen.setdefault(one["slug"], one)
    items = []
    colon = "\u00a0:" if language == "fr" else ":"
    for one in seen.values():
        texts = "".join(
            f'<dd><span class="soft">{escape(told(name, language))}{colon}</span> '
            f"{_coded(one[name])}</dd>"
            for name in ("formula", "includes", "edges", "source")
        )  # fmt: skip
        items.append(f"<dt>{escape(one['label'])} <code>{escape(one['slug'])}</code></dt>{texts}")
    known = {**REASONS, **MARKS}
    doubts = "".join(
        f"<dt><code>{escape(code)}</code></dt><dd>{escape(doubt(code, language))}</dd>"
        for code in known
    )
    return (
        f'<section id="definitions"><h2>{escape(told("definitions", language))}</h2>'
        f"<dl>{''.join(items)}{doubts}</dl></section>"
    )
