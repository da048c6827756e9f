"""What one of the systems is asked, and what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from parcours.demo.systems.world import World

_AMOUNT: Final = re.compile(r"(\d{1,9})\.(\d\d)")


class Unclear(Exception):
    """A request lacks something, or has it in another form.

    Attributes:
        name: what is missing or wrong.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: what its path, its query and its body hold."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a text that must be there.

        Raises:
            Unclear: it is not.
        """
        found = self.path.get(name) or self.query.get(name) or self.body.get(name)
        if not isinstance(found, str) or not found:
            raise Unclear(name)
        return found

    def cents(self, name: str) -> int:
        """Return an amount written `12.50`, in cents.

        Raises:
            Unclear: there is none.
        """
        found = _AMOUNT.fullmatch(self.text(name))
        if found is None:
            raise Unclear(name)
        return int(found[1]) * 100 + int(found[2])


@dataclass(frozen=True, slots=True)
class Said:
    """An answer.

    Attributes:
        after_s: how long the system takes over it.
    """

    body: Any = field(default_factory=dict)
    status: int = 200
    after_s: float = 0.0


def no(code: str, status: int = 409) -> Said:
    """Return a refusal in the form all the systems share."""
    return Said({"error": {"code": code}}, status)


Handle = Callable[[World, Asked], Said]
"""Does what is asked and says what came of it."""
