"""How a system is broken on purpose, so that people see what becomes of their work then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from parcours.demo.systems.routes import ROUTES, SYSTEMS, route_of

MODES: Final = ("slow", "failing", "down", "fine")
SLOW_S: Final = 20.0
"""How much longer a slow system takes: more than an advisor is made to wait."""
LONGEST_S: Final = 600.0


class WrongFault(Exception):
    """What was asked of `/_faults` is not understood; the message says what is, twice."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What is wrong with a system."""

    mode: str
    seconds: float = 0.0


@dataclass(slots=True)
class Faults:
    """What is broken, by system (`oms`) or operation (`oms.resend`)."""

    broken: dict[str, Broken] = field(default_factory=dict)

    def take(self, asked: Mapping[str, Any]) -> None:
        """Break something, or mend it.

        Args:
            asked: `{"system": "oms", "mode": "slow", "seconds": 20}`; `system` also takes an
                operation.

        Raises:
            WrongFault: it says something else.
        """
        name, mode = asked.get("system"), asked.get("mode")
        seconds = asked.get("seconds", SLOW_S)
        known = {*SYSTEMS, *(route.operation for route in ROUTES)}
        if name not in known:
            raise WrongFault(f"system: {', '.join(SYSTEMS)}, oms.resend …")
        if mode not in MODES:
            raise WrongFault(f"mode: {', '.join(MODES)}")
        is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
        if not is_number or not 0 <= seconds <= LONGEST_S:
            raise WrongFault(f"seconds: 0 … {LONGEST_S:.0f}")
        if set(asked) - {"system", "mode", "seconds"}:
            raise WrongFault("system, mode, seconds")
        if mode == "fine":
            self.broken.pop(str(name), None)
        else:
            self.broken[str(name)] = Broken(str(mode), float(seconds) if mode == "slow" else 0.0)

    def of(self, operation: str) -> Broken | None:
        """Return what is wrong with an operation, or with its whole system."""
        return self.broken.get(operation) or self.broken.get(operation.partition(".")[0])

    def hangs_up(self, method: str, path: str) -> bool:
        """Return whether a request is not answered at all: its system is down."""
        found = route_of(method, path)
        broken = None if found is None else self.of(found[0].operation)
        return broken is not None and broken.mode == "down"
