"""The register of irritants as a report shows it: a section of its page, a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from measures.reporting.numbers import changed, said
from measures.reporting.words import told

_COLUMNS: Final = ("irritant", "owner", "cost", "action", "effect")
_EFFECT: Final = ("weeks", "difference", "low", "high", "everywhere", "expected", "verdict")
_COST: Final = ("contacts", "minutes", "reiterations", "money", "currency")


def section_of(irritants: Sequence[Mapping[str, Any]], language: str) -> str:
    """Return the register as a section of a page; nothing where it is empty."""
    if not irritants:
        return ""
    heads = "".join(f"<th>{escape(told(name, language))}</th>" for name in _COLUMNS)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(one, language)) + "</tr>"
        for one in irritants
    )
    return (
        f'<section id="irritants"><h2>{escape(told("irritants", language))}</h2>'
        f'<p class="note">{escape(told("irritants_note", language))}</p>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></section>"
    )


def sheet_of(irritants: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the register as rows of a sheet."""
    return [
        {
            **{name: one[name] for name in
               ("title", "axis", "code", "owner", "status", "action", "due", "done_on", "revision",
                "measure")},
            **{name: one["cost"][name] for name in _COST},
            **{f"effect_{name}": (one["effect"] or {}).get(name) for name in _EFFECT},
        }
        for one in irritants
    ]  # fmt: skip


def _cells(one: Mapping[str, Any], language: str) -> list[str]:
    cost = one["cost"]
    spent = None if cost["minutes"] is None else 60 * cost["minutes"]
    costs = [said(cost["contacts"], "count", language), said(spent, "s", language)]
    if cost["money"] is not None:
        costs.append(said(cost["money"], cost["currency"], language))
    late = f" ({told('overdue', language)})" if one["is_overdue"] else ""
    day = one["done_on"] or one["due"]
    made = (one["effect"] or {}).get("publication")
    which = made and f"{told('publication', language)} {made['number']}"
    action = " · ".join(part for part in (one["action"], day, which) if part) + late
    return [one["title"], one["owner"], " · ".join(costs), action, _effect(one["effect"], language)]


def _effect(found: Mapping[str, Any] | None, language: str) -> str:
    if found is None:
        return "–"
    word = told(found["verdict"], language)
    if found["difference"] is None:
        return word
    unit = found["unit"]
    text = changed(found["difference"], unit, language)
    if found["low"] is not None:
        low, high = (changed(found[name], unit, language) for name in ("low", "high"))
        text += f" ({low} … {high})"
    if found["expected"] is not None:
        text += f", {told('expected', language)} {changed(found['expected'], unit, language)}"
    return f"{text} : {word}" if language == "fr" else f"{text}: {word}"
