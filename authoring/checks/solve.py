"""What surely holds on every path to each step, and what may still be read after it.

Both are found by passing over the steps until nothing changes; sets are numbers, and nothing
recurses, so that a journey of thousands of steps costs a few passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from authoring.checks.flow import Flow
from authoring.checks.names import Names
from authoring.checks.reads import Read
from authoring.checks.ways import Way


@dataclass(slots=True)
class Gains:
    """What ways out of steps do to bits, and the bits that reading each step needs.

    A way first takes those it `loses`, then sets its own, and those whose copies were set before.
    """

    ways: Sequence[Sequence[int]]
    needs: Sequence[int]
    loses: Sequence[Sequence[int]]
    copies: Sequence[Sequence[Sequence[tuple[int, int]]]]
    """For each way, (bit copied, bit it is copied to)."""


def gains(flow: Flow, names: Names, reads: Sequence[Sequence[Read]], *, by_hand: bool) -> Gains:
    """Return what ways set and steps need, with actions done by the robot, or by hand."""
    ways = [[_gain(way, names, by_hand=by_hand) for way in out] for out in flow.out]
    loses = [[_loss(way, names, by_hand=by_hand) for way in out] for out in flow.out]
    copies = [
        [[pair for mine, theirs in way.copies for pair in names.pairs(mine, theirs)] for way in out]
        for out in flow.out
    ]
    needs = []
    for found in reads:
        bits = 0
        for read in found:
            if read.name in names:
                bits |= names.read(read.name)
        needs.append(bits)
    return Gains(ways, needs, loses, copies)


def _written(way: Way, *, by_hand: bool) -> tuple[str, ...]:
    return way.writes if way.by_hand is None or not by_hand else way.by_hand


def _gain(way: Way, names: Names, *, by_hand: bool) -> int:
    bits = way.marks | names.all_written(_written(way, by_hand=by_hand))
    for name in way.bare:
        bits |= names.known(name)
    for name in way.knows:
        if name in names:
            # A record that is there was saved whole by the robot; a person may have filled a part.
            bits |= names.known(name) if by_hand else names.written(name)
    return bits


def _loss(way: Way, names: Names, *, by_hand: bool) -> int:
    bits = 0
    roots = {name.partition(".")[0] for name in _written(way, by_hand=by_hand)}
    for name in {*roots, *way.bare, *way.replaces, *way.clears}:
        bits |= names.parts(name)
    for name in way.clears:
        bits |= names.read(name)
    return bits


def surely(flow: Flow, gained: Gains, *, at_start: int, everything: int) -> list[int]:
    """Return for each step the bits that every path to it has set; all of them where none leads.

    A value read without being assigned counts as assigned from there on, so that it is reported
    once.
    """
    before = [everything] * len(flow.steps)
    if flow.start < 0:
        return before
    before[flow.start] = at_start
    changed = True
    while changed:
        changed = False
        for place in flow.order:
            here = before[place] | gained.needs[place]
            for at, way in enumerate(flow.out[place]):
                if way.target >= 0:
                    there = (here & ~gained.loses[place][at]) | gained.ways[place][at]
                    for copied, to in gained.copies[place][at]:
                        there |= to if here & copied else 0
                    after = before[way.target] & there
                    if after != before[way.target]:
                        before[way.target] = after
                        changed = True
    return before


def maybe_read(flow: Flow, gained: Gains) -> list[int]:
    """Return for each step the bits that it, or some path after it, reads before setting them."""
    read = list(gained.needs)
    changed = True
    while changed:
        changed = False
        for place in reversed(flow.order):
            later = read[place]
            for at, way in enumerate(flow.out[place]):
                if way.target >= 0:
                    later |= read[way.target] & ~gained.ways[place][at]
                    for copied, to in gained.copies[place][at]:
                        later |= copied if read[way.target] & to else 0
            if later != read[place]:
                read[place] = later
                changed = True
    return read
