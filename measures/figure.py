"""A figure: its name, its unit, where its definition comes from, how it is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from measures.times import ContactTime


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure over a group of contacts.

    `of` gives the value in `unit` (seconds, or a share between 0 and 1, unrounded); None when there
    is nothing to divide by, which is shown as such and never as 0.
    """

    id: str
    label: Mapping[str, str]
    unit: str
    source: str
    of: Callable[[Sequence[ContactTime]], float | None]


def shown(figure: Figure, contacts: Sequence[ContactTime], language: str) -> dict[str, Any]:
    """Return a figure over some contacts, with what it needs to be read: label, unit, source, n."""
    return {
        "id": figure.id,
        "label": figure.label.get(language, figure.label["en"]),
        "unit": figure.unit,
        "value": figure.of(contacts),
        "n": len(contacts),
        "source": figure.source,
    }
