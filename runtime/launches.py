"""Launches: a phone system opens the right journey on an advisor's screen, once per call.

A phone system's server announces a call and is given a one-time address for the screen, so that no
personal data stands in one; or an advisor's own browser opens a call. The same call of the same
source is always the same launch, contact and session. Nothing is walked before an advisor opens it.
Source: experience.md 3.1.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.refusals import Refused
from runtime.access import Actor, authorize
from runtime.call_words import Said, read, tidy
from runtime.calls import Calls, LaunchRow, launch_row
from runtime.entry_errors import LaunchOver, LaunchUnderWay
from runtime.errors import NotFound, UnknownJourney, WrongReference
from runtime.json_text import from_text
from runtime.sessions import StartRequest
from runtime.store import calls as s
from runtime.store.port import LostRace, Unit

PREFIX: Final = "pl_"
LIFE: Final = 5 * 60_000
"""Milliseconds a launch's one-time address works."""
OPENING: Final = 10_000
"""Milliseconds within which a screen that opens a launch has begun its session."""
MOST: Final = 64
"""Most parameters of one launch."""
LONGEST: Final = 512
"""Most characters of a parameter's value."""
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Announced:
    """A call announced. `token` opens it once, for five minutes; it is shown now and never again.

    `unmapped` is what was said and not understood.
    """

    launch: str
    token: str
    contact: str
    session: str | None
    unmapped: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A call on an advisor's screen: its session, or what a session is to begin with.

    `reference` names the customer for a session to come: an id, or keys; `asks` says which
    journey was asked for and could not be begun.
    """

    launch: str
    contact: str
    session: str | None = None
    reference: str | Mapping[str, str] | None = None
    asks: str | None = None
    said: Mapping[str, Any]


class Launches:
    """The launches of all tenants."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self._sessions = calls.sessions
        self._store = calls.sessions.store
        self._clock = calls.clock

    async def announce(self, actor: Actor, parameters: Mapping[str, str]) -> Announced:
        """Take a call's parameters in, and return the one-time token that opens it.

        Announced again, it is the same launch with another token in place of the first.

        Raises:
            WrongReference: too many parameters, or one too long.
        """
        authorize(actor, "launch.create")
        said = self._said(parameters)
        row = await self.calls.row_of(actor, said)
        token = PREFIX + secrets.token_urlsafe(32)
        unit = Unit()
        unit.add(s.RENEW_LAUNCH, actor.tenant, row["id"], _digest(token), self._clock.now() + LIFE)
        await self._store.commit(unit)
        return Announced(row["id"], token, row["contact"], row["session"], said.unmapped)

    async def open(
        self, actor: Actor, *, token: str | None = None,
        parameters: Mapping[str, str] | None = None, language: str | None = None,
    ) -> Opened:  # fmt: skip
        """Open a call on an advisor's screen: by its one-time token, or by its parameters.

        Its session is begun when a journey was named, the first time; the contact is answered.

        Raises:
            LaunchOver: the token is unknown, used or older than five minutes.
            LaunchUnderWay: another screen is opening that call at this moment.
            WrongReference: too many parameters, or one too long.
        """
        authorize(actor, "launch.open")
        if token is not None:
            rows = await self._store.change(
                s.TAKE_LAUNCH, actor.tenant, _digest(token), self._clock.now()
            )
            if not rows:
                raise LaunchOver
            row = launch_row(rows[0])
        else:
            row = await self.calls.row_of(actor, self._said(parameters or {}))
        said: dict[str, Any] = from_text(row["given"])
        if row["session"] is not None:
            return self._opened(row, said, session=row["session"])
        await self._sessions.contacts.pick_up(actor.tenant, row["contact"], by=actor.by)
        return await self._begin(actor, row, said, language)

    def _said(self, parameters: Mapping[str, str]) -> Said:
        long = [name for name, value in parameters.items() if len(name) + len(value) > LONGEST]
        if len(parameters) > MOST or long:
            raise WrongReference(
                {
                    "fr": f"{MOST} paramètres au plus, de {LONGEST} caractères au plus.",
                    "en": f"At most {MOST} parameters, of at most {LONGEST} characters.",
                },
                field="parameters",
            )
        return read(
            {name: tidy(name, value) for name, value in parameters.items()},
            country=self.calls.country,
        )

    async def _begin(
        self, actor: Actor, row: LaunchRow, said: dict[str, Any], language: str | None
    ) -> Opened:
        reference = row["customer"] or said.get("keys") or None
        if row["journey"] is None:
            return self._opened(row, said, reference=reference)
        try:
            revision = await self._sessions.revisions.startable(actor.tenant, row["journey"])
        except UnknownJourney:
            return self._opened(row, said, reference=reference, asks=row["journey"])
        now = self._clock.now()
        if not await self._store.change(
            s.BEGIN_LAUNCH, actor.tenant, row["id"], now, now - OPENING
        ):
            raise LaunchUnderWay
        channels = revision.library.channels
        request = StartRequest(
            journey=row["journey"],
            channel=said["channel"] if said.get("channel") in channels else channels[0],
            language=said.get("language") or language,
            customer=reference,
            contact=row["contact"],
            inputs=said.get("values") or {},
        )
        session = await self._start(actor, request)
        unit = Unit()
        unit.add(s.BIND_LAUNCH, actor.tenant, row["id"], session)
        await self._store.commit(unit)
        return self._opened(row, said, session=session, reference=reference)

    async def _start(self, actor: Actor, request: StartRequest) -> str:
        """Begin the session, without what the phone system said wrongly rather than not at all."""
        bare = StartRequest(
            journey=request.journey, channel=request.channel, contact=request.contact
        )
        for attempt in (request, bare):
            try:
                return str((await self._sessions.start(actor, attempt)).session)
            except (Refused, WrongReference, NotFound):
                if attempt is bare:
                    raise
        raise LostRace

    @staticmethod
    def _opened(row: LaunchRow, said: dict[str, Any], **more: Any) -> Opened:
        told = {name: value for name, value in said.items() if name not in {"keys", "values"}}
        return Opened(launch=row["id"], contact=row["contact"], said=told, **more)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
