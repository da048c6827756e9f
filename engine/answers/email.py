"""An e-mail address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.answers.base import AnswerType, clean_text, refuse, unseen

if TYPE_CHECKING:
    from engine.events import Json
    from engine.scope import Scope

_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f]{1,64}")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")


class Email(AnswerType):
    """An e-mail address; its domain is kept in small letters.

    ```yaml
    type: email
    ```
    """

    name = "email"

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the address."""
        del scope
        text = clean_text(raw, limit=1_000).strip()
        local, _, domain = text.rpartition("@")
        domain = domain.lower()
        labels = domain.split(".")
        if (
            _LOCAL.fullmatch(local) is None
            or local.startswith(".")
            or local.endswith(".")
            or ".." in local
            or any(map(unseen, local))
            or len(labels) < 2
            or len(local) + len(domain) > 253
            or not all(_LABEL.fullmatch(label) for label in labels)
        ):
            raise refuse("answer.not-an-email")
        return f"{local}@{domain}"

    def schema(self) -> dict[str, Json]:
        """Return a text that is an address."""
        return {"type": "string", "format": "email", "maxLength": 254}
