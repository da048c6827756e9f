"""How a session's steps, questions and past are put for one who looks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine import answering
from engine.events import Json
from engine.expressions import CostExceeded
from engine.model import Library
from engine.parts import Field, Option
from engine.places import Here
from engine.reading import Reading
from engine.scope import Scope
from engine.state import Effect, State, Visit
from engine.steps.base import Step
from engine.steps.do import Do
from engine.steps.say import Say
from engine.wording import Text


class Viewer:
    """One look at a session: who looks, in which language, through which channel."""

    def __init__(
        self,
        library: Library,
        state: State,
        *,
        audience: str,
        language: str,
        channel: str,
        walk: Reading,
    ) -> None:
        self.library = library
        self.state = state
        self.audience = audience
        self.language = language
        self.length = "short" if channel in library.short_channels else "full"
        self.walk = walk

    def text(self, text: Text | None, here: Here | None) -> str | None:
        """Return a wording with its values, None when there is none."""
        if text is None:
            return None
        template = text.pick(
            self.audience,
            self.language,
            length=self.length,
            default_language=self.library.languages[0],
        )
        if template is None:
            return None
        if here is None or not template.holes:
            return (
                template.source
                if here is None
                else template.render(self.walk.scope(here), self.language)
            )
        kinds = self.walk.journey(here.run).kinds
        return template.render(self.walk.scope(here), self.language, kinds=kinds)

    def title(self, step: Step, here: Here | None) -> str:
        """Return a step's short name: its title, else the first line it says, else its id."""
        shown = self.text(step.title, here) or self.text(step.say, here)
        return shown.strip().splitlines()[0] if shown and shown.strip() else step.id

    def said(self, visit: Visit) -> dict[str, Any] | None:
        """Return what is said at a visit."""
        here = self.walk.here(visit)
        step = here.step
        text = self.text(step.say, here)
        goal = self.text(step.goal, here) if isinstance(step, Say) else None
        if text is None and goal is None:
            return None
        verbatim = isinstance(step, Say) and step.verbatim
        return {
            "visit": visit.id,
            "step": step.id,
            "text": text,
            "goal": goal,
            "verbatim": verbatim,
        }

    def offered(self, field: Field, scope: Scope) -> list[tuple[str, Option | None, str | None]]:
        """Return the options of a question; none where looking back at one costs too much."""
        try:
            return answering.choices(field, scope)
        except CostExceeded:
            return []

    def options(
        self, found: Iterable[tuple[str, Option | None, str | None]], here: Here | None
    ) -> list[dict[str, Any]]:
        """Return options as they are shown: {id, label, short}."""
        shown = []
        for name, option, label in found:
            text = label if option is None else self.text(option.label, here)
            short = None if option is None else self.text(option.short, here)
            shown.append({"id": name, "label": text or name, "short": short})
        return shown

    def field(self, field: Field, here: Here, visit: Visit) -> dict[str, Any]:
        """Return one question: control, options, what is known, was brought or answered before."""
        options = self.options(self.offered(field, self.walk.scope(here)), here)
        first = visit.left_order is None
        known = answering.known(self.walk, here, field) if first else None
        entry = self.state.known.get(field.fact or "")
        how, why = answering.mode(self.walk, field)
        return {
            "name": field.name,
            "type": field.type.name,
            "label": self.text(field.label, here),
            "help": self.text(field.help, here),
            "options": options,
            "required": field.required,
            "skippable": field.skippable or not field.required,
            "sensitive": field.sensitive,
            "known": None
            if known is None
            else {
                "value": known,
                "source": entry.get("source") if isinstance(entry, dict) else None,
                "at": entry.get("at") if isinstance(entry, dict) else None,
                "mode": how,
                "why": why,
            },
            "offered": answering.offered(self.walk, here, field) if first else None,
            "suggested": self.suggested(field, here) if first else None,
            "value": (visit.values or {}).get(field.name),
            "default": field.default,
            "valid": field.type.schema(),
            "form": field.type.form(self.language, self.audience),
        }

    def made_up_for(self, here: Here) -> Effect | None:
        """Return the action that was asked for here, or whose failure behind led here."""
        if here.came.startswith("@"):
            return self.state.effects.get(here.came.split("@")[1])
        return self.walk.effect_of(here)

    def suggested(self, field: Field, here: Here) -> Json:
        """Return the answer to confirm that was given at this place before a correction.

        Where there is none, it is what a late action found.
        """
        for visit in reversed(self.state.cache.values()):
            if (visit.run, visit.step, visit.occ) == (
                here.run,
                here.step.id,
                here.occ,
            ) and visit.values:
                return visit.values.get(field.name)
        effect = self.made_up_for(here)
        return None if effect is None else self.found(field, here.step, effect)

    def found(self, field: Field, step: Step, effect: Effect) -> Json:
        """Return what an action that succeeded found for a question of its manual procedure."""
        if effect.status != "succeeded" or not isinstance(step, Do):
            return None
        found: Json = step.saved(effect.result)
        for name in field.name.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return found


def asked(step: Step | None, visit: Visit) -> tuple[Field, ...]:
    """Return the questions a visit asks: the step's own, or those of the manual procedure."""
    if isinstance(step, Do):
        return step.by_hand.fills if visit.by_hand is not None and step.by_hand is not None else ()
    return () if step is None else step.fields()
