"""Samples: drawn by chance that can be drawn again, rated blind, and read by the measures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from measures.asking.question import Asked
from measures.desk import Desk
from measures.errors import OwnContact
from measures.facts.keeper import Keeper
from measures.sampling.drawing import allocate, draw
from measures.sampling.results import Rated, results
from measures.sampling.samples import Plan, Samples, Verdict
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Forbidden, NotFound, WrongReference
from runtime.opinions import Opinion
from runtime.wiring import Service
from tests.measures.test_facts import LOST, everything, keeper_of, one_contact
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.walks import begin, reply

SAM = Actor("acme", "supervisor", "sam")
SUE = Actor("acme", "supervisor", "sue")
BOT = Actor("acme", "robot", "survey")
PLAN = Plan(name="First week", size=4, seed=7, by="channel", since="2025-12-01", until="2026-02-01")


class Listening:
    """A service with its facts, and who asks them for samples."""

    def __init__(self, service: Service, keeper: Keeper, clock: FixedClock) -> None:
        self.service, self.keeper, self.clock = service, keeper, clock
        self.desk = Desk.of(service, keeper)
        self.samples = Samples(self.desk, service)

    async def played(self, count: int) -> list[str]:
        for number in range(count):
            await one_contact(self.service, self.clock, f"C-{number}")
        return [one["id"] for one in await self.service.contacts.newest(ANA)]

    async def total(self, slug: str) -> dict[str, Any]:
        asked = Asked(since=PLAN.since, until=PLAN.until)
        answer = await self.desk.ask(SAM, slug, asked, language="en")
        return {**answer["total"]["also"], **answer["total"]}


@pytest.fixture
def listening(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> Callable[[Callable[[Listening], Any]], Any]:
    """Give a function that opens a service with its facts and plays in it."""

    def run(deed: Callable[[Listening], Any]) -> Any:
        async def opened() -> Any:
            async with open_shop(LOST) as service:
                keeper = keeper_of(service, clock, tmp_path / "facts")
                try:
                    return await deed(Listening(service, keeper, clock))
                finally:
                    await keeper.close()

        return asyncio.run(opened())

    return run


def test_strata_are_drawn_in_proportion_and_none_is_left_to_one_contact() -> None:
    # 10 of 100: 7.2, 2.1 and 0.7; the small ones get two, the large one what is left.
    assert allocate({"a": 72, "b": 21, "c": 7}, 10) == {"a": 7, "b": 2, "c": 2}
    assert allocate({"a": 50, "b": 30, "c": 20}, 11) == {"a": 6, "b": 3, "c": 2}
    assert allocate({"a": 1, "b": 99}, 10) == {"a": 1, "b": 9}
    assert allocate({"a": 3, "b": 2}, 10) == {"a": 3, "b": 2}


def test_a_seed_draws_the_same_contacts_again_in_whatever_order_they_come() -> None:
    ids = [f"c{n:03}" for n in range(200)]
    first = draw({"a": ids[:150], "b": ids[150:]}, size=20, twice=0.15, seed=3)
    again = draw({"b": ids[:149:-1], "a": ids[149::-1]}, size=20, twice=0.15, seed=3)
    other = draw({"a": ids[:150], "b": ids[150:]}, size=20, twice=0.15, seed=4)

    assert again == first
    assert {one.contact for one in other} != {one.contact for one in first}
    assert [one.raters for one in first] == [2] * 3 + [1] * 17
    assert sum(one.stratum == "a" for one in first) == 15


def test_a_sample_weighs_its_strata_by_their_size() -> None:
    # Nine of ten contacts are of a, where a quarter of the time is useful; all of it is in b.
    def rated(contact: str, share: int) -> Rated:
        return Rated(contact, "supervisor:sam", [(0, 100_000, "useful", share)], {})

    found = results(
        {"a": 90, "b": 10},
        {"c1": "a", "c2": "a", "c3": "b", "c4": "b"},
        [rated("c1", 20), rated("c2", 30), rated("c3", 100), rated("c4", 100)],
    )

    assert found["useful_share"]["value"] == pytest.approx(0.9 * 0.25 + 0.1)
    assert (found["rated"], found["agreement"]) == (4, None)


def test_listeners_rate_what_they_hear_and_measures_read_it(
    listening: Callable[[Callable[[Listening], Any]], Any],
) -> None:
    async def deed(at: Listening) -> Any:
        await at.played(5)
        before = await at.total("duc_observed")
        drawn = await at.samples.draw(SAM, PLAN)
        again = await at.samples.draw(SAM, PLAN)
        to_rate = await at.samples.to_rate(SAM, drawn["id"])
        same = [one["contact"] for one in await at.samples.to_rate(SAM, again["id"])]
        contact = to_rate[0]["contact"]
        heard = await at.samples.timeline(SAM, drawn["id"], contact)
        codes = {"declaration": "parcel", "qualification": "lost"}
        for rater, useful in ((SAM, [0, 100]), (SUE, [50, 100])):
            verdict = Verdict(useful=useful, codes=codes, recording="tape-9@12")
            await at.samples.rate(rater, drawn["id"], contact, verdict=verdict)
        left = await at.samples.to_rate(SUE, drawn["id"])
        come_to = await at.samples.read(SAM, drawn["id"])
        figures = {slug: await at.total(slug) for slug in
                   ("duc_observed", "duc_calibrated", "fidelity_declaration")}  # fmt: skip
        grown = await everything(at.keeper)
        await at.keeper.rebuild()
        rebuilt = await everything(at.keeper)
        return before, to_rate, same, heard, left, come_to, figures, grown, rebuilt

    before, to_rate, same, heard, left, come_to, figures, grown, rebuilt = listening(deed)

    assert (before["value"], before["reason"]) == (None, "empty")
    assert [one["contact"] for one in to_rate] == same
    assert [one["raters"] for one in to_rate] == [2, 1, 1, 1]
    assert [one["title"] for one in heard["parts"]] == ["E-mail", "Order"]
    assert heard["codes"]["qualification"] == [
        {"code": "late", "label": "Carrier late"}, {"code": "lost", "label": "Parcel lost"},
    ]  # fmt: skip
    # Twenty seconds of identification and ten of use; which is which is not said to who listens.
    assert [(one["begins"], one["ends"], one["heard"]) for one in heard["parts"]] == [
        (0, 20_000, None), (20_000, 30_000, None),
    ]  # fmt: skip
    walked = {name: told for name, told in heard.items() if name != "codes"}
    assert "parcel" not in json.dumps(walked)
    assert to_rate[0]["contact"] not in [one["contact"] for one in left]
    # (0 + 10) and (10 + 10) of thirty seconds each.
    assert come_to["useful_share"]["value"] == pytest.approx(0.5)
    assert (come_to["rated"], come_to["rated_twice"], come_to["contacts"]) == (1, 1, 4)
    # Of sixty values, twenty pairs are 50 apart: 1 - 59 · 100,000 / 12,000,000.
    assert come_to["agreement"] == pytest.approx(1 - 59 / 120)
    assert come_to["is_low"] is True
    assert figures["duc_observed"]["value"] == pytest.approx(0.5)
    # Identification is worth a quarter, useful time all: (5 + 10) of 30, in every contact.
    assert figures["duc_calibrated"]["value"] == pytest.approx(0.5)
    assert figures["duc_calibrated"]["not_calibrated"] == pytest.approx(1 / 3)
    assert figures["fidelity_declaration"]["reason"] == "one_code"
    assert grown == rebuilt
    assert "tape" not in json.dumps(grown)
    assert "supervisor" not in json.dumps(grown["rating"])


def test_nobody_rates_a_contact_they_handled_nor_one_that_was_not_drawn(
    listening: Callable[[Callable[[Listening], Any]], Any],
) -> None:
    async def deed(at: Listening) -> Any:
        await at.played(2)
        first = await begin(at.service, SAM, customer={"number": "C-9"})
        second = await reply(at.service, SAM, first, email="zoe@example.org")
        await reply(at.service, SAM, second, order_id="F-1")
        drawn = await at.samples.draw(SUE, PLAN)
        short = Verdict(useful=[1], codes={})
        own = (await at.service.contacts.newest(ANA))[0]["id"]
        with pytest.raises(OwnContact):
            await at.samples.timeline(SAM, drawn["id"], own)
        with pytest.raises(NotFound):
            await at.samples.timeline(SUE, drawn["id"], "ctc_other")
        with pytest.raises(NotFound):
            await at.samples.read(SUE, "smp_other")
        with pytest.raises(Forbidden):
            await at.samples.timeline(ANA, drawn["id"], own)
        with pytest.raises(WrongReference):
            await at.samples.rate(SUE, drawn["id"], own, verdict=short)
        parts = len((await at.samples.timeline(SUE, drawn["id"], own))["parts"])
        wrong = Verdict(useful=[0] * parts, codes={"declaration": "weather"})
        with pytest.raises(WrongReference):
            await at.samples.rate(SUE, drawn["id"], own, verdict=wrong)
        return await at.samples.read(SUE, drawn["id"])

    assert listening(deed)["rated"] == 0


def test_a_sample_that_cannot_be_is_refused_with_what_is_wrong(
    listening: Callable[[Callable[[Listening], Any]], Any],
) -> None:
    async def deed(at: Listening) -> list[Any]:
        await at.played(2)
        wrong: tuple[dict[str, Any], ...] = (
            {"size": 0}, {"size": 1}, {"twice": 0.01}, {"by": "advisor"}, {"since": "2020-01-01",
             "until": "2020-02-01"}, {"where": "channel:pigeon"},
        )  # fmt: skip
        told = []
        for change in wrong:
            with pytest.raises(Exception, match=r"measure\.") as refused:
                await at.samples.draw(SAM, replace(PLAN, **change))
            told.append(getattr(refused.value, "params", {}).get("field"))
        return told

    assert listening(deed) == ["size", "size", "twice", "by", "where", "where"]


def test_what_customers_say_is_read_by_the_measures_and_survives_a_rebuild(
    listening: Callable[[Callable[[Listening], Any]], Any],
) -> None:
    async def deed(at: Listening) -> Any:
        first, second, *_ = await at.played(5)
        await at.keeper.write()
        opinions = at.service.opinions
        await opinions.of_contact(BOT, first, Opinion(useful=0, satisfaction=1))
        await opinions.of_contact(BOT, first, Opinion(useful=50, satisfaction=5, felt=["queue"]))
        await opinions.of_contact(BOT, second, Opinion(recommend=10))
        figures = {slug: await at.total(slug) for slug in ("satisfaction", "duc_rated",
                   "recommendation", "felt_losses")}  # fmt: skip
        for wrong in (Opinion(), Opinion(useful=101), Opinion(effort=0), Opinion(felt=["rain"])):
            with pytest.raises(WrongReference):
                await opinions.of_contact(BOT, first, wrong)
        with pytest.raises(Forbidden):
            await opinions.of_contact(ANA, first, Opinion(useful=100))
        grown = await everything(at.keeper)
        await at.keeper.rebuild()
        return figures, grown, await everything(at.keeper)

    figures, grown, rebuilt = listening(deed)

    assert figures["satisfaction"]["value"] == 1
    assert figures["satisfaction"]["response_rate"] == pytest.approx(0.2)
    assert figures["duc_rated"]["value"] == pytest.approx(0.5)
    assert (figures["recommendation"]["value"], figures["felt_losses"]["value"]) == (1, 0.5)
    assert grown == rebuilt
