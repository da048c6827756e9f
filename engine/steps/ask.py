"""One or several typed questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.expressions import Expression
from engine.model import Field, Target
from engine.steps.base import Step
from engine.wording import Text


@dataclass(slots=True, kw_only=True, eq=False)
class Ask(Step):
    """Questions that are answered together; the options of one of them may route and code.

    `none` is where none-of-these leads: a step id, None for the library's `nothing_fits` journey, False where forbidden.

    ```yaml
    - id: complaint
      say: {fr: "Que se passe-t-il ?", en: "What is happening?"}
      ask:
        complaint:
          type: choice
          options:
            - {id: late, label: {fr: En retard, en: Late}, declares: livraison.suivi}
            - {id: damaged, label: {fr: Abîmé, en: Damaged}, declares: livraison.etat}
    ```
    """

    KIND: ClassVar[str] = "ask"
    HUMAN: ClassVar[bool] = True
    SCHEMA: ClassVar[Mapping[str, Any]] = {
        "ask": {"$ref": "#/$defs/fields"},
        "none": {"anyOf": [{"$ref": "#/$defs/stepId"}, {"const": False}]},
    }

    questions: tuple[Field, ...] = ()
    none: str | bool | None = None
    router: str | None = None
    """The name of the field whose options carry `next`, if one does."""

    def targets(self) -> Iterable[Target]:
        """Yield the routing options, `next` where an answer may leave by it, and none-of-these."""
        for question in self.questions:
            if question.name == self.router:
                for option in question.options:
                    if option.next is not None:
                        yield Target(option.id, option.next)
        if self.falls_through():
            yield Target("next", self.next)
        if self.none is None:
            yield Target("none", None, "nothing_fits")
        elif isinstance(self.none, str):
            yield Target("none", self.none)
        yield from self.common_targets()

    def falls_through(self) -> bool:
        """Return whether some answer leaves by `next` rather than by an option's own way."""
        for question in self.questions:
            if question.name == self.router:
                return not question.required or any(o.next is None for o in question.options)
        return True

    def expressions(self) -> Iterable[Expression]:
        """Yield the rules of its answers and options."""
        for question in self.questions:
            for valid in question.valid:
                yield valid.when
            for option in question.options:
                if option.when is not None:
                    yield option.when
            if question.options_from is not None:
                yield question.options_from.items

    def texts(self) -> Iterable[tuple[str, Text]]:
        """Yield the question's wording, labels, helps and messages."""
        yield from Step.texts(self)
        for question in self.questions:
            if question.label is not None:
                yield f"ask.{question.name}.label", question.label
            if question.help is not None:
                yield f"ask.{question.name}.help", question.help
            for option in question.options:
                yield f"ask.{question.name}.options.{option.id}", option.label
            for valid in question.valid:
                yield f"ask.{question.name}.valid", valid.message

    def writes(self) -> Iterable[str]:
        """Yield the names of the required questions."""
        return (q.name for q in self.questions if q.required and not q.skippable)

    def may_write(self) -> Iterable[str]:
        """Yield the names of the optional ones."""
        return (q.name for q in self.questions if not q.required or q.skippable)

    def fields(self) -> tuple[Field, ...]:
        """Return the questions."""
        return self.questions
