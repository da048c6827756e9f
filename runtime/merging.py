"""Who may be one person, and who is: found with reasons, merged by somebody, taken apart again.

A merge says that a customer is another one, in both their streams, and moves nothing: contacts,
tickets, facts and keys are found under the one that stays for as long as it holds. Decision 0028.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.customers import Customers
from runtime.errors import Failure, WrongReference
from runtime.json_text import to_text
from runtime.store import customers as c
from runtime.store import statements as s
from runtime.store.port import LostRace, Store, Unit

STREAM: Final = "customer"
WEIGHTS: Final[Mapping[str, float]] = {"number": 0.98, "external": 0.98, "email": 0.9, "phone": 0.8}
"""How sure one key alone makes it that two are one: a telephone is shared in a household."""
NEAR: Final = 0.6
"""The same for an e-mail address that differs by what stands after a `+`."""
AGREES: Final = 0.3
"""The same for something else that is known of both and agrees."""
AT_ODDS: Final = 0.5
"""Most that is left once both have another customer number."""
SAME: Final = 0.95
"""Score from which somebody is said to be the same."""
LIKELY: Final = 0.6
"""Score from which somebody is likely to be."""


class MergeRefused(Failure):
    """The two cannot be merged, or taken apart, as they stand."""

    CODE: ClassVar[str] = "customer.merge-refused"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Ces deux fiches ne peuvent pas être réunies, ou séparées, en l'état : relisez-les.",
        "en": "These two cannot be merged, or split, as they stand: read them again.",
    }


class Merging:
    """Finds, merges and splits the customers of all tenants; each call stays within one."""

    def __init__(self, store: Store, clock: Clock, customers: Customers) -> None:
        self._store = store
        self._clock = clock
        self._customers = customers

    async def match(
        self, actor: Actor, keys: Mapping[str, str], *, facts: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Return who somebody may be, the likeliest first, each with a score and its reasons.

        `[{customer, score, verdict, reasons: [{what, kind, weight}]}]`: `verdict` is same, likely
        or possible; `what` says that a key is theirs (`same`), nearly so (`near`), that something
        known agrees (`agrees`), or that their numbers differ (`differs`, which caps the score).

        Args:
            actor: who asks.
            keys: `{phone: …, email: …, number: …, external.crm: …}`.
            facts: what else is known: fact → value.

        Raises:
            WrongReference: a key is malformed, or there is none.
        """
        authorize(actor, "customer.match")
        if not keys:
            raise WrongReference(field="keys")
        named = [(kind, self._customers.normalised(kind, value)) for kind, value in keys.items()]
        return await self.candidates(actor, named, facts=facts)

    async def candidates(
        self, actor: Actor, named: Iterable[tuple[str, str]], *, facts: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Return what `match` does, for keys as they are spelled, several of a kind among them."""
        authorize(actor, "customer.match")
        reasons: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
        own = set()
        for kind, value in named:
            if kind == "number":
                own.add(value)
            for customer, what, weight in await self._owners(actor.tenant, kind, value):
                reason = {"what": what, "kind": kind, "weight": weight}
                reasons.setdefault(customer, {})[what, kind] = reason
        found = []
        for customer, why in reasons.items():
            known = list(why.values())
            shown = await self._customers.get(actor, customer)
            known.extend(
                {"what": "agrees", "kind": name, "weight": AGREES}
                for name, value in facts.items()
                if name in shown["facts"] and shown["facts"][name]["value"] == value
            )
            numbers = {one["value"] for one in shown["keys"] if one["kind"] == "number"}
            if own and numbers and own.isdisjoint(numbers):
                known.append({"what": "differs", "kind": "number", "weight": 0.0})
            score = _score(known)
            found.append(
                {"customer": customer, "score": score, "verdict": _verdict(score), "reasons": known}
            )
        return sorted(found, key=lambda one: (-one["score"], one["customer"]))

    async def _owners(self, tenant: str, kind: str, value: str) -> list[tuple[str, str, float]]:
        """Return whose a key is, or nearly is: (customer, same or near, weight)."""
        weight = WEIGHTS[kind.partition(".")[0]]
        rows = await self._store.read(c.CUSTOMER_BY_KEY, tenant, kind, value)
        found = [(str(row[0]), "same", weight) for row in rows]
        if kind != "email":
            return found
        bare = stem(value)
        local, _, domain = bare.partition("@")
        near = await self._store.read(c.CUSTOMER_BY_KEY, tenant, kind, bare)
        owners = {str(row[0]) for row in near}
        for owner, known in await self._store.read(
            c.KEYS_LIKE, tenant, kind, f"{local}+", f"{local},"
        ):
            if known.endswith(f"@{domain}"):
                owners |= {str(row[0]) for row in await self._store.read(c.CUSTOMER, tenant, owner)}
        owners -= {customer for customer, _, _ in found}
        return [*found, *((owner, "near", NEAR) for owner in sorted(owners))]

    async def merge(self, actor: Actor, reference: str, *, other: str) -> dict[str, Any]:
        """Say that another customer is this one, which stays, and return it.

        Done again it changes nothing.

        Raises:
            NotFound: one of them is not there.
            MergeRefused: they are being merged with somebody else at this moment.
        """
        authorize(actor, "customer.merge")
        tenant = actor.tenant
        stays, _ = await self._customers.find(tenant, reference)
        goes, _ = await self._customers.find(tenant, other)
        if stays != goes:
            unit = Unit()
            # In one order whoever stays, so that two at once do not wait for each other.
            for one in sorted((stays, goes)):
                if one == goes:
                    unit.add(c.MERGE, tenant, goes, stays)
                else:
                    unit.add(c.STAND, tenant, stays)
            await self._note(unit, actor, stays, "merged", {"from": goes})
            await self._note(unit, actor, goes, "merged_into", {"into": stays})
            await self._commit(unit)
        return await self._customers.whole(actor, stays)

    async def split(self, actor: Actor, reference: str, *, merged: str) -> dict[str, Any]:
        """Take a customer out of the one it was merged into; each has again what it had.

        What was said to the one that stayed while they were one remains with it. Returns the one
        that stayed.

        Raises:
            NotFound: one of them is not there.
            MergeRefused: it is not merged into that one.
        """
        authorize(actor, "customer.merge")
        tenant = actor.tenant
        stays, _ = await self._customers.find(tenant, reference)
        rows = await self._store.read(c.MERGED, tenant, stays)
        into = next((str(other) for one, other in rows if one == merged), None)
        if into is None:
            raise MergeRefused(customer=merged)
        unit = Unit()
        unit.add(c.SPLIT, tenant, merged, into)
        await self._note(unit, actor, into, "split", {"from": merged})
        await self._note(unit, actor, merged, "split_from", {"from": into})
        await self._commit(unit)
        return await self._customers.whole(actor, stays)

    async def _note(
        self, unit: Unit, actor: Actor, customer: str, kind: str, said: Mapping[str, Any]
    ) -> None:
        [[last]] = await self._store.read(s.LAST_OF_STREAM, actor.tenant, STREAM, customer)
        unit.add(
            s.NEW_EVENT, actor.tenant, STREAM, customer, last + 1, kind, self._clock.now(),
            actor.by, to_text(said),
        )  # fmt: skip

    async def _commit(self, unit: Unit) -> None:
        try:
            await self._store.commit(unit)
        except LostRace:
            raise MergeRefused from None
        self._customers.tell()


def stem(email: str) -> str:
    """Return an e-mail address without what stands behind a `+`: the same for those nearly one."""
    local, _, domain = email.partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _score(reasons: list[dict[str, Any]]) -> float:
    """Return how sure the reasons make it together: each takes its part of the doubt left."""
    doubt = 1.0
    for reason in reasons:
        doubt *= 1 - reason["weight"]
    score = 1 - doubt
    if any(reason["what"] == "differs" for reason in reasons):
        score = min(score, AT_ODDS)
    return round(score, 3)


def _verdict(score: float) -> str:
    return "same" if score >= SAME else "likely" if score >= LIKELY else "possible"
