"""The codes of a session as expressions read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.parts import AXES
from engine.state import State


class LiveCodes(Mapping[str, Sequence[str]]):
    """The codes of the live path by axis, read from the state when an expression asks."""

    __slots__ = ("_state",)

    def __init__(self, state: State) -> None:
        self._state = state

    def __getitem__(self, axis: str) -> Sequence[str]:
        """Return the codes taken on one axis."""
        return self._state.codes[axis]

    def __iter__(self) -> Iterator[str]:
        """Yield the axes."""
        return iter(AXES)

    def __len__(self) -> int:
        """Return the number of axes."""
        return len(AXES)
