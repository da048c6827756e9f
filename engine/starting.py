"""How a session begins: what it is started with, and its first stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine import events as e
from engine.answering import accept
from engine.handlers.stop import one_of
from engine.model import Library
from engine.parts import AUDIENCES
from engine.places import Here
from engine.reading import Env
from engine.refusals import Refused
from engine.state import ROOT, State
from engine.walk import Walk


@dataclass(frozen=True, slots=True)
class Start:
    """What a session begins with.

    `known`: fact name -> {value, at, source}; `words` are the customer's own.
    """

    session: str
    journey: str
    audience: str
    language: str | None = None
    channel: str | None = None
    contact: str | None = None
    ticket: str | None = None
    customer: str | None = None
    inputs: Mapping[str, e.Json] = field(default_factory=dict)
    known: Mapping[str, e.Json] = field(default_factory=dict)
    words: str | None = None


@dataclass(slots=True)
class Decision:
    """What happened, and the state after it. No events: nothing changed."""

    events: list[e.Event]
    state: State


def start(library: Library, request: Start, env: Env) -> Decision:
    """Begin a session and walk to its first stop.

    Raises:
        Refused: no such journey, one that is only called, an audience there is not, a language
            or channel the library has not, wrong inputs.
    """
    journey = library.journeys.get(request.journey)
    if journey is None or not journey.startable:
        raise Refused(
            "start.unknown-journey",
            {
                "fr": f"Aucun parcours « {request.journey} » ne se démarre ici.",
                "en": f"No journey '{request.journey}' can be started here.",
            },
            params={"allowed": sorted(j.id for j in library.journeys.values() if j.startable)},
        )
    one_of("audience", request.audience, AUDIENCES)
    language = one_of("language", request.language, library.languages)
    channel = one_of("channel", request.channel, library.channels)
    inputs: dict[str, e.Json] = {}
    if journey.inputs or request.inputs:
        inputs = _inputs(library, request, env)
    walk = Walk(library, State(), env)
    walk.emit(_started(library, request, env, language=language, channel=channel, inputs=inputs))
    walk.go(ROOT, journey.start, "")
    walk.proceed()
    walk.attach()
    return Decision(walk.events, walk.state)


def _inputs(library: Library, request: Start, env: Env) -> dict[str, e.Json]:
    """Return what a session is started with, in canonical form; refused as answers are."""
    journey = library.journeys[request.journey]
    walk = Walk(library, State(), env)
    walk.emit(_started(library, request, env, language="", channel="", inputs={}))
    here = Here(ROOT, journey.steps[journey.start], 1, "", walk.today, 0)
    return accept(walk, here, tuple(journey.inputs.values()), given=request.inputs)


def _started(
    library: Library,
    request: Start,
    env: Env,
    *,
    language: str,
    channel: str,
    inputs: dict[str, e.Json],
) -> e.Started:
    return e.Started(
        env.now,
        env.by,
        request.session,
        library.revision,
        request.journey,
        request.audience,
        language,
        channel,
        request.contact,
        request.ticket,
        request.customer,
        inputs,
        dict(request.known),
        request.words,
    )
