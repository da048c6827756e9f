"""Customers: one reference over all channels, found by what they are known by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from runtime.access import Actor, authorize
from runtime.errors import NotFound, WrongReference
from runtime.facts import Facts
from runtime.ids import Ids
from runtime.json_text import plain
from runtime.store import customers as c
from runtime.store.port import Store, Unit

KINDS: Final = ("phone", "email", "number")
EXTERNAL: Final = re.compile(r"external\.[a-z0-9_-]{1,32}")
"""What other systems call a customer: `external.crm`."""
LATEST: Final = 20
"""Most contacts and tickets that are told of a customer."""
NAME: Final = "customer.name"
"""The fact that says what a customer is called."""
ADVISOR: Final = "customer.advisor"
"""The fact that says who a customer's own advisor is, by the name they sign in with."""
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


_MALFORMED: Mapping[str, dict[str, str]] = {
    "phone": {
        "fr": "Un numéro de téléphone est attendu, par exemple +33612345678.",
        "en": "A phone number is expected, such as +33612345678.",
    },
    "email": {
        "fr": "Une adresse électronique est attendue, par exemple nom@exemple.fr.",
        "en": "An e-mail address is expected, such as name@example.org.",
    },
}
_NO_KIND = {
    "fr": "Le client se désigne par phone, email, number ou external.NOM.",
    "en": "A customer is named by phone, email, number or external.NAME.",
}


def normalise(kind: str, value: str, *, country: str = "33") -> str:
    """Return the one spelling of a key: E.164 phone, lower-case e-mail, bare number.

    Args:
        kind: phone, email, number, or external.NAME for what the system NAME calls them.
        value: as given.
        country: prefix of phone numbers written with a leading zero.

    Raises:
        WrongReference: not such a kind, or the value cannot be one.
    """
    text = plain(value.strip(), f"customer.{kind}")
    if kind == "phone":
        bare = re.sub(r"[\s.()/-]", "", text)
        if bare.startswith("00"):
            bare = "+" + bare[2:]
        elif bare.startswith("0"):
            bare = f"+{country}{bare[1:]}"
        if re.fullmatch(r"\+[1-9]\d{6,14}", bare):
            return bare
    elif kind == "email":
        if _EMAIL.fullmatch(text):
            return text.lower()
    elif kind == "number":
        return text.upper()
    elif EXTERNAL.fullmatch(kind):
        return text
    raise WrongReference(
        _MALFORMED.get(kind, _NO_KIND), field=f"customer.{kind}", allowed=[*KINDS, "external.*"]
    )


class Customers:
    """The customers of all tenants; each call stays within one."""

    def __init__(self, store: Store, ids: Ids, facts: Facts, *, country: str = "33") -> None:
        self._store = store
        self._ids = ids
        self._facts = facts
        self._country = country
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Have a function called after customers were merged or taken apart again."""
        self._listeners.append(listener)

    def tell(self) -> None:
        """Tell who listens that customers were merged, or taken apart again."""
        for listener in self._listeners:
            listener()

    async def resolve(
        self, actor: Actor, reference: str | Mapping[str, str], *, unit: Unit, now: int
    ) -> str | None:
        """Return the customer a reference means, adding to `unit` what makes a new one.

        What a customer says alone proves nothing: it never gives them a record that exists, nor
        tells whether there is one (None).

        Args:
            actor: who names them.
            reference: an id `cus_…`, or keys: `{phone: …, email: …, number: …}`. Keys that are
                new for a customer found by another one are added to it.
            unit: what the caller commits.
            now: milliseconds UTC.

        Raises:
            NotFound: no customer has that id.
            WrongReference: a key is malformed, or the keys belong to different customers.
        """
        # Whoever made a link named its customer, and vouches for it.
        tenant, is_alone = actor.tenant, actor.role == "customer" and actor.link is None
        if isinstance(reference, str):
            rows = await self._store.read(c.CUSTOMER, tenant, plain(reference, "customer"))
            if is_alone or not rows:
                raise NotFound(customer=reference)
            return str(rows[0][0])
        if not reference:
            raise WrongReference(field="customer", allowed=list(KINDS))
        keys = {
            kind: normalise(kind, value, country=self._country) for kind, value in reference.items()
        }
        found: dict[str, str] = {}
        for kind, value in keys.items():
            for row in await self._store.read(c.CUSTOMER_BY_KEY, tenant, kind, value):
                found[kind] = row[0]
        if found and is_alone:
            return None
        if len(set(found.values())) > 1:
            raise WrongReference(
                {
                    "fr": "Ces coordonnées appartiennent à des clients différents.",
                    "en": "These belong to different customers.",
                },
                field="customer",
            )
        if found:
            customer = next(iter(found.values()))
        else:
            customer = self._ids.new("cus")
            unit.add(c.NEW_CUSTOMER, tenant, customer, now, None)
        for kind, value in keys.items():
            if kind not in found:
                unit.add(c.NEW_CUSTOMER_KEY, tenant, kind, value, customer, None)
        return customer

    def normalised(self, kind: str, value: str) -> str:
        """Return the one spelling of a key, phone numbers in this deployment's country."""
        return normalise(kind, value, country=self._country)

    async def get(self, actor: Actor, reference: str) -> dict[str, Any]:
        """Return a customer: {id, keys, facts, created_at, merged}, of all who are that person.

        Args:
            actor: who asks.
            reference: `cus_…`, or a kind and a value: `phone:+33612345678`.

        Raises:
            NotFound: none such.
        """
        authorize(actor, "customer.read")
        customer, created_at = await self.find(actor.tenant, reference)
        read, tenant = self._store.read, actor.tenant
        keys = await read(c.CUSTOMER_KEYS, tenant, customer)
        merged = await read(c.MERGED, tenant, customer)
        return {
            "id": customer,
            "keys": [{"kind": kind, "value": value} for kind, value, _ in keys],
            "facts": await self._facts.known(tenant, customer=customer, ticket=None),
            "created_at": created_at,
            "merged": [{"id": one, "into": into} for one, into in merged],
        }

    async def records(self, tenant: str, customer: str) -> list[dict[str, Any]]:
        """Return who is one person with a customer: `[{id, into, keys}]`, `into` None for none."""
        keys = await self._store.read(c.CUSTOMER_KEYS, tenant, customer)
        merged = await self._store.read(c.MERGED, tenant, customer)
        into = {str(one): str(other) for one, other in merged}
        return [
            {
                "id": one, "into": into.get(one),
                "keys": [{"kind": kind, "value": value} for kind, value, of in keys if of == one],
            }
            for one in dict.fromkeys([customer, *into])
        ]  # fmt: skip

    async def called(self, tenant: str, customer: str | None) -> str | None:
        """Return what a customer is recognised by in a list: a name, else their first key."""
        if customer is None:
            return None
        facts = await self._facts.known(tenant, customer=customer, ticket=None)
        keys = await self._store.read(c.CUSTOMER_KEYS, tenant, customer)
        said = [facts[NAME]["value"]] if NAME in facts else [value for _, value, _ in keys]
        return str(said[0]) if said else None

    async def own_advisor(self, tenant: str, customer: str | None) -> str | None:
        """Return who a customer's own advisor is, their single point of contact; None for none."""
        if customer is None:
            return None
        facts = await self._facts.known(tenant, customer=customer, ticket=None)
        said = facts.get(ADVISOR, {}).get("value")
        return said if isinstance(said, str) and said else None

    async def about(self, tenant: str, ticket: str | None) -> list[str]:
        """Return what a ticket is about: the values of its facts that read as they stand."""
        facts = await self._facts.known(tenant, customer=None, ticket=ticket)
        values = (facts[name]["value"] for name in sorted(facts))
        return [value for value in values if isinstance(value, str)]

    async def whole(self, actor: Actor, reference: str) -> dict[str, Any]:
        """Return a customer as `get` does, with their latest contacts and tickets by id."""
        found = await self.get(actor, reference)
        read, tenant = self._store.read, actor.tenant
        contacts = await read(c.CONTACTS_OF_CUSTOMER, tenant, found["id"], LATEST)
        tickets = await read(c.TICKETS_OF_CUSTOMER, tenant, found["id"], LATEST)
        return {
            **found,
            "contacts": [row[1] for row in contacts],
            "tickets": [row[1] for row in tickets],
        }

    async def find(self, tenant: str, reference: str) -> tuple[str, int]:
        """Return the id of a customer and when it was made; see `get` for what names one.

        Raises:
            NotFound: none such.
        """
        customer = reference
        kind, colon, value = reference.partition(":")
        if colon:
            key = normalise(kind, value, country=self._country)
            found = await self._store.read(c.CUSTOMER_BY_KEY, tenant, kind, key)
            if not found:
                raise NotFound(customer=reference)
            customer = found[0][0]
        rows = await self._store.read(c.CUSTOMER, tenant, plain(customer, "customer"))
        if not rows:
            raise NotFound(customer=reference)
        return str(rows[0][0]), int(rows[0][1])
