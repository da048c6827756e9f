"""Whether what is known from before serves in silence, is confirmed, or is asked all the same.

A question's `known:` says it, else its fact's. Where neither does, the library's `reuse:` rules do,
by where the value comes from and how old it is; without rules, the product's own: what a file or a
bot said, and what is older than half a year, is confirmed by whoever is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.parts import DAY_MS

MODES = ("skip", "confirm", "always")
"""It is used and shown; it is shown and confirmed; it is asked, and the seconds are repetition."""


@dataclass(frozen=True, slots=True)
class Reuse:
    """One rule: values from `sources` (all when empty), `older` than so many milliseconds."""

    known: str
    sources: tuple[str, ...] = ()
    older: int | None = None

    def holds(self, source: str, age: int | None) -> bool:
        """Return whether the rule is about a value; one whose age is not known is not old."""
        if (
            self.sources
            and source not in self.sources
            and source.partition(":")[0] not in (self.sources)
        ):
            return False
        return self.older is None or (age is not None and age > self.older)

    @property
    def why(self) -> str:
        """What of a value the rule goes by: `age`, else `source`."""
        return "source" if self.older is None else "age"


OURS = (Reuse("confirm", sources=("import", "bot")), Reuse("confirm", older=180 * DAY_MS))
"""The rules of a library that has none."""


def reuse(
    declared: str | None, rules: Sequence[Reuse], entry: object, *, now: int
) -> tuple[str, str | None]:
    """Return how a known value is used, and why: `declared`, `source`, `age`, or None.

    Args:
        declared: what the question or its fact says, None when neither does.
        rules: the library's, the first that holds decides; none of its own: the product's.
        entry: what is known: {value, source, at}.
        now: milliseconds UTC.
    """
    if declared is not None:
        return declared, "declared"
    known: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {}
    source, at = str(known.get("source") or ""), known.get("at")
    age = now - at if isinstance(at, int) else None
    for rule in rules or OURS:
        if rule.holds(source, age):
            return rule.known, rule.why
    return "skip", None
