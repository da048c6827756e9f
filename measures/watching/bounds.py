"""Two bounds, and on which side of them a value is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from runtime.errors import WrongReference

BELOW: Final = "below"
ABOVE: Final = "above"
_LARGEST: Final = 1e15


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The least and the greatest value that are as they should be, in the measure's own unit.

    `margin`: how far inside its bound a value that was beyond it must come to be back.
    """

    low: float | None = None
    high: float | None = None
    margin: float = 0.0

    def refuse_unfit(self) -> None:
        """Refuse bounds that no value could be between.

        Raises:
            WrongReference: none is given, they are the wrong way round, or the margin is wider
                than what lies between them.
        """
        given = [one for one in (self.low, self.high) if one is not None]
        if not given:
            raise WrongReference(
                {"fr": "Donnez une borne : low, high ou les deux.",
                 "en": "Give a bound: low, high or both."},
                field="low",
            )  # fmt: skip
        if not all(math.isfinite(one) and abs(one) <= _LARGEST for one in (*given, self.margin)):
            raise WrongReference(field="low", allowed=f"-{_LARGEST:g} … {_LARGEST:g}")
        room = math.inf if len(given) < 2 else given[1] - given[0]
        if room < 0:
            raise WrongReference(
                {"fr": "low doit être au plus high.", "en": "low must be at most high."},
                field="low", high=self.high,
            )  # fmt: skip
        if not 0 <= self.margin <= room:
            raise WrongReference(
                {"fr": "margin va de 0 à l'écart entre les bornes.",
                 "en": "margin goes from 0 to what lies between the bounds."},
                field="margin",
            )  # fmt: skip

    def side(self, value: float, was: str | None = None) -> str | None:
        """Return on which side beyond its bounds a value is: `below`, `above`; None within.

        `was` is the side it was on: it stays there until it is back by the margin, so that a value
        that wavers around a bound crosses it once.
        """
        if self.low is not None:
            least = self.low + (self.margin if was == BELOW else 0.0)
            if value < least:
                return BELOW
        if self.high is not None:
            most = self.high - (self.margin if was == ABOVE else 0.0)
            if value > most:
                return ABOVE
        return None

    def bound(self, side: str) -> float | None:
        """Return the bound on a side."""
        return self.low if side == BELOW else self.high
