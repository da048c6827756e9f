"""Requests before they are sessions: which ticket one would go on with, and who should take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import Library
from engine.tickets import Demand
from runtime.access import Actor, authorize
from runtime.attaching import Whose
from runtime.clock import Clock
from runtime.errors import UnknownDeclaration
from runtime.json_text import plain
from runtime.sessions import Sessions
from runtime.verdicts import told


class Requests:
    """What customers ask for, looked at before anybody walks it."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._attaching = sessions.turns.attaching
        self._tickets = sessions.tickets
        self._customers = sessions.customers
        self._revisions = sessions.revisions
        self._clock = clock

    async def match(
        self, actor: Actor, customer: str, *, motive: str, objects: Mapping[str, Any],
        language: str,
    ) -> dict[str, Any]:  # fmt: skip
        """Return which ticket a request would go on with: {what, reason, ticket, resume, …}.

        Args:
            actor: who asks.
            customer: `cus_…`, or a kind and a value: `phone:+33612345678`.
            motive: what the customer declares.
            objects: fact -> value of what it is about.
            language: of the reason told.

        Raises:
            NotFound: no such customer.
            UnknownDeclaration: no library that is live lists the declaration.
        """
        authorize(actor, "ticket.match")
        library = await self.library(actor.tenant, motive)
        who, _ = await self._customers.find(actor.tenant, customer)
        verdict = await self._attaching.verdict(
            actor.tenant, library, Demand(motive, objects), of=Whose(who), now=self._clock.now()
        )
        resume = None
        if verdict.ticket is not None:
            ticket = await self._tickets.going_on(actor.tenant, verdict.ticket)
            resume = ticket[-1] if ticket else None
        return {
            "what": verdict.what,
            "reason": verdict.reason,
            "text": told(verdict.what, verdict.reason, language),
            "ticket": verdict.ticket,
            "others": list(verdict.others),
            "resume": resume,
            "journey": library.declarations.get(motive),
        }

    async def library(self, tenant: str, motive: str) -> Library:
        """Return the library that lists a declaration, of those that are live.

        Raises:
            UnknownDeclaration: none does.
        """
        named = plain(motive, "motive")
        for one in await self._revisions.live(tenant):
            revision = await self._revisions.get(tenant, one.hash)
            if named in revision.library.codes.get("declaration", {}):
                return revision.library
        raise UnknownDeclaration(motive=named)
