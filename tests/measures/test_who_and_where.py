"""Contacts count for the team, site, provider and customer segment of their own time."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from measures.facts.keeper import Keeper
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.importing import Batch, Row
from runtime.wiring import Service
from runtime.workplaces import Workplace
from tests.measures.facts_by_hand import ask, connected
from tests.measures.test_facts import DAY, HOUR, LOST, everything, keeper_of, one_contact, rows
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.library import FILES
from tests.runtime.walks import begin, say

SAM = Actor("acme", "admin", "sam")
PLACES = ("team", "site", "provider")
FACT = "  customer.segment: {type: choice, options: [premium, standard], holder: customer}\n"
WITH_SEGMENTS = {
    **FILES, "library.yaml": FILES["library.yaml"].replace("facts:\n", f"facts:\n{FACT}")
}  # fmt: skip


async def brought(service: Service, number: str, segment: str, at: int | None = None) -> str:
    """Bring one customer of a file, and return their id."""
    row = Row(keys={"number": number}, facts={"customer.segment": segment}, at=at)
    [told] = await service.importing.bring(SAM, Batch(source="crm", rows=[row]))
    return str(told["customer"])


async def segments(keeper: Keeper) -> list[str | None]:
    """Return the segments of contacts as files and tail say, a rebuild having said the same."""
    before = await everything(keeper)
    await keeper.write()
    assert await everything(keeper) == before
    await keeper.rebuild()
    assert await everything(keeper) == before
    found = [one["customer_segment"] for one in before["contact"]]
    # A demand is of the segment of its first contact.
    assert before["ticket"][0]["customer_segment"] == found[0]
    return found


def test_a_contact_counts_for_the_team_its_advisor_was_in_then_and_a_rebuild_says_the_same(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    teams = tmp_path / "teams.toml"
    teams.write_text('[desk]\nmembers = ["ana"]\ntenant = "acme"\nsite = "lyon"\n', "utf-8")

    async def play() -> tuple[Any, Any]:
        async with open_shop(LOST) as service:
            await one_contact(service, clock, "C-0")
        async with open_shop(LOST, teams=str(teams), background=True) as service:
            clock.advance(HOUR)
            keeper = keeper_of(service, clock, tmp_path / "facts")
            await one_contact(service, clock, "C-1")
            await keeper.write()
            clock.advance(HOUR)
            later = Workplace("second", provider="helpers")
            await service.workplaces.of_key("acme", "advisor:ana", later)
            await one_contact(service, clock, "C-2")
            grown = await everything(keeper)
            await keeper.rebuild()
            again = await everything(keeper)
            await keeper.close()
            return grown, again

    grown, again = asyncio.run(play())

    assert grown == again
    expected = [(None, None, None), ("desk", "lyon", None), ("second", "lyon", "helpers")]
    for table in ("contact", "ticket"):
        assert [tuple(one[name] for name in PLACES) for one in grown[table]] == expected
    assert {tuple(one[name] for name in PLACES) for one in grown["visit"]} == set(expected)


def test_a_transferred_contact_is_its_takers_and_where_nobody_says_it_the_team_asked_for(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    paul = Actor("acme", "advisor", "paul")

    async def play() -> list[Any]:
        async with open_shop(LOST) as service:
            keeper = keeper_of(service, clock, tmp_path / "facts")
            await service.workplaces.of_key("acme", "advisor:paul", Workplace("parcels"))
            for taker in (ANA, paul):
                begun = await begin(service, ANA, customer={"number": taker.id})
                asked = await say(service, ANA, begun, {"type": "transfer", "team": "second"})
                taken = await say(service, taker, asked, {"type": "accept"})
                await say(service, taker, taken, {"type": "cancel", "reason": "wrong"})
                clock.advance(HOUR)
            found = await rows(keeper, "contact")
            await keeper.close()
            return [one["team"] for one in found]

    assert asyncio.run(play()) == ["second", "parcels"]


def test_a_contact_counts_for_the_segment_its_customer_was_in_then(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> list[list[str | None]]:
        async with open_shop(LOST) as service:
            await service.revisions.publish(AUTHOR, WITH_SEGMENTS)
            keeper = keeper_of(service, clock, tmp_path / "facts")
            seen = []
            began = clock.now()
            await one_contact(service, clock, "C-1")
            seen.append(await segments(keeper))
            clock.advance(DAY)
            await brought(service, "C-1", "standard")
            await one_contact(service, clock, "C-1")
            seen.append(await segments(keeper))
            clock.advance(DAY)
            # The file of last year says what they were before anything was known.
            await brought(service, "C-1", "premium", began - DAY)
            seen.append(await segments(keeper))
            await keeper.close()
            return seen

    assert asyncio.run(play()) == [[None], [None, "standard"], ["premium", "standard"]]


def test_of_two_who_are_one_the_segment_said_last_holds_and_each_has_their_own_again_when_split(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> list[list[str | None]]:
        async with open_shop(LOST) as service:
            await service.revisions.publish(AUTHOR, WITH_SEGMENTS)
            keeper = keeper_of(service, clock, tmp_path / "facts")
            one = await brought(service, "C-1", "premium")
            clock.advance(HOUR)
            two = await brought(service, "C-2", "standard")
            for number in ("C-1", "C-2"):
                await one_contact(service, clock, number)
                clock.advance(HOUR)
            seen = [await segments(keeper)]
            await service.merging.merge(ANA, one, other=two)
            seen.append(await segments(keeper))
            await service.merging.split(ANA, one, merged=two)
            seen.append(await segments(keeper))
            await keeper.close()
            return seen

    two, merged, split = asyncio.run(play())

    assert two == ["premium", "standard"]
    assert merged == ["standard", "standard"]
    assert split == two


def test_the_segment_of_an_erased_person_is_gone_from_store_and_facts_for_all_time(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> list[Any]:
        async with open_shop(LOST) as service:
            await service.revisions.publish(AUTHOR, WITH_SEGMENTS)
            keeper = keeper_of(service, clock, tmp_path / "facts")
            customer = await brought(service, "C-1", "premium")
            await one_contact(service, clock, "C-1")
            before = await segments(keeper)
            clock.advance(HOUR)
            await service.erasing.customer(SAM, customer)
            after = await segments(keeper)
            await keeper.close()
            return [before, after]

    assert asyncio.run(play()) == [["premium"], [None]]


def test_a_segment_that_is_no_code_of_a_written_list_never_comes_into_figures(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    free = {**FILES, "library.yaml": WITH_SEGMENTS["library.yaml"].replace(
        "choice, options: [premium, standard]", "text")}  # fmt: skip

    async def play() -> tuple[Any, Any]:
        async with open_shop(LOST) as service:
            await service.revisions.publish(AUTHOR, free)
            keeper = keeper_of(service, clock, tmp_path / "facts")
            await brought(service, "C-1", "the widow Martin")
            await one_contact(service, clock, "C-1")
            loose = await segments(keeper)
            # Once the list is written, the same file counts from its next row on.
            await service.revisions.publish(AUTHOR, WITH_SEGMENTS)
            clock.advance(HOUR)
            await brought(service, "C-1", "premium")
            await one_contact(service, clock, "C-1")
            found = await segments(keeper)
            await keeper.close()
            return loose, found

    assert asyncio.run(play()) == ([None], [None, "premium"])


@pytest.mark.parametrize("name", PLACES)
def test_no_team_site_or_provider_of_few_people_has_a_figure(name: str) -> None:
    made = [{name: group, "advisor": f"{group}{n % people}", "useful": 60}
            for group, people in (("small", 4), ("large", 5), ("larger", 8))
            for n in range(10 * people)]  # fmt: skip
    connection = connected({"contacts": made})

    found = ask(connection, "contacts", by=name)["groups"]
    alone = ask(connection, "contacts", where=f"{name}:small")["total"]

    assert [(one["key"][name], one["value"], one["reason"]) for one in found] == [
        ("large", None, "protects_others"), ("larger", 80, None), ("small", None, "team_too_small"),
    ]  # fmt: skip
    assert (alone["value"], alone["reason"]) == (None, "team_too_small")


def test_a_segment_of_few_contacts_is_withheld_and_the_others_add_up_to_the_total() -> None:
    sizes = {"premium": 3, "standard": 7, "trade": 9}
    made = [{"customer_segment": one, "useful": 60} for one, n in sizes.items() for _ in range(n)]
    connection = connected({"contacts": made})

    found = ask(connection, "handling_time", by="segment")["groups"]
    both = ask(connection, "handling_time", where="segment:premium|standard")["total"]

    assert [(one["key"]["segment"], one["n"], one["reason"]) for one in found] == [
        ("premium", None, "too_few"), ("standard", None, "protects_others"), ("trade", 9, None),
    ]  # fmt: skip
    assert both["n"] == 10


def test_a_site_less_its_other_teams_never_tells_a_team_of_few_nor_does_a_provider() -> None:
    places = {
        ("acme", "lyon", "desk"): 6, ("acme", "lyon", "solo"): 1, ("acme", "lille", "hall"): 6,
        ("helpers", "rabat", "day"): 5, ("helpers", "tunis", "night"): 3,
    }  # fmt: skip
    made = [
        {"provider": provider, "site": site, "team": team, "advisor": f"{team}{n % people}",
         "channel": "phone" if n % 2 else "chat", "useful": 60}
        for (provider, site, team), people in places.items()
        for n in range(10 * people)
    ]  # fmt: skip
    connection = connected({"contacts": made})

    def shown(by: str, where: str | None = None) -> dict[str, int | None]:
        groups = ask(connection, "contacts", by=by, where=where)["groups"]
        return {"/".join(one["key"].values()): one["value"] for one in groups}

    # Desk and solo are only shown together, as Lyon; day and night as the helpers.
    assert shown("team") == {"desk": None, "solo": None, "hall": 60, "day": None, "night": None}
    assert shown("site") == {"lyon": 70, "lille": 60, "rabat": None, "tunis": None}
    assert shown("provider") == {"acme": 130, "helpers": 80}
    assert shown("site,team")["lyon/desk"] is None
    assert ask(connection, "contacts", where="team:desk")["total"]["value"] is None
    assert ask(connection, "contacts", where="team:desk|solo")["total"]["value"] == 70
    assert ask(connection, "contacts", where="site:lyon,team:desk")["total"]["value"] is None
    assert shown("team,channel")["desk/phone"] is None
    assert set(shown("channel", where="team:desk").values()) == {None}
    assert shown("provider,channel")["acme/phone"] == 65


def test_contacts_that_nobody_of_a_team_had_are_nobodys_figure_and_take_no_team_with_them() -> None:
    made: list[dict[str, Any]] = [
        {"team": team, "advisor": f"{team}{n % 5}", "useful": 60} for team in "ab" for n in range(9)
    ]
    given_up = [{"abandoned": True, "queue": 30} for _ in range(7)]
    connection = connected({"contacts": [*made, *given_up]})

    groups = ask(connection, "contacts", by="team")["groups"]

    assert [(one["key"]["team"], one["value"]) for one in groups] == [(None, 7), ("a", 9), ("b", 9)]
