"""What handlers check before they act: where the session stands, what the library knows."""

from __future__ import annotations

from collections.abc import Callable

from engine.commands import STAFF, Command
from engine.places import Here
from engine.refusals import Refused
from engine.state import Visit
from engine.walk import Walk

Handlers = dict[str, Callable[[Walk, Command], None]]
"""What each command does to a walk."""


def one_of(name: str, given: str | None, allowed: tuple[str, ...]) -> str:
    """Return what was chosen, or the first allowed where nothing was; refuse another."""
    if given is None:
        return allowed[0]
    if given not in allowed:
        raise Refused(
            f"start.unknown-{name}",
            {
                "fr": f"« {given} » n'est pas prévu par la bibliothèque.",
                "en": f"The library has no '{given}'.",
            },
            fields={
                name: {"code": f"start.unknown-{name}", "message": {}, "allowed": list(allowed)}
            },
        )
    return given


def current(walk: Walk, command: Command) -> Here:
    """Return where the session stands, if the command is meant for it.

    Raises:
        Refused: `answer.not-current` when the command names another step; `session.waiting` when
            nothing is open.
    """
    visit = walk.state.current
    if visit is None:
        raise Refused(
            "session.waiting",
            {"fr": "Rien n'est attendu de vous.", "en": "Nothing is asked of you."},
        )
    meant_for(visit, command)
    return walk.here(visit)


def meant_for(visit: Visit, command: Command) -> None:
    """Refuse a command that names another step (`answer.not-current`)."""
    named = command.body.get("step")
    if named is not None and named != visit.step:
        raise Refused(
            "answer.not-current",
            {
                "fr": f"L'étape en cours est « {visit.step} ».",
                "en": f"The current step is '{visit.step}'.",
            },
            fields={"step": {"code": "answer.not-current", "message": {}, "allowed": [visit.step]}},
        )


def human(walk: Walk, command: Command) -> Here:
    """Return the stop, when it is a person's turn."""
    here = current(walk, command)
    if walk.state.status != "active":
        raise Refused(
            "session.waiting",
            {
                "fr": "La session attend autre chose que vous.",
                "en": "The session waits for something else.",
            },
            params={"status": walk.state.status},
        )
    return here


def for_whom_it_is(walk: Walk, visit: Visit) -> None:
    """Refuse to anybody but an advisor what an advisor does: a manual procedure, a side call."""
    if walk.env.role not in STAFF and walk.step(visit).staffed(visit):
        raise Refused(
            "step.advisor-only",
            {
                "fr": "Un conseiller s'en occupe : ce n'est pas à vous d'y répondre.",
                "en": "An advisor sees to it: it is not yours to answer.",
            },
            params={"roles": list(STAFF)},
        )


def known_team(walk: Walk, team: str, *, field: str = "team") -> None:
    """Refuse a team or a skill, named in a field of the command, that the library does not know."""
    if team not in walk.library.addressees:
        raise Refused(
            "team.unknown",
            {
                "fr": "La bibliothèque ne connaît ni équipe ni compétence de ce nom.",
                "en": "The library knows no team and no skill of that name.",
            },
            fields={
                field: {
                    "code": "team.unknown",
                    "message": {},
                    "allowed": sorted(walk.library.addressees),
                }
            },
        )
