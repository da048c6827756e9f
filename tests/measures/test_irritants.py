"""The register of irritants: what one costs, whether what was promised is done, and what it did."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from measures.asking.question import Asked
from measures.desk import Desk
from measures.errors import IrritantChanged
from measures.irritants.effect import verdict
from measures.irritants.entry import Entry
from measures.irritants.reading import for_report
from measures.irritants.register import Register
from measures.reporting.register import section_of, sheet_of
from measures.statistics.difference import difference
from measures.statistics.poisson import byar
from measures.statistics.ratio import wilson
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Failure, Forbidden, NotFound
from runtime.volumes import Volume
from tests.connectors.systems import system
from tests.measures.test_facts import DAY, LOST, keeper_of, one_contact
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.library import FILES
from tests.runtime.test_notices import Receiver, listening
from tests.runtime.walks import begin, reply

SAM = Actor("acme", "supervisor", "sam")
CARD = Entry(
    axis="qualification", code="lost", title="Parcels are lost", owner="Carrier",
    action="Scan each parcel", due="2026-01-10", expected=-8, weeks=4,
)  # fmt: skip


def test_a_difference_of_two_shares_is_as_sure_as_newcombe_s_example() -> None:
    # 56 of 70 against 48 of 80; Newcombe (1998), table II, method 10: 0.0524 to 0.3339.
    shares = [wilson(x, n) for x, n in ((48, 80), (56, 70))]
    before, after = ((one.value or 0, one.low or 0, one.high or 0) for one in shares)

    value, low, high = difference(before, after)

    assert (value, low, high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_a_count_is_as_sure_as_poisson_s_interval_says() -> None:
    # Exact limits of Poisson's distribution: 6.20 and 20.96 of 12, 0 and 3.69 of none.
    assert byar(12) == pytest.approx((6.2, 20.96), abs=0.02)
    assert byar(0) == pytest.approx((0, 3.69), abs=0.03)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((None, None, None, -1), "unknown"), ((-2, None, None, -1), "no_interval"),
        ((-2, -5, 1, -1), "not_shown"), ((-2, -3, -1, None), "changed"),
        ((2, 1, 3, -1), "opposite"), ((-2, -3, -1, -2.5), "reached"),
        ((-9, -12, -6, -5), "reached"),
        ((-2, -3, -1, -4), "short"), ((2, 1, 3, 3), "reached"), ((2, 1, 3, 4), "short"),
    ],
)  # fmt: skip
def test_a_difference_says_of_what_was_expected_no_more_than_it_can(
    found: tuple[Any, ...], said: str
) -> None:
    assert verdict(dict(zip(("difference", "low", "high", "expected"), found, strict=True))) == said


async def _story(register: Register, clock: FixedClock) -> dict[str, Any]:
    """Play twelve contacts, a promise that is late twice, what was done, and six contacts after."""
    got: dict[str, Any] = {}
    made = await register.create(SAM, CARD)
    clock.advance(4 * DAY)
    for number in range(12):
        await one_contact(register.service, clock, f"C-{number}")
    got["chased"] = [await register.chase()]
    clock.advance(7 * DAY)
    got["chased"] += [await register.chase(), await register.chase()]
    got["late"] = (await register.all(SAM))[0]
    later = {"due": "2026-01-14"}
    await register.change(SAM, made["id"], version=1, change=later)
    with pytest.raises(IrritantChanged):
        await register.change(SAM, made["id"], version=1, change=later)
    for number in range(6):
        await one_contact(register.service, clock, f"C-{number}")
    clock.advance(3 * DAY)
    got["chased"].append(await register.chase())
    done = {"done_on": "2026-01-09"}
    got["done"] = await register.change(SAM, made["id"], version=2, change=done)
    got["early"] = (await register.read(SAM, made["id"]))["effect"]
    clock.advance(DAY)
    got["read"] = await register.read(SAM, made["id"])
    told = await for_report(register.desk, SAM, since=None, until=None)
    got |= {"page": section_of(told, "en"), "sheets": sheet_of(told)}
    clock.advance(5 * DAY)
    gone = {"done_on": "2026-01-13", "weeks": 1}
    await register.change(SAM, made["id"], version=3, change=gone)
    got["gone"] = (await register.read(SAM, made["id"]))["effect"]
    return got


def test_an_irritant_is_chased_until_it_is_done_and_its_effect_is_seen_on_whole_weeks(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> dict[str, Any]:
        async with system(Receiver()) as found:
            listeners = listening(tmp_path, found.url, '["irritant.overdue"]')
            async with open_shop(LOST, listeners=listeners) as service:
                keeper = keeper_of(service, clock, tmp_path / "facts")
                got = await _story(Register(Desk.of(service, keeper), service), clock)
                await service.notices.deliver()
                await keeper.close()
                return got | {"heard": [json.loads(one.body) for one in found.calls]}

    got = asyncio.run(play())

    assert got["chased"] == [0, 1, 0, 1]
    assert (got["late"]["status"], got["late"]["is_overdue"]) == ("committed", True)
    assert (got["done"]["status"], got["done"]["is_overdue"]) == ("done", False)
    assert [one["data"]["due"] for one in got["heard"]] == ["2026-01-10", "2026-01-14"]
    assert got["heard"][0]["data"]["owner"] == "Carrier"
    assert got["early"]["verdict"] == "too_early"
    cost, effect = got["read"]["cost"], got["read"]["effect"]
    # Eighteen contacts of thirty seconds.
    assert (cost["contacts"], cost["minutes"], cost["money"]) == (18, 9, None)
    assert effect["before"]["period"] == {"from": "2026-01-02", "to": "2026-01-09"}
    assert effect["after"]["period"] == {"from": "2026-01-09", "to": "2026-01-16"}
    assert (effect["weeks"], effect["before"]["value"], effect["after"]["value"]) == (1, 12, 6)
    # 12 (6.20 to 20.96) and 6 (2.19 to 13.06): -6 - √(3.81² + 8.96²), -6 + √(7.06² + 5.80²).
    assert (effect["difference"], effect["low"], effect["high"]) == pytest.approx(
        (-6, -15.74, 3.13), abs=0.03
    )
    assert (effect["everywhere"], effect["verdict"]) == (-6, "not_shown")
    assert (got["gone"]["before"]["value"], got["gone"]["after"]["reason"]) == (6, "empty")
    assert (got["gone"]["difference"], got["gone"]["verdict"]) == (None, "few_left")
    assert "Parcels are lost" in got["page"]
    assert "Carrier" in got["page"]
    assert got["sheets"][0]["effect_verdict"] == "not_shown"


async def _published_story(register: Register, clock: FixedClock) -> dict[str, Any]:
    """Play twelve contacts, publish, end one that began before, play six on the new revision."""
    service, got = register.service, dict[str, Any]()
    clock.advance(8 * DAY)
    for number in range(12):
        await one_contact(service, clock, f"C-{number}")
    crossing = await begin(service, ANA, customer={"number": "C-99"})
    clock.advance(DAY)
    said = FILES["journeys/parcel.yaml"].replace("Which order", "Please, which order")
    new = await service.revisions.publish(AUTHOR, {**FILES, "journeys/parcel.yaml": said})
    got["hash"] = new.hash
    made = await register.create(SAM, replace(CARD, due=None, action=None, revision="2"))
    got["made"] = made
    crossing = await reply(service, ANA, crossing, email="zoe@example.org")
    await reply(service, ANA, crossing, order_id="F-1")
    for number in range(6):
        await one_contact(service, clock, f"C-{number}")
    got["early"] = (await register.read(SAM, made["id"]))["effect"]
    # What was published before comes back under a number of its own, and takes the change away.
    back = await service.revisions.publish(AUTHOR, FILES)
    for number in range(5):
        await one_contact(service, clock, f"C-{number}")
    clock.advance(7 * DAY)
    got["effect"] = (await register.read(SAM, made["id"]))["effect"]
    got["dates"] = await register.change(SAM, made["id"], version=1, change={"revision": None})
    got["by_date"] = (await register.read(SAM, made["id"]))["effect"]
    got["refused"] = []
    changes: tuple[dict[str, Any], ...] = (
        {"revision": str(back.number)}, {"revision": "9"},
        {"revision": "2", "where": f"revision:{new.hash}"},
    )  # fmt: skip
    for change in changes:
        with pytest.raises(Failure) as refused:
            await register.create(SAM, replace(CARD, **change))
        got["refused"].append((refused.value.params["field"], refused.value.params.get("allowed")))
    told = await for_report(register.desk, SAM, since=None, until=None)
    got["sheet"] = sheet_of(told)
    return got


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_was_expected_of_a_revision_is_held_against_the_walks_since_it(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> dict[str, Any]:
        async with open_shop(LOST) as service:
            keeper = keeper_of(service, clock, tmp_path / "facts")
            got = await _published_story(Register(Desk.of(service, keeper), service), clock)
            await keeper.close()
            return got

    got = asyncio.run(play())

    assert (got["made"]["revision"], got["made"]["status"]) == (got["hash"], "done")
    assert (got["made"]["done_on"], got["early"]["verdict"]) == ("2026-01-10", "too_early")
    effect = got["effect"]
    assert (effect["publication"]["number"], effect["publication"]["library"]) == (2, "shop")
    # Neither the walk that crossed over counts nor those of the roll-back.
    assert (effect["before"]["value"], effect["after"]["value"]) == (12, 6)
    assert (effect["difference"], effect["verdict"]) == (-6, "not_shown")
    assert effect["expected"] == -8
    assert (got["by_date"]["publication"], got["by_date"]["after"]["value"]) == (None, 12)
    assert got["refused"][0] == ("revision", ["1"])
    assert [field for field, _ in got["refused"]] == ["revision", "revision", "where"]
    assert got["sheet"][0]["revision"] is None


def test_contacts_are_divided_by_what_was_brought_and_wrong_rows_are_refused_whole(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> Any:
        async with open_shop(LOST) as service:
            keeper = keeper_of(service, clock, tmp_path / "facts")
            desk = Desk.of(service, keeper)
            for number in range(6):
                await one_contact(service, clock, f"C-{number}")
            asked = Asked(since="2026-01-01", until="2026-02-01")
            before = await desk.ask(SAM, "contact_rate", asked, language="en")
            await desk.volumes.bring(SAM, [Volume("customers", "2026-01", 5)])
            await desk.volumes.bring(SAM, [Volume("customers", "2026-01", 300)])
            after = await desk.ask(SAM, "contact_rate", asked, language="en")
            wrong = []
            for one in (Volume("Kunden", "2026-01", 1), Volume("orders", "2026-13", 1),
                        Volume("orders", "2026-01", -1)):  # fmt: skip
                with pytest.raises(Failure) as refused:
                    await desk.volumes.bring(SAM, [Volume("orders", "2026-01", 1), one])
                wrong.append((refused.value.params["field"], refused.value.params["row"]))
            with pytest.raises(Forbidden):
                await desk.volumes.bring(ANA, [Volume("orders", "2026-01", 1)])
            listed = await desk.volumes.all(SAM)
            await keeper.close()
            return before["total"], after["total"], wrong, listed

    before, after, wrong, listed = asyncio.run(play())

    assert (before["value"], before["reason"]) == (None, "no_volumes")
    assert after["value"] == pytest.approx(6 / 300)
    assert wrong == [("kind", 2), ("month", 2), ("count", 2)]
    assert listed == [{"kind": "customers", "month": "2026-01", "count": 300}]


def test_an_irritant_that_cannot_be_is_refused_with_what_is_wrong(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"axis": "advisor"}, {"code": ""}, {"code": "a,channel:phone"}, {"due": "soon"},
        {"action": None}, {"weeks": 0}, {"expected": 0}, {"where": "advisor:x"},
        {"axis": "step"}, {"code": "loost"}, {"done_on": "2199-01-01"}, {"measure": "none"},
    )  # fmt: skip

    async def play() -> list[str]:
        async with open_shop(LOST) as service:
            keeper = keeper_of(service, clock, tmp_path / "facts")
            register = Register(Desk.of(service, keeper), service)
            told = []
            for change in changes:
                with pytest.raises(Failure) as refused:
                    await register.create(SAM, replace(CARD, **change))
                told.append(str(refused.value.params.get("field", refused.value.code)))
            with pytest.raises(NotFound):
                await register.read(SAM, "irr_none")
            with pytest.raises(Forbidden):
                await register.create(ANA, CARD)
            await keeper.close()
            return told

    assert asyncio.run(play()) == [
        "axis", "code", "code", "due", "action", "weeks", "expected", "where", "where",
        "code", "done_on", "measure.unknown",
    ]  # fmt: skip
