"""A message as it is stored, changed and shown."""

from __future__ import annotations

from typing import Any, Final

from authoring.suggest_words import EMPTY_WORDS, WORD, folded
from runtime.json_text import from_text, to_text
from runtime.store import messages as s
from runtime.store.port import Unit
from runtime.store.tables import MESSAGE

STATES: Final = (
    "new", "open", "answered", "closed", "ignored",
    "ready", "sending", "sent", "failed", "unknown", "bounced",
)  # fmt: skip
"""Where a message may be: those that came, then those of ours."""
EXCERPT: Final = 140
_COLUMNS: Final = tuple(column.name for column in MESSAGE.columns)

MessageRow = dict[str, Any]


def message_row(row: Any) -> MessageRow:
    """Return a message's columns by name, what is known of it beside as an object."""
    found = dict(zip(_COLUMNS, row, strict=True))
    return {**found, "content": from_text(found["content"])}


def changed(unit: Unit, row: MessageRow, at: int, **columns: Any) -> MessageRow:
    """Add a change of a message to what the caller commits, and return it so.

    The unit loses its race when somebody changed it since it was read.
    """
    after = {**row, **columns, "updated_at": at}
    unit.add(
        s.CHANGE_MESSAGE, row["tenant"], row["id"], row["version"], after["status"],
        after["contact"], after["customer"], after["session"], to_text(after["content"]),
        after["due"], after["attempt"], at,
    )  # fmt: skip
    return {**after, "version": row["version"] + 1}


def added(unit: Unit, **columns: Any) -> MessageRow:
    """Add a new message to what the caller commits."""
    row = {**dict.fromkeys(_COLUMNS), "version": 1, "attempt": 0, **columns}
    unit.add(s.NEW_MESSAGE, *(to_text(row[n]) if n == "content" else row[n] for n in _COLUMNS))
    return row


def shown(row: MessageRow, own_advisor: str | None = None) -> dict[str, Any]:
    """Return what a list says of a message; `own_advisor` is its customer's, if there is one."""
    content = row["content"]
    names = ("id", "direction", "kind", "status", "subject", "contact", "customer", "session", "at")
    return {
        **{name: row[name] for name in names},
        "from": row["sender"],
        "name": content.get("name", ""),
        "to": row["recipient"],
        "answers": row["parent"],
        "own_advisor": own_advisor,
        "machine": content.get("machine"),
        "reason": content.get("reason"),
        "language": content.get("language"),
        "files": content.get("files", []),
        "excerpt": " ".join(row["text"].split())[:EXCERPT],
    }


def language_of(text: str) -> str:
    """Return the language a text is written in, by its commonest words; French when none tells."""
    words = WORD.findall(folded(text[:4_000]))
    counts = {
        language: sum(1 for word in words if word in known)
        for language, known in EMPTY_WORDS.items()
    }
    return max(counts, key=lambda language: counts[language])
