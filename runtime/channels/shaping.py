"""A reply within a channel's limits: buttons, a list, or numbered text. No label is ever cut.

What does not fit one form takes the next; what is too long is sent in several messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a channel shows: how many buttons and rows of a list, how wide, and how long a text.

    0 buttons or rows: it shows none.
    """

    buttons: int = 10
    button: int = 60
    rows: int = 30
    row: int = 80
    text: int = 4_000


LEAST_TEXT: Final = 60
"""Characters that any channel sends at once."""
CHANNELS: Final = {
    "sms": Limits(buttons=0, button=0, rows=0, row=0, text=459),
    "whatsapp": Limits(buttons=3, button=20, rows=10, row=24, text=1_024),
    "messenger": Limits(buttons=13, button=20, rows=0, row=0, text=2_000),
    "xmpp": Limits(buttons=0, button=0, rows=0, row=0),
    "email": Limits(buttons=0, button=0, rows=0, row=0, text=60_000),
}
"""The limits of channels that have narrower ones, by name; a request may say its own."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One quick reply: the `choice` that sends it back, its label, and a shorter one."""

    id: str
    label: str
    short: str | None = None


@dataclass(frozen=True, slots=True)
class Shaped:
    """A message's style, and its quick replies with labels that fit."""

    style: str
    replies: tuple[Reply, ...]


def shape(replies: Sequence[Reply], limits: Limits) -> Shaped:
    """Return how quick replies are shown: `none`, `buttons`, `list` or `text` (numbered)."""
    if not replies:
        return Shaped("none", ())
    for style, most, width in (
        ("buttons", limits.buttons, limits.button),
        ("list", limits.rows, limits.row),
    ):
        fitting = [_fit(reply, width) for reply in replies]
        kept = [one for one in fitting if one is not None]
        if len(kept) == len(replies) <= most and len({one.label for one in kept}) == len(kept):
            return Shaped(style, tuple(kept))
    return Shaped("text", tuple(replies))


def _fit(reply: Reply, width: int) -> Reply | None:
    if len(reply.label) <= width:
        return reply
    if reply.short and len(reply.short) <= width:
        return replace(reply, label=reply.short)
    return None


def messages(
    text: str, replies: Sequence[Reply], limits: Limits, *, hint: str = ""
) -> list[dict[str, Any]]:
    """Return the messages to send, in order: `{text, style, options}`, the options on the last.

    `hint` says how to answer where the options are numbered lines.
    """
    shaped = shape(replies, limits)
    if shaped.style == "text":
        lines = [f"{place}. {one.label}" for place, one in enumerate(shaped.replies, 1)]
        text = "\n".join([part for part in (text, *lines, hint) if part])
    parts = cut(text, max(limits.text, LEAST_TEXT))
    found: list[dict[str, Any]] = [{"text": part, "style": "none", "options": []} for part in parts]
    if not found and shaped.replies:
        found = [{"text": "", "style": "none", "options": []}]
    if found:
        found[-1]["style"] = shaped.style
        found[-1]["options"] = [
            {"id": one.id, "label": one.label, "short": one.short} for one in shaped.replies
        ]
    return found


def cut(text: str, longest: int) -> list[str]:
    """Return a text in parts of at most `longest` characters, between lines or else words."""
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > longest:
        head = rest[: longest + 1]
        at = max(head.rfind("\n"), head.rfind(". ") + 1)
        if at < longest // 3:
            at = head.rfind(" ")
        if at <= 0:
            at = longest
        parts.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [*parts, rest] if rest else parts
