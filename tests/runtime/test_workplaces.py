"""Where actors work is kept with its moment: claims before keys before the file of teams."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from connectors.faults import Misconfigured
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import WrongReference
from runtime.sign_ins import Person
from runtime.store.people import WORKPLACES
from runtime.team_file import read_teams
from runtime.wiring import Service
from runtime.workplaces import NOWHERE, Said, Workplace, workplace_at, workplaces_of
from tests.runtime.conftest import OpenService

HOUR = 3_600_000
BY = "advisor:ana"
ANA = Person(tenant="acme", role="advisor", id="ana", name="Ana", language="fr", way="oidc",
             workplace=Workplace(site="lyon"))  # fmt: skip


async def kept(service: Service) -> list[Said]:
    rows = await service.store.read(WORKPLACES, "acme", f'["{BY}"]')
    return workplaces_of(rows).get(BY, [])


def test_claims_hold_before_keys_and_keys_before_the_file_of_teams_at_each_moment() -> None:
    said = [
        Said("directory", 10, Workplace("desk", "lyon", "acme")),
        Said("key", 20, Workplace(team="second")),
        Said("claims", 30, Workplace(site="lille")),
        Said("directory", 40, NOWHERE),
    ]

    found = [workplace_at(said, at) for at in (9, 10, 25, 35, 45)]

    assert found == [
        NOWHERE, Workplace("desk", "lyon", "acme"), Workplace("second", "lyon", "acme"),
        Workplace("second", "lille", "acme"), Workplace("second", "lille"),
    ]  # fmt: skip


def test_each_source_is_kept_when_it_says_something_new_and_who_leaves_the_file_is_nowhere(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    path = tmp_path / "teams.toml"

    async def play() -> list[tuple[str, Workplace]]:
        told: list[Said] = []
        both = (
            '[desk]\nmembers = ["ana"]\ntenant = "acme"\n'
            '[skill]\nmembers = ["ana"]\ntenant = "acme"\nprovider = "other"\n'
        )
        for text in (both, '[desk]\nmembers = ["paul"]\ntenant = "acme"\n'):
            path.write_text(text, encoding="utf-8")
            for _ in range(2):
                clock.advance(HOUR)
                async with open_shop(teams=str(path), background=True) as service:
                    await service.sign_ins.open(ANA)
                    await service.workplaces.of_key("acme", BY, Workplace("second"))
                    await service.workplaces.of_key("acme", BY, NOWHERE)
                    told = await kept(service)
        told.sort(key=lambda one: (one.source, one.since))
        return [(one.source, one.workplace) for one in told]

    assert asyncio.run(play()) == [
        ("claims", Workplace(site="lyon")), ("directory", Workplace("desk")),
        ("directory", NOWHERE), ("key", Workplace("second")),
    ]  # fmt: skip


def test_a_site_that_is_no_short_name_is_refused_of_a_key_and_at_its_place_in_the_file(
    open_shop: OpenService, tmp_path: Path
) -> None:
    path = tmp_path / "teams.toml"
    path.write_text('[desk]\nmembers = ["ana"]\nsite = "Ana\'s home"\n', encoding="utf-8")

    async def play() -> None:
        async with open_shop() as service:
            with pytest.raises(WrongReference) as refused:
                await service.workplaces.of_key("acme", BY, Workplace(site="Ana's home"))
            assert refused.value.params["field"] == "site"
            assert await kept(service) == []

    asyncio.run(play())
    with pytest.raises(Misconfigured) as wrong:
        read_teams(path)
    [fault] = wrong.value.faults
    assert (fault.code, fault.line) == ("deployment.wrong-value", 3)


def test_the_first_team_of_the_file_that_has_somebody_is_theirs(tmp_path: Path) -> None:
    path = tmp_path / "teams.toml"
    path.write_text('[b]\nmembers = ["ana"]\nsite = "lyon"\n[a]\nmembers = ["ana", "paul"]\n',
                    encoding="utf-8")  # fmt: skip

    found = read_teams(path).workplaces()

    assert found["default", "advisor:ana"] == Workplace("b", "lyon")
    assert found["default", "supervisor:paul"] == Workplace("a")
    assert Actor("default", "customer", "ana").by not in {by for _, by in found}
