"""What advisors, customers and bots say of a journey reaches its author, without who they are."""

from __future__ import annotations

import asyncio

import pytest

from runtime.access import Actor
from runtime.errors import Forbidden
from runtime.remarks import Remarks
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.walks import begin, say

EVE = Actor("acme", "author", "eve")
THEIRS = Actor("other", "author", "mallory")
ROOT = Actor("acme", "admin", "root")


def test_what_fits_nothing_and_what_is_flagged_reaches_the_author_and_is_erased_with_its_person(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            remarks = Remarks(service.store)
            begun = await begin(service, ANA, customer={"phone": "+33612345678"})
            flag = {"type": "flag", "category": "wording", "text": "Nobody says this", "visit": 1}
            flagged = await say(service, ANA, begun, flag)
            none = {"type": "none_of_these", "category": "moved", "text": "My old address"}
            await say(service, ANA, flagged, none)

            told = await remarks.newest(EVE)
            [one] = await remarks.newest(EVE, what="flag", journey="parcel")
            rest = await remarks.newest(
                EVE, after=(told[0]["at"], told[0]["session"], told[0]["seq"])
            )

            assert [(r["what"], r["step"], r["category"], r["text"]) for r in told] == [
                ("none_of_these", "who", "moved", "My old address"),
                ("flag", "who", "wording", "Nobody says this"),
            ]
            assert (one["journey"], one["role"]) == ("parcel", "advisor")
            assert "ana" not in str(told)
            assert rest == told[1:]
            assert await remarks.newest(THEIRS) == []
            with pytest.raises(Forbidden):
                await remarks.newest(ANA)

            await service.erasing.customer(ROOT, "phone:+33612345678")
            assert [r["text"] for r in await remarks.newest(EVE)] == [None, None]

    asyncio.run(play())
