"""Why a command is refused.

A stable code, what to do about it in both languages, and what is allowed instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A command was refused; nothing was recorded.

    Attributes:
        code: stable dotted word, `answer.unknown-option`.
        message: what to do, by language (`fr`, `en`).
        fields: for each wrong field its own {code, message, allowed}.
        params: facts about the refusal, JSON.
    """

    def __init__(
        self,
        code: str,
        message: Mapping[str, str],
        *,
        fields: Mapping[str, Mapping[str, Any]] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message.get('en', '')}")
        self.code = code
        self.message = dict(message)
        self.fields = {name: dict(value) for name, value in (fields or {}).items()}
        self.params = dict(params or {})
