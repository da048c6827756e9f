"""What a message is, and what is to be done about it: decided once, on disk, then carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.channels.shaping import Limits
from runtime.files import Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation, as its platform sent it.

    `message` is the platform's id for it, `user` its name for who writes; `choice` a quick reply
    that was pressed; `customer` who it is, where the platform knows; `journey` the one a new
    conversation is for.
    """

    channel: str
    conversation: str
    message: str
    user: str | None = None
    text: str | None = None
    choice: str | None = None
    file: Sent | None = None
    locale: str | None = None
    customer: str | Mapping[str, str] | None = None
    journey: str | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def said(self) -> str:
        """What was typed, without what surrounds it."""
        return (self.text or "").strip()


@dataclass(slots=True)
class Plan:
    """What a message leads to.

    Attributes:
        session: the session it is about, None while there is none.
        ops: what is done, in order: `{do: start | command | hear, …}`.
        version: the walk version it was decided at.
        notes: what is said before the next question: `{say, …}`, `{heard, ahead}` or `{text}`.
        memory: what the reply is asked with; see `Planner`.
        recall: whether to say first where one was.
        again: whether to ask alone, without what had been said before.
        handed: an advisor is asked for where no session is.
    """

    session: str | None = None
    ops: list[dict[str, Any]] = field(default_factory=list)
    version: int = 0
    notes: list[dict[str, Any]] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)
    recall: bool = False
    again: bool = False
    handed: bool = False

    def do(self, type_: str, **body: Any) -> Plan:
        """Add a command to what is done."""
        self.ops.append({"do": "command", "body": {"type": type_, **body}})
        return self

    def say(self, key: str, **shown: Any) -> Plan:
        """Add one of our own texts to what is said."""
        self.notes.append({"say": key, "with": shown})
        return self
