"""When no answer is awaited: a delay, an event, an approval, another team, an action under way."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from engine.commands import Command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parcours.play.screen import Screen
    from parcours.play.table import Table


class Talk(Protocol):
    """The conversation, as far as waiting needs it."""

    table: Table
    screen: Screen

    def line(self, prompt: str = "") -> str:
        """Return the next line typed."""
        ...

    def yes(self, name: str) -> bool:
        """Return whether a question of `play` itself is answered yes."""
        ...


def pass_over(talk: Talk, view: Mapping[str, Any]) -> None:
    """Say what the session waits for, and let the person make it happen."""
    state, screen = talk.table.state, talk.screen
    if state.status == "paused":
        talk.line(f"{screen.word('stopped')} [{screen.word('go_on')}] ")
        talk.table.send("resume")
    elif state.transfer is not None:
        screen.line(f"{screen.word('transfer')} {state.transfer[1]}", "magenta")
        talk.table.send("accept" if talk.yes("accept") else "decline")
    elif state.wait is not None:
        _wait(talk)
    else:
        pending = view.get("pending") or {}
        screen.line(f"{screen.word('pending')} {pending.get('operation', '')}", "magenta")
        talk.line(f"[{screen.word('by_hand_now')}] ")
        talk.table.send("take_over")


def _wait(talk: Talk) -> None:
    table, screen = talk.table, talk.screen
    wait = table.state.wait
    assert wait is not None
    if wait.what == "approval":
        agreed = talk.yes("approve")
        table.bring(Command("approve", {"accept": agreed}), by="supervisor:play", role="supervisor")
        table.settle()
        return
    if wait.what == "call_back":
        talk.line(f"[{screen.word('call_back')}] ")
        table.send("resume")
        return
    if wait.what == "event":
        screen.line(f"{screen.word('waiting_event')} {wait.name}", "magenta")
        typed = talk.line(f"[{screen.word('event_values')}] ").strip()
        event = _json(typed)
        table.system("wake", wait=wait.id, event=event)
        return
    if wait.due is not None:
        until = datetime.fromtimestamp(wait.due / 1000, table.zone)
        screen.line(f"{screen.word('waiting_until')} {until:%Y-%m-%d %H:%M}", "magenta")
        talk.line(f"[{screen.word('let_pass')}] ")
        table.clock.move_to(wait.due)
    table.system("wake", wait=wait.id)


def _json(text: str) -> dict[str, Any]:
    """Return the mapping a text is; what is not one is taken as no values."""
    try:
        value = json.loads(text or "{}")
    except json.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
