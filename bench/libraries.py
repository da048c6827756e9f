"""Libraries made for measuring: many journeys of the usual kind, or one that is very long."""

from __future__ import annotations

import re

LIBRARY = """\
parcours: 1
library: many
title: {fr: "Beaucoup de parcours", en: "Many journeys"}
languages: [fr, en]
audiences: [advisor, customer]
channels: [phone, chat]
timezone: Europe/Paris
"""

CODES = """\
declarations:
  livraison:
    label: {fr: "Livraison", en: "Delivery"}
    children:
      suivi: {label: {fr: "Suivi", en: "Tracking"}}
      etat: {label: {fr: "État du colis", en: "State of the parcel"}}
qualifications:
  cause:
    label: {fr: "Cause", en: "Cause"}
    children:
      transport: {label: {fr: "Transporteur", en: "Carrier"}}
      paiement: {label: {fr: "Paiement", en: "Payment"}}
actions:
  livraison:
    label: {fr: "Livraison", en: "Delivery"}
    children:
      information: {label: {fr: "Client informé", en: "Customer informed"}}
      renvoi: {label: {fr: "Colis renvoyé", en: "Parcel sent again"}}
"""

CONNECTORS = """\
operations:
  oms.get_order:
    title: {fr: "Lire une commande", en: "Read an order"}
    effect: read
    input: {id: {type: text, required: true}}
    output:
      status: {type: choice, options: [suspended, in_transit, delivered]}
      amount: {type: money, currency: EUR}
"""

_HEAD = """\
parcours: 1
journey: {journey}
title: {{fr: "Parcours {number}", en: "Journey {number}"}}
audience: [advisor, customer]
targets: {{handling: 4m}}
steps:
  - id: reason
    say:
      advisor: {{fr: "Bonjour, que se passe-t-il avec la commande ?", en: "Hello, what is it?"}}
      customer: {{fr: "Que se passe-t-il avec votre commande ?", en: "What is it about?"}}
    ask:
      reason:
        type: choice
        label: {{fr: "Motif {number}", en: "Reason {number}"}}
        options:
          - {{id: late, label: {{fr: "En retard", en: "Late"}}, declares: livraison.suivi}}
          - {{id: damaged, label: {{fr: "Abîmé", en: "Damaged"}}, declares: livraison.etat}}
"""

_ROUND = """\
  - id: ask{n}
    say: {{fr: "Voyons le point {n}.", en: "Let us look at point {n}."}}
    ask:
      order{n}: {{type: text, label: {{fr: "Référence {n}", en: "Reference {n}"}}, max_length: 40}}
      count{n}: {{type: number, label: {{fr: "Combien ?", en: "How many?"}}, min: 0, max: 900}}
  - id: read{n}
    do: oms.get_order
    with: {{id: order{n}}}
    saves: {{found{n}: result}}
    time: lookup
    by_hand:
      say:
        advisor: {{fr: "Ouvrez la commande {{order{n}}}.", en: "Open order {{order{n}}}."}}
        customer: {{fr: "Un conseiller regarde.", en: "An advisor is looking."}}
      fills: [found{n}.status, found{n}.amount]
  - id: cause{n}
    decide:
      - {{when: 'found{n}.status == "suspended" and count{n} > {n}', qualifies: cause.paiement}}
      - {{when: 'found{n}.amount > {n} EUR', qualifies: cause.transport}}
      - {{else: true, qualifies: cause.transport}}
  - id: tell{n}
    say:
      advisor: {{fr: "La commande vaut {{found{n}.amount}}.", en: "Worth {{found{n}.amount}}."}}
      customer: {{fr: "Elle vaut {{found{n}.amount}}.", en: "It is worth {{found{n}.amount}}."}}
"""

_TAIL = """\
  - id: inform
    say: {{fr: "Votre colis est suivi.", en: "Your parcel is being followed."}}
    acts: livraison.information
  - {{id: solved, end: resolved}}
"""


def journey(number: int, *, steps: int) -> str:
    """Return the YAML of one journey of about so many steps."""
    rounds = max(1, (steps - 3) // 4)
    parts = [_HEAD.format(journey=f"many.j{number}", number=number)]
    parts += [_ROUND.format(n=n) for n in range(1, rounds + 1)]
    return "".join([*parts, _TAIL.format()])


def many(journeys: int, *, steps: int = 30) -> dict[str, str]:
    """Return the files of a library of so many journeys."""
    files = {f"journeys/j{number}.yaml": journey(number, steps=steps) for number in range(journeys)}
    return {"library.yaml": LIBRARY, "codes.yaml": CODES, "connectors.yaml": CONNECTORS, **files}


def long(steps: int) -> dict[str, str]:
    """Return the files of a library whose one journey has so many steps, below a mebibyte."""
    pairs = "".join(
        f"""\
  - id: a{n}
    ask: {{v{n}: {{type: number, label: {{fr: "Nombre {n}", en: "Number {n}"}}}}}}
  - id: d{n}
    decide:
      - {{when: 'v{n} > {n}', next: a{n + 1}}}
      - {{else: true}}
"""
        for n in range((steps - 4) // 2)
    )
    last = (steps - 4) // 2
    text = f"""\
parcours: 1
journey: many.long
title: {{fr: "Un long parcours", en: "A long journey"}}
audience: [advisor]
steps:
  - id: code
    decide: [{{else: true, qualifies: cause.transport}}]
    declares: livraison.suivi
{pairs}  - id: a{last}
    say: {{fr: "Voilà.", en: "There."}}
    acts: livraison.information
  - {{id: solved, end: resolved}}
"""
    return {
        "library.yaml": LIBRARY.replace("[advisor, customer]", "[advisor]"),
        "codes.yaml": CODES,
        "connectors.yaml": CONNECTORS,
        "journeys/long.yaml": text,
    }


def questions(count: int) -> dict[str, str]:
    """Return the files of a library whose one journey asks so many questions, one after the other.

    The answer of each is read by the decision after the last: correcting the first one walks the
    whole path again.
    """
    asked = "".join(
        f"""\
  - id: ask{n}
    ask: {{value{n}: {{type: number, label: "How many, for point {n}?", min: 0, max: 1000}}}}
"""
        for n in range(1, count + 1)
    )
    total = " + ".join(f"value{n}" for n in range(1, count + 1))
    return {
        "library.yaml": "parcours: 1\nlibrary: questions\ntitle: Questions\nlanguages: [en]\n"
        "audiences: [advisor]\nchannels: [phone]\ntimezone: UTC\n",
        "codes.yaml": re.sub(r'\{fr: "[^"]*", en: ("[^"]*")\}', r"\1", CODES),
        "journeys/questions.yaml": f"""\
parcours: 1
journey: bench.questions
title: "Many questions"
audience: [advisor]
steps:
  - id: first
    ask:
      first:
        type: choice
        label: "Which?"
        options:
          - {{id: one, label: "One", declares: livraison.suivi}}
          - {{id: two, label: "Two", declares: livraison.etat}}
{asked}  - id: sum
    decide:
      - {{when: '{total} > 500', qualifies: cause.transport}}
      - {{else: true, qualifies: cause.paiement}}
  - {{id: told, say: "That is all.", acts: livraison.information}}
  - {{id: solved, end: resolved}}
""",
    }
