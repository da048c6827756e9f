"""What customers say of a contact: was this time useful, were they content, what they felt.

Numbers and codes, never a text: an answer holds nothing personal beside the contact it is about.
Source: measures.md A3, A10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.contacts import Contacts
from runtime.errors import WrongReference
from runtime.idempotency import Keep, keep_nothing
from runtime.json_text import from_text, to_text
from runtime.sessions import Sessions
from runtime.store import ratings as r
from runtime.store.port import Store, Unit
from runtime.store.tables import OPINION

SCALES: Final = {
    "useful": (0, 100),
    "satisfaction": (1, 5),
    "effort": (1, 7),
    "recommend": (0, 10),
}
"""Each question and the least and most of its answer; `useful` is in per cent of the time."""
FELT: Final = (
    "queue", "lookup", "analysis", "procedure", "hold", "transfer", "repetition", "deferral",
)  # fmt: skip
"""The eight losses a customer may say they felt. Source: measures.md A4."""
_COLUMNS: Final = tuple(column.name for column in OPINION.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a customer answered; None where a question was left out."""

    useful: int | None = None
    satisfaction: int | None = None
    effort: int | None = None
    recommend: int | None = None
    felt: Sequence[str] = ()

    def refuse_wrong(self) -> None:
        """Raise WrongReference for an answer outside its scale, or none at all."""
        for name, (least, most) in SCALES.items():
            given = getattr(self, name)
            if given is not None and not least <= given <= most:
                raise WrongReference(field=name, allowed=f"{least}..{most}")
        if not set(self.felt) <= set(FELT):
            raise WrongReference(field="felt", allowed=list(FELT))
        if not self.felt and all(getattr(self, name) is None for name in SCALES):
            raise WrongReference(
                {"fr": "Répondez à une question au moins.", "en": "Answer one question at least."},
                field="useful",
            )


@dataclass(frozen=True, slots=True)
class Opinions:
    """The answers of all tenants' customers; each call stays within one."""

    store: Store
    clock: Clock
    contacts: Contacts
    sessions: Sessions

    async def of_session(
        self, actor: Actor, session: str, given: Opinion, *, keep: Keep = keep_nothing
    ) -> dict[str, Any]:
        """Keep what the customer of a session says of its latest contact.

        Said again it takes the place of what was said before.

        Raises:
            NotFound: it is not theirs, or has no contact.
            WrongReference: an answer is outside its scale, or there is none.
        """
        authorize(actor, "opinion.give")
        given.refuse_wrong()
        warm = await self.sessions.admit(actor, session)
        return await self._keep(actor, str(warm.state.contact), given, keep)

    async def of_contact(
        self, actor: Actor, contact: str, given: Opinion, *, keep: Keep = keep_nothing
    ) -> dict[str, Any]:
        """Keep what a survey tool brings of a contact's customer.

        Raises:
            NotFound: no such contact.
            WrongReference: as `of_session`.
        """
        authorize(actor, "opinion.bring")
        given.refuse_wrong()
        row = await self.contacts.row(actor.tenant, contact)
        return await self._keep(actor, row["id"], given, keep)

    async def _keep(self, actor: Actor, contact: str, given: Opinion, keep: Keep) -> dict[str, Any]:
        unit = Unit()
        row = (
            actor.tenant, contact, given.useful, given.satisfaction, given.effort,
            given.recommend, to_text(sorted(set(given.felt))), actor.by, self.clock.now(),
        )  # fmt: skip
        unit.add(r.KEEP_OPINION, *row)
        shown = opinion_shown(row)
        keep(unit, shown)
        await self.store.commit(unit)
        self.contacts.tell(actor.tenant, contact)
        return shown


def opinion_shown(row: Sequence[Any]) -> dict[str, Any]:
    """Return an opinion as it is shown: without who brought it."""
    named = dict(zip(_COLUMNS, row, strict=True))
    return {
        "contact": named["contact"],
        **{name: named[name] for name in SCALES},
        "felt": from_text(named["felt"]),
        "at": named["at"],
    }
