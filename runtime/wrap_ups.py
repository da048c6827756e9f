"""What an advisor makes of the wrap-up that writes itself: their own words, kept for the next one.

The wrap-up follows from the walk and is not stored; what somebody changes of it is, with who and
when, in place of the change before. Source: experience.md 1, 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from runtime.access import Actor
from runtime.clock import Clock
from runtime.errors import Failure
from runtime.sessions import Sessions
from runtime.store import people as p
from runtime.store.port import LostRace, Store, Unit

_NAMES: Final = ("summary", "next", "version", "at", "by")
NOTHING: Final[Mapping[str, Any]] = {
    "summary": None, "next": None, "version": 0, "at": None, "by": None,
}  # fmt: skip
"""A wrap-up that nobody changed."""


class WrapUpChanged(Failure):
    """Somebody else changed the wrap-up meanwhile."""

    CODE: ClassVar[str] = "wrap-up.changed"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Quelqu'un a modifié cette conclusion entre-temps : relisez-la, puis enregistrez la "
        "vôtre avec sa nouvelle version.",
        "en": "Somebody has changed this wrap-up meanwhile: read it again, then keep yours with "
        "its new version.",
    }


@dataclass(frozen=True, slots=True)
class WrapUps:
    """The wrap-ups of all tenants; each call stays within its actor's."""

    store: Store
    clock: Clock
    sessions: Sessions

    async def read(self, actor: Actor, session: str) -> dict[str, Any]:
        """Return what was changed of a wrap-up: {summary, next, version, at, by}.

        A text that is None stands as the walk wrote it; version 0 says that nothing was changed.

        Raises:
            NotFound, Forbidden: see `authorize`.
        """
        await self.sessions.admit(actor, session, "session.wrap-up.read")
        return await self._kept(actor.tenant, session)

    async def write(
        self, actor: Actor, session: str, *, version: int, texts: Mapping[str, str | None]
    ) -> dict[str, Any]:
        """Keep a wrap-up's changed texts in place of those of a version; return it as `read` does.

        Sent again, it changes nothing more.

        Raises:
            NotFound, Forbidden: see `authorize`.
            WrapUpChanged: another version is kept by now.
        """
        await self.sessions.admit(actor, session, "session.wrap-up.write")
        kept = await self._kept(actor.tenant, session)
        if {**kept, **texts} == kept and kept["by"] == actor.by:
            return kept
        if kept["version"] != version:
            raise WrapUpChanged(session=session, version=kept["version"], by=kept["by"])
        made = {**kept, **texts, "version": version + 1, "at": self.clock.now(), "by": actor.by}
        unit = Unit()
        values = (actor.tenant, session, *(made[name] for name in _NAMES))
        if version == 0:
            unit.add(p.NEW_WRAP_UP, *values)
        else:
            unit.add(p.CHANGE_WRAP_UP, *values, version)
        try:
            await self.store.commit(unit)
        except LostRace:
            raise WrapUpChanged(session=session) from None
        return made

    async def _kept(self, tenant: str, session: str) -> dict[str, Any]:
        rows = await self.store.read(p.WRAP_UP, tenant, session)
        return dict(zip(_NAMES, rows[0], strict=True)) if rows else dict(NOTHING)
