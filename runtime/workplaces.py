"""Where actors work: their team, site and provider, each said with its moment and never changed.

Three say it: an identity provider's claims, an API key, and the file of teams. Figures take what
had been said by the time of a contact, so that working them out again later gives the same.
Source: measures.md A18 (dimensions).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from runtime.clock import Clock
from runtime.errors import StorageFull, StorageLost, StoreUnavailable, WrongReference
from runtime.store import people as s
from runtime.store.port import Row, Store, Unit

NAMES: Final = ("team", "site", "provider")
SOURCES: Final = ("claims", "key", "directory")
"""Who says where somebody works; of two that say it, the first of these holds."""
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Workplace:
    """A team, a site, a provider; None is not known."""

    team: str | None = None
    site: str | None = None
    provider: str | None = None

    def over(self, other: Workplace) -> Workplace:
        """Return this one, with what it does not say from another."""
        return Workplace(
            self.team or other.team, self.site or other.site, self.provider or other.provider
        )


@dataclass(frozen=True, slots=True)
class Said:
    """Where somebody works as one source says since a moment, milliseconds UTC."""

    source: str
    since: int
    workplace: Workplace


NOWHERE: Final = Workplace()


def is_code(text: Any) -> bool:
    """Return whether a text may name a team, a site or a provider."""
    return isinstance(text, str) and _CODE.fullmatch(text) is not None


def workplace_at(said: Iterable[Said], at: int) -> Workplace:
    """Return where somebody worked at a moment, by what had been said until then."""
    newest: dict[str, Said] = {}
    for one in sorted(said, key=lambda one: one.since):
        if one.since <= at:
            newest[one.source] = one
    found = NOWHERE
    for source in SOURCES:
        if source in newest:
            found = found.over(newest[source].workplace)
    return found


def workplaces_of(rows: Iterable[Row]) -> dict[str, list[Said]]:
    """Return by actor what was said, from rows of `s.WORKPLACES`."""
    found: dict[str, list[Said]] = {}
    for actor, source, since, *names in rows:
        found.setdefault(actor, []).append(Said(source, int(since), Workplace(*names)))
    return found


async def note_workplace(store: Store, unit: Unit, *, tenant: str, actor: str, said: Said) -> None:
    """Add to a unit where somebody works by a source, unless it said so already."""
    rows = await store.read(s.LAST_WORKPLACE, tenant, actor, said.source)
    held = Workplace(*rows[0]) if rows else NOWHERE
    if held != said.workplace:
        _add(unit, tenant, actor, said)


def _add(unit: Unit, tenant: str, actor: str, said: Said) -> None:
    place = said.workplace
    unit.add(
        s.NEW_WORKPLACE, tenant, actor, said.source, said.since, place.team, place.site,
        place.provider,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Workplaces:
    """The workplaces of all tenants."""

    store: Store
    clock: Clock

    async def of_key(self, tenant: str, actor: str, workplace: Workplace) -> None:
        """Keep where whoever holds a key works: `actor` as in events, `advisor:ana`.

        A key that says nothing leaves what an earlier one said.

        Raises:
            WrongReference: a name is no code.
        """
        for name in NAMES:
            given = getattr(workplace, name)
            if given is not None and not is_code(given):
                raise WrongReference(
                    {
                        "fr": "Un nom court : lettres, chiffres, « . », « _ », « - » ; 64 au plus.",
                        "en": "A short name: letters, digits, `.`, `_`, `-`; 64 of them at most.",
                    },
                    field=name,
                )
        unit = Unit()
        said = Said("key", self.clock.now(), workplace)
        if workplace != NOWHERE:
            await note_workplace(self.store, unit, tenant=tenant, actor=actor, said=said)
        if unit.writes:
            await self.store.commit(unit)

    async def keep_directory(self, now_in: Mapping[tuple[str, str], Workplace]) -> None:
        """Keep who is where by the file of teams, by (tenant, actor); whoever left it is nowhere.

        A service without such a file says nothing of anybody. Without a disk it starts all the
        same, and what is new is kept at the next start.
        """
        if not now_in:
            return
        held: dict[tuple[str, str], Workplace] = {}
        for tenant, actor, *names in await self.store.read(s.DIRECTORY):
            held[tenant, actor] = Workplace(*names)
        unit, now = Unit(), self.clock.now()
        for one in sorted({*held, *now_in}):
            place = now_in.get(one, NOWHERE)
            if held.get(one, NOWHERE) != place:
                _add(unit, *one, Said("directory", now, place))
        if unit.writes:
            with contextlib.suppress(StorageFull, StorageLost, StoreUnavailable):
                await self.store.commit(unit)
