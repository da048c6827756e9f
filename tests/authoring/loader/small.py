"""A small library for the loader's cases."""

from __future__ import annotations

from typing import Any

LIBRARY = """parcours: 1
library: small
title: {fr: Petite, en: Small}
languages: [fr, en]
teams: {seller: {title: Vendeur}}
facts: {customer.email: {type: email}}
"""
CONNECTORS = """operations:
  oms.get_order:
    effect: read
    input: {id: {type: text, required: true}}
    output: {status: {type: choice, options: [open, closed]}, amount: {type: money, currency: EUR}}
"""
CALLED = """parcours: 1
journey: k
title: Appelé
start: false
outputs: [found]
steps:
  - {id: ask, ask: {found: text, other: text}}
  - {id: done, end: resolved}
"""


def journey(steps: str, *, tables: str = "") -> str:
    """Return a journey whose steps begin on its fifth line, or whose tables do."""
    own = f"tables:\n{_indented(tables)}" if tables else ""
    return f"parcours: 1\njourney: j\ntitle: {{fr: x, en: y}}\n{own}steps:\n{steps}"


def files(steps: str, *, tables: str = "", **more: str) -> dict[str, Any]:
    """Return the files of a library with one journey of these steps."""
    return {
        "library.yaml": LIBRARY,
        "connectors.yaml": CONNECTORS,
        "journeys/k.yaml": CALLED,
        "journeys/j.yaml": journey(steps, tables=tables),
        **more,
    }


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())
