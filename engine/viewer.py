"""How a session's steps, questions and past are put for one who looks."""

from __future__ import annotations

from typing import Any

from engine import answering
from engine.events import Json
from engine.evolve import PEOPLE
from engine.expressions import CostExceeded
from engine.model import Library
from engine.parts import Field, Option
from engine.places import Here
from engine.reading import Reading
from engine.scope import Scope
from engine.state import State, Visit
from engine.steps.base import Step
from engine.steps.do import Do
from engine.steps.say import Say
from engine.wording import Text

SHOWN = 100
"""Lines of the history shown with every answer, at least; the transcript has them all."""
BLOCK = 50
"""How many lines are left out at once."""


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

    def field(self, field: Field, here: Here, visit: Visit) -> dict[str, Any]:
        """Return one question: control, options, what is known, was brought or answered before."""
        scope = self.walk.scope(here)
        options = []
        for option_id, option, label in self.offered(field, scope):
            shown = label if option is None else self.text(option.label, here)
            short = None if option is None else self.text(option.short, here)
            options.append({"id": option_id, "label": shown or option_id, "short": short})
        first = visit.left_order is None
        known = answering.known(self.walk, here, field) if first else None
        entry = self.state.known.get(field.fact or "")
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
                "mode": field.known,
            },
            "offered": answering.offered(self.walk, here, field) if first else None,
            "suggested": self.suggested(field, here) if first else None,
            "value": (visit.values or {}).get(field.name),
            "default": field.default,
            "valid": field.type.schema(),
            "form": field.type.form(self.language, self.audience),
        }

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
        effect = self.walk.effect_of(here)
        if effect is not None and effect.status == "succeeded" and isinstance(here.step, Do):
            found: Json = here.step.saved(effect.result)
            for name in field.name.split("."):
                found = found.get(name) if isinstance(found, dict) else None
            return found
        return None

    def history(self) -> list[dict[str, Any]]:
        """Return the visits of the path that concern people, oldest first.

        Then those undone by corrections.
        """
        live = [self.made(line) for line in self._live()]
        return live + [self.line(visit, step, undone=True) for visit, step in self._undone()]

    def latest(self) -> tuple[list[dict[str, Any]], int]:
        """Return the history as far as it is shown with every answer, and how many lines it lacks.

        Each answer is stored for a day: with all that went before, a session of the longest would
        take gigabytes.
        """
        live, undone = self._live(), self._undone()
        # By blocks: what was made of the lines that stay is used again.
        earlier = max(0, len(live) - SHOWN) // BLOCK * BLOCK
        older = max(0, len(undone) - SHOWN)
        lines = [line if type(line) is dict else self.made(line) for line in live[earlier:]]
        lines += [self.line(visit, step, undone=True) for visit, step in undone[older:]]
        return lines, earlier + older

    def _live(self) -> list[Visit | dict[str, Any]]:
        """Return the visits that concern people; those whose line was made before, by their line.

        Every answer goes through the whole path here, so that little is done for each visit.
        """
        key = (self.audience, self.language, self.length)
        found: list[Visit | dict[str, Any]] = []
        for visit in self.state.path:
            line = visit.shown.get(key)
            if line is not None:
                found.append(line)
            elif (
                visit.how not in ("passed", "told")
                and visit.run in self.state.runs
                and self.walk.step(visit).KIND not in ("call", "decide", "end")
            ):
                found.append(visit)
        return found

    def _undone(self) -> list[tuple[Visit, Step | None]]:
        undone = set(self.state.undone)
        visits = [
            visit
            for visit in self.state.cache.values()
            if visit.id in undone and (visit.how in PEOPLE or visit.how == "succeeded")
        ]
        if not visits:
            return []
        journeys = {
            run: journey for v in self.state.cache.values() for run, journey, _, _ in v.opens
        } | {run.id: run.journey for run in self.state.runs.values()}
        found = []
        for visit in visits:
            journey = journeys.get(visit.run)
            steps = {} if journey is None else self.library.journeys[journey].steps
            found.append((visit, steps.get(visit.step)))
        return found

    def made(self, line: Visit | dict[str, Any]) -> dict[str, Any]:
        """Return the line of a visit; that of one that was left is made once and kept with it."""
        if not isinstance(line, Visit):
            return line
        found = self.line(line, self.walk.step(line), undone=False)
        if line.left_order is not None:
            key = (self.audience, self.language, self.length)
            line.__dict__["shown"] = {**line.shown, key: found}
        return found

    def line(self, visit: Visit, step: Step | None, *, undone: bool) -> dict[str, Any]:
        """Return what a line of the history says of a visit."""
        fields = {f.name: f for f in asked(step, visit)} if step is not None else {}
        shown = {}
        for name, value in (visit.values or {}).items():
            field = fields.get(name)
            if field is None:
                continue
            labels = {o.id: self.text(o.label, None) or o.id for o in field.options}
            shown[name] = field.type.show(value, self.language, labels=labels)
        here = self.walk.here(visit) if visit.run in self.state.runs else None
        return {
            "visit": visit.id,
            "step": visit.step,
            "title": visit.step if step is None else self.title(step, here),
            "kind": None if step is None else step.KIND,
            "run": visit.run,
            "at": visit.at,
            "left_at": visit.left_at,
            "how": visit.how,
            "by": visit.by,
            "values": visit.values,
            "shown": shown,
            "source": visit.source,
            "codes": [list(code) for code in visit.codes],
            "undone": undone,
        }


def asked(step: Step | None, visit: Visit) -> tuple[Field, ...]:
    """Return the questions a visit asks: the step's own, or those of the manual procedure."""
    if isinstance(step, Do):
        return step.by_hand.fills if visit.by_hand is not None and step.by_hand is not None else ()
    return () if step is None else step.fields()
