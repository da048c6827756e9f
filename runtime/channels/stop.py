"""Where a session stands, as a conversation sees it: its view, its questions and those ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from engine.ahead import learnt
from engine.events import Json
from engine.evolve import ENDED
from engine.model import Library
from engine.parts import Field, Option
from engine.provide import reachable
from engine.reading import Env, Reading
from engine.scope import Scope
from engine.viewer import Viewer, asked
from runtime.access import Actor
from runtime.channels.hearing import Choice, Question
from runtime.idempotency import Answer
from runtime.revisions import Revision
from runtime.states import Warm
from runtime.turns import zone_of

AGREED: Final[Mapping[str, tuple[str, str]]] = {"fr": ("Oui", "Non"), "en": ("Yes", "No")}
"""What a question of yes or no offers when its author named nothing."""
OURS: Final = ("bot", "customer")
"""Whose turn it is while a conversation goes on without an advisor."""
RECALLED: Final = 4
"""Answers that a summary tells."""


@dataclass(slots=True, kw_only=True)
class Stop:
    """A session at a stop, worded in a language."""

    view: Mapping[str, Any]
    look: Viewer
    library: Library
    fields: Mapping[str, Field]
    scope: Scope
    language: str

    @property
    def session(self) -> str:
        """Its id."""
        return str(self.view["session"])

    @property
    def version(self) -> int:
        """The walk version it shows."""
        return int(self.view["version"])

    @property
    def visit(self) -> int | None:
        """The visit it stands at, or looks back at."""
        step = self.view["step"]
        return None if step is None else int(step["visit"])

    @property
    def focused(self) -> int | None:
        """The earlier visit that is looked back at, None when it is the current one."""
        current = self.look.state.current
        focus = self.look.state.focus
        return None if focus is None or (current is not None and current.id == focus) else focus

    @property
    def is_over(self) -> bool:
        """Whether the session has ended."""
        return self.view["status"] in ENDED

    @property
    def handed_to(self) -> str | None:
        """Who else has it, or is awaited: a role or a team; None while the conversation has it."""
        turn, transfer = self.view["goes_on"], self.view["transfer"]
        if self.is_over or turn is None:
            return None
        if transfer is not None:
            return None if transfer["to"] in OURS else str(transfer["to"])
        if self.look.state.audience not in OURS:
            return str(self.look.state.audience)
        return "advisor" if turn["by"] == "advisor" and turn["what"] == "answer" else None

    @property
    def is_given_back(self) -> bool:
        """Whether an advisor handed it back to the conversation, which has yet to take it."""
        transfer = self.view["transfer"]
        return transfer is not None and transfer["to"] in OURS

    def may(self, command: str) -> bool:
        """Return whether a command may be brought now."""
        return command in self.view["commands"]

    def shown(self, name: str) -> Mapping[str, Any]:
        """Return a question as the view has it."""
        return next(one for one in self.view["fields"] if one["name"] == name)

    def label(self, name: str) -> str:
        """Return what a question is called."""
        found = next((one for one in self.view["fields"] if one["name"] == name), None)
        field = self.fields.get(name)
        label = None if found is None else found["label"]
        if label is None and field is not None:
            label = self.look.text(field.label, None)
        title = (self.view["step"] or {}).get("title") if found is not None else None
        return str(label or title or name)

    def question(self, name: str, numbered: Sequence[str] = ()) -> Question:
        """Return a question of this stop, to read a text against."""
        shown, field = self.shown(name), self.fields[name]
        options = {option.id: option for option in field.options}
        choices = [
            Choice(
                one["id"], str(one["label"]),
                self._words(one.get("short"), options.get(one["id"])),
            )
            for one in shown["options"]
        ]  # fmt: skip
        if not choices and field.type.name in {"yes_no", "consent"}:
            yes, no = AGREED.get(self.language, AGREED["en"])
            choices = [Choice("yes", yes, ("yes", "oui", "ok")), Choice("no", no, ("no", "non"))]
        return Question(field, tuple(choices), self.scope, self.language, tuple(numbered))

    def ahead(self) -> list[Question]:
        """Return the questions that may still come, each once, those of this stop aside."""
        here = {id(field) for field in self.fields.values()}
        found: dict[int, Question] = {}
        for field in reachable(self.library, self.look.state).values():
            if id(field) in here or id(field) in found or field.options_from is not None:
                continue
            choices = tuple(
                Choice(one.id, self.look.text(one.label, None) or one.id,
                       self._words(self.look.text(one.short, None), one))
                for one in field.options
            )  # fmt: skip
            found[id(field)] = Question(field, choices, Scope({}, self.scope.today), self.language)
        return list(found.values())

    def _words(self, short: str | None, option: Option | None) -> tuple[str, ...]:
        """Return the other words of an option: its short label, what its declaration is called."""
        words = [short] if short else []
        for code in () if option is None else option.codes:
            entry = self.library.codes.get(code.axis, {}).get(code.code)
            if code.axis == "declaration" and entry is not None and self._tells(code.code):
                words += [word for each in entry.synonyms.values() for word in each]
        return tuple(words)

    def _tells(self, code: str) -> bool:
        """Return whether only one option of this stop takes a code: then its words name it."""
        takers = sum(
            any(taken.code == code for taken in option.codes)
            for field in self.fields.values()
            for option in field.options
        )
        return takers <= 1

    def proposed(self, name: str) -> Json:
        """Return a value to confirm: brought, known, or given before a correction; None if none."""
        shown = self.shown(name)
        known = shown["known"]
        for value in (
            shown["offered"],
            known["value"] if known is not None and known["mode"] != "always" else None,
            shown["suggested"],
        ):
            if value is not None:
                return value
        return None

    def recalled(self) -> list[tuple[str, str]]:
        """Return the latest answers, oldest first: (what was asked, what was answered)."""
        lines = [
            (str(one["label"]), "•••" if one["sensitive"] else str(one["shown"]))
            for one in learnt(self.look)[:RECALLED]
        ]
        return lines[::-1]

    def answered(self, most: int) -> list[tuple[int, str, str, str]]:
        """Return the answers that may be corrected, latest first: (visit, field, label, shown)."""
        lines = learnt(self.look)[:most]
        return [
            (one["visit"], one["name"], str(one["label"]),
             "•••" if one["sensitive"] else str(one["shown"]))
            for one in lines
        ]  # fmt: skip


def stop_of(
    actor: Actor, revision: Revision, warm: Warm, *, answer: Answer, language: str, now: int
) -> Stop:
    """Return where a session stands after an answer, in a language of its library."""
    library, state = revision.library, warm.state
    view = msgspec.json.decode(answer.view)
    walk = Reading(library, state, Env(now, zone_of(library.timezone), actor.by, actor.role))
    look = Viewer(
        library, state, audience=view["audience"], language=language, channel=state.channel,
        walk=walk,
    )  # fmt: skip
    shown = state.current
    if state.focus is not None:
        shown = next((visit for visit in state.path if visit.id == state.focus), shown)
    fields: dict[str, Field] = {}
    scope = Scope({}, walk.today)
    if shown is not None:
        fields = {one.name: one for one in asked(walk.step(shown), shown)}
        scope = walk.scope(walk.here(shown))
    names = {one["name"] for one in view["fields"]}
    kept = {name: one for name, one in fields.items() if name in names}
    return Stop(
        view=view, look=look, library=library, fields=kept, scope=scope, language=language
    )  # fmt: skip
