"""Small libraries for the engine's tests: a few steps in YAML, the rest is there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from textwrap import dedent, indent
from typing import Any

from authoring.load import load
from engine.model import Library

LIBRARY = """
parcours: 1
library: small
title: A small library
languages: [en]
audiences: [advisor, customer]
channels: [phone, chat, email, web]
timezone: Europe/Paris
declarations: {order.late: main}
teams: {seller: {title: Seller}, expert: {title: Expert}}
calendar: {days: [mon, tue, wed, thu, fri], open: "09:00", close: "18:00"}
facts:
  customer.email: {type: email, holder: customer}
  ticket.order: {type: text, holder: ticket}
digressions: [hours]
"""
CODES = """
declarations:
  order: {label: Order, children: {late: {label: Late}, damaged: {label: Damaged}}}
qualifications:
  payment: {label: Payment, children: {card: {label: Card}, cheque: {label: Cheque}}}
actions:
  order: {label: Order, children: {resent: {label: Sent again}, explained: {label: Explained}}}
"""
CONNECTORS = """
operations:
  shop.read:
    effect: read
    input: {id: {type: text}}
    output: {status: {type: choice, options: [held, sent]}, amount: {type: money, currency: EUR}}
    refusals: [not_found]
    timeout: 5s
  shop.resend:
    effect: keyed
    input: {id: {type: text}}
    output: {parcel: {type: text}}
    refusals: [too_late, no_stock]
  shop.cancel: {effect: keyed, input: {id: {type: text}}}
  shop.pay: {effect: keyed, irreversible: true, input: {id: {type: text}}}
"""
HOURS = """
start: false
steps:
  - {id: told, ask: {clear: {type: yes_no, label: "Is it clear?"}}, say: "From 9 to 18."}
  - {id: back, end: resolved}
"""


def journey_file(name: str, written: str) -> str:
    """Return a journey's file: `written` is its steps, or its keys but for its name."""
    body = dedent(written)
    if body.lstrip().startswith("-"):
        body = "steps:\n" + indent(body, "  ")
    return f"parcours: 1\njourney: {name}\ntitle: {name}\n{body}"


@cache
def _loaded(files: tuple[tuple[str, str], ...]) -> Library:
    loaded = load(dict(files))
    wrong = [one for one in loaded.findings if one.severity == "error"]
    assert loaded.library is not None, wrong
    assert wrong == []
    return loaded.library


def small_library(
    main: str, journeys: Mapping[str, str] | None = None, *, files: Mapping[str, str] | None = None
) -> Library:
    """Return a library whose journey `main` has these steps; `journeys` are others by name."""
    written = {"hours": HOURS, **(journeys or {}), "main": main}
    made = {f"journeys/{name}.yaml": journey_file(name, text) for name, text in written.items()}
    shared = {"library.yaml": LIBRARY, "codes.yaml": CODES, "connectors.yaml": CONNECTORS}
    every = {**shared, **made, **{name: dedent(text) for name, text in (files or {}).items()}}
    return _loaded(tuple(every.items()))


def as_file(data: Any) -> str:
    """Return data as text that the loader reads: JSON is YAML."""
    return json.dumps(data, ensure_ascii=False)
