"""How much of a system's traffic may be second attempts: a tenth, so that trouble is not doubled.

Pure: the clock's reading is handed in. Source: promises.md 2.4.
"""

from __future__ import annotations

from typing import Final

SHARE_PERCENT: Final = 10
"""What each first call adds, in hundredths of a retry."""
RESERVE: Final = 10
"""Retries at hand at first, so that little traffic may be tried again too."""
MOST: Final = 100
"""Most that is saved up in good times."""
TRICKLE_MS: Final = 5_000
"""One more each time, so that what waits in the background never waits for traffic."""
_WHOLE: Final = 100


class RetryBudget:
    """What is left for trying again, of one system."""

    def __init__(self, *, now: int) -> None:
        self._hundredths = RESERVE * _WHOLE
        self._trickled = now

    def called(self) -> None:
        """Count a first call: it earns a tenth of a retry."""
        self._hundredths = min(MOST * _WHOLE, self._hundredths + SHARE_PERCENT)

    def spend(self, now: int) -> bool:
        """Take one retry; False when there is none left."""
        if self._hundredths < _WHOLE and now - self._trickled >= TRICKLE_MS:
            self._hundredths = _WHOLE
        if self._hundredths < _WHOLE:
            return False
        self._trickled = now
        self._hundredths -= _WHOLE
        return True
