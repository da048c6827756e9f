"""The names of a journey's values as bits, so that what is surely assigned is one number.

Each name has two bits: some part of it is there (`order`), and all of it is (`order.*`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from authoring.checks.flow import MARKS


class Names:
    """A journey's value names by bit, above the bits kept for marks."""

    def __init__(self, names: Iterable[str]) -> None:
        closed: dict[str, None] = {}
        for name in names:
            part = name
            while part and part not in closed:
                closed[part] = None
                part = part.rpartition(".")[0]
        self._bit: dict[str, int] = {}
        self._below: dict[str, list[str]] = {}
        for place, name in enumerate(closed):
            self._bit[name] = 1 << (MARKS + 2 * place)
        for name in closed:
            above = name
            while above:
                self._below.setdefault(above, []).append(name)
                above = above.rpartition(".")[0]
        self.all = (1 << (MARKS + 2 * len(closed))) - 1
        self._written: dict[str, int] = {}

    def read(self, name: str) -> int:
        """Return the bit that must be set where a name is read."""
        return self._bit[name]

    def whole(self, name: str) -> int:
        """Return the bit that says all of a name is there."""
        return self._bit[name] << 1

    def written(self, name: str) -> int:
        """Return the bits that assigning a name sets.

        All of it, its parts, and some part of what it belongs to.
        """
        bits = self._written.get(name)
        if bits is None:
            bits = 0
            for below in self._below.get(name, ()):
                bits |= self._bit[below] * 3
            above = name.rpartition(".")[0]
            while above:
                bits |= self._bit[above]
                above = above.rpartition(".")[0]
            self._written[name] = bits
        return bits

    def known(self, name: str) -> int:
        """Return the bits that some of a name's being there sets: it, and what it belongs to."""
        bits = 0
        while name:
            bits |= self._bit[name]
            name = name.rpartition(".")[0]
        return bits

    def parts(self, name: str) -> int:
        """Return the bits of a name's parts, and the one that says all of it is there."""
        bits = self.whole(name)
        for below in self._below.get(name, ()):
            bits |= self._bit[below] * 3 if below != name else 0
        return bits

    def pairs(self, mine: str, theirs: str) -> Iterator[tuple[int, int]]:
        """Yield (a bit of a value, the same bit of its copy): its parts, and whether they are all.

        The parts of the copy must be names of the other value too.
        """
        for below in self._below.get(mine, ()):
            other = self._bit[theirs + below[len(mine) :]]
            yield from ((other, self._bit[below]), (other << 1, self._bit[below] << 1))

    def all_written(self, names: Iterable[str]) -> int:
        """Return the bits that assigning several names sets."""
        bits = 0
        for name in names:
            bits |= self.written(name)
        return bits

    def named(self, bits: int) -> Iterator[str]:
        """Yield the names whose bits are set: `order` for a part of it, `order.*` for all of it."""
        for name, bit in self._bit.items():
            if bits & bit:
                yield name
            if bits & (bit << 1):
                yield f"{name}.*"

    def __contains__(self, name: str) -> bool:
        """Return whether the journey knows the name."""
        return name in self._bit
