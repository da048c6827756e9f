"""What things cost, as a library says it: an advisor's minute, a contact by channel, a robot's run.

Figures of money rest on it; without it there are none. Source: measures.md A12.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Costs:
    """Unit costs in one currency.

    Attributes:
        minute: one minute of an advisor's time. `internal_minute`: of a colleague who is asked.
        occupancy: the share of paid time in which advisors are with somebody; what is paid beside
            it is borne by the contacts.
        contact: what a contact costs by its channel, beyond anybody's time.
        robot_run: one action done by a robot.
    """

    currency: str
    minute: float
    internal_minute: float
    occupancy: float = 1.0
    contact: Mapping[str, float] = field(default_factory=dict)
    robot_run: float = 0.0
