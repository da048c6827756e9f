"""An agreement to a text."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, ClassVar

from engine.answers.base import AnswerType, BadSetting, Schema, parts_of, refuse, worded
from engine.answers.yes_no import spoken_yes_no
from engine.kinds import BOOLEAN, TEXT, Kind
from engine.localise import yes_no

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

PARTS = ("given", "text_hash", "at")


class Consent(AnswerType):
    """An agreement to a text, or its refusal; the answer is `{given, text_hash, at}`.

    ```yaml
    type: consent
    text: {fr: "J'accepte l'enregistrement de l'appel.", en: "I accept that the call is recorded."}
    ```

    `text_hash` proves which text it was: SHA-256 of its wordings in all languages. `at` is when it
    was given; without one, the day of the visit.
    """

    name = "consent"
    is_barrier = True
    settings: ClassVar[Mapping[str, Schema]] = {
        "text": {"anyOf": [{"type": "string"}, {"type": "object"}]},
    }

    def prepare(self) -> None:
        """Read the text, and make its proof."""
        text = self.given.get("text")
        if not text:
            raise BadSetting("text", "is needed: what is consented to.")
        written = json.dumps(text, sort_keys=True, ensure_ascii=False, default=dict)
        self.text_hash = hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def kind(self) -> Kind:
        """Return a record whose `given` is a boolean."""
        return Kind.record({"given": BOOLEAN, "text_hash": TEXT, "at": TEXT})

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the consent with its proof."""
        given: object = raw
        at: object = scope.today
        if isinstance(raw, dict):
            parts = parts_of(raw, PARTS, refusal=refuse("answer.not-a-consent"))
            given, at = parts.get("given"), parts.get("at", scope.today)
            if parts.get("text_hash", self.text_hash) != self.text_hash:
                raise refuse("answer.other-text")
        if not isinstance(given, bool) or not _is_moment(at):
            raise refuse("answer.not-a-consent")
        return {"given": given, "text_hash": self.text_hash, "at": at}

    def show(self, value: Json, language: str, *, labels: Mapping[str, str] | None = None) -> str:
        """Return yes or no."""
        del labels
        if isinstance(value, dict):
            return yes_no(value.get("given"), language)
        return super().show(value, language)

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return the text that is agreed to."""
        return {"text": worded(self.given["text"], language, audience)}

    def schema(self) -> dict[str, Json]:
        """Return an object with the proof."""
        return {
            "type": "object",
            "properties": {
                "given": {"type": "boolean"},
                "text_hash": {"const": self.text_hash},
                "at": {"type": "string"},
            },
            "required": ["given", "text_hash", "at"],
            "additionalProperties": False,
        }

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return the consent of a person who typed yes or no."""
        return {"given": spoken_yes_no(text, language)}


def _is_moment(value: object) -> bool:
    if not isinstance(value, str) or not value.isascii() or len(value) > 35:
        return False
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
