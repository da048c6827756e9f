"""The small library that golden cases of checks share; each overrides the files it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULTS = {
    "library.yaml": """
parcours: 1
library: golden
title: Bibliothèque d'exemple
languages: [fr]
audiences: [advisor, customer]
teams: {seller: {title: Vendeur}}
""",
    "codes.yaml": """
declarations:
  livraison: {label: Livraison, children: {suivi: {label: Suivi}}}
qualifications:
  transport: {label: Transport, children: {retard: {label: Retard}, casse: {label: Casse}}}
actions:
  livraison: {label: Livraison, children: {information: {label: Information}}}
""",
    "connectors.yaml": """
operations:
  oms.get_order:
    effect: read
    input: {id: {type: text, required: true}}
    output:
      status: {type: choice, options: [delivered, in_transit]}
      amount: {type: money, currency: EUR}
    refusals: [not_found]
  oms.resend: {effect: keyed, input: {id: {type: text, required: true}}}
  oms.cancel: {effect: keyed, input: {id: {type: text, required: true}}}
  bank.refund: {input: {id: {type: text, required: true}}}
  bank.wire: {effect: keyed, irreversible: true, input: {id: {type: text, required: true}}}
  bank.check: {effect: read, input: {number: {type: text, required: true}}, sensitive: [number]}
  crm.note: {effect: keyed, input: {text: {type: text, required: true}}}
""",
    "journeys/client.identification.yaml": """
parcours: 1
journey: client.identification
title: Identification
start: false
steps:
  - id: name
    say: "Votre nom ?"
    ask: {known: {type: yes_no, yes: {next: done}, no: {next: unknown}}}
  - {id: done, end: resolved}
  - {id: unknown, end: refused}
""",
}


def files_with_defaults(files: Mapping[str, str]) -> dict[str, str]:
    """Return a case's library: its own files, and the shared ones it does not override."""
    return {**DEFAULTS, **files}
