"""Where the same facts may be kept besides the files, and questions be asked of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from measures.cut import Reader
from measures.facts.reading import Facts

T = TypeVar("T")


class Source(Protocol):
    """What brings facts elsewhere asks of who keeps the files: see `measures.facts.keeper`."""

    def told(self) -> Mapping[str, Any]:
        """Return how the facts stand; `as_of` is the moment that all of them stand for."""
        ...

    def tenants(self) -> set[str]:
        """Return whose facts there are."""
        ...

    def stamp(self, tenant: str) -> tuple[int, int]:
        """Return what changes whenever a tenant's tail does."""
        ...

    async def ask_files(self, tenant: str, question: Callable[[Facts], T]) -> tuple[T, int]:
        """Return what a question finds in a tenant's files and tail, and what they stand for."""
        ...


class Elsewhere(Protocol):
    """A database that holds the facts of all tenants, for deployments past one machine."""

    async def ask(self, tenant: str, question: Callable[[Reader], T]) -> tuple[T, int]:
        """Return what a question finds there, and the moment it stands for, ms UTC.

        Raises:
            FactsAway: it does not answer, or holds nothing yet.
        """
        ...

    async def bring(self, keeper: Source) -> None:
        """Bring what a keeper has and it has not, unless another process is at it.

        Raises:
            FactsAway: as `ask`.
        """
        ...
