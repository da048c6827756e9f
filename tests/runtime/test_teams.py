"""Teams and skills are asked and told, answer or are passed over; one's own advisor is first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from connectors.faults import Misconfigured
from connectors.port import Outcome
from engine.refusals import Refused
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.idempotency import Answer
from runtime.lists import Wanted
from runtime.store.port import Unit
from runtime.store.statements import PUT_FACT
from runtime.team_file import read_teams
from runtime.waiting import Round, Waiting
from runtime.wiring import Service
from tests.connectors.systems import system
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.posting import Postman
from tests.runtime.test_notices import Receiver, content, listening
from tests.runtime.walks import begin, reply, say, seen

PAUL = Actor("acme", "advisor", "paul")
ZOE = Actor("acme", "supervisor", "zoe")
MINUTE = 60_000
FILE = """
[supervisor]
members = ["zoe"]
tenant = "acme"
overflow = "parcels"
overflow_after = "2 min"
[second]
members = ["paul"]
skills = ["parcels"]
tenant = "acme"
"""


@pytest.fixture
def teams(tmp_path: Path) -> str:
    """Return the file of the supervisors, and of the team with the skill that takes over."""
    path = tmp_path / "teams.toml"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


async def waiting(service: Service, actor: Actor) -> list[tuple[Any, ...]]:
    """Return (session, what, of whom) of what waits for somebody's teams."""
    wanted = Wanted(for_my_teams=True)
    found = await service.lists.sessions(actor, wanted, language="en", before=None, limit=9)
    return [(one["id"], one["waiting"], one["waiting_for"]) for one in found]


async def asked(service: Service, kind: str, **more: Any) -> Answer:
    """Return a session that asks the supervisors."""
    begun = await begin(service, ANA, customer={"email": "claire@exemple.fr"})
    return await say(service, ANA, begun, {"type": kind, "team": "supervisor", **more})


@pytest.mark.parametrize("kind", ["transfer", "consult"])
def test_what_a_team_is_asked_for_is_in_the_list_of_its_members_alone(
    open_shop: OpenService, teams: str, kind: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            shown = await asked(service, kind)

            assert await waiting(service, ZOE) == [(shown.session, kind, "supervisor")]
            assert await waiting(service, PAUL) == []

    asyncio.run(play())


@pytest.mark.parametrize("kind", ["transfer", "consult"])
def test_a_team_that_does_not_answer_in_time_is_passed_over_once_for_a_skill(
    open_shop: OpenService, clock: FixedClock, teams: str, kind: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            shown = await asked(service, kind)
            clock.advance(2 * MINUTE - 1)
            assert await service.overflow.pass_on() == 0

            clock.advance(1)
            assert await service.overflow.pass_on() == 1
            clock.advance(9 * MINUTE)
            assert await service.overflow.pass_on() == 0

            assert await waiting(service, PAUL) == [(shown.session, kind, "parcels")]
            assert await waiting(service, ZOE) == []

    asyncio.run(play())


def test_a_transfer_that_is_accepted_or_declined_waits_for_nobody_and_is_not_passed_on(
    open_shop: OpenService, clock: FixedClock, teams: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            declined = await asked(service, "transfer")
            back = await say(
                service, ZOE, declined, {"type": "decline", "reason": "All of us are busy."}
            )
            accepted = await asked(service, "transfer")
            await say(service, ZOE, accepted, {"type": "accept"})

            clock.advance(9 * MINUTE)
            assert await service.overflow.pass_on() == 0
            assert await waiting(service, ZOE) == []
            assert (seen(back)["status"], seen(back)["transfer"]) == ("active", None)

    asyncio.run(play())


def test_a_side_call_is_taken_or_declined_with_a_reason_and_the_session_stays_where_it_is(
    open_shop: OpenService, teams: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            shown = await asked(service, "consult", question="May we send it again?")
            with pytest.raises(Refused) as refused:
                await say(service, ZOE, shown, {"type": "answer_consult", "accept": False})
            assert refused.value.code == "consult.reason"

            await say(service, ZOE, shown, {"type": "answer_consult"})

            warm = await service.sessions.admit(ANA, shown.session)
            around = await service.surroundings.around(ANA, warm)
            call = around["side_call"]
            assert (call["team"], call["question"], call["by"], call["accepted"]) == (
                "supervisor", "May we send it again?", "supervisor:zoe", True,
            )  # fmt: skip
            assert await waiting(service, ZOE) == []
            [hers] = await service.lists.sessions(
                ANA, Wanted(is_mine=True), language="en", before=None, limit=9
            )
            assert hers["id"] == shown.session
            with pytest.raises(Refused) as refused:
                await say(service, ZOE, shown, {"type": "answer_consult"})
            assert refused.value.code == "consult.none"

    asyncio.run(play())


def test_members_are_told_with_the_customer_and_the_ticket_and_what_became_of_it(
    open_shop: OpenService, teams: str, clock: FixedClock, tmp_path: Path
) -> None:
    events = '["session.transferred", "session.passed_on", "session.accepted", "consult.asked"]'

    async def play() -> None:
        async with (
            system(Receiver()) as found,
            open_shop(teams=teams, listeners=listening(tmp_path, found.url, events)) as service,
        ):
            shown = await asked(service, "transfer")
            clock.advance(2 * MINUTE)
            await service.overflow.pass_on()
            later = await service.sessions.view(PAUL, shown.session)
            await say(service, PAUL, later, {"type": "accept"})
            await asked(service, "consult", question="About Claire")
            await service.notices.deliver()

            said = content(found)
            told = {one["type"]: one["data"] for one in said}
            assert sorted(told) == [
                "consult.asked", "session.accepted", "session.passed_on", "session.transferred",
            ]  # fmt: skip
            first, second = told["session.transferred"], told["session.passed_on"]
            assert (first["members"], second["members"]) == (["zoe"], ["paul"])
            row = await service.lists.sessions(ANA, Wanted(), language="en", before=None, limit=9)
            assert {first["customer"], told["consult.asked"]["customer"]} == {row[0]["customer"]}
            assert first["ticket"] == row[1]["ticket"]
            assert "Claire" not in str(said)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("language", "subject"),
    [(None, "supervisor : un client attend d'être repris"),
     ("en", "supervisor: a customer waits to be taken over")],
)  # fmt: skip
def test_a_team_with_an_address_is_written_to_once_for_each_request_and_told_nothing_said(
    open_shop: OpenService, teams: str, clock: FixedClock, language: str | None, subject: str
) -> None:
    failed = Outcome("failed", reason="connector.unreachable", sent=False)
    postman = Postman(failed, operation="mail.alert")
    Path(teams).write_text(FILE + 'mail = "second@shop.example"\n', encoding="utf-8")
    told = {"alert_operation": "mail.alert", "public_url": "https://desk.example"}

    async def play() -> None:
        async with open_shop(
            {"mail.alert": postman}, teams=teams, language=language, **told
        ) as service:
            shown = await asked(service, "transfer")
            # The supervisors have no address: nothing is sent for them.
            await service.notices.deliver()
            assert postman.sent == []

            clock.advance(2 * MINUTE)
            await service.overflow.pass_on()
            for _ in range(3):
                await service.notices.deliver()
                clock.advance(MINUTE)
            [(_, key), (inputs, again)] = postman.sent
            assert key == again
            assert inputs["to"] == "second@shop.example"
            assert inputs["subject"] == subject.replace("supervisor", "parcels")
            assert f"https://desk.example/s/{shown.session}\n" in inputs["body"]
            assert "claire" not in str(inputs).lower()
            assert (await service.notices.states()).keys() == {"sent"}

    asyncio.run(play())


def test_a_wrong_address_of_a_team_is_refused_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "teams.toml"
    path.write_text('[second]\nmembers = ["paul"]\nmail = "second@shop.example, x@y.example"\n')

    with pytest.raises(Misconfigured) as refused:
        read_teams(path)

    [fault] = refused.value.faults
    assert (fault.code, fault.line) == ("deployment.wrong-value", 3)


def test_a_hand_over_is_in_the_list_of_the_customers_own_advisor_alone(
    open_shop: OpenService, teams: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            begun = await begin(service, ANA, customer={"email": "claire@exemple.fr"})
            [row] = await service.lists.sessions(ANA, Wanted(), language="en", before=None, limit=9)
            unit = Unit()
            unit.add(
                PUT_FACT, "acme", "customer", row["customer"], "customer.advisor", "import",
                '"paul"', "import", 1,
            )  # fmt: skip
            await service.store.commit(unit)

            await say(service, ANA, begun, {"type": "hand_over", "to": "advisor"})

            assert await waiting(service, PAUL) == [(begun.session, "hand_over", "advisor")]
            assert await waiting(service, ZOE) == []

    asyncio.run(play())


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ('overflow = "b"\n[b]\nmembers = ["paul"]\noverflow = "a"', "a → b → a"),
        ("overflow = 3", "overflow"),
        ('overflow_after = "soon"', "overflow_after"),
        ("skills = [1]", "skills"),
    ],
)
def test_a_wrong_overflow_or_skill_is_refused_at_its_place(
    tmp_path: Path, more: str, place: str
) -> None:
    path = tmp_path / "teams.toml"
    path.write_text(f'[a]\nmembers = ["ana"]\n{more}\n', encoding="utf-8")

    with pytest.raises(Misconfigured) as wrong:
        read_teams(path)

    assert place in " ".join(one.text("en") for one in wrong.value.faults)


async def heard(stream: AsyncIterator[Round]) -> list[dict[str, Any]]:
    """Return the next news of a stream."""
    async for events in stream:
        if events:
            return [event for _, event in events]
    raise AssertionError("the stream ended")


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("transfer", {"type": "accept"}),
        ("transfer", {"type": "decline", "reason": "busy"}),
        ("consult", {"type": "answer_consult", "accept": True}),
        ("consult", {"type": "answer_consult", "accept": False, "reason": "busy"}),
    ],
)
def test_members_hear_of_what_is_asked_in_its_context_and_that_it_was_answered(
    open_shop: OpenService, teams: str, kind: str, answer: dict[str, Any]
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            first = service.lists.waiting.follow(ZOE, language="en")
            other = service.lists.waiting.follow(PAUL, language="en")
            nothing = {"kind": "snapshot", "items": [], "more": False}
            assert await heard(first) == [nothing] == await heard(other)

            begun = await begin(service, ANA, customer={"email": "claire@exemple.fr"})
            known = await reply(service, ANA, begun, email="claire@exemple.fr")
            order = await reply(service, ANA, known, order_id="F-1")
            question = {"question": "May I?"} if kind == "consult" else {}
            shown = await say(service, ANA, order, {"type": kind, "team": "supervisor", **question})
            [event] = await heard(first)
            item = event["item"]
            assert (event["kind"], item["id"]) == ("asked", shown.session)
            assert item["asked"] == {
                "what": kind, "to": "supervisor", "at": service.clock.now(), "by": "advisor:ana",
                "question": question.get("question"),
            }  # fmt: skip
            assert (item["who"], item["about"]) == ("claire@exemple.fr", ["F-1"])
            assert item["motives"] == [{"code": "parcel", "label": "Parcel not received"}]
            again = service.lists.waiting.follow(ZOE, language="en")
            assert await heard(again) == [{"kind": "snapshot", "items": [item], "more": False}]

            await say(service, ZOE, shown, answer)
            gone = [{"kind": "gone", "session": shown.session}]
            assert await heard(first) == gone == await heard(again)
            assert await anext(other) == []
            for stream in (first, other, again):
                await stream.aclose()

    asyncio.run(play())


def test_what_one_team_is_passed_over_for_goes_from_its_stream_to_the_next_ones(
    open_shop: OpenService, clock: FixedClock, teams: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            # Not woken by this process's turns: as a follower elsewhere learns of them.
            apart = Waiting(service.store, service.lists._for_teams, poll_s=0.01)
            first, other = (apart.follow(one, language="en") for one in (ZOE, PAUL))
            await heard(first)
            await heard(other)
            shown = await asked(service, "transfer")
            assert [one["kind"] for one in await heard(first)] == ["asked"]
            clock.advance(2 * MINUTE)
            assert await service.overflow.pass_on() == 1

            assert await heard(first) == [{"kind": "gone", "session": shown.session}]
            [event] = await heard(other)
            assert event["item"]["asked"]["to"] == "parcels"
            for stream in (first, other):
                await stream.aclose()

    asyncio.run(play())
