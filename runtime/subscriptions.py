"""Subscriptions: who is told what happens in sessions, what was not taken, and telling it again.

What was given up after eight attempts is `dead`; what an address that said 410 was not told is
`gone`. A supervisor has either told again: the same message, with the same id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.decided import note_decision
from runtime.errors import Failure, NotFound
from runtime.idempotency import Keep, keep_nothing
from runtime.json_text import plain
from runtime.notices import Notices
from runtime.store import notices as s
from runtime.store.port import LostRace, Row, Store, Unit

STREAM: Final = "subscription"
LEFT: Final = ("ready", "dead", "gone")
"""What may have become of a notice that was not taken: it will be told again, or will not."""
AT_MOST: Final = 1_000
"""Most notices told again by one request."""
Place = tuple[str, int]


class NoticeNotDead(Failure):
    """Only a notice that was given up can be told again."""

    CODE: ClassVar[str] = "notice.not-dead"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Ces messages ont été reçus, ou seront encore envoyés : relisez la liste.",
        "en": "Those messages were taken, or will be sent still: read the list again.",
    }


class NotSubscribed(Failure):
    """The deployment names that subscription no more: nobody would take what it is told."""

    CODE: ClassVar[str] = "subscription.not-declared"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Le déploiement ne nomme plus cet abonnement : remettez-le sous [subscriptions].",
        "en": "The deployment names that subscription no more: put it back under [subscriptions].",
    }


@dataclass(slots=True)
class Subscriptions:
    """The subscriptions of all tenants; each call stays within its actor's."""

    store: Store
    clock: Clock
    notices: Notices

    async def all(self, actor: Actor) -> list[dict[str, Any]]:
        """Return who is told, and how much each has not taken, by id.

        Those the deployment names no more are there while something for them is.
        """
        authorize(actor, "subscription.read")
        return await self._all(actor)

    async def _all(self, actor: Actor) -> list[dict[str, Any]]:
        left: dict[str, dict[str, int]] = {}
        for listener, state, count in await self.store.read(s.LISTENERS_LEFT, actor.tenant):
            left.setdefault(listener, {})[state] = count
        declared = {
            one.id: one for one in self.notices.listeners if one.tenant == actor.tenant
        }  # fmt: skip
        found = []
        for one in sorted({*left, *declared}):
            named = declared.get(one)
            counts = left.get(one, {})
            found.append({
                "id": one,
                "host": None if named is None else named.host,
                "events": [] if named is None else sorted(named.types),
                "is_declared": named is not None,
                **{state: counts.get(state, 0) for state in LEFT},
            })  # fmt: skip
        return found

    async def left(
        self, actor: Actor, subscription: str, *, state: str = "dead", after: str | None = None,
        limit: int = 50,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Return what a subscription has not taken, oldest sessions first, each in order.

        `after` is the last id of the page before. Of one nobody has ever heard of: nothing.

        Raises:
            NotFound: `after` is not the id of a notice.
        """
        authorize(actor, "subscription.read")
        place = ("", 0) if after is None else _place(after)
        rows = await self.store.read(
            s.NOTICES_LEFT, actor.tenant, plain(subscription, "subscription"), state, *place, limit
        )
        return [_shown(row) for row in rows]

    async def resend(
        self, actor: Actor, subscription: str, *, notices: Sequence[str] = (),
        keep: Keep = keep_nothing,
    ) -> dict[str, Any]:  # fmt: skip
        """Have notices told again; without naming any, all that were given up, a thousand at most.

        They may come after later ones of their session: `data.seq` tells.

        Raises:
            NotFound: there is no such subscription, or one of them is the id of no notice.
            NotSubscribed: the deployment names the subscription no more.
            NoticeNotDead: one of them was taken, is forgotten, or will be told again anyway.
        """
        authorize(actor, "subscription.change")
        known = {one["id"]: one["is_declared"] for one in await self._all(actor)}
        if subscription not in known:
            raise NotFound(subscription=subscription)
        if not known[subscription]:
            raise NotSubscribed(subscription=subscription)
        places = [_place(one) for one in dict.fromkeys(notices)]
        more = False
        if not notices:
            places, more = await self._given_up(actor.tenant, subscription)
        now, unit = self.clock.now(), Unit()
        for place in places:
            unit.add(s.RESEND_NOTICE, actor.tenant, subscription, *place, now)
        given = {"subscription": subscription, "count": len(places), "more": more}
        if places:
            await note_decision(
                self.store, unit, actor, about=(STREAM, subscription), what="resent", at=now,
                count=len(places),
            )  # fmt: skip
        keep(unit, given)
        try:
            await self.store.commit(unit)
        except LostRace:
            raise NoticeNotDead(subscription=subscription) from None
        await self.notices.recall()
        self.notices.news.set()
        return given

    async def _given_up(self, tenant: str, subscription: str) -> tuple[list[Place], bool]:
        found: list[Place] = []
        for state in ("dead", "gone"):
            rows = await self.store.read(
                s.NOTICES_LEFT, tenant, subscription, state, "", 0, AT_MOST + 1
            )
            found += [(row[0], row[1]) for row in rows]
        return found[:AT_MOST], len(found) > AT_MOST


def _place(notice: str) -> Place:
    session, _, number = plain(notice, "notice").rpartition("-")
    if not session or not number.isascii() or not number.isdigit() or len(number) > 18:
        raise NotFound(notice=notice)
    return session, int(number)


def _shown(row: Row) -> dict[str, Any]:
    session, seq, kind, state, attempt, not_before, reason, at = row
    return {
        "id": f"{session}-{seq}", "session": session, "seq": seq, "type": kind, "state": state,
        "attempts": attempt, "next_at": not_before if state == "ready" else None,
        "reason": reason, "at": at,
    }  # fmt: skip
