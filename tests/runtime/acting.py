"""A library of actions: behind talk, one after the other with their undoing, looked up, unsafe."""

from collections.abc import Mapping
from typing import Any

from connectors.port import Outcome
from runtime.idempotency import Answer
from runtime.sessions import StartRequest
from runtime.wiring import Service
from tests.runtime.conftest import ANA, AUTHOR
from tests.runtime.fakes import Fake

FILES = {
    "library.yaml": """\
parcours: 1
library: acting
title: Acting
languages: [en]
audiences: [advisor]
channels: [phone]
timezone: Europe/Paris
""",
    "codes.yaml": """\
declarations:
  move: {label: Moving, examples: {en: ["I move"]}}
qualifications:
  moves: {label: Moves}
actions:
  moved: {label: Moved}
""",
    "connectors.yaml": """\
operations:
  mail.tell:
    effect: keyed
    input: {to: {type: text, required: true}}
    output: {}
    timeout: 5s
  trips.book:
    effect: keyed
    input: {what: {type: text, required: true}}
    output: {}
    timeout: 5s
  trips.cancel:
    effect: keyed
    input: {what: {type: text, required: true}}
    output: {}
    timeout: 5s
  bank.pay:
    effect: unsafe
    input: {to: {type: text, required: true}}
    output: {receipt: {type: text}}
    timeout: 5s
""",
    "journeys/tell.yaml": """\
parcours: 1
journey: tell
title: Tell somebody
steps:
  - id: who
    say: Who is to be told?
    time: useful
    ask: {to: {type: text, label: Who}}
    declares: move
    qualifies: moves
  - id: tell
    do: mail.tell
    with: {to: to}
    behind: true
    acts: moved
    by_hand: {say: Tell them yourself.}
  - id: more
    say: Anything else?
    time: useful
    ask: {more: {type: text, label: More}}
    acts: moved
  - {id: done, end: resolved}
""",
    "journeys/pay.yaml": """\
parcours: 1
journey: pay
title: Pay somebody
steps:
  - id: who
    say: Who is to be paid?
    time: useful
    ask: {to: {type: text, label: Who}}
    declares: move
    qualifies: moves
  - id: pay
    do: bank.pay
    with: {to: to}
    saves: {paid: result}
    acts: moved
    by_hand: {say: Pay them yourself., fills: [paid.receipt]}
  - id: more
    say: Anything else?
    time: useful
    ask: {more: {type: text, label: More}}
  - {id: done, end: resolved}
""",
    "journeys/trip.yaml": """\
parcours: 1
journey: trip
title: Book a trip
steps:
  - id: where
    say: Where to?
    time: useful
    ask:
      where:
        type: choice
        label: Where
        options: [{id: rome, label: Rome}, {id: home, label: Home}]
    declares: move
    qualifies: moves
  - id: sure
    decide:
      - {when: 'where == "rome"', next: train}
      - {else: true, next: stay}
  - id: train
    do: trips.book
    with: {what: '"train"'}
    compensate: trips.cancel
    on_amend: compensate
    by_hand: {say: Book the train.}
  - id: hotel
    do: trips.book
    with: {what: '"hotel"'}
    compensate: trips.cancel
    on_amend: compensate
    by_hand: {say: Book the hotel.}
  - id: seat
    do: trips.book
    with: {what: '"seat"'}
    compensate: trips.cancel
    on_amend: compensate
    acts: moved
    by_hand: {say: Book the seat.}
  - {id: booked, end: resolved}
  - id: stay
    say: Then you stay.
    time: useful
    ask: {fine: yes_no}
    acts: moved
  - {id: stayed, end: resolved}
""",
}
DOWN = Outcome("failed", reason="http.500")
"""What went wrong in the other system and will not be better in a moment."""
DONE = Outcome("succeeded", {})


class System(Fake):
    """Another system: it answers as told by what it is asked, and remembers what took effect."""

    def __init__(self, **outcomes: Outcome) -> None:
        self.outcomes = outcomes
        """By operation, with `_` for its dot, or by that and what it is asked about."""
        self.calls: list[tuple[str, str, str]] = []
        """(operation, what about, key) of every call."""

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        del timeout_ms
        about = str(inputs.get("what", inputs.get("to")))
        self.calls.append((operation, about, key))
        name = operation.replace(".", "_")
        return self.outcomes.get(f"{name}_{about}", self.outcomes.get(name, DONE))

    def asked(self, operation: str) -> list[str]:
        """Return what an operation was asked about, in order."""
        return [about for name, about, _ in self.calls if name == operation]


async def begin(service: Service, journey: str, **values: Any) -> Answer:
    """Begin a journey of this library and answer its first question."""
    live = await service.revisions.live("acme")
    if not any(one.library == "acting" for one in live):
        await service.revisions.publish(AUTHOR, FILES)
    first = await service.sessions.start(ANA, StartRequest(journey, channel="phone"))
    return await service.sessions.command(
        ANA, first.session, {"type": "answer", "values": values}, match=first.version
    )


async def make_due(service: Service) -> None:
    """Make everything that is due, what it leads to included."""
    await service.outbox.drain_now()
    while await service.outbox.take():
        await service.outbox.drain_now()
