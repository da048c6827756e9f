"""A message as it comes in: what cannot be one is refused, and what it stands under is no name."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from runtime.channels.plans import Message
from runtime.errors import WrongReference
from runtime.json_text import plain

LONGEST_TEXT: Final = 8_000
"""Most characters of a message."""


def digest(*parts: str) -> str:
    """Return what stands for a platform's names: they may be a person's number or handle."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def content_of(message: Message) -> dict[str, Any]:
    """Return what tells a message from another one under the same id."""
    file = message.file
    return {
        "text": message.text, "choice": message.choice,
        "file": None if file is None else [file.name, hashlib.sha256(file.content).hexdigest()],
    }  # fmt: skip


def checked(message: Message) -> Message:
    """Return a message whose parts can be kept; see `Conversations.turn` for what is refused."""
    for name in ("channel", "conversation", "message"):
        plain(getattr(message, name), name)
    given = [one for one in (message.text, message.choice, message.file) if one is not None]
    if len(given) != 1:
        raise WrongReference(
            {
                "fr": "Un message porte un texte, un choix ou une pièce jointe, l'un des trois.",
                "en": "A message holds a text, a choice or an attachment, one of the three.",
            },
            field="text",
        )
    if message.text is not None and not _is_typed(message.text):
        raise WrongReference(
            {
                "fr": f"Un texte a 1 à {LONGEST_TEXT} caractères.",
                "en": f"A text has 1 to {LONGEST_TEXT} characters.",
            },
            field="text",
        )
    if message.choice is not None:
        plain(message.choice, "choice")
    return message


def _is_typed(text: str) -> bool:
    return len(text.strip()) > 0 and len(text) <= LONGEST_TEXT and "\0" not in text
