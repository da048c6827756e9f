"""Whose facts are to be made anew because of who somebody is: merges, splits, segments said late.

Source: decision 0028; semantics.md 25.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from runtime.customer_segments import all_of
from runtime.finished import Finished

Merges = Mapping[str, Mapping[str, str]]
"""By tenant, each merged customer and the one it ended up in."""


async def affected_contacts(
    finished: Finished, *, before: Merges, now: Merges, said: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return the (tenant, contact) of all whose person changed, or of whom something was said.

    `before` are the merges that the facts know, `now` those there are; `said` the (tenant,
    customer) of whom a segment of an earlier time was said.
    """
    anew = list(said)
    found = set()
    for tenant in {*before, *now, *(one for one, _ in anew)}:
        known, into = before.get(tenant, {}), now.get(tenant, {})
        # Those who were taken apart again are somebody else in what was written, too.
        moved = {one for one in {*known, *into} if known.get(one) != into.get(one)}
        moved |= {customer for whose, customer in anew if whose == tenant}
        people = {*all_of(moved, known), *all_of(moved, into)} if moved else set()
        contacts = await finished.contacts_of_customers(tenant, sorted(people))
        found |= {(tenant, contact) for contact in contacts}
    return found
