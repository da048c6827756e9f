"""Links: whoever holds one walks one session as its customer, for a time, and reaches nothing else.

A link is made by staff, a bot or a helpdesk's server, for a journey or for a session that goes on.
Its token is `pe_` and 256 random bits, shown once and kept as a SHA-256. Decision 0017.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.customers import Customers
from runtime.entry_errors import LinkOver, UnknownLink
from runtime.errors import NotFound, UnknownJourney, WrongReference
from runtime.idempotency import Answer, Idempotency, Key
from runtime.ids import Ids
from runtime.json_text import to_bytes
from runtime.revisions import Revisions
from runtime.sessions import Sessions, StartRequest
from runtime.settings import is_origin
from runtime.store import people as s
from runtime.store.port import LinkTaken, LostRace, Store, Unit
from runtime.store.tables import LINK

PREFIX: Final = "pe_"
LIFE: Final = 3_600
"""Seconds a link lives unless said otherwise."""
LONGEST: Final = 604_800
"""Most seconds a link lives: a week."""
KEPT: Final = 30 * 86_400_000
"""Milliseconds a link that is over is still known to have been one."""
SCOPES: Final = frozenset(
    {
        "session.start",
        "session.read",
        "session.preview",
        "session.command.*",
        "session.file.*",
        "opinion.give",
        "link.read",
        "code.make",
    }
)
"""What a link opens, of what a customer may do."""
TRIES: Final = 5

_COLUMNS: Final = tuple(column.name for column in LINK.columns)
_TOKEN: Final = re.compile(r"pe_[A-Za-z0-9_-]{43}")
_UNSAID: Final = ("audience", "customer", "contact", "ticket", "inputs", "words")
"""What a session begun with a link takes from the link and not from who holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRequest:
    """What a link is for: a journey that may be started, or a session, one of both.

    `customer` is an id or keys `{phone: …}`; `origin` the only other one whose pages may use it;
    `expires_in_s` how long it lives.
    """

    journey: str | None = None
    session: str | None = None
    customer: str | Mapping[str, str] | None = None
    language: str | None = None
    origin: str | None = None
    expires_in_s: int = LIFE


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made. `token` is shown now and never again."""

    id: str
    token: str
    expires_at: int
    is_replay: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a link, and the only other origin whose pages may use it."""

    actor: Actor
    origin: str | None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _new_token() -> str:
    return PREFIX + secrets.token_urlsafe(32)


@dataclass(slots=True, kw_only=True)
class Links:
    """The links of all tenants."""

    store: Store
    clock: Clock
    ids: Ids
    sessions: Sessions
    revisions: Revisions
    customers: Customers
    idempotency: Idempotency

    async def create(self, actor: Actor, asked: LinkRequest, *, key: Key | None) -> NewLink:
        """Make a link.

        Sent again with its key, it is the same link with another token: the first, which did not
        arrive, opens nothing any more.

        Raises:
            WrongReference: not one of a journey and a session, or a life, origin or customer that
                cannot be.
            UnknownJourney, NotFound: there is no such journey to start, session or customer.
            KeyReused, KeyRunning: see `Idempotency`.
        """
        authorize(actor, "link.create")
        self._refuse_wrong(asked)
        token = _new_token()

        async def do() -> Answer:
            return await self._create(actor, asked, token, key)

        async def current(link: str) -> Answer:
            return Answer(link, 0, b"{}")

        made = await self.idempotency.once(actor, key, do=do, current=current)
        if made.is_replay:
            unit = Unit()
            unit.add(s.RENEW_LINK, actor.tenant, made.session, _digest(token))
            await self.store.commit(unit)
        [row] = await self.store.read(s.LINK_ROW, actor.tenant, made.session)
        expires = dict(zip(_COLUMNS, row, strict=True))["expires_at"]
        return NewLink(made.session, token, expires, made.is_replay)

    @staticmethod
    def _refuse_wrong(asked: LinkRequest) -> None:
        if (asked.journey is None) == (asked.session is None):
            raise WrongReference(
                {
                    "fr": "Un lien est pour un parcours ou pour une session : l'un des deux.",
                    "en": "A link is for a journey or for a session: give one of both.",
                },
                field="journey",
            )
        if not 0 < asked.expires_in_s <= LONGEST:
            raise WrongReference(
                {
                    "fr": f"Un lien vit de 1 à {LONGEST} secondes.",
                    "en": f"A link lives from 1 to {LONGEST} seconds.",
                },
                field="expires_in_s",
            )
        if asked.origin is not None and not is_origin(asked.origin):
            raise WrongReference(
                {
                    "fr": "Une origine s'écrit https://nom, en minuscules, sans rien derrière.",
                    "en": "An origin is https://name, in small letters, with nothing after it.",
                },
                field="origin",
            )

    async def _create(
        self, actor: Actor, asked: LinkRequest, token: str, key: Key | None
    ) -> Answer:
        if asked.session is not None:
            warm = await self.sessions.admit(actor, asked.session)
            journey = warm.state.journey
        else:
            journey = asked.journey or ""
            await self.revisions.startable(actor.tenant, journey)
        for _ in range(TRIES):
            now = self.clock.now()
            unit = Unit()
            customer = None
            if asked.customer is not None:
                customer = await self.customers.resolve(actor, asked.customer, unit=unit, now=now)
            link = self.ids.new("lnk")
            unit.add(
                s.NEW_LINK, actor.tenant, link, _digest(token), journey, asked.session, customer,
                asked.language, asked.origin, actor.by, now, now + asked.expires_in_s * 1_000, None,
            )  # fmt: skip
            # What is stored for a replay is which link it was: its token is stored nowhere.
            answer = Answer(link, 0, to_bytes({"link": link}))
            self.idempotency.take(unit, actor, key=key, answer=answer, is_done=True)
            try:
                await self.store.commit(unit)
            except LostRace:
                # Another one made that very customer meanwhile.
                continue
            return answer
        raise LostRace

    async def to_session(self, tenant: str, session: str, *, by: str) -> NewLink:
        """Make a link to a session that goes on, for whoever showed that it is theirs."""
        warm = await self.sessions.states.get(tenant, session)
        token, link = _new_token(), self.ids.new("lnk")
        now, unit = self.clock.now(), Unit()
        until = now + LIFE * 1_000
        unit.add(
            s.NEW_LINK, tenant, link, _digest(token), warm.state.journey, session, None, None, None,
            by, now, until, None,
        )  # fmt: skip
        await self.store.commit(unit)
        return NewLink(link, token, until, is_replay=False)

    async def recognise(self, token: str) -> Holder:
        """Return who holds a link's token.

        Raises:
            UnknownLink: it is no link's.
            LinkOver: its time is over, or it was taken back.
        """
        rows = await self.store.read(s.LINK, _digest(token)) if _TOKEN.fullmatch(token) else []
        if not rows:
            raise UnknownLink
        row = dict(zip(_COLUMNS, rows[0], strict=True))
        if row["revoked_at"] is not None or row["expires_at"] <= self.clock.now():
            raise LinkOver
        actor = Actor(
            row["tenant"], "customer", row["id"], SCOPES, link=row["id"], session=row["session"]
        )
        return Holder(actor, row["origin"])

    async def read(self, actor: Actor) -> dict[str, Any]:
        """Return what an actor's own link is for.

        Raises:
            NotFound: it did not come with one.
        """
        authorize(actor, "link.read")
        row = await self._row(actor.tenant, actor.link)
        return {
            name: row[name] for name in ("journey", "session", "language", "origin", "expires_at")
        }

    async def start(self, actor: Actor, request: StartRequest, *, key: Key | None) -> Answer:
        """Begin a link's session, once: afterwards the same one is shown as it stands.

        Raises:
            UnknownJourney: the link is for another one.
            WrongReference: the request says what only the link may.
        """
        row = await self._row(actor.tenant, actor.link)
        if request.journey != row["journey"]:
            raise UnknownJourney(journey=request.journey)
        for name in _UNSAID:
            if getattr(request, name):
                raise WrongReference(
                    {
                        "fr": "Cela vient du lien, et non de qui le tient.",
                        "en": "This comes from the link, and not from who holds it.",
                    },
                    field=name,
                )
        language = request.language or row["language"]
        asked = StartRequest(
            journey=row["journey"],
            channel=request.channel,
            language=language,
            customer=row["customer"],
        )
        if row["session"] is None:
            try:
                return await self.sessions.start(actor, asked, key=key)
            except LinkTaken:
                row = await self._row(actor.tenant, actor.link)
        holder = Actor(
            actor.tenant, actor.role, actor.id, SCOPES, link=actor.link, session=row["session"]
        )
        shown = await self.sessions.view(holder, row["session"], language=language)
        return Answer(shown.session, shown.version, shown.body, is_replay=True)

    async def revoke(self, actor: Actor, link: str) -> None:
        """Take a link back: it opens nothing from now on, in every process.

        Raises:
            NotFound: there is none of that id, or an advisor or bot did not make it.
        """
        authorize(actor, "link.revoke")
        row = await self._row(actor.tenant, link)
        if actor.role in {"advisor", "bot"} and row["actor"] != actor.by:
            raise NotFound(link=link)
        unit = Unit()
        unit.add(s.REVOKE_LINK, actor.tenant, link, self.clock.now())
        await self.store.commit(unit)

    async def _row(self, tenant: str, link: str | None) -> dict[str, Any]:
        rows = [] if link is None else await self.store.read(s.LINK_ROW, tenant, link)
        if not rows:
            raise NotFound(link=link)
        return dict(zip(_COLUMNS, rows[0], strict=True))

    async def purge(self) -> None:
        """Forget links that have been over for a month."""
        unit = Unit()
        unit.add(s.PURGE_LINKS, self.clock.now() - KEPT)
        await self.store.commit(unit)
