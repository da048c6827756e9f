"""Customers of a file are found among those who exist, or new; the file again changes nothing."""

import asyncio
from typing import Any

import pytest

from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Forbidden, WrongReference
from runtime.importing import Batch, Row
from runtime.store import statements as s
from runtime.wiring import Service
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.walks import begin

SAM = Actor("acme", "supervisor", "sam")
LIN = {"email": "lin@example.org", "phone": "06 12 34 56 78", "number": "c-1"}
MAIL = "customer.email"


async def bring(service: Service, *rows: Row, **told: Any) -> list[dict[str, Any]]:
    return await service.importing.bring(SAM, Batch(source="crm", rows=rows, **told))


def test_a_row_is_a_new_customer_once_and_unchanged_ever_after(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            row = Row(keys=LIN, facts={MAIL: "lin@example.org"})
            [first] = await bring(service, row)
            clock.advance(5_000)
            [again] = await bring(service, row)

            assert (first["did"], again["did"]) == ("new", "unchanged")
            assert again["customer"] == first["customer"]
            found = await service.customers.get(ANA, "number:C-1")
            assert [(one["kind"], one["value"]) for one in found["keys"]] == [
                ("email", "lin@example.org"), ("number", "C-1"), ("phone", "+33612345678"),
            ]  # fmt: skip
            known = found["facts"][MAIL]
            assert (known["source"], clock.now() - known["at"]) == ("import:crm", 5_000)
            told = await service.store.read(s.EVENTS, "acme", "customer", found["id"], 0, 10)
            assert [(one[1], one[3]) for one in told] == [("imported", "supervisor:sam")]

    asyncio.run(play())


def test_a_dry_run_says_the_same_and_writes_nothing(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            [dry] = await bring(service, Row(keys=LIN), dry_run=True)
            [wet] = await bring(service, Row(keys=LIN))

            assert dry == {**wet, "customer": None}
            assert (wet["did"], wet["keys"]) == ("new", ["email", "number", "phone"])

    asyncio.run(play())


def test_keys_of_two_people_or_another_number_are_conflicts_with_reasons_and_change_nothing(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await bring(service, Row(keys={"phone": "0612345678"}))
            await bring(service, Row(keys={"email": "lin@example.org", "number": "C-1"}))

            [two] = await bring(service, Row(keys={"phone": "0612345678",
                                                   "email": "lin@example.org"}))  # fmt: skip
            [other] = await bring(service, Row(keys={"email": "lin@example.org", "number": "C-2"}))

            assert (two["did"], len(two["matches"])) == ("conflict", 2)
            assert other["did"] == "conflict"
            assert other["matches"][0]["score"] == 0.5
            assert {r["what"] for r in other["matches"][0]["reasons"]} == {"same", "differs"}
            assert (await service.merging.match(SAM, {"number": "C-2"}, facts={})) == []

    asyncio.run(play())


def test_who_is_only_nearly_somebody_is_left_for_a_person_unless_told_to_be_new(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await bring(service, Row(keys={"email": "lin@example.org"}))
            near = Row(keys={"email": "lin+shop@example.org"})

            [left] = await bring(service, near)
            [made] = await bring(service, near, near_is_new=True)
            [strict] = await bring(service, Row(keys={"email": "lin@example.org"}), sure=0.95)

            assert (left["did"], left["matches"][0]["reasons"][0]["what"]) == ("doubtful", "near")
            assert (made["did"], made["matches"][0]["verdict"]) == ("new", "likely")
            assert strict["did"] == "doubtful"

    asyncio.run(play())


def test_what_is_known_otherwise_is_said_with_its_source_and_age_and_the_newest_holds(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            day = clock.now() - 86_400_000
            keys = {"number": "C-1"}
            old = Row(keys=keys, facts={MAIL: "old@example.org"}, at=day - 1)
            await service.importing.bring(SAM, Batch(source="erp", rows=[old]))

            [told] = await bring(service, Row(keys=keys, facts={MAIL: "new@example.org"}, at=day))

            assert told["did"] == "updated"
            assert told["differs"] == [{"fact": MAIL, "source": "import:erp", "at": day - 1}]
            begun = await begin(service, ANA, customer=keys)
            state = await service.sessions.admit(ANA, begun.session)
            assert state.state.known[MAIL] == {
                "value": "new@example.org", "at": day, "source": "import:crm",
            }  # fmt: skip
            other = {MAIL: "x@example.org"}
            [older] = await bring(service, Row(keys=keys, facts=other, at=day - 2))
            [twice] = await bring(service, Row(keys=keys, facts=other, at=day))
            assert (older["did"], twice["did"]) == ("unchanged", "unchanged")
            assert older["differs"][0] == {"fact": MAIL, "source": "import:crm", "at": day}

    asyncio.run(play())


def test_a_value_that_cannot_be_read_is_named_and_the_rest_of_its_row_is_brought(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            [told] = await bring(
                service,
                Row(
                    keys={"number": "C-1", "phone": "12"}, facts={MAIL: "nobody"},
                    at=clock.now() + 1,
                ),
            )  # fmt: skip
            [none] = await bring(service, Row(keys={"phone": "12"}))

            assert (told["did"], told["keys"], told["facts"]) == ("new", ["number"], [])
            assert [one["field"] for one in told["wrong"]] == ["keys.phone", "at", f"facts.{MAIL}"]
            assert none["did"] == "wrong"

    asyncio.run(play())


def test_an_import_of_unknown_facts_of_shared_keys_or_by_an_advisor_is_refused(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            with pytest.raises(WrongReference) as unknown:
                await bring(service, Row(keys=LIN, facts={"customer.shoe": 42}))
            with pytest.raises(WrongReference) as twice:
                await bring(service, Row(keys=LIN), Row(keys={"number": "C-1"}))
            with pytest.raises(Forbidden):
                await service.importing.bring(ANA, Batch(source="crm", rows=[Row(keys=LIN)]))

            assert unknown.value.params["allowed"] == [MAIL]
            assert twice.value.params["field"] == "rows.1.keys.number"

    asyncio.run(play())
