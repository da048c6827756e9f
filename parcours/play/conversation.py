"""The loop of `parcours play`: show a stop, read what is typed, bring it to the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.answers import BadAnswer
from engine.refusals import Refused
from engine.scope import Scope
from parcours.language import in_words
from parcours.play.reading import YES, plain, read, understand
from parcours.play.sleeping import pass_over
from parcours.play.words import helping
from parcours.wordlist import COLON

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.events import Json
    from parcours.play.screen import Screen
    from parcours.play.table import Table

OVER = ("ended", "failed")


class Quit(Exception):
    """The person stops here, or there is nothing more to read."""


class Turned(Exception):
    """A command was typed in place of an answer: the stop must be shown anew."""


class Conversation:
    """One person walking one session at a terminal, or a file of lines in their place."""

    def __init__(self, table: Table, screen: Screen, ask: Callable[[str], str]) -> None:
        """Take the session, where to show it, and how to read a line (EOFError: no more)."""
        self.table = table
        self.screen = screen
        self._ask = ask
        self._given: dict[str, Json] = {}
        self._given_for: int | None = None

    def run(self) -> None:
        """Walk to the end of the session.

        Raises:
            Quit: the person stopped before.
        """
        while True:
            view = self.table.view()
            if view["status"] in OVER:
                return
            try:
                if view["status"] == "active":
                    self._stop(view)
                else:
                    pass_over(self, view)
            except Turned:
                continue
            except Refused as refused:
                self._refused(refused)

    # Reading

    def line(self, prompt: str = "") -> str:
        """Return the next line.

        Raises:
            Quit: there is none.
        """
        try:
            return self._ask(prompt)
        except EOFError:
            raise Quit from None

    def yes(self, name: str) -> bool:
        """Return whether a question of `play` itself is answered yes."""
        typed = plain(self.line(f"{self.screen.word(name)} "))
        return typed in YES["fr"] or typed in YES["en"]

    def answer_or_turn(self, prompt: str, *, yes_no: bool = False) -> str:
        """Return the text of an answer, having done any command typed in its place.

        Raises:
            Turned: a command changed what is shown.
        """
        while True:
            typed = understand(self.line(prompt), yes_no=yes_no)
            if typed.command is None:
                return typed.text
            self._command(typed.command)

    # A stop

    def _stop(self, view: Mapping[str, Any]) -> None:
        visit = int(view["step"]["visit"])
        current = self.table.state.current
        correcting = current is not None and current.id != visit
        if self._given_for != visit:
            self._given, self._given_for = {}, visit
        self.screen.stop(view, correcting=correcting)
        if not view["fields"]:
            self.answer_or_turn(f"[{self.screen.word('go_on')}] ")
            self.table.send("acknowledge")
            return
        for field in view["fields"]:
            if field["name"] not in self._given:
                self._one(field, visit)
        given, self._given = self._given, {}
        values = {name: value for name, value in given.items() if value is not None}
        try:
            if correcting:
                self._correct(visit, values)
            else:
                self.table.send("answer", step=view["step"]["id"], values=values)
        except Refused as refused:
            self._given = {name: given[name] for name in given if name not in refused.fields}
            self._given_for = visit if refused.fields else None
            raise

    def _one(self, shown: Mapping[str, Any], visit: int) -> None:
        """Ask one question until its answer can be taken; an empty line takes what is proposed."""
        field = self.table.questions(visit)[shown["name"]]
        note, proposed = proposal(shown)
        self.screen.question(shown)
        hint = "" if note is None else f"{self._shown(proposed, shown)} ({self.screen.word(note)}) "
        while True:
            text = self.answer_or_turn(f"{hint}› ", yes_no=shown["type"] == "yes_no")
            if not text:
                if note is not None or not shown.get("required", True):
                    self._given[shown["name"]] = proposed
                    return
                self.screen.refusal(self.screen.word("needed"))
                continue
            try:
                value = read(field, shown, text, language=self.screen.language)
                self._given[shown["name"]] = field.type.accept(value, self._scope(visit))
            except BadAnswer as bad:
                self.screen.refusal(in_words(dict(bad.message), self.screen.language))
            else:
                return

    def _scope(self, visit: int) -> Scope:
        found = self.table.state.visit(visit)
        values = self.table.state.runs[found.run].values
        return Scope(values, found.today)

    def _shown(self, value: Json, shown: Mapping[str, Any]) -> str:
        field = self.table.questions(int(self._given_for or 0))[shown["name"]]
        labels = {o["id"]: str(o["label"]) for o in shown.get("options") or ()}
        return str(field.type.show(value, self.screen.language, labels=labels))

    # Corrections

    def _correct(self, visit: int, values: dict[str, Json]) -> None:
        """Show what a correction would do, then do it if the person still wants it."""
        preview = self.table.preview_amend(visit, values)
        if not preview["allowed"] and not preview["effects"]:
            self.screen.refusal(f"{self.screen.word('impossible')}{self._colon}{preview['code']}")
            return
        titles = {line["visit"]: str(line["title"]) for line in self.table.view()["history"]}
        self.screen.consequences(preview, titles)
        effects = {
            one["effect"]: "compensate" if self._compensated(one) else "keep"
            for one in preview["effects"]
        }
        if self.yes("confirm"):
            self.table.send("amend", visit=visit, values=values, effects=effects)
        else:
            self._given_for = None
            self._back_to_current()

    def _compensated(self, effect: Mapping[str, Any]) -> bool:
        if "compensate" not in effect["choices"]:
            return False
        self.screen.line(f"  {effect['operation']}", "yellow")
        return self.yes("compensate")

    def _back_to_current(self) -> None:
        current = self.table.state.current
        if current is not None and self.table.state.focus is not None:
            self.table.send("back", visit=current.id)

    # Commands

    def _command(self, name: str) -> None:
        """Do a command of one letter.

        Raises:
            Turned: what is shown must be shown anew.
            Quit: the person stops.
        """
        match name:
            case "help":
                self.screen.line(helping(self.screen.language))
                return
            case "history":
                self.screen.history(list(self.table.view()["history"]))
                return
            case "quit":
                if "pause" in self.table.view()["commands"]:
                    self.table.send("pause")
                raise Quit
            case "back":
                self._brought("back")
            case "current":
                self._back_to_current()
            case "amend":
                self._choose()
            case "none":
                self._with_reason("none_of_these", "why_none", "text")
            case "skip":
                self._with_reason("skip", "why_skip", "reason")
            case _:
                self._with_reason("not_done", "why_not_done", "reason")
        raise Turned

    def _choose(self) -> None:
        """Let the person point at an answer of the history, and look at it again."""
        answered = [
            entry
            for entry in self.table.view()["history"]
            if entry.get("values") and not entry.get("undone") and entry.get("how")
        ]
        if not answered:
            self.screen.line(self.screen.word("nothing_before"))
            return
        self.screen.history(answered)
        typed = self.line(f"{self.screen.word('which')} ").strip()
        if typed.isdigit() and 0 < int(typed) <= len(answered):
            self._brought("back", visit=answered[int(typed) - 1]["visit"])

    def _with_reason(self, command: str, why: str, key: str) -> None:
        if command not in self.table.view()["commands"]:
            self._brought(command)
            return
        text = self.line(f"{self.screen.word(why)} ").strip()
        self._brought(command, **({key: text} if text else {}))

    def _brought(self, command: str, **body: Json) -> None:
        try:
            self.table.send(command, **body)
        except Refused as refused:
            self._refused(refused)

    @property
    def _colon(self) -> str:
        return COLON[self.screen.language]

    def _refused(self, refused: Refused) -> None:
        self.screen.refusal(
            self.screen.word("refused")
            + self._colon
            + in_words(refused.message, self.screen.language)
        )
        for name, wrong in refused.fields.items():
            message = wrong.get("message") or {}
            said = in_words(dict(message), self.screen.language) if message else wrong["code"]
            self.screen.refusal(f"  {name}{self._colon}{said}")


def proposal(shown: Mapping[str, Any]) -> tuple[str | None, Json]:
    """Return where a proposed answer comes from, and the answer: (None, None) without any.

    In order: the answer being corrected, one offered earlier, one known, one suggested.
    """
    if shown.get("value") is not None:
        return "suggested", shown["value"]
    if shown.get("offered") is not None:
        return "offered", shown["offered"]
    if shown.get("known") is not None:
        return "known", shown["known"]["value"]
    if shown.get("suggested") is not None:
        return "suggested", shown["suggested"]
    return None, None
