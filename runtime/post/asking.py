"""What a message answers of a session's questions, what still lacks, and the reply that asks it.

Nothing here changes anything: answers are shown with their sentence, and the reply is a draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from engine import machine
from engine.commands import Command
from engine.model import Library
from engine.needed import Needed, needed, planned
from engine.parts import Field
from engine.provide import ahead
from engine.reading import Env, Reading
from engine.refusals import Refused
from engine.state import State
from engine.steps.base import Step
from engine.viewer import Viewer
from engine.wording import Text
from runtime.post.own_words import sentences
from runtime.post.understanding import Question, Understood, understand
from runtime.revisions import Revision
from runtime.turns import zone_of

SURE: Final = 0.5
"""Score from which a sentence is taken to tell a declaration."""
MOST_SENTENCES: Final = 60
_DRAFT: Final[Mapping[str, tuple[str, str, str]]] = {
    "fr": (
        "Bonjour{name},",
        "Merci pour votre message. Pour y donner suite, il nous manque encore :",
        "Répondez simplement à ce message, en écrivant sous chaque question.",
    ),
    "en": (
        "Hello{name},",
        "Thank you for your message. To go on with it, we still need to know:",
        "Simply reply to this message, and write below each question.",
    ),
}
_NOTHING: Final[Mapping[str, str]] = {
    "fr": "Merci pour votre message, nous nous en occupons.",
    "en": "Thank you for your message, we are seeing to it.",
}
_AMONG: Final[Mapping[str, str]] = {"fr": "par exemple", "en": "for example"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A session that a message is read for.

    `numbered` are the questions asked in the message of ours that it answers, in their order;
    `judged` those an advisor has accepted or refused an answer to.
    """

    revision: Revision
    state: State
    now: int
    numbered: Sequence[str] = ()
    judged: Sequence[str] = ()

    @property
    def library(self) -> Library:
        """The library the session walks."""
        return self.revision.library

    def walk(self, state: State, role: str = "advisor") -> Reading:
        """Return a reading of a state, as somebody of a role would have it now."""
        env = Env(self.now, zone_of(self.library.timezone), f"{role}:reading", role)
        return Reading(self.library, state, env)


def answers(asked: Asked, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a message answers: {name, label, type, value, shown, how, sentence, from, to}.

    Files it carries and the address it came from answer too (`how`: attached, sender); they have
    no sentence.
    """
    language = row["content"].get("language") or asked.state.language
    questions = list(_questions(asked))
    today = asked.walk(asked.state).today
    found = understand(
        row["text"], questions, language=language, today=today, motives=_motives(asked, row)
    )
    told = {one.name for one in found}
    beside = [one for one in _beside(questions, row) if one.name not in told]
    by_name = {one.name: one for one in questions}
    look = _look(asked, asked.state, "advisor", asked.state.language)
    return [_shown(look, by_name[one.name], one, row["text"]) for one in (*beside, *found)]


def _questions(asked: Asked) -> Iterator[Question]:
    seen: set[str] = set()
    offers = asked.state.offers or {}
    on_the_way = planned(asked.library, asked.state)
    for step in ahead(asked.library, asked.state):
        for field in step.fields():
            is_there = (
                offers.get(field.name) is not None or offers.get(field.fact or "") is not None
            )
            if field.name in seen or field.name in asked.judged or is_there:
                continue
            seen.add(field.name)
            number = None
            if field.name in asked.numbered:
                number = list(asked.numbered).index(field.name) + 1
            says = (step.say,) if len(step.fields()) == 1 else ()
            yield Question(
                field,
                labels=tuple(dict.fromkeys(_wordings(field.label, *says))),
                options={o.id: tuple(_wordings(o.label, o.short)) for o in field.options},
                declared={
                    o.id: code.code
                    for o in field.options
                    for code in o.codes
                    if code.axis == "declaration"
                },
                number=number,
                is_planned=id(step) in on_the_way,
            )


def _wordings(*texts: Text | None) -> Iterator[str]:
    for text in texts:
        for template in () if text is None else text.variants.values():
            yield template.source.strip()


def _motives(asked: Asked, row: Mapping[str, Any]) -> dict[str, str]:
    """Return the declaration that each sentence tells in the customer's own words, if surely."""
    language = row["content"].get("language") or asked.state.language
    told = {}
    for sentence in sentences(row["text"])[:MOST_SENTENCES]:
        ranked = asked.revision.suggester.rank(sentence.text, language, 1)
        if ranked and ranked[0]["score"] >= SURE:
            told[sentence.text] = ranked[0]["code"]
    return told


def _beside(questions: Sequence[Question], row: Mapping[str, Any]) -> Iterator[Understood]:
    """Yield what a message answers without a word: by whom it is from, by what it carries."""
    for question in questions:
        field = question.field
        if field.type.name == "email" and (field.fact or "").endswith(".email") and row["sender"]:
            yield Understood(question.name, row["sender"], 0, 0, "sender")
        if field.type.name == "file":
            allowed = field.type.given.get("media_types") or ()
            for file in row["content"].get("files", ()):
                kinds = {file["media_type"], file["media_type"].partition("/")[0] + "/*"}
                if not allowed or kinds & set(allowed):
                    yield Understood(question.name, file, 0, 0, "attached")
                    break


def _shown(look: Viewer, question: Question, one: Understood, text: str) -> dict[str, Any]:
    field = question.field
    labels = {o.id: look.text(o.label, None) or o.id for o in field.options}
    value = one.value
    told = value["name"] if one.how == "attached" and isinstance(value, dict) else None
    return {
        "name": one.name,
        "label": look.text(field.label, None) or one.name,
        "type": field.type.name,
        "value": value,
        "shown": told or field.type.show(value, look.language, labels=labels),
        "how": one.how,
        "sentence": text[one.begin : one.end],
        "from": one.begin,
        "to": one.end,
    }


# -- what lacks, and the reply that asks it


def lacking(asked: Asked, accepted: Mapping[str, Any]) -> list[Needed]:
    """Return the questions that still need an answer once these are accepted.

    The walk is tried on paper as far as a robot could take it with them; beyond an action, what
    every way ahead asks counts.
    """
    state = asked.state
    if state.current is None:
        return []
    env = replace(asked.walk(state, "robot").env)
    try:
        tried = machine.decide(
            asked.library, state, Command("autopilot", {"values": dict(accepted)}), env
        )
    except Refused:
        return needed(asked.walk(state))
    return needed(asked.walk(tried.state))


def wanted(asked: Asked, found: Sequence[Needed], language: str) -> list[dict[str, Any]]:
    """Return questions as a reply asks them: {name, label, text}."""
    look = _look(asked, asked.state, "customer", language)
    return [
        {
            "name": one.field.name,
            "label": look.text(one.field.label, None) or one.field.name,
            "text": _worded(look, one.step, one.field),
        }
        for one in found
    ]


def _worded(look: Viewer, step: Step, field: Field) -> str:
    """Return how a question is put in writing: what its step says, or its own words."""
    label = (look.text(field.label, None) or field.name).strip()
    text = (
        label
        if label.endswith(("?", "…", "."))
        else label + ("\u00a0?" if look.language.startswith("fr") else "?")
    )
    if len(step.fields()) == 1 and step.say is not None:
        template = step.say.pick("customer", look.language)
        # What it says of values that are not known yet cannot be written.
        if template is not None and not template.holes:
            text = " ".join(template.source.split())
    options = [look.text(o.label, None) or o.id for o in field.options]
    if options and field.type.name in {"choice", "multiple_choice"}:
        text += f" ({_AMONG.get(look.language, 'e.g.')} : {' / '.join(options[:8])})"
    return text


def draft(
    row: Mapping[str, Any], questions: Sequence[Mapping[str, Any]], language: str
) -> dict[str, str]:
    """Return a reply that asks what lacks, to be edited: {to, subject, body, language}."""
    hello, lead, how = _DRAFT.get(language, _DRAFT["en"])
    name = row["content"].get("name") or ""
    lines = [hello.format(name=f" {name}" if name else ""), ""]
    if questions:
        lines += [lead, ""]
        for number, question in enumerate(questions, 1):
            lines += [f"{number}. {question['text']}", ""]
        lines.append(how)
    else:
        lines.append(_NOTHING.get(language, _NOTHING["en"]))
    subject = row["subject"] or ("Votre demande" if language == "fr" else "Your request")
    if not subject.lower().startswith("re:"):
        subject = f"Re: {subject}"
    return {
        "to": row["sender"], "subject": subject[:200], "body": "\n".join(lines),
        "language": language,
    }  # fmt: skip


def _look(asked: Asked, state: State, audience: str, language: str) -> Viewer:
    return Viewer(
        asked.library, state, audience=audience, language=language, channel=state.channel or "",
        walk=asked.walk(state),
    )  # fmt: skip
