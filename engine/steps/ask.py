"""One or several typed questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.answering import accept, choices, known, mode, offered
from engine.answers.yes_no import option_of
from engine.events import Json
from engine.expressions import Expression
from engine.parts import Code, Field, Target, expressions_of, texts_of
from engine.refusals import Refused
from engine.steps.base import Step
from engine.wording import Text

if TYPE_CHECKING:
    from engine.commands import Command
    from engine.places import Here
    from engine.state import Visit
    from engine.walk import Walk


@dataclass(slots=True, kw_only=True, eq=False)
class Ask(Step):
    """Questions that are answered together; the options of one of them may route and code.

    `none` is where none-of-these leads: a step id, None for the library's `nothing_fits` journey,
    False where forbidden.

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
                        yield Target(option.exit, option.next)
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
        """Return the rules of its answers and options."""
        return expressions_of(self.questions)

    def texts(self) -> Iterable[tuple[str, Text]]:
        """Yield the question's wording, labels, helps and messages."""
        yield from Step.texts(self)
        for key, text in texts_of(self.questions):
            yield f"ask.{key}", text

    def writes(self) -> Iterable[str]:
        """Yield the names of the required questions."""
        return (q.name for q in self.questions if q.required and not q.skippable)

    def may_write(self) -> Iterable[str]:
        """Yield the names of the optional ones."""
        return (q.name for q in self.questions if not q.required or q.skippable)

    def fields(self) -> tuple[Field, ...]:
        """Return the questions."""
        return self.questions

    def arrive(self, walk: Walk, here: Here) -> None:
        """Ask, unless the answers are there.

        They may be restored, known from elsewhere, or brought beforehand where that suffices.
        """
        if not here.entered and self.revisit(walk, here):
            return
        repeats = bool(walk.state.known) and any(
            known(walk, here, q) is not None and mode(walk, q)[0] == "always"
            for q in self.questions
        )
        for question in self.questions:
            # Options too costly to work out trip here rather than wherever somebody looks.
            if question.is_conditional:
                choices(question, walk.scope(here))
        walk.enter(here, repeats=repeats)
        self.answer_alone(walk, here)

    def answer_alone(self, walk: Walk, here: Here) -> None:
        """Answer without anybody when every required value is there.

        It is known, or was brought where that needs no confirmation.
        """
        if not walk.state.known and not walk.state.offers:
            return
        implied = self.confirms_itself(walk)
        values: dict[str, Json] = {}
        source: dict[str, str] = {}
        for question in self.questions:
            may_serve = implied and not (
                question.type.name == "consent" and walk.state.audience == "robot"
            )
            value = offered(walk, here, question) if may_serve else None
            origin = "offered"
            if value is None and mode(walk, question)[0] == "skip":
                value, origin = known(walk, here, question), "known"
            if value is not None:
                values[question.name], source[question.name] = value, origin
            elif question.required:
                return
        if values:
            try:
                held = {name: values[name] for name, origin in source.items() if origin == "known"}
                taken = accept(walk, here, self.questions, given=values, before=held)
            except Refused:
                # A rule over several answers does not hold: a person is asked.
                return
            self.take(walk, here, taken, source=source)

    def confirms_itself(self, walk: Walk) -> bool:
        """Return whether values brought beforehand need nobody's confirmation.

        Those of robots need none, nor others where the library says so.
        """
        return walk.state.audience == "robot" or walk.state.audience in walk.library.implied

    def resolve(self, walk: Walk, here: Here, command: Command) -> None:
        """Take the answers, none-of-these, or a skip."""
        if command.type == "answer":
            given = command.body["values"]
            before = command.body.get("before")
            taken = accept(walk, here, self.questions, given=given, before=before)
            source = {}
            if walk.state.offers or walk.state.known:
                for question in self.questions:
                    if question.name in taken:
                        source[question.name] = self.origin(
                            walk, here, question, value=taken[question.name]
                        )
            self.take(walk, here, taken, source=source or None)
        elif command.type == "none_of_these":
            self.fit_none(
                walk, here, category=command.body.get("category"), text=command.body.get("text")
            )
        elif command.type == "skip":
            if all(q.skippable or not q.required for q in self.questions):
                # The step is left all the same: what it codes by itself is coded.
                walk.leave(
                    here,
                    "next",
                    self.next,
                    how="skipped",
                    codes=self.codes,
                    reason=command.body.get("reason"),
                )
            else:
                self.fit_none(walk, here, category="skipped", text=command.body.get("reason"))
        else:
            walk.refuse_command(command, here)

    def origin(self, walk: Walk, here: Here, question: Field, *, value: Json) -> str:
        """Return where an answer came from.

        It was given, offered (brought beforehand) or confirmed (known already).
        """
        if offered(walk, here, question) == value:
            return "offered"
        return "confirmed" if known(walk, here, question) == value else "given"

    def take(
        self, walk: Walk, here: Here, taken: dict[str, Json], *, source: dict[str, str] | None
    ) -> None:
        """Leave with these answers by the way they route to."""
        exit_name, to, codes = self.route(taken)
        walk.leave(
            here,
            exit_name,
            to,
            how="answered",
            values=taken,
            assigned=walk.assigned(here, taken),
            codes=codes,
            source=source,
        )

    def route(self, taken: dict[str, Json]) -> tuple[str, str | None, tuple[Code, ...]]:
        """Return the exit, the step and the codes these answers take."""
        codes = self.codes
        exit_name, to = "next", self.next
        for question in self.questions:
            if not question.options or question.name not in taken:
                continue
            value = taken[question.name]
            ids = value if isinstance(value, list) else [value]
            if question.type.name == "yes_no":
                ids = [option_of(value)]
            for option in question.options:
                if option.id in ids:
                    codes = codes + option.codes
                    if option.next is not None and question.name == self.router:
                        exit_name, to = option.exit, option.next
        return exit_name, to, codes

    def fit_none(self, walk: Walk, here: Here, *, category: str | None, text: str | None) -> None:
        """Leave because nothing offered fits.

        The way is the step named for it, else the library's own journey for that.
        """
        if self.none is False:
            raise Refused(
                "answer.none-forbidden",
                {
                    "fr": "Il faut choisir une réponse proposée.",
                    "en": "One of the answers offered must be chosen.",
                },
            )
        source = {"category": category} if category else None
        if isinstance(self.none, str):
            walk.leave(here, "none", self.none, how="none", reason=text, source=source)
            return
        self.leave_for_nothing_fits(walk, here, text=text, source=source)

    def leave_for_nothing_fits(
        self, walk: Walk, here: Here, *, text: str | None, source: dict[str, str] | None
    ) -> None:
        """Jump to the system journey of none-of-these.

        Without one the session fails rather than being lost.
        """
        journey = walk.library.system.get("nothing_fits")
        if journey is None:
            walk.trip("walk.nothing-fits", self.id)
            return
        walk.leave(here, "none", None, how="none", reason=text, source=source)
        walk.open(here, journey, "jump", inputs={})

    def is_still_known(self, walk: Walk, here: Here, cached: Visit) -> bool:
        """Return whether what was taken over from outside is what is known now.

        Another customer may have been recognised since.
        """
        taken, source = cached.values or {}, cached.source or {}
        return all(
            known(walk, here, question) == taken.get(question.name)
            for question in self.questions
            if source.get(question.name) == "known"
        )

    def revive(self, walk: Walk, here: Here, cached: Visit) -> bool:
        """Bring former answers back if they are still valid where the walk now stands."""
        if cached.how == "none" and not isinstance(self.none, str):
            journey = walk.library.system.get("nothing_fits")
            if journey is None:
                return False
            walk.restore(here, cached, None, assigned=None, codes=cached.codes, exit_name="none")
            walk.open(here, journey, "jump", inputs={})
            return True
        if cached.how in ("none", "skipped"):
            return Step.revive(self, walk, here, cached)
        if cached.how != "answered" or not self.is_still_known(walk, here, cached):
            return False
        try:
            taken = accept(
                walk, here, self.questions, given=cached.values or {}, before=cached.values
            )
        except Refused:
            return False
        exit_name, to, codes = self.route(taken)
        walk.restore(
            here, cached, to, assigned=walk.assigned(here, taken), codes=codes, exit_name=exit_name
        )
        return True
