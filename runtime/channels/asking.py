"""What is sent back: what was understood, what the journey says, and the question that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from runtime.channels.plans import Plan
from runtime.channels.shaping import Limits, Reply, messages
from runtime.channels.stop import Stop
from runtime.channels.texts import say

_AGREEING: Final = ("yes_no", "consent")


@dataclass(slots=True)
class Asked:
    """A reply being made: paragraphs, quick replies, and what the next message is read with."""

    language: str
    lines: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)
    expects: str = "nothing"

    def tell(self, key: str, **shown: Any) -> None:
        """Add one of our own texts."""
        self.lines.append(say(key, self.language, **shown))

    def offer(self, *names: str) -> None:
        """Add quick replies of our own."""
        self.replies += [Reply(f"@{name}", say(name, self.language)) for name in names]

    def messages(self, limits: Limits) -> list[dict[str, Any]]:
        """Return the messages, within a channel's limits, and remember how they are numbered."""
        if self.replies and "options" not in self.memory:
            self.memory["options"] = [_option(reply.id) for reply in self.replies]
        text = "\n\n".join(line for line in self.lines if line)
        hint = say("hint", self.language) if self.replies else ""
        return messages(text, self.replies, limits, hint=hint)


def _option(choice: str) -> str:
    """Return the option a quick reply stands for, as numbers and words are read against it."""
    return choice if choice.startswith("@") else choice.rpartition(":")[2]


def noted(asked: Asked, notes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Tell what was understood and what else is to be said; return what was understood."""
    understood = []
    for note in notes:
        if "say" in note:
            asked.tell(note["say"], **note["with"])
        elif "text" in note:
            asked.lines.append(str(note["text"]))
        else:
            heard = note["heard"]
            key = "noted_ahead" if note.get("ahead") else "understood"
            asked.tell(key, label=heard["label"], shown=heard["shown"])
            understood.append({**heard, "ahead": bool(note.get("ahead"))})
    return understood


def ask_without_session(plan: Plan, language: str) -> Asked:
    """Return the reply of a conversation that has no session yet."""
    asked = Asked(language)
    noted(asked, plan.notes)
    memory = dict(plan.memory)
    asked.memory = memory
    if plan.handed:
        asked.memory = {}
        return asked
    if memory.get("mode") == "resume":
        asked.tell("resume", title=memory["title"])
        asked.offer("yes", "no")
        asked.expects = "choice"
    elif memory.get("mode") == "journey":
        asked.tell("what_about")
        listed = zip(memory["options"], memory["labels"], strict=True)
        asked.replies = [
            Reply(journey, label or say("other", language)) for journey, label in listed
        ]
        asked.offer("advisor")
        asked.expects = "choice"
    return asked


def ask(stop: Stop, plan: Plan, *, told: Sequence[str] = ()) -> tuple[Asked, list[dict[str, Any]]]:
    """Return the reply at a stop, and what was understood of the message.

    `told` are the incidents, with their versions, that the conversation was told already.
    """
    asked = Asked(stop.language)
    understood = noted(asked, plan.notes)
    here = plan.memory.get("visit") == stop.visit
    asked.memory = {
        name: value for name, value in plan.memory.items()
        if name not in {"options", "labels"} and (here or name == "said")
    }  # fmt: skip
    asked.memory["visit"] = stop.visit
    asked.memory["told"] = list(told)
    _incidents(asked, stop)
    if plan.recall:
        _recall(asked, stop)
    if stop.is_over:
        _over(asked, stop)
        asked.memory = {}
        return asked, understood
    if stop.handed_to is not None:
        if not any(note.get("say") == "with_advisor" for note in plan.notes):
            asked.lines[:0] = [one["text"] for one in stop.view["say"] if one["text"]]
        return asked, understood
    mode = asked.memory.get("mode", "question") if here else "question"
    again = plan.again or (here and not plan.recall)
    if stop.view["status"] == "paused":
        return asked, understood
    if not again and mode == "question" and stop.focused is None:
        asked.lines += [one["text"] or one["goal"] for one in stop.view["say"]]
    if stop.view["status"] != "active":
        asked.tell("pending" if stop.view["status"] == "pending" else "waiting")
        asked.expects = "wait"
    elif mode in {"confirm", "amend", "cancel"}:
        _agreement(asked, stop, mode)
    elif mode == "correct":
        _corrections(asked, plan)
    else:
        asked.memory.pop("mode", None)
        _question(asked, stop, again=again)
    return asked, understood


def _incidents(asked: Asked, stop: Stop) -> None:
    """Tell what is on, once a version, in the very text that was validated."""
    for one in stop.view["incidents"]:
        mark = f"{one['id']}@{one['version']}"
        if one.get("text") and mark not in asked.memory["told"]:
            asked.lines.insert(0, str(one["text"]))
            asked.memory["told"].append(mark)


def _recall(asked: Asked, stop: Stop) -> None:
    lines = [
        say("recalled", stop.language, label=label, shown=shown) for label, shown in stop.recalled()
    ]
    asked.lines.append("\n".join(lines))


def _over(asked: Asked, stop: Stop) -> None:
    asked.lines += [one["text"] for one in stop.view["say"] if one["text"]]
    asked.tell("failed" if stop.view["status"] == "failed" else "ended")


def _agreement(asked: Asked, stop: Stop, mode: str) -> None:
    if mode == "confirm":
        name = asked.memory["field"]
        asked.tell("confirm", label=stop.label(name), shown=asked.memory["shown"])
    elif mode == "amend":
        asked.tell("amend", shown=asked.memory["shown"])
    else:
        asked.tell("cancel")
    asked.offer("yes", "no")
    asked.expects = "choice"


def _corrections(asked: Asked, plan: Plan) -> None:
    asked.tell("which")
    options, labels = plan.memory["options"], plan.memory["labels"]
    asked.replies = [Reply(one, label) for one, label in zip(options, labels, strict=True)]
    asked.memory["options"], asked.memory["labels"] = list(options), list(labels)
    asked.expects = "choice"


def _question(asked: Asked, stop: Stop, *, again: bool) -> None:
    """Ask the next question of a stop: one at a time, a value to confirm where there is one."""
    settled = {*asked.memory.get("given", ()), *asked.memory.get("skipped", ())}
    if stop.focused is not None:
        settled = set()
    named = asked.memory.get("field")
    name = named if named in stop.fields and named not in settled else None
    name = name or next((one for one in stop.fields if one not in settled), None)
    if name is None:
        if again or stop.focused is not None:
            asked.lines += [one["text"] or one["goal"] for one in stop.view["say"]]
        if stop.may("acknowledge"):
            asked.offer("go_on")
            asked.expects = "acknowledge"
        return
    asked.memory["field"] = name
    shown = stop.shown(name)
    question = stop.question(name)
    proposed = stop.proposed(name) if name not in asked.memory.get("refused", ()) else None
    if stop.focused is None and proposed is not None:
        asked.memory |= {"mode": "confirm", "value": proposed, "shown": question.shown(proposed)}
        _agreement(asked, stop, "confirm")
        return
    if stop.focused is not None and shown["value"] is not None:
        asked.tell("answered", shown=question.shown(shown["value"]))
    asked.lines += _worded(stop, name, again=again)
    asked.replies += [
        Reply(f"v{stop.visit}:{name}:{one.id}", one.label, _short(shown, one.id))
        for one in question.choices
    ]
    _ways_out(asked, stop, shown, question.kind)
    asked.expects = "choice" if question.choices else question.kind


def _worded(stop: Stop, name: str, *, again: bool) -> list[str]:
    """Return what a question says: its label where the step says nothing or asks several things."""
    shown = stop.shown(name)
    label = shown["label"]
    says = any(one["text"] for one in stop.view["say"] if one["visit"] == stop.visit)
    lines = []
    if again or stop.focused is not None:
        asked_for = next(
            (one["text"] for one in stop.view["say"] if one["visit"] == stop.visit), None
        )
        lines.append(str(label if len(stop.fields) > 1 or not asked_for else asked_for))
    elif label and (len(stop.fields) > 1 or not says):
        lines.append(str(label))
    if shown["help"]:
        lines.append(str(shown["help"]))
    form = shown["form"] or {}
    if shown["type"] == "consent" and form.get("text"):
        lines.append(str(form["text"]))
    if shown["type"] == "rating" and form.get("max"):
        lines.append(say("marks", stop.language, least=form.get("min", 1), most=form["max"]))
    if shown["type"] == "file":
        lines.append(say("send_file", stop.language))
    return [line for line in lines if line and line != "None"]


def _short(shown: Mapping[str, Any], option: str) -> str | None:
    found = next((one for one in shown["options"] if one["id"] == option), None)
    return None if found is None else found["short"]


def _ways_out(asked: Asked, stop: Stop, shown: Mapping[str, Any], kind: str) -> None:
    if stop.focused is not None:
        asked.replies.append(Reply("@go_on", say("keep", stop.language)))
        return
    if asked.replies and kind not in _AGREEING and stop.may("none_of_these"):
        asked.offer("none")
    if not shown["required"]:
        asked.offer("skip")
    if asked.memory.get("misses") and stop.may("ask_human"):
        asked.offer("advisor")
