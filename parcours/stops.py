"""How a command ends early: a sentence for the person, and an exit code for the script."""

from __future__ import annotations

FOUND = 1
"""The command did its work and what it looked at is not right: findings, a failed test."""
USAGE = 2
"""The command could not do its work as it was asked."""


class Stop(Exception):
    """The command cannot go on.

    Attributes:
        text: what to do about it, by language (`fr`, `en`).
        code: the exit code.
    """

    def __init__(self, *, fr: str, en: str, code: int = USAGE) -> None:
        super().__init__(en)
        self.text = {"fr": fr, "en": en}
        self.code = code
