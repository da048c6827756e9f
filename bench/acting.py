"""Libraries whose journeys ask other systems: once in the background, or at each answer."""

from __future__ import annotations

import re

from bench.libraries import CODES

_LIBRARY = """\
parcours: 1
library: acting
title: Acting
languages: [en]
audiences: [advisor]
channels: [phone]
timezone: UTC
"""
_MAIL = """\
parcours: 1
operations:
  mail.tell:
    title: Tell somebody
    effect: keyed
    input: {to: {type: text, required: true}}
    timeout: 15s
"""
_OMS = """\
parcours: 1
operations:
  oms.get_order:
    title: Read an order
    effect: read
    input: {id: {type: text, required: true}}
    output: {status: {type: choice, options: [late, lost]}}
    timeout: 15s
"""
_FIRST = """\
  - id: first
    ask:
      first:
        type: choice
        label: "Which?"
        options:
          - {id: one, label: "One", declares: livraison.suivi}
          - {id: two, label: "Two", declares: livraison.etat}
"""


def _files(journey: str, steps: str, connectors: str) -> dict[str, str]:
    return {
        "library.yaml": _LIBRARY,
        "codes.yaml": re.sub(r'\{fr: "[^"]*", en: ("[^"]*")\}', r"\1", CODES),
        "connectors.yaml": connectors,
        f"journeys/{journey}.yaml": f"""\
parcours: 1
journey: bench.{journey}
title: "{journey}"
audience: [advisor]
steps:
{_FIRST}{steps}  - id: told
    say: "That is all."
    qualifies: cause.paiement
    acts: livraison.renvoi
  - {{id: solved, end: resolved}}
""",
    }


def telling() -> dict[str, str]:
    """Return a library whose one journey has one action that nobody waits for."""
    return _files(
        "telling",
        """\
  - id: tell
    do: mail.tell
    with: {to: first}
    behind: true
    acts: livraison.information
    by_hand: {say: "Tell them yourself."}
""",
        _MAIL,
    )


def looking(count: int) -> dict[str, str]:
    """Return a library whose one journey looks something up after every other answer."""
    return _files(
        "looking",
        "".join(
            f"""\
  - id: plain{n}
    ask: {{note{n}: {{type: text, label: "Anything else?"}}}}
  - id: ask{n}
    ask: {{order{n}: {{type: text, label: "Which order?"}}}}
  - id: read{n}
    do: oms.get_order
    with: {{id: order{n}}}
    saves: {{found{n}: result}}
    by_hand: {{say: "Read it yourself.", fills: [found{n}.status]}}
  - id: seen{n}
    decide:
      - {{when: 'found{n}.status == "lost"', next: told}}
      - {{else: true}}
"""
            for n in range(1, count + 1)
        ),
        _OMS,
    )
