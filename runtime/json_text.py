"""JSON as the store keeps it: one encoder, so that both databases hold the same text."""

from __future__ import annotations

from typing import Any

import msgspec

from runtime.errors import WrongReference

_encoder = msgspec.json.Encoder()
_ordered = msgspec.json.Encoder(order="deterministic")


def to_bytes(value: Any) -> bytes:
    """Return a value as compact JSON.

    Raises:
        WrongReference: a text holds a lone surrogate, which no database stores.
    """
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        raise WrongReference(reason="lone surrogate") from None


def to_text(value: Any) -> str:
    """Return a value as compact JSON text."""
    return to_bytes(value).decode()


def canonical(value: Any) -> bytes:
    """Return the one text of a value whatever the order of its keys, to fingerprint it."""
    return _ordered.encode(value)


def from_text(text: str | bytes) -> Any:
    """Return the value of a JSON text that `to_text` made."""
    return msgspec.json.decode(text)


def plain(value: str, name: str, *, longest: int = 255) -> str:
    """Return a short text that both databases store alike.

    Raises:
        WrongReference: it is empty, too long, or holds a control character or lone surrogate.
    """
    if not value or len(value) > longest or not value.isprintable():
        raise WrongReference(
            {
                "fr": f"« {name} » doit être un texte de 1 à {longest} caractères imprimables.",
                "en": f"`{name}` must be a text of 1 to {longest} printable characters.",
            },
            field=name,
        )
    return value
