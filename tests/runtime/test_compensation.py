"""What was done is undone in reverse order; an undoing that fails is a person's to see to."""

import asyncio

from tests.runtime.acting import DOWN, System, begin, make_due
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.test_dead_letters import ZOE, letters, needing
from tests.runtime.walks import assert_sound, say, seen, step


def test_when_the_third_of_three_fails_a_correction_undoes_the_second_and_then_the_first(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        trips = System(trips_book_seat=DOWN)
        async with open_shop({"*": trips}) as service:
            failed = await begin(service, "trip", where="rome")
            await make_due(service)
            shown = seen(await service.sessions.view(ANA, failed.session))
            assert shown["do"] == "Book the seat."
            visit = shown["history"][0]["visit"]
            latest = await service.sessions.view(ANA, failed.session)
            body = {"type": "amend", "visit": visit, "values": {"where": "home"}}
            home = await say(service, ANA, latest, body)
            assert step(home) == "stay"
            await make_due(service)
            assert trips.asked("trips.cancel") == ["hotel", "train"]
            assert len({key for name, _, key in trips.calls if name == "trips.cancel"}) == 2
            states = await service.sessions.states.get("acme", failed.session)
            assert [one.status for one in states.state.effects.values() if not one.compensates] == [
                "compensated", "compensated", "failed",
            ]  # fmt: skip
            # What failed changed nothing, and is off the path.
            assert await letters(service) == []
            assert len(await letters(service, "dropped")) == 1
            await assert_sound(service, "acme", failed.session)

    asyncio.run(play())


def test_an_undoing_that_fails_does_not_stop_the_others_and_asks_for_a_person(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        trips = System(trips_book_seat=DOWN, trips_cancel_hotel=DOWN)
        async with open_shop({"*": trips}) as service:
            failed = await begin(service, "trip", where="rome")
            await make_due(service)
            latest = await service.sessions.view(ANA, failed.session)
            visit = seen(latest)["history"][0]["visit"]
            body = {"type": "amend", "visit": visit, "values": {"where": "home"}}
            await say(service, ANA, latest, body)
            await make_due(service)
            assert trips.asked("trips.cancel") == ["hotel", "train"]
            (letter,) = await letters(service)
            assert (letter["undo"], letter["operation"]) == (True, "trips.cancel")
            view = seen(await service.sessions.view(ANA, failed.session))
            assert [(one["step"], one["undo"]) for one in view["attention"]] == [("hotel", True)]
            assert await needing(service) == [failed.session]
            await service.letters.close(ZOE, letter["id"], reason="cancelled by phone")
            view = seen(await service.sessions.view(ANA, failed.session))
            assert view["attention"] == []
            await assert_sound(service, "acme", failed.session)

    asyncio.run(play())
