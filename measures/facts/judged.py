"""What customers and listeners said of a contact, as facts: numbers, codes, no name of a person.

Source: measures.md A3, A10, A17.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from measures.facts.pseudonyms import Pseudonyms
from runtime.finished import Rating

RECODED = ("declaration", "qualification", "action")


def opinion_columns(said: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the columns of a contact that hold what its customer said, if anything."""
    if said is None:
        return {}
    names = ("satisfaction", "effort", "recommend", "felt")
    return {"useful_said": said["useful"], **{name: said[name] for name in names}}


def rating_columns(found: Sequence[Rating]) -> dict[str, Any]:
    """Return the columns of a contact that hold what listeners found, on average over them."""
    if not found:
        return {"raters": 0}
    spent = sum(end - begin for one in found for begin, end, _, _ in one.parts)
    useful = sum((end - begin) * share for one in found for begin, end, _, share in one.parts)
    first = next((one.codes for one in found if one.codes), {})
    return {
        "raters": len(found),
        "rated_ms": spent // len(found),
        "rated_useful_ms": useful // (100 * len(found)),
        **{f"recoded_{axis}": first.get(axis) for axis in RECODED},
    }


def rating_rows(
    found: Sequence[Rating], common: Mapping[str, Any], *, names: Pseudonyms, tenant: str
) -> list[dict[str, Any]]:
    """Return a row for each interval that a listener rated."""
    return [
        {
            **common,
            "rater": names.of(tenant, "advisor", one.rater),
            "part": place,
            "begins": begin,
            "ends": end,
            "ms": end - begin,
            "useful_ms": (end - begin) * share // 100,
            "category": category,
        }
        for one in found
        for place, (begin, end, category, share) in enumerate(one.parts)
    ]
