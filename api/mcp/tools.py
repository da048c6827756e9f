"""The tools a language model is given, one line of the table each: its operation and its form.

A command's key is made from what the call says, its version included: sent again it is the same
request, and a model has no key to lose.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from api.mcp import forms, shown
from api.mcp.asking import Asked, ask
from api.mcp.finding import find
from api.problems import Problem
from api.routes import codes, sessions, surroundings
from runtime.idempotency import fingerprint

if TYPE_CHECKING:
    from api.exchange import Exchange

Given = dict[str, Any]
Do = Callable[["Exchange", Any], Awaitable[Given]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One tool: what it is called, what it is for, what it takes, and what it does.

    `reads`: it changes nothing.
    """

    name: str
    title: str
    doc: str
    form: type[msgspec.Struct]
    do: Do
    reads: bool = False

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of what it takes."""
        _, components = msgspec.json.schema_components([self.form])
        return {**components[self.form.__name__], "title": self.title}


async def _start(outer: Exchange, given: forms.StartJourney) -> Given:
    body = {
        "journey": given.journey,
        "channel": given.channel,
        "language": given.language,
        "words": given.words,
    }
    key = _key("start", given.request)
    begun = await ask(Asked(operation=sessions.START, body=body, key=key), outer)
    return shown.step(begun["view"])


async def _redeem(outer: Exchange, given: forms.ResumeByCode) -> Given:
    body = {"code": given.code, "channel": given.channel, "language": given.language}
    key = _key("code", given.request)
    found = await ask(Asked(operation=codes.REDEEM, body=body, key=key), outer)
    return shown.step(found["view"])


async def _see(outer: Exchange, given: forms.SeeStep) -> Given:
    query = {} if given.language is None else {"language": given.language}
    params = {"session": given.session}
    return shown.step(await ask(Asked(operation=sessions.READ, params=params, query=query), outer))


async def _answers(outer: Exchange, given: forms.SeeStep) -> Given:
    query = {} if given.language is None else {"language": given.language}
    params = {"session": given.session}
    asked = Asked(operation=surroundings.ANSWERS, params=params, query=query)
    return shown.answers(await ask(asked, outer))


async def _preview(outer: Exchange, given: forms.PreviewChange) -> Given:
    asked = Asked(
        operation=sessions.PREVIEW, params={"session": given.session},
        body={"visit": given.visit, "values": given.values},
    )  # fmt: skip
    return shown.preview(await ask(asked, outer))


def _bring(command: str, *, is_open: bool = False) -> Do:
    """Return what brings a command, its form's other fields its own.

    `is_open`: also while an advisor has the session; all else is then theirs to do.
    """

    async def do(outer: Exchange, given: Any) -> Given:
        fields = msgspec.to_builtins(given)
        session, version = fields.pop("session"), fields.pop("version")
        if not is_open:
            await _refuse_theirs(outer, session, version)
        body = {"type": command, **fields}
        asked = Asked(
            operation=sessions.COMMAND, params={"session": session}, body=body,
            key=_key(session, version, body), version=version,
        )  # fmt: skip
        return shown.step(await ask(asked, outer))

    return do


async def _refuse_theirs(outer: Exchange, session: str, version: int) -> None:
    """Refuse what somebody else is to answer; a call for another version answers for itself.

    Raises:
        Problem: an advisor has the session, or the step is theirs.
    """
    view = await ask(Asked(operation=sessions.READ, params={"session": session}), outer)
    if view["version"] == version and shown.is_theirs(view):
        raise Problem("step.advisor-only")


def _key(*what: Any) -> str:
    return f"mcp/{fingerprint('MCP', '', list(what))}"


TOOLS: Final[Mapping[str, Tool]] = {
    tool.name: tool
    for tool in (
        Tool(
            name="find_journey", title="Find a journey", form=forms.FindJourney, do=find,
            reads=True,
            doc="Find the journey for what the customer wants, by their own words. Gives the "
            "journeys you may start, likeliest first. Start none that does not fit: ask the "
            "customer, or say that you cannot help with it.",
        ),
        Tool(
            name="start_journey", title="Start a journey", form=forms.StartJourney, do=_start,
            doc="Begin a session of a journey with the customer. Gives the first step: what to "
            "say, what to ask, and which tools go on from there.",
        ),
        Tool(
            name="resume_by_code", title="Resume by code", form=forms.ResumeByCode, do=_redeem,
            doc="Go on with a session the customer began elsewhere, by the eight symbols they "
            "were given there. Gives the step it stands at.",
        ),
        Tool(
            name="see_step", title="See the step", form=forms.SeeStep, do=_see, reads=True,
            doc="See where a session stands: what to say, what to ask, whose turn it is.",
        ),
        Tool(
            name="answer_step", title="Answer the step", form=forms.AnswerStep,
            do=_bring("answer"),
            doc="Give the customer's answers to the questions of the step. Refused answers leave "
            "everything as it was; `errors` says for each question what it takes.",
        ),
        Tool(
            name="go_on", title="Go on", form=forms.OneStep, do=_bring("acknowledge"),
            doc="Go on once you have told the customer what a step without a question says.",
        ),
        Tool(
            name="none_fits", title="Nothing fits", form=forms.NoneFits,
            do=_bring("none_of_these"),
            doc="Say that none of the offered options is what the customer means, or that they "
            "cannot answer. Never choose one that is merely near.",
        ),
        Tool(
            name="see_answers", title="See the answers", form=forms.SeeStep, do=_answers,
            reads=True,
            doc="See what has been answered so far, latest first, with the `visit` of each: what "
            "change_answer changes.",
        ),
        Tool(
            name="preview_change", title="Preview a change", form=forms.PreviewChange,
            do=_preview, reads=True,
            doc="See what changing an earlier answer would undo, keep and ask again. Tell the "
            "customer before you change it where an action would be undone.",
        ),
        Tool(
            name="change_answer", title="Change an answer", form=forms.ChangeAnswer,
            do=_bring("amend"),
            doc="Change an answer the customer gave earlier. What no longer follows from it is "
            "undone, what still holds is kept.",
        ),
        Tool(
            name="hand_over", title="Hand over to an advisor", form=forms.WithReason,
            do=_bring("ask_human", is_open=True),
            doc="Ask for a human advisor, who sees all that was said and asks nothing twice. Do "
            "it whenever the customer asks for a person, or the journey does not help.",
        ),
        Tool(
            name="pause_session", title="Pause", form=forms.WithReason, do=_bring("pause"),
            doc="Put the session down because the customer goes on later.",
        ),
        Tool(
            name="resume_session", title="Resume", form=forms.OneStep,
            do=_bring("resume", is_open=True),
            doc="Take up a session that was paused, or that an advisor gave back to you.",
        ),
        Tool(
            name="give_up", title="Give up", form=forms.WithReason, do=_bring("cancel"),
            doc="End the session because the customer no longer wants what they asked for. Only "
            "once they said so.",
        ),
    )
}  # fmt: skip
