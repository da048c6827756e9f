"""Which groups are withheld: those of few, and those from which they could be worked out.

A group of fewer than five is not shown; and as the total less all the others would give it away,
others are withheld with it, the fewest and smallest that do. Whatever is shown is then made of
blocks of five or more, or leaves each withheld group unsettled. Source: measures.md A14;
L. Willenborg and T. de Waal, Elements of Statistical Disclosure Control (2001), 4.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

SMALLEST: Final = 5
"""Contacts, and advisors of a team, below which a group's figure is not shown."""
ALL: Final = ("all",)
"""Stands in a cell for all values of a dimension: such a cell is a margin."""
MOST: Final = 150
"""Withheld cells of a table of several dimensions beyond which none of it is shown."""
_PRIME: Final = 2**61 - 1

Cell = tuple[Any, ...]
Path = Callable[[Any], tuple[str, ...]]
Block = frozenset[Any]


def blocks(
    sizes: Mapping[Any, int], *, path: Path | None = None, weak: Collection[Any] = (),
    people: Mapping[Any, int] | None = None,
) -> list[Block]:  # fmt: skip
    """Return which values are only shown together, so that nothing of fewer than five is told.

    Args:
        sizes: how many there are of each value.
        path: where a value lies in a tree, so that a block keeps below one node where it can.
        weak: values that are not shown alone whatever their size.
        people: how many advisors there are of each value, where it names a group of them: fewer
            than five are not shown, whatever they did; none at all are nobody's figure.
    """
    place = path or (lambda value: (str(value),))
    of = people or {}

    def is_unsafe(block: Block, size: int) -> bool:
        is_alone = len(block) == 1 and next(iter(block)) in weak
        return is_alone or size < SMALLEST or 0 < sum(of.get(one, 0) for one in block) < SMALLEST

    made = sorted(
        ((frozenset({value}), n) for value, n in sizes.items() if n),
        key=lambda one: place(next(iter(one[0]))),
    )
    while len(made) > 1:
        unsafe = [at for at, one in enumerate(made) if is_unsafe(*one)]
        if not unsafe:
            break
        at = min(unsafe, key=lambda one: (made[one][1], one))
        # In the order of a tree who is nearest is beside; without a tree the smallest is taken.
        beside = [one for one in (at - 1, at + 1) if 0 <= one < len(made)]
        others = beside if path else [one for one in range(len(made)) if one != at]
        to = min(others, key=lambda one: (-_shared(made, at, one, place), made[one][1], one))
        both = (made[at][0] | made[to][0], made[at][1] + made[to][1])
        made[min(at, to)] = both
        del made[max(at, to)]
    return [one for one, n in made if len(one) > 1 or is_unsafe(one, n)]


def _shared(made: Sequence[tuple[Block, int]], at: int, to: int, place: Path) -> int:
    """Return how far down two blocks lie below one node; they are of neighbours, or of no tree."""
    ours, theirs = (max(map(place, made[one][0])) if one < max(at, to) else
                    min(map(place, made[one][0])) for one in (at, to))  # fmt: skip
    same = 0
    for one, other in zip(ours[:-1], theirs[:-1], strict=False):
        if one != other:
            break
        same += 1
    return same


def may_be_shown(box: Collection[Any], withheld: Iterable[Block]) -> bool:
    """Return whether a group made of some values holds each block whole, or nothing of it."""
    held = set(box)
    return all(not block & held or block <= held for block in withheld)


def cells(
    sizes: Mapping[Cell, int], width: int, *, weak: Callable[[Cell], bool] = lambda _: False
) -> set[Cell]:
    """Return the cells of a table of several dimensions that are withheld, margins among them.

    As if whoever asks had the total, and every table of fewer of the dimensions, too.
    """
    table = _Table(sizes, width, weak)
    for count in range(1, width + 1):
        for dims in combinations(range(width), count):
            table.withhold(dims)
    return table.withheld


class _Table:
    """A table with its margins, and what of it is withheld so far."""

    def __init__(self, sizes: Mapping[Cell, int], width: int, weak: Callable[[Cell], bool]) -> None:
        self.weak = weak
        self.sizes: dict[Cell, int] = {}
        for cell, n in sizes.items():
            for count in range(width + 1):
                for kept in combinations(range(width), count):
                    one = tuple(v if i in kept else ALL for i, v in enumerate(cell))
                    self.sizes[one] = self.sizes.get(one, 0) + n
        self.withheld: set[Cell] = set()
        self.primary: set[Cell] = set()
        self.lines: list[tuple[list[Cell], Cell]] = []

    def withhold(self, dims: tuple[int, ...]) -> None:
        """Withhold cells of the table of these dimensions; its margins are settled already."""
        region = sorted(
            (cell for cell, n in self.sizes.items()
             if n and all((cell[i] is not ALL) == (i in dims) for i in range(len(cell)))),
            key=self._order,
        )  # fmt: skip
        few = {one for one in region if self.sizes[one] < SMALLEST or self.weak(one)}
        self.primary |= few
        if len(dims) == 1:
            listed = {one: self.sizes[one] for one in region}
            weak = [one for one in region if self.weak(one)]
            self.withheld |= {one for block in blocks(listed, weak=weak) for one in block}
        self.withheld |= few
        lines = [line for i in dims for line in self._lines(region, i)]
        self.lines += lines
        if len(dims) > 1:
            self._close(lines, region)

    def _order(self, cell: Cell) -> tuple[int, str]:
        return self.sizes[cell], repr(cell)

    @staticmethod
    def _lines(region: Sequence[Cell], i: int) -> Iterator[tuple[list[Cell], Cell]]:
        found: dict[Cell, list[Cell]] = {}
        for cell in region:
            found.setdefault((*cell[:i], ALL, *cell[i + 1 :]), []).append(cell)
        for margin, listed in found.items():
            yield listed, margin

    def _close(self, lines: Sequence[tuple[list[Cell], Cell]], region: Sequence[Cell]) -> None:
        """Withhold more until no withheld cell follows from what is shown."""
        while True:
            if sum(self._close_line(*line) for line in lines):
                continue
            if len(self.withheld & set(region)) > MOST:
                self.withheld |= set(region)
                return
            exposed = self._exposed()
            through = [line for line in lines if exposed & set(line[0])] or (
                lines if exposed else []
            )
            free = {one for line, _ in through for one in line} - self.withheld
            if not free:
                return
            self.withheld.add(min(free, key=self._order))

    def _close_line(self, listed: Sequence[Cell], margin: Cell) -> bool:
        """Withhold one more cell of a line in which a withheld one would follow from the rest."""
        hidden = [one for one in listed if one in self.withheld]
        is_known = margin not in self.withheld
        if not hidden and is_known:
            return False
        unknown = len(hidden) + (not is_known)
        if unknown >= 2 and (not is_known or sum(map(self.sizes.__getitem__, hidden)) >= SMALLEST):
            return False
        free = next((one for one in listed if one not in self.withheld), None)
        if free is None:
            return False
        self.withheld.add(free)
        return True

    def _exposed(self) -> set[Cell]:
        """Return the cells of few that follow from what is shown, by all lines together."""
        rows: list[dict[Cell, int]] = []
        for listed, margin in self.lines:
            row = {one: 1 for one in listed if one in self.withheld}
            if margin in self.withheld:
                row[margin] = _PRIME - 1
            if row:
                rows.append(row)
        return {one for one in _settled(rows) if one in self.primary}


def _settled(rows: list[dict[Cell, int]]) -> set[Cell]:
    """Return the unknowns that linear equations settle (Gauss and Jordan, modulo a prime)."""
    solved: dict[Cell, dict[Cell, int]] = {}
    for given in rows:
        row = dict(given)
        for pivot in [one for one in row if one in solved]:
            _subtract(row, solved[pivot], row.get(pivot, 0))
        if not row:
            continue
        pivot, factor = next(iter(row.items()))
        inverse = pow(factor, -1, _PRIME)
        row = {one: value * inverse % _PRIME for one, value in row.items()}
        for other in solved.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        solved[pivot] = row
    return {pivot for pivot, row in solved.items() if len(row) == 1}


def _subtract(row: dict[Cell, int], other: Mapping[Cell, int], factor: int) -> None:
    if not factor:
        return
    for one, value in other.items():
        left = (row.get(one, 0) - factor * value) % _PRIME
        if left:
            row[one] = left
        else:
            row.pop(one, None)
