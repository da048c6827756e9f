"""Charts of a report: bars with their intervals, as SVG that stands in the page by itself.

Drawn by matplotlib (extra `report`); the same answer gives the same picture.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from measures.errors import ExtraMissing
from measures.reporting.groups import MOST
from measures.reporting.numbers import said

BEFORE, NOW, INK, LINE = "#b9c2cf", "#2457a6", "#1d2733", "#d9dee5"
_STYLE: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "parcours",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 9,
}
_LOCK: Final = threading.Lock()
"""The library keeps its style in one place for the whole process."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, its value and interval, and the earlier value where two are compared."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    before: float | None = None


def bars_of(groups: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Bar]:
    """Return the bars of an answer's groups, by their names: those that have a value."""
    bars = []
    for name, group in groups:
        if group["value"] is None:
            continue
        earlier = group.get("before", {}).get("value")
        bars.append(Bar(name, group["value"], group["low"], group["high"], earlier))
    return bars


def chart(title: str, bars: Sequence[Bar], *, unit: str, language: str) -> str | None:
    """Return a chart as SVG; None where fewer than two bars, or too many, are to be shown."""
    if not 2 <= len(bars) <= MOST:
        return None
    try:
        # Imported late: it takes half a second, and only reports need it.
        import matplotlib as mpl
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise ExtraMissing(extra="report") from None

    with _LOCK, mpl.rc_context(_STYLE):
        drawn = Figure(figsize=(7.2, 0.5 + 0.34 * len(bars)), layout="constrained")
        FigureCanvasSVG(drawn)
        _fill(drawn.subplots(), bars, unit=unit, language=language)
        out = io.StringIO()
        drawn.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return _named(out.getvalue(), title)


def _fill(axes: Any, bars: Sequence[Bar], *, unit: str, language: str) -> None:
    places = range(len(bars))
    if any(bar.before is not None for bar in bars):
        before = [bar.before or 0 for bar in bars]
        axes.barh([place + 0.2 for place in places], before, height=0.34, color=BEFORE)
    height = 0.34 if any(bar.before is not None for bar in bars) else 0.6
    shift = -0.2 if height < 0.5 else 0
    heights = [place + shift for place in places]
    axes.barh(heights, [bar.value for bar in bars], height=height, color=NOW)
    for place, bar in zip(heights, bars, strict=True):
        if bar.low is not None and bar.high is not None:
            axes.plot([bar.low, bar.high], [place, place], color=INK, linewidth=1)
        end = max(bar.value, bar.high or 0, bar.before or 0, 0)
        axes.annotate(
            said(bar.value, unit, language), (end, place), xytext=(4, 0),
            textcoords="offset points", va="center", color=INK,
        )  # fmt: skip
    axes.set_yticks(list(places), [bar.name for bar in bars])
    axes.invert_yaxis()
    axes.margins(x=0.18)
    axes.set_xticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(LINE)
    axes.tick_params(length=0)


def _named(svg: str, title: str) -> str:
    """Return a picture without its prologue, named for those who do not see it."""
    start = svg.index("<svg")
    body = re.sub(r"<metadata>.*?</metadata>", "", svg[start:], flags=re.DOTALL)
    name = escape(title)
    return body.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)
