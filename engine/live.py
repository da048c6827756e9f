"""The codes of a session as expressions read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.parts import AXES
from engine.state import State


def principal(marks: Sequence[bool]) -> int:
    """Return which of several codes of an axis is the principal one.

    It is the last one so marked, else the last one taken. Source: semantics.md 10.
    """
    marked = [place for place, is_marked in enumerate(marks) if is_marked]
    return marked[-1] if marked else len(marks) - 1


class LiveCodes(Mapping[str, Sequence[str]]):
    """The codes of the live path by axis, read from the state when an expression asks."""

    __slots__ = ("_state",)

    def __init__(self, state: State) -> None:
        self._state = state

    def __getitem__(self, axis: str) -> Sequence[str]:
        """Return the codes taken on one axis, each once, the principal one last."""
        taken: dict[str, bool] = {}
        for visit in self._state.path:
            for other, code, is_principal in visit.codes:
                if other == axis:
                    taken.setdefault(code, is_principal)
        codes = list(taken)
        if codes:
            codes.append(codes.pop(principal(list(taken.values()))))
        return codes

    def __iter__(self) -> Iterator[str]:
        """Yield the axes."""
        return iter(AXES)

    def __len__(self) -> int:
        """Return the number of axes."""
        return len(AXES)
