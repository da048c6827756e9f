"""Yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.answers.base import AnswerType, Schema, refuse
from engine.kinds import BOOLEAN, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

OPTIONS = {"yes": True, "no": False}
"""The ids of its two options, as a view offers them, and the answer that each stands for."""
_WORDS = {
    "fr": {"o": True, "oui": True, "n": False, "non": False},
    "en": {"y": True, "yes": True, "n": False, "no": False},
}


class YesNo(AnswerType):
    """Yes or no; the answer is `true` or `false`, or the id of an option: `"yes"`, `"no"`.

    It is kept as `true` or `false`, whichever of the two was given.

    ```yaml
    type: yes_no
    yes: {next: repair}
    no: {next: refund}
    ```
    """

    name = "yes_no"
    settings: ClassVar[Mapping[str, Schema]] = {
        "yes": {"type": "object"},
        "no": {"type": "object"},
    }

    @property
    def kind(self) -> Kind:
        """Return a boolean."""
        return BOOLEAN

    def read(self, raw: object, scope: Scope) -> Json:
        """Return `true` or `false`, also of the id of an option."""
        del scope
        if isinstance(raw, str):
            raw = OPTIONS.get(raw)
        if not isinstance(raw, bool):
            raise refuse("answer.not-yes-or-no")
        return raw

    def show(self, value: Json, language: str, *, labels: Mapping[str, str] | None = None) -> str:
        """Return yes or no, or the labels given for `yes` and `no`."""
        option = option_of(value)
        if option is not None and labels is not None and option in labels:
            return labels[option]
        return super().show(value, language)

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return nothing: the words for yes and no go with the question."""
        del language, audience
        return {}

    def schema(self) -> dict[str, Json]:
        """Return a boolean."""
        return {"type": "boolean"}

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return what `oui`, `o`, `yes`, `n` … mean."""
        return spoken_yes_no(text, language)


def option_of(value: Json) -> str | None:
    """Return the id of the option that an answer stands for; None for what is no answer."""
    return next((option for option, stands_for in OPTIONS.items() if stands_for is value), None)


def spoken_yes_no(text: str, language: str) -> bool:
    """Return whether a person typed yes, in the language's words first, then in others."""
    word = text.strip().lower()
    for words in (_WORDS.get(language, {}), *_WORDS.values()):
        if word in words:
            return words[word]
    raise refuse("answer.not-yes-or-no")
