"""Customers and advisors under a keyed hash: the same one is known again, nobody is named.

Source: issue 6 (no personal data in the facts); measures.md A14.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

LENGTH: Final = 16
"""Hexadecimal digits kept: 64 bits, so that two of a million are the same once in 30 million."""


class Pseudonyms:
    """Makes pseudonyms with one secret; who has the facts without it cannot make them again."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def kept_in(cls, path: Path) -> Pseudonyms:
        """Return those of a secret file, made the first time, which only its owner can read."""
        try:
            # Never two secrets: whoever makes the file first decides.
            made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(bytes.fromhex(path.read_text(encoding="ascii")))
        with os.fdopen(made, "w", encoding="ascii") as file:
            secret = secrets.token_bytes(32)
            file.write(secret.hex())
        return cls(secret)

    def of(self, tenant: str, kind: str, name: str | None) -> str | None:
        """Return the pseudonym of a customer's or advisor's name within a tenant; None of None."""
        if name is None:
            return None
        text = f"{tenant}\0{kind}\0{name}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()[:LENGTH]

    def of_customer(
        self, tenant: str, customer: str | None, merged: Mapping[str, str]
    ) -> str | None:
        """Return a customer's pseudonym: that of the one it was merged into, if it was."""
        return self.of(tenant, "customer", merged.get(customer or "", customer))
