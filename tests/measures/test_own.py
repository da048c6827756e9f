"""An advisor's own figures: theirs alone, on everybody's mix, with a purpose that is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from measures.asking.question import Asked, question
from measures.desk import Desk
from measures.errors import OwnFiguresOff
from measures.facts.keeper import Keeper
from measures.own import OwnFigures, own_figure
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Forbidden
from tests.measures.facts_by_hand import NOW, connected
from tests.runtime.conftest import ANA, OpenService

TIMES = {"easy": (90, 110), "hard": (290, 310)}


def handled(advisor: str, easy: int, hard: int, more: int = 0) -> list[dict[str, Any]]:
    """Return contacts of an advisor: half a little shorter than their mean, half longer."""
    return [
        {"advisor": advisor, "motive": motive, "useful": TIMES[motive][n % 2] + more}
        for motive, count in (("easy", easy), ("hard", hard)) for n in range(count)
    ]  # fmt: skip


def figure(rows: list[dict[str, Any]], advisor: str = "ana") -> dict[str, Any]:
    asked = question("handling_time", Asked(), zone="UTC", now=NOW)
    return own_figure(connected({"contacts": rows}), asked, advisor=advisor, language="en")


def test_who_takes_the_hard_calls_is_not_slow_for_that() -> None:
    # 40 of 50 of Ana's calls are hard, 10 of 50 of each of five others'; all take the same time.
    rows = handled("ana", 10, 40)
    for one in "bcdef":
        rows += handled(one, 40, 10)

    found = figure(rows)

    # 210 easy and 90 hard calls in all: (210 · 100 + 90 · 300) / 300, where her own mean is 260.
    assert found["own"]["value"] == pytest.approx(160)
    assert found["everyone"]["value"] == pytest.approx(160)
    assert (found["own"]["n"], found["everyone"]["n"], found["covered"]) == (50, 300, 1)
    # s² is 10²·40/39 and 10²·10/9 within; se² = (210²·(1000/9)/10 + 90²·(4000/39)/40) / 300²
    width = (210**2 * 1000 / 90 + 90**2 * 4000 / 39 / 40) ** 0.5 / 300 * 2.0106347
    assert found["own"]["high"] - found["own"]["value"] == pytest.approx(width, abs=1e-6)


def test_fewer_than_thirty_contacts_or_five_advisors_give_no_figure() -> None:
    many = [row for one in "bcdef" for row in handled(one, 20, 20)]

    few = figure(handled("ana", 10, 19) + many)
    alone = figure(handled("ana", 40, 40) + handled("b", 40, 40))

    assert (few["own"]["value"], few["own"]["reason"], few["own"]["n"]) == (None, "few", 29)
    assert few["everyone"] is None
    assert (alone["own"]["value"], alone["own"]["reason"]) == (None, "team_too_small")


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Give a SQLite file: which database it is changes nothing here."""
    return str(tmp_path / "store.db")


def test_a_look_needs_the_deployments_leave_is_ones_own_and_is_kept_with_its_purpose(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def run() -> None:
        async with open_shop() as closed:
            keeper = Keeper(closed.store, clock, tmp_path / "apart", alone=True)
            own = OwnFigures(Desk.of(closed, keeper), closed)
            with pytest.raises(OwnFiguresOff):
                await own.look(ANA, Asked(), purpose="learning", language="en")
            await keeper.close()
        async with open_shop(own_figures=True) as service:
            keeper = Keeper(service.store, clock, tmp_path / "apart", alone=True)
            own = OwnFigures(Desk.of(service, keeper), service)
            first = await own.look(ANA, Asked(), purpose="learning", language="en")
            second = await own.look(ANA, Asked(), purpose="review", language="fr")
            bruno = await own.look(Actor("acme", "advisor", "bruno"), Asked(), purpose="coaching",
                                   language="en")  # fmt: skip
            for role in ("supervisor", "admin"):
                with pytest.raises(Forbidden):
                    await own.look(
                        Actor("acme", role, "ana"), Asked(), purpose="review", language="en"
                    )
            await keeper.close()

        assert [one["slug"] for one in first["figures"]] == [
            "duc_experienced", "handling_time", "once_and_done", "satisfaction",
        ]  # fmt: skip
        assert {one["own"]["reason"] for one in first["figures"]} == {"team_too_small"}
        assert (first["looks"], [one["purpose"] for one in second["looks"]]) == ([], ["learning"])
        assert bruno["looks"] == []

    asyncio.run(run())
