"""`python -m bench [PART …]`: measure, and print each figure beside its target."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from bench.measure import Row, show

PARTS = {
    "walk": "the walk in memory, a correction",
    "against": "the walk in memory beside transitions, SpiffWorkflow and langgraph",
    "store": "a durable advance in process, beside raw commits of the same rows",
    "opened": "a turn while a hundred thousand sessions are open",
    "advance": "a durable advance over HTTP, on both databases",
    "worker": "the worker's actions a second, beside a bare loop of the same claims",
    "inline": "what an action inside a turn adds to it, beside its system's bare call",
    "loading": "loading and checking many journeys, and a long one",
    "measures": "figures over a year of contacts, beside SQLite and PostgreSQL",
    "console": "the console in a browser: a key pressed, the next step painted; bundles",
    "start": "the command line's start",
}


def main() -> int:
    """Measure the parts asked for, all of them by default; 0 whatever is reached."""
    parser = argparse.ArgumentParser(
        prog="bench",
        description="\n".join(f"{name}: {what}" for name, what in PARTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    asked = parser.parse_args().parts or list(PARTS)
    unknown = [name for name in asked if name not in PARTS]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}")
    found: list[Row] = []
    for name in asked:
        print(f"measuring {PARTS[name]} …", file=sys.stderr, flush=True)
        found += import_module(f"bench.{name}").rows()
    print(show(found))
    reached = sum(row.reached for row in found)
    print(f"\n{reached} of {len(found)} targets reached; compare ratios, not figures, across runs.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
