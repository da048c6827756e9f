"""The made-up people of development mode and the demonstration; none of them has a password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TENANT: Final = "default"
"""Whose they are: the tenant that `publish` and `keys` serve unless told another."""


@dataclass(frozen=True, slots=True)
class Persona:
    """One of them: a role, a short name within it, and a full one."""

    role: str
    id: str
    name: str

    @property
    def by(self) -> str:
        """How it is chosen: `advisor:ana`."""
        return f"{self.role}:{self.id}"


PERSONAS: Final = (
    Persona("advisor", "ana", "Ana Martin"),
    Persona("advisor", "bruno", "Bruno Leroy"),
    Persona("advisor", "chloe", "Chloé Petit"),
    Persona("supervisor", "diane", "Diane Moreau"),
)
