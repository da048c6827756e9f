"""What is said of a measure in a language: formula, what is included, edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from measures.french import demands, losses, money, time, voice
from measures.measure import Measure

FRENCH: Final[Mapping[str, tuple[str, str, str]]] = {
    **time.TEXTS,
    **losses.TEXTS,
    **demands.TEXTS,
    **voice.TEXTS,
    **money.TEXTS,
}


def texts(measure: Measure, language: str) -> dict[str, str]:
    """Return a measure's formula, includes and edges in a language, English by default."""
    own = (measure.formula, measure.includes, measure.edges)
    said = FRENCH.get(measure.slug, own) if language == "fr" else own
    return dict(zip(("formula", "includes", "edges"), said, strict=True))
