"""Who the customer is, found out during the walk: by the phone, e-mail or number they give.

A session begun with a customer keeps them. Any other belongs to whom its answers name now: when an
answer is corrected, to whom the corrected one names. Source: domain.md (one customer reference over
all channels).
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from engine.model import Library
from engine.state import State
from runtime.customers import KINDS, normalise
from runtime.errors import WrongReference
from runtime.facts import Contributions, Learnt
from runtime.ids import Ids
from runtime.store import customers as c
from runtime.store import statements as s
from runtime.store import tickets as t
from runtime.store.port import Store, Unit


class Identification:
    """Finds or makes the customer that a session's answers name."""

    def __init__(self, store: Store, ids: Ids, *, country: str = "33") -> None:
        self._store = store
        self._ids = ids
        self._country = country

    async def customer(
        self, unit: Unit, change: Learnt, *, tenant: str, state: State, linked: str | None,
        now: int,
    ) -> str | None:  # fmt: skip
        """Return whose session it is after a turn; what that takes is added to `unit`.

        Facts of the customer called `….phone`, `….email` and `….number` name them. Keys that belong
        to several customers name none. What a customer types alone proves nothing: it never gives
        them a record that exists.

        Args:
            unit: what the caller commits; it loses the race when another turn makes the same key.
            change: what the turn taught.
            tenant: whose customers.
            state: the session after the turn; its `customer` is the one it was begun with.
            linked: whose session it was before it.
            now: milliseconds UTC.
        """
        keys = keys_of(change.library, change.after, country=self._country)
        before = keys_of(change.library, change.before, country=self._country)
        if keys == before:
            return linked
        owners = await self._owners(tenant, keys)
        customer = self._whose(change, state, owners, linked=linked)
        if customer is None and keys and not owners:
            customer = self._ids.new("cus")
            unit.add(c.NEW_CUSTOMER, tenant, customer, now, None)
        if customer is not None:
            for kind in sorted(keys.keys() - owners.keys()):
                unit.add(
                    c.NEW_CUSTOMER_KEY, tenant, kind, keys[kind], customer, state.session
                )  # fmt: skip
        if customer == linked:
            # An address mistyped once is not taken for this customer's ever after.
            for kind, value in sorted(before.items() - keys.items()):
                unit.add(c.UNSAY_CUSTOMER_KEY, tenant, kind, value, state.session)
        if customer != linked:
            if state.contact is not None:
                unit.add(s.SET_CONTACT_CUSTOMER, tenant, state.contact, customer, linked)
            if state.ticket is not None:
                unit.add(t.SET_TICKET_CUSTOMER, tenant, state.ticket, customer, linked)
        return customer

    async def found(
        self, change: Learnt, *, tenant: str, state: State, linked: str | None
    ) -> str | None:
        """Return which customer that exists a turn would make the session's; see `customer`."""
        keys = keys_of(change.library, change.after, country=self._country)
        if keys == keys_of(change.library, change.before, country=self._country):
            return linked
        return self._whose(change, state, await self._owners(tenant, keys), linked=linked)

    async def _owners(self, tenant: str, keys: Mapping[str, str]) -> dict[str, str]:
        """Return whose each key is, of those that are somebody's."""
        return {
            kind: row[0]
            for kind, value in keys.items()
            for row in await self._store.read(c.CUSTOMER_BY_KEY, tenant, kind, value)
        }

    def _whose(
        self, change: Learnt, state: State, owners: Mapping[str, str], *, linked: str | None
    ) -> str | None:
        if state.customer is not None:
            return state.customer
        is_alone = change.by.startswith("customer:")
        return self._named(set(owners.values()), linked, is_alone=is_alone)

    @staticmethod
    def _named(owners: set[str], linked: str | None, *, is_alone: bool) -> str | None:
        if linked in owners:
            return linked
        return next(iter(owners)) if len(owners) == 1 and not is_alone else None


def keys_of(library: Library, contributed: Contributions, *, country: str) -> dict[str, str]:
    """Return the keys that a session's answers name a customer by: kind → its one spelling."""
    keys = {}
    for fact, (value, _) in contributed.items():
        kind = fact.rpartition(".")[2]
        known = library.facts.get(fact)
        if kind not in KINDS or known is None or known.holder != "customer":
            continue
        # An answer that could be no key is still an answer.
        with contextlib.suppress(WrongReference):
            keys[kind] = normalise(kind, str(value), country=country)
    return keys
