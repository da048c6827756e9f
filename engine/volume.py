"""How much a session may hold: its values, those brought for later included.

Source: promises.md 1, limits.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from engine.commands import Command
from engine.refusals import Refused
from engine.state import State

LARGEST: Final = 256 * 1024
"""Most bytes of a session's values, as JSON."""
TOO_LARGE: Final = "session.too-large"
_BRINGING: Final = frozenset({"values", "result", "event"})


def size(state: State) -> int:
    """Return how many bytes a session's values are, as JSON."""
    held = [*(run.values for run in state.runs.values()), state.offers]
    written = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    return len(written.encode("utf-8", "surrogatepass"))


def refuse_too_much(commands: Sequence[Command], *, before: State, after: State) -> None:
    """Refuse what brings a session more values than it may hold.

    What brings none, or makes them fewer, is never refused: a session goes on and ends whatever it
    holds.

    Raises:
        Refused: `session.too-large`.
    """
    if all(_BRINGING.isdisjoint(command.body) for command in commands):
        return
    held = size(after)
    if held > LARGEST and held > size(before):
        raise Refused(
            "session.too-large",
            {
                "fr": "Les valeurs de cette session dépasseraient 256 Kio : raccourcissez "
                "celle-ci, ou une autre par une correction.",
                "en": "The values of this session would be more than 256 KiB: make this one "
                "shorter, or another by a correction.",
            },
            params={"largest": LARGEST, "held": held},
        )
