"""A side call while the customer waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.answering import accept
from engine.events import Consulted
from engine.expressions import Expression
from engine.parts import Field, Target, expressions_of, texts_of
from engine.steps.base import Step
from engine.wording import Text

if TYPE_CHECKING:
    from engine.commands import Command
    from engine.places import Here
    from engine.state import Visit
    from engine.walk import Walk


@dataclass(slots=True, kw_only=True, eq=False)
class Consult(Step):
    """The advisor asks somebody else and writes down the reply; its time is hold.

    A session that is with a customer, a bot or a robot is handed over to an advisor here.

    ```yaml
    - id: ask_specialist
      consult:
        team: specialist
        question: {fr: "Ce joint convient-il ?", en: "Does this seal fit?"}
        fields: {advice: {type: text}}
    ```
    """

    KIND: ClassVar[str] = "consult"
    HUMAN: ClassVar[bool] = True
    SCHEMA: ClassVar[Mapping[str, Any]] = {
        "consult": {
            "type": "object",
            "properties": {
                "team": {"$ref": "#/$defs/name"},
                "question": {"$ref": "#/$defs/text"},
                "fields": {"$ref": "#/$defs/fields"},
            },
            "required": ["team"],
            "additionalProperties": False,
        },
    }

    team: str
    question: Text | None = None
    replies: tuple[Field, ...] = ()

    def targets(self) -> Iterable[Target]:
        """Yield `next`."""
        yield Target("next", self.next)
        yield from self.common_targets()

    def texts(self) -> Iterable[tuple[str, Text]]:
        """Yield the wording, the question put to the other team, and what is asked of the reply."""
        yield from Step.texts(self)
        if self.question is not None:
            yield "consult.question", self.question
        for key, text in texts_of(self.replies):
            yield f"consult.fields.{key}", text

    def expressions(self) -> Iterable[Expression]:
        """Return the rules of the replies."""
        return expressions_of(self.replies)

    def writes(self) -> Iterable[str]:
        """Yield the required replies."""
        return (f.name for f in self.replies if f.required)

    def may_write(self) -> Iterable[str]:
        """Yield the optional replies."""
        return (f.name for f in self.replies if not f.required)

    def fields(self) -> tuple[Field, ...]:
        """Return the replies to write down."""
        return self.replies

    def arrive(self, walk: Walk, here: Here) -> None:
        """Stop for the side call."""
        if walk.halts(here) or (not here.entered and self.revisit(walk, here)):
            return
        walk.enter(here, time=self.time or "hold")
        asked = walk.text(self.question, here) or None
        walk.emit(Consulted(walk.env.now, walk.env.by, self.team, True, asked, here.visit))
        walk.fetch_advisor(here, "consult")

    def staffed(self, visit: Visit) -> bool:  # noqa: ARG002 - whatever the visit
        """Return whether an advisor alone may act here: always, the side call is theirs."""
        return True

    def resolve(self, walk: Walk, here: Here, command: Command) -> None:
        """Take the reply."""
        if command.type not in ("answer", "acknowledge"):
            walk.refuse_command(command, here)
        taken = accept(
            walk,
            here,
            self.replies,
            given=command.body.get("values", {}),
            before=command.body.get("before"),
        )
        walk.leave(
            here,
            "next",
            self.next,
            how="consulted",
            values=taken,
            assigned=walk.assigned(here, taken),
            codes=self.codes,
        )
