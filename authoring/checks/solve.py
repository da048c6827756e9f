"""What surely holds on every path to each step, and what may still be read after it.

Both are found by passing over the steps until nothing changes; sets are numbers, and nothing
recurses, so that a journey of thousands of steps costs a few passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from authoring.checks.flow import Flow, Way
from authoring.checks.names import Names
from authoring.checks.reads import Read


@dataclass(slots=True)
class Gains:
    """For each way out of each step, the bits it sets; for each step, the bits reading it needs."""

    ways: Sequence[Sequence[int]]
    needs: Sequence[int]


def gains(flow: Flow, names: Names, reads: Sequence[Sequence[Read]], *, by_hand: bool) -> Gains:
    """Return what ways set and steps need, with actions done by the robot, or by hand."""
    ways = [[_gain(way, names, by_hand=by_hand) for way in out] for out in flow.out]
    needs = []
    for found in reads:
        bits = 0
        for read in found:
            if read.name in names:
                bits |= names.read(read.name)
        needs.append(bits)
    return Gains(ways, needs)


def _gain(way: Way, names: Names, *, by_hand: bool) -> int:
    writes = way.writes if way.by_hand is None or not by_hand else way.by_hand
    return (
        way.marks
        | names.all_written(writes)
        | names.all_written(name for name in way.knows if name in names)
    )


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
            for way, gain in zip(flow.out[place], gained.ways[place], strict=True):
                if way.target >= 0:
                    after = before[way.target] & (here | gain)
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
            for way, gain in zip(flow.out[place], gained.ways[place], strict=True):
                if way.target >= 0:
                    later |= read[way.target] & ~gain
            if later != read[place]:
                read[place] = later
                changed = True
    return read
