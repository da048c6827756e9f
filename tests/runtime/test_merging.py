"""One person known by two names is one customer, until somebody says that they were two."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.mock import Mock
from runtime.access import Actor
from runtime.errors import NotFound, WrongReference
from runtime.idempotency import Answer
from runtime.look_alikes import LookAlikes
from runtime.merging import MergeRefused
from runtime.settings import Settings
from runtime.store import statements as s
from runtime.wiring import Service, open_service
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.library import FILES
from tests.runtime.walks import begin, reply, seen

ADMIN = Actor("acme", "admin", "root")


async def known(service: Service, **keys: str) -> tuple[str, Answer]:
    """Return a new customer with a contact of theirs."""
    begun = await begin(service, ANA, customer={k.replace("_", "."): v for k, v in keys.items()})
    kind, value = next(iter(keys.items()))
    return (await service.customers.get(ANA, f"{kind.replace('_', '.')}:{value}"))["id"], begun


async def picture(service: Service, customers: list[str]) -> list[Any]:
    """Return all that is told of some customers, and of their contacts and tickets."""
    told = [await service.customers.whole(ANA, customer) for customer in customers]
    return [
        told,
        await service.contacts.newest(ANA, limit=200),
        await service.tickets.newest(ANA, limit=200),
    ]


def test_what_was_known_of_two_is_found_under_the_one_that_stays(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            zoe, _ = await known(service, email="zoe@example.org")
            other, second = await known(service, phone="0612345678")
            await reply(service, ANA, second, email="zoe.k@example.org")

            merged = await service.merging.merge(ANA, zoe, other=other)

            assert merged["id"] == zoe
            assert merged["merged"] == [{"id": other, "into": zoe}]
            assert [one["value"] for one in merged["keys"]] == [
                "zoe.k@example.org", "zoe@example.org", "+33612345678",
            ]  # fmt: skip
            assert merged["facts"]["customer.email"]["value"] == "zoe.k@example.org"
            assert len(merged["contacts"]) == len(merged["tickets"]) == 2
            for name in (other, "phone:+33612345678", "email:zoe.k@example.org"):
                assert (await service.customers.get(ANA, name))["id"] == zoe
            again = await begin(service, ANA, customer={"phone": "0612345678"})
            assert (await service.sessions.admit(ANA, again.session)).customer == zoe
            assert seen(again)["fields"][0]["known"]["value"] == "zoe.k@example.org"

    asyncio.run(play())


def test_a_split_gives_back_what_each_had_and_both_streams_say_what_happened(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            zoe, _ = await known(service, email="zoe@example.org")
            bob, _ = await known(service, phone="0612345678")
            before = await picture(service, [zoe, bob])
            await service.merging.merge(ANA, zoe, other=bob)
            await service.merging.merge(ANA, zoe, other=bob)

            await service.merging.split(ANA, zoe, merged=bob)

            assert await picture(service, [zoe, bob]) == before
            for customer, kinds in ((zoe, ["merged", "split"]),
                                    (bob, ["merged_into", "split_from"])):  # fmt: skip
                rows = await service.store.read(s.EVENTS, "acme", "customer", customer, 0, 10)
                assert [(row[0], row[1], row[3]) for row in rows] == [
                    (seq, kind, "advisor:ana") for seq, kind in enumerate(kinds, 1)
                ]
            with pytest.raises(MergeRefused):
                await service.merging.split(ANA, zoe, merged=bob)

    asyncio.run(play())


def test_two_who_are_merged_into_each_other_at_once_are_not_lost(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            zoe, _ = await known(service, email="zoe@example.org")
            bob, _ = await known(service, phone="0612345678")

            done = await asyncio.gather(
                service.merging.merge(ANA, zoe, other=bob),
                service.merging.merge(ANA, bob, other=zoe),
                return_exceptions=True,
            )

            found = {(await service.customers.get(ANA, one))["id"] for one in (zoe, bob)}
            assert len(found) == 1
            assert [type(one) for one in done if isinstance(one, Exception)] in (
                [], [MergeRefused],
            )  # fmt: skip

    asyncio.run(play())


def test_who_somebody_may_be_comes_with_its_reasons(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            zoe, first = await known(service, email="zoe@example.org", number="C-1")
            await reply(service, ANA, first, email="zoe@example.org")
            bob, _ = await known(service, phone="06 12 34 56 78", external_crm="77")
            tests: list[tuple[dict[str, str], dict[str, Any], list[tuple[str, float, str]]]] = [
                ({"phone": "+33612345678"}, {}, [(bob, 0.8, "likely")]),
                ({"external.crm": "77"}, {}, [(bob, 0.98, "same")]),
                ({"email": "Zoe@Example.org", "number": "c-1"}, {}, [(zoe, 0.998, "same")]),
                ({"email": "zoe+shop@example.org"}, {}, [(zoe, 0.6, "likely")]),
                ({"email": "zoe@example.org", "number": "C-2"}, {}, [(zoe, 0.5, "possible")]),
                ({"email": "zoe@example.org"}, {"customer.email": "zoe@example.org"},
                 [(zoe, 0.93, "likely")]),
                ({"email": "zoe@example.org", "phone": "0612345678"}, {},
                 [(zoe, 0.9, "likely"), (bob, 0.8, "likely")]),
                ({"email": "nobody@example.org"}, {}, []),
            ]  # fmt: skip
            for keys, facts, wanted in tests:
                found = await service.merging.match(ANA, keys, facts=facts)
                assert [(o["customer"], o["score"], o["verdict"]) for o in found] == wanted, keys
                assert all(one["reasons"] for one in found)
            for wrong in ({}, {"phone": "12"}, {"shoe": "42"}):
                with pytest.raises(WrongReference):
                    await service.merging.match(ANA, wrong, facts={})

    asyncio.run(play())


def test_whoever_is_erased_is_erased_with_all_who_were_merged_into_them(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            zoe, _ = await known(service, email="zoe@example.org")
            bob, begun = await known(service, phone="0612345678")
            await reply(service, ANA, begun, email="bob@example.org")
            await service.merging.merge(ANA, zoe, other=bob)

            done = await service.erasing.customer(ADMIN, "phone:0612345678")

            assert (done["customer"], done["sessions"]) == (zoe, 2)
            for name in ("phone:0612345678", "email:bob@example.org", "email:zoe@example.org"):
                with pytest.raises(NotFound):
                    await service.customers.get(ANA, name)
            assert (await service.customers.get(ANA, bob))["facts"] == {}

    asyncio.run(play())


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(merges=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6))
def test_customers_who_are_merged_in_any_order_and_split_again_have_the_same_figures(
    tmp_path_factory: pytest.TempPathFactory, merges: list[tuple[int, int]]
) -> None:
    database = tmp_path_factory.mktemp("merges") / "store.db"

    async def play(path: Path) -> None:
        told = Settings(database=str(path), background=False)
        async with open_service(told, connectors={"*": Mock({"operations": {}})}) as service:
            await service.revisions.publish(AUTHOR, FILES)
            people = [(await known(service, number=f"C-{n}"))[0] for n in range(5)]
            before = await picture(service, people)
            done: list[str] = []
            for one, other in merges:
                shown = await service.merging.merge(ANA, people[one], other=people[other])
                done += [m["id"] for m in shown["merged"] if m["id"] not in done]
            roots = {(await service.customers.get(ANA, one))["id"] for one in people}
            held = [await service.customers.whole(ANA, root) for root in roots]
            # Nothing is lost and nothing counted twice, however they were merged.
            assert sum(len(one["contacts"]) for one in held) == 5
            assert sum(len(one["keys"]) for one in held) == 5
            assert len(people) - len(roots) == len(done)
            for merged in reversed(done):
                await service.merging.split(ANA, merged, merged=merged)
            assert await picture(service, people) == before

    asyncio.run(play(database))


async def alike(service: Service, session: str) -> dict[str, Any]:
    """Return who the customer of a session may be as well."""
    finding = LookAlikes(
        revisions=service.revisions, customers=service.customers, merging=service.merging,
        country="33",
    )  # fmt: skip
    return await finding.of(ANA, await service.sessions.admit(ANA, session))


def test_who_gives_another_customers_address_may_be_that_customer(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            zoe, _ = await known(service, email="zoe@example.org", number="C-7")
            bob, begun = await known(service, phone="0612345678")
            assert (await alike(service, begun.session))["items"] == []
            await reply(service, ANA, begun, email="zoe@example.org")

            found = await alike(service, begun.session)
            [other] = found["items"]
            assert (found["customer"], other["customer"], other["verdict"]) == (bob, zoe, "likely")
            assert [(one["what"], one["kind"]) for one in other["reasons"]] == [("same", "email")]
            assert {one["value"] for one in other["keys"]} == {"zoe@example.org", "C-7"}

            await service.merging.merge(ANA, bob, other=zoe)
            found = await alike(service, begun.session)
            assert (found["customer"], found["items"]) == (bob, [])
            [merged] = found["merged"]
            assert (merged["id"], merged["into"]) == (zoe, bob)
            assert {one["value"] for one in merged["keys"]} == {"zoe@example.org", "C-7"}

            await service.merging.split(ANA, bob, merged=zoe)
            assert [one["customer"] for one in (await alike(service, begun.session))["items"]] == [
                zoe
            ]

    asyncio.run(play())


def test_another_customer_number_keeps_two_from_looking_alike(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await known(service, email="zoe@example.org", number="C-7")
            _, begun = await known(service, email="zoe+shop@example.org")
            near = await alike(service, begun.session)
            assert [one["what"] for one in near["items"][0]["reasons"]] == ["near"]
            _, numbered = await known(service, email="zoe+desk@example.org", number="C-8")
            found = await alike(service, numbered.session)
            numbers = {one["value"] for item in found["items"] for one in item["keys"]}
            assert "C-7" not in numbers

    asyncio.run(play())
