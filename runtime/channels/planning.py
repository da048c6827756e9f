"""A message read against the step its session stands at: which commands it means, if any.

Decided from the message, the stop and what the last reply asked (`memory`) alone:
`{mode, visit, field, options, misses, given, skipped, …}`. Modes: `question` (by default),
`confirm` a value, `correct` (which answer), `amend` (with what it undoes), `cancel`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.events import Json
from runtime.channels.hearing import (
    Choice,
    Heard,
    choose,
    hear,
    hear_line,
    told,
    why_not,
)
from runtime.channels.opening import MISSES
from runtime.channels.plans import Message, Plan
from runtime.channels.stop import Stop
from runtime.channels.words import command_in, yes_or_no

MENU: Final = 9
"""Answers that may be corrected, latest first."""
Preview = Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]]
"""Gives what an amend would do."""
SendFile = Callable[[str], Awaitable[Json]]
"""Keeps the message's file for a question, and gives the reference that answers it."""


@dataclass(slots=True, kw_only=True)
class Planner:
    """Decides about one message at one stop."""

    message: Message
    stop: Stop
    memory: Mapping[str, Any]
    preview: Preview
    send_file: SendFile

    @property
    def said(self) -> str:
        """What was typed."""
        return self.message.said

    def new(self, **memory: Any) -> Plan:
        """Return an empty plan at this stop, which keeps what was collected here."""
        kept = self.memory if self.memory.get("visit") == self.stop.visit else {}
        held = {name: kept[name] for name in ("given", "skipped") if kept.get(name)}
        return Plan(
            session=self.stop.session, version=self.stop.version,
            memory={**held, "visit": self.stop.visit, **memory},
        )  # fmt: skip

    async def plan(self) -> Plan:
        """Return what the message leads to."""
        stop = self.stop
        if stop.handed_to is not None:
            return self._to_advisor()
        if stop.is_given_back or stop.view["status"] == "paused":
            return await self._taken_up()
        command = self._command()
        if command == "advisor":
            return self._hand_over()
        if stop.view["status"] != "active":
            return self._while_waiting()
        mode = self.memory.get("mode", "question")
        if mode in {"confirm", "amend", "cancel"}:
            answer = self._agreed()
            if answer is not None:
                return await self._agreed_to(mode, answer)
        if mode == "correct" and (chosen := self._picked()) is not None:
            visit, _, name = chosen.partition(":")
            return self.new(field=name).do("back", visit=int(visit))
        if command is not None and self._is_free_for(command):
            return self._commanded(command)
        return await self._answered()

    # -- commands in words

    def _command(self) -> str | None:
        choice = self.message.choice
        if choice is not None:
            return choice[1:] if choice.startswith("@") else None
        return command_in(self.said)

    def _is_free_for(self, command: str) -> bool:
        """Return whether a word is a command here: an option called so goes first."""
        if self.message.choice is not None or self.said.startswith("/"):
            return True
        name = self._field()
        if name is None:
            return True
        question = self.stop.question(name, self.memory.get("options") or ())
        heard = hear(question, self.said) if question.choices else None
        return not (heard and heard.by in {"label", "synonym", "number"}) or command == "advisor"

    def _commanded(self, command: str) -> Plan:
        """Return what a command in words leads to."""
        stop, plan = self.stop, self.new()
        match command:
            case "help":
                plan.again = True
                return plan.say("help")
            case "recap":
                plan.recall = True
                return plan
            case "pause" if stop.may("pause"):
                return plan.do("pause").say("paused")
            case "back" if stop.may("back"):
                return plan.do("back")
            case "correct" if stop.may("amend"):
                return self._which()
            case "correct":
                plan.again = True
                return plan.say("nothing_before")
            case "none" if stop.may("none_of_these"):
                words = self.memory.get("missed")
                return plan.do("none_of_these", **({"text": words} if words else {}))
            case "skip" if self._may_skip():
                name = str(self._field())
                plan.memory["skipped"] = [*plan.memory.get("skipped", ()), name]
                return self._complete(plan, {})
            case "go_on" if stop.may("acknowledge"):
                return plan.do("acknowledge")
            case "cancel" if stop.may("cancel"):
                return self.new(mode="cancel")
        plan.again = True
        return plan.say("not_here")

    def _which(self) -> Plan:
        lines = self.stop.answered(MENU)
        if not lines:
            return self.new().say("nothing_before")
        return self.new(
            mode="correct",
            options=[f"{visit}:{name}" for visit, name, _, _ in lines],
            labels=[f"{label} : {shown}" for _, _, label, shown in lines],
        )

    def _picked(self) -> str | None:
        listed, labels = self.memory["options"], self.memory["labels"]
        if self.message.choice is not None:
            return self.message.choice if self.message.choice in listed else None
        choices = [Choice(one, label) for one, label in zip(listed, labels, strict=True)]
        found = choose(choices, self.said, numbered=listed)
        return found[0] if found is not None else None

    def _agreed(self) -> bool | None:
        if self.message.choice in {"@yes", "@no"}:
            return self.message.choice == "@yes"
        if self.message.choice is not None:
            return None
        place = {"1": True, "2": False}.get(self.said)
        return place if place is not None else yes_or_no(self.said)

    async def _agreed_to(self, mode: str, answer: bool) -> Plan:
        """Return what a yes or a no leads to."""
        if mode == "cancel":
            return self.new().do("cancel").say("given_up") if answer else self.new()
        if mode == "amend":
            if not answer:
                return self.new().do("acknowledge")
            return self.new().do(
                "amend", visit=self.memory["visit"], values=self.memory["values"],
                effects=self.memory["effects"],
            )  # fmt: skip
        name = self.memory["field"]
        if name not in self.stop.fields or self.memory.get("visit") != self.stop.visit:
            return self._old()
        if answer:
            question = self.stop.question(name)
            value = self.memory["value"]
            heard = Heard(name, value, question.shown(value), "confirmed")
            return await self._take(heard)
        plan = self.new(field=name, misses=self.memory.get("misses", 0))
        plan.memory["refused"] = [*self.memory.get("refused", ()), name]
        plan.again = True
        return plan

    # -- where somebody else has it

    def _to_advisor(self) -> Plan:
        plan = self.new()
        if self.stop.view["transfer"] is None and self.stop.look.state.audience in {
            "bot", "customer",
        }:  # fmt: skip
            return self._hand_over()
        if self.said and self.stop.may("note"):
            plan.do("note", text=self.said)
        return plan.say("with_advisor")

    def _hand_over(self) -> Plan:
        plan = self.new()
        if not self.stop.may("ask_human"):
            return plan.say("no_hand_over")
        return plan.do("ask_human", reason=self.said or "…").say("handed")

    def _while_waiting(self) -> Plan:
        plan = self.new()
        if self.said and self.stop.view["status"] == "waiting" and self.stop.may("note"):
            plan.do("note", text=self.said)
        return plan

    async def _taken_up(self) -> Plan:
        """Return how a session that was put down goes on: at once with what surely answers it."""
        plan = self.new()
        plan.recall = True
        plan.do("resume", channel=self.message.channel, language=self.stop.language)
        plan.say("back_again", title=self.stop.view["journey"]["title"])
        name = self._field()
        if name is None or self.message.choice is not None or not self.said:
            return plan
        question = self.stop.question(name)
        heard = None if question.is_free else hear(question, self.said)
        if heard is not None and heard.is_sure and self._is_whole({heard.field}):
            plan.do("answer", step=self.stop.view["step"]["id"], values={name: heard.value})
            plan.notes.append({"heard": told(heard, self.stop.label(name))})
        return plan

    # -- answers

    def _field(self) -> str | None:
        """Return the question that was asked last, or the first of this stop."""
        fields = list(self.stop.fields)
        asked = self.memory.get("field")
        if asked in fields and self.memory.get("visit") in {self.stop.visit, None}:
            return str(asked)
        return next((name for name in fields if name not in self._settled()), None)

    def _settled(self) -> set[str]:
        if self.memory.get("visit") != self.stop.visit:
            return set()
        return {*self.memory.get("given", ()), *self.memory.get("skipped", ())}

    def _may_skip(self) -> bool:
        name = self._field()
        return (
            name is not None and self.stop.focused is None and not self.stop.shown(name)["required"]
        )

    async def _answered(self) -> Plan:
        """Return what a text, a choice or a file answers."""
        name = self._field()
        if self.message.file is not None:
            return await self._filed(name)
        if name is None:
            plan = self.new()
            plan.again = True
            return plan.say("not_understood", said=self.said) if self.said else plan
        if self.message.choice is not None:
            return await self._pressed(self.message.choice)
        numbered = self.memory.get("options") or ()
        question = self.stop.question(name, numbered)
        if question.kind in {"choice", "multiple", "yes_no", "consent", "rating"} and (
            command := self._numbered(question.numbered)
        ):
            return self._commanded(command)
        heard = hear(question, self.said)
        is_one = question.is_free or question.kind == "multiple"
        found = {} if is_one else self._of_line(name)
        if len(found) > 1 or (found and (heard is None or not heard.is_sure)):
            return await self._take_line(found)
        if heard is not None and heard.is_sure:
            return await self._take(heard)
        if heard is not None:
            return self.new(
                mode="confirm", field=name, value=heard.value, shown=heard.shown,
                score=heard.score, misses=self.memory.get("misses", 0), missed=self.said,
            )  # fmt: skip
        return self._missed(name)

    def _numbered(self, numbered: tuple[str, ...]) -> str | None:
        """Return the command that a number stands for among the options as they were numbered."""
        if not self.said.isdigit() or not 0 < int(self.said) <= len(numbered):
            return None
        chosen = numbered[int(self.said) - 1]
        return chosen[1:] if chosen.startswith("@") else None

    async def _pressed(self, choice: str) -> Plan:
        visit, name, option = ([*choice.split(":", 2), "", ""])[:3]
        if visit != f"v{self.stop.visit}" or name not in self.stop.fields:
            return self._old()
        question = self.stop.question(name)
        found = next((one for one in question.choices if one.id == option), None)
        heard = None if found is None else hear(question, found.label)
        return self._old() if heard is None else await self._take(heard)

    async def _filed(self, name: str | None) -> Plan:
        file = self.message.file
        assert file is not None
        if name is None or self.stop.fields[name].type.name != "file":
            plan = self.new()
            plan.again = True
            return plan.say("no_file", said=file.name)
        value = await self.send_file(name)
        return await self._take(Heard(name, value, file.name, "value"))

    def _of_line(self, name: str) -> dict[str, Heard]:
        """Return what a line of several answers says, of this stop and of questions ahead."""
        if self.stop.focused is not None:
            return {}
        now = [self.stop.question(name)] + [
            self.stop.question(one) for one in self.stop.fields
            if one != name and one not in self._settled()
        ]  # fmt: skip
        return hear_line(now, self.stop.ahead(), self.said)

    async def _take(self, heard: Heard) -> Plan:
        if self.stop.focused is not None:
            return await self._amend(heard)
        plan = self.new()
        plan.notes.append({"heard": told(heard, self.stop.label(heard.field))})
        return self._complete(plan, {heard.field: heard.value})

    async def _take_line(self, found: Mapping[str, Heard]) -> Plan:
        """Return what several answers of one line lead to: those ahead are kept for their step."""
        plan = self.new()
        labels = {one.field.name: one for one in self.stop.ahead()}
        later = {name: one for name, one in found.items() if name not in self.stop.fields}
        for name, heard in found.items():
            if name in later:
                label = self.stop.look.text(labels[name].field.label, None) or name
                plan.notes.append({"heard": told(heard, label), "ahead": True})
            else:
                plan.notes.append({"heard": told(heard, self.stop.label(name))})
        if later:
            plan.do("provide", values={name: heard.value for name, heard in later.items()})
        given = {name: one.value for name, one in found.items() if name not in later}
        plan.again = not given
        return self._complete(plan, given) if given else plan

    def _is_whole(self, names: set[str]) -> bool:
        """Return whether these questions are all that this stop asks."""
        return set(self.stop.fields) == names

    def _complete(self, plan: Plan, given: Mapping[str, Json]) -> Plan:
        """Add the answer once everything asked here has one; until then keep what was given."""
        held = [*plan.memory.get("given", ()), *given]
        plan.memory["given"] = held
        settled = {*held, *plan.memory.get("skipped", ())}
        if settled >= set(self.stop.fields):
            before = {name: self.stop.shown(name)["offered"] for name in held if name not in given}
            values = {**before, **given}
            return plan.do("answer", step=self.stop.view["step"]["id"], values=values)
        return plan.do("provide", values=dict(given)) if given else plan

    async def _amend(self, heard: Heard) -> Plan:
        """Return what changing an earlier answer leads to: told first where it undoes something."""
        visit = self.stop.focused
        before = {one["name"]: one["value"] for one in self.stop.view["fields"]}
        values = {
            name: value for name, value in {**before, heard.field: heard.value}.items()
            if value is not None
        }  # fmt: skip
        told_ = {"heard": told(heard, self.stop.label(heard.field))}
        found = await self.preview({"visit": visit, "values": values})
        if not found["effects"]:
            plan = self.new()
            plan.notes.append(told_)
            if not found["allowed"]:
                return plan.do("acknowledge").say("amend_impossible")
            return plan.do("amend", visit=visit, values=values)
        effects = {
            one["effect"]: "compensate" if "compensate" in one["choices"] else "keep"
            for one in found["effects"]
        }
        shown = ", ".join(str(one["operation"]) for one in found["effects"])
        plan = self.new(mode="amend", values=values, effects=effects, shown=shown)
        plan.notes.append(told_)
        return plan

    # -- what was not understood

    def _old(self) -> Plan:
        return self.new().say("old_choice")

    def _missed(self, name: str) -> Plan:
        """Return what is said to what was not understood: help, then an advisor."""
        misses = self.memory.get("misses", 0) + 1
        if self.memory.get("visit") != self.stop.visit:
            misses = 1
        if misses >= MISSES and self.stop.may("ask_human"):
            plan = self._hand_over()
            plan.notes.insert(0, {"say": "not_understood", "with": {"said": self.said}})
            return plan
        plan = self.new(field=name, misses=misses, missed=self.said)
        plan.again = True
        why = why_not(self.stop.question(name), self.said)
        if why is not None:
            plan.notes.append({"text": why.get(self.stop.language) or why.get("en", "")})
            return plan
        return plan.say("not_understood", said=self.said).say("help")
