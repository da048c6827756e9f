"""Who a session's customer may be as well: by what was said in it, and by what they are known by.

Nobody is merged: an advisor reads whom, and why, and says so. Decision 0028.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.facts import contributed
from runtime.access import Actor
from runtime.customers import NAME, Customers
from runtime.identification import keys_of
from runtime.merging import Merging
from runtime.revisions import Revisions
from runtime.states import Warm


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlikes:
    """Finds who may be one person with whom a session is about; each call stays in its tenant.

    `country`: the prefix of telephone numbers written with a leading zero.
    """

    revisions: Revisions
    customers: Customers
    merging: Merging
    country: str

    async def of(self, actor: Actor, warm: Warm) -> dict[str, Any]:
        """Return `{customer, items, merged}`.

        `customer` is whose session it is, else the likeliest of those that its answers name; None
        when they name nobody. `items` are who that may be as well, the likeliest first, as
        `Merging.match` gives them, with `name` and `keys`; those that are merely possible are left
        out. `merged` are the records that are one with it by now: `[{id, into, keys}]`.
        """
        revision = await self.revisions.get(actor.tenant, warm.state.revision)
        said = contributed(revision.library, warm.state)
        named = list(keys_of(revision.library, said, country=self.country).items())
        customer, facts = warm.state.customer or warm.customer, dict[str, Any]()
        if customer is not None:
            whose = await self.customers.get(actor, customer)
            customer = whose["id"]
            named += [(one["kind"], one["value"]) for one in whose["keys"]]
            facts = {n: one["value"] for n, one in whose["facts"].items() if n == NAME}
        found = await self.merging.candidates(actor, dict.fromkeys(named), facts=facts)
        likely = [one for one in found if one["verdict"] != "possible"]
        if customer is None:
            customer = next((one["customer"] for one in likely), None)
        items = [await self._shown(actor, one) for one in likely if one["customer"] != customer]
        merged = [] if customer is None else await self._merged(actor.tenant, customer)
        return {"customer": customer, "items": items, "merged": merged}

    async def _shown(self, actor: Actor, one: dict[str, Any]) -> dict[str, Any]:
        whose = await self.customers.get(actor, one["customer"])
        name = whose["facts"].get(NAME, {}).get("value")
        return {**one, "name": name if isinstance(name, str) else None, "keys": whose["keys"]}

    async def _merged(self, tenant: str, customer: str) -> list[dict[str, Any]]:
        records = await self.customers.records(tenant, customer)
        return [one for one in records if one["into"] is not None]
