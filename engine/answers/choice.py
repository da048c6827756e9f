"""One option out of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.answers.base import AnswerType, BadSetting, Schema, clean_text, refuse
from engine.kinds import CHOICE, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope


class Choice(AnswerType):
    """One option out of several; the answer is the option's id.

    ```yaml
    type: choice
    options: [not_received, damaged]
    ```

    Without `options` (they come from a list that is only known during the walk) any id is taken
    here, and whoever knows the list checks it.
    """

    name = "choice"
    settings: ClassVar[Mapping[str, Schema]] = {
        "options": {"type": "array", "items": {"type": "string"}},
    }

    def prepare(self) -> None:
        """Read the options."""
        options = self.given.get("options")
        self.options: tuple[str, ...] | None = None if options is None else tuple(options)
        if self.options is not None and len(set(self.options)) < len(self.options):
            raise BadSetting("options", "two options have the same id.")

    @property
    def kind(self) -> Kind:
        """Return a choice among the options."""
        return CHOICE if self.options is None else Kind.choice(self.options)

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the option's id."""
        del scope
        if self.options is None:
            return clean_text(raw, limit=1_000)
        if not isinstance(raw, str) or raw not in self.options:
            raise refuse("answer.unknown-option", options=list(self.options))
        return raw

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return nothing: the options offered go with the question."""
        del language, audience
        return {}

    def schema(self) -> dict[str, Json]:
        """Return text, one of the options."""
        options = {} if self.options is None else {"enum": list(self.options)}
        return {"type": "string", **options}
