"""The states of sessions and contacts, as data: drawn here, and held against real walks by a test.

Source: semantics.md 2, 3.
"""

from __future__ import annotations

from dataclasses import dataclass

from runtime.contacts import PHASES


@dataclass(frozen=True, slots=True)
class States:
    """A state machine to draw: `moves` are (from, to, what leads there); `""` is the outside."""

    meaning: dict[str, str]
    moves: tuple[tuple[str, str, str], ...]

    def may(self, before: str, after: str) -> bool:
        """Return whether one may lead to the other at once."""
        return before == after or any(a == before and b == after for a, b, _ in self.moves)


SESSION = States(
    meaning={
        "active": "a person may act: a question, something to acknowledge, a manual procedure",
        "pending": "an automated action or an approval is awaited",
        "waiting": "asleep until a date, an event, a call-back, or somebody's acceptance",
        "paused": "put down; its contact may be over",
        "ended": "came to an outcome",
        "failed": "ended by the failure journey after a bound or a rule broke",
    },
    moves=(
        ("", "active", "start"),
        ("active", "pending", "an action is requested"),
        ("pending", "active", "its result"),
        ("active", "waiting", "wait, transfer"),
        ("waiting", "active", "wake, accept"),
        ("pending", "waiting", "its result"),
        ("waiting", "pending", "wake"),
        ("active", "paused", "pause"),
        ("pending", "paused", "pause"),
        ("waiting", "paused", "pause"),
        ("paused", "active", "resume"),
        ("paused", "pending", "resume"),
        ("paused", "waiting", "resume"),
        ("active", "ended", "outcome, finish, cancel"),
        ("pending", "ended", "outcome, finish, cancel"),
        ("waiting", "ended", "outcome, finish, expire"),
        ("paused", "ended", "cancel, expire"),
        ("active", "failed", "the failure journey ends"),
        ("pending", "failed", "the failure journey ends"),
        ("waiting", "failed", "the failure journey ends"),
    ),
)

CONTACT = States(
    meaning={
        "offered": "waits to be answered: its time is queueing",
        "answered": "somebody, or the self-care service, is with the customer",
        "ended": "the conversation is over; what follows is after-call work",
        "wrapped_up": "after-call work is done",
        "abandoned": "the customer left before an answer",
    },
    moves=(
        ("", "offered", "the channel offers it"),
        *((before, after, after) for before, ways in PHASES.items() for after in ways),
    ),
)


def diagram(states: States) -> str:
    """Return the Mermaid source of a state diagram."""
    last = {name for name in states.meaning if not any(a == name for a, _, _ in states.moves)}
    lines = ["stateDiagram-v2"]
    lines += [f"    {a or '[*]'} --> {b}: {said}" for a, b, said in states.moves]
    lines += [f"    {name} --> [*]" for name in states.meaning if name in last]
    return "\n".join(lines)
