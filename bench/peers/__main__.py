"""`python -m bench.peers NAME TIMES`: the processor time of one walk on a peer, in microseconds."""

from __future__ import annotations

import sys
from importlib import import_module

from bench.measure import cpu_each

if __name__ == "__main__":
    walk = import_module(f"bench.peers.{sys.argv[1]}").walk
    walk()
    print(cpu_each(walk, times=int(sys.argv[2]), rounds=3))
