"""Identifiers that sort by the time they were made: `ses_06f3k2…`, `ctc_…`, `tkt_…`, `cus_…`."""

from __future__ import annotations

import hashlib
import secrets
from typing import Protocol

from runtime.clock import Clock

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
HANDFUL = 64


def named(prefix: str, at: int, name: str) -> str:
    """Return the identifier of something that has a name elsewhere: always the same one.

    It sorts by `at`, in milliseconds, as others do by the time they were made.
    """
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:10]
    return f"{prefix}_{_text(at << 80 | int.from_bytes(digest))}"


class Ids(Protocol):
    """What use cases ask for a new identifier."""

    def new(self, prefix: str) -> str:
        """Return a new one, `prefix_` and 26 letters and digits."""
        ...


def _text(number: int) -> str:
    """Return 130 bits as 26 digits of base 32, most significant first."""
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -5, -5))


class SystemIds:
    """48 bits of time, then 80 random ones, so that they sort, and cannot be guessed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._random = b""

    def new(self, prefix: str) -> str:
        """Return a new identifier."""
        # Asked of the system in handfuls: a call for each would cost more than the rest of it.
        if not self._random:
            self._random = secrets.token_bytes(10 * HANDFUL)
        taken, self._random = self._random[:10], self._random[10:]
        return f"{prefix}_{_text(self._clock.now() << 80 | int.from_bytes(taken))}"


class CountedIds:
    """Identifiers counted from one, for tests and recordings."""

    def __init__(self) -> None:
        self._count = 0

    def new(self, prefix: str) -> str:
        """Return the next identifier."""
        self._count += 1
        return f"{prefix}_{_text(self._count)}"
