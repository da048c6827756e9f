"""Calls that phone systems announce and report, and screens that open on them; both databases."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.access import Actor
from runtime.calls import KEPT
from runtime.clock import FixedClock
from runtime.cti import is_drop
from runtime.entry_errors import LaunchOver, LaunchUnderWay
from runtime.errors import Forbidden, WrongReference
from runtime.launches import LIFE, Opened
from runtime.store.calls import BEGIN_LAUNCH
from runtime.wiring import Service
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.walks import begin, seen

BOB = Actor("acme", "advisor", "bob")
PBX = Actor("acme", "robot", "pbx", frozenset({"cti.report"}))
SERVER = Actor("acme", "robot", "acd")
ADMIN = Actor("acme", "admin", "root")
CALL = {"call_id": "c-1", "from": "0612345678", "journey": "parcel"}
PHONE = {"phone": "+33612345678"}


async def ring(service: Service, **more: str) -> str:
    return (await service.launches.announce(SERVER, {**CALL, **more})).token


async def show(service: Service, token: str, actor: Actor = ANA) -> Opened:
    return await service.launches.open(actor, token=token)


async def report(service: Service, event: str, **more: Any) -> dict[str, Any]:
    body = {"event": event, "callId": "c-1", "direction": "in", "from": "0612345678", **more}
    return await service.cti.report(PBX, body)


def test_a_call_announced_opens_its_journey_for_whoever_calls(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            token = await ring(service)
            clock.advance(12_000)
            opened = await show(service, token)

            assert opened.session is not None
            view = seen(await service.sessions.view(ANA, opened.session))
            contact = await service.contacts.get(ANA, opened.contact)
            assert view["journey"]["id"] == "parcel"
            assert contact["sessions"] == [opened.session]
            assert contact["status"] == "answered"
            assert contact["answered"] - contact["offered"] == 12_000
            known = await service.customers.get(ANA, "phone:+33612345678")
            assert contact["customer"] == known["id"]

    asyncio.run(play())


def test_the_same_call_is_the_same_session_however_often_it_pops(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await show(service, await ring(service))
            again = await show(service, await ring(service), BOB)
            own = await service.launches.open(BOB, parameters=CALL)
            other = await show(service, await ring(service, call_id="c-2"))

            assert first.session == again.session == own.session
            assert other.session not in {None, first.session}
            assert len(await service.contacts.newest(ANA)) == 2

    asyncio.run(play())


def test_the_same_call_id_of_another_source_or_tenant_is_another_call(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await service.launches.announce(SERVER, CALL)
            other = await service.launches.announce(SERVER, {**CALL, "source": "lyon"})
            rival = await service.launches.announce(Actor("globex", "robot", "acd"), CALL)

            assert len({first.launch, other.launch, rival.launch}) == 3
            with pytest.raises(LaunchOver):
                await show(service, rival.token)

    asyncio.run(play())


def test_an_address_works_once_and_for_five_minutes(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            token = await ring(service)
            await show(service, token)
            with pytest.raises(LaunchOver):
                await show(service, token)
            late = await ring(service)
            clock.advance(LIFE)
            with pytest.raises(LaunchOver):
                await show(service, late)
            with pytest.raises(LaunchOver):
                await show(service, "pl_nobody")

    asyncio.run(play())


def test_a_call_without_a_journey_brings_its_contact_and_customer(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            opened = await show(service, await ring(service, journey=""))
            gone = await show(service, await ring(service, call_id="c-3", journey="retired"))

            assert (opened.session, opened.reference, opened.asks) == (None, PHONE, None)
            assert (gone.session, gone.asks) == (None, "retired")
            answer = await begin(service, ANA, contact=opened.contact, customer=PHONE)
            contact = await service.contacts.get(ANA, opened.contact)
            assert contact["sessions"] == [answer.session]

    asyncio.run(play())


def test_what_is_said_wrongly_never_keeps_a_call_from_opening(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            wrong = {"v.nothing": "x", "customer_id": "cus_none", "from": "12ab", "channel": "fax"}
            made = await service.launches.announce(SERVER, {**CALL, **wrong})
            opened = await show(service, made.token)

            assert opened.session is not None
            assert made.unmapped == {"from": "12ab"}
            # In figures no channel is counted that does not exist.
            assert (await service.contacts.get(ANA, made.contact))["channel"] == "phone"
            with pytest.raises(WrongReference):
                await service.launches.announce(SERVER, {"from": "x" * 600})

    asyncio.run(play())


def test_two_screens_at_once_do_not_begin_two_sessions(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            token = await ring(service)
            launch = (await service.launches.announce(SERVER, CALL)).launch
            now = clock.now()
            assert await service.store.change(BEGIN_LAUNCH, "acme", launch, now, now)
            with pytest.raises(LaunchUnderWay):
                await service.launches.open(BOB, parameters=CALL)
            # The first screen's machine stopped there: the call is not lost.
            clock.advance(10_001)
            assert (await service.launches.open(BOB, parameters=CALL)).session is not None
            with pytest.raises(LaunchOver):
                await show(service, token)

    asyncio.run(play())


def test_a_phone_system_reports_phases_and_the_screen_shares_its_contact(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            rung = await report(service, "newCall", user=["Ana", "Bob"])
            clock.advance(20_000)
            await report(service, "answer", user="Ana")
            opened = await service.launches.open(ANA, parameters=CALL)
            clock.advance(5_000)
            await report(service, "hold")
            clock.advance(7_000)
            await report(service, "unhold")
            clock.advance(60_000)
            over = await report(service, "hangup", cause="normalClearing")

            assert opened.contact == rung["contact"] == over["contact"]
            contact = await service.contacts.get(ANA, over["contact"])
            assert contact["answered"] - contact["offered"] == 20_000
            assert contact["ended"] - contact["answered"] == 72_000
            assert opened.session is not None
            ledger = await service.views.timeline(
                ANA, await service.sessions.admit(ANA, opened.session)
            )
            totals = ledger["contacts"][0]["totals_ms"]
            assert (totals["queue"], totals["hold"]) == (20_000, 7_000)

    asyncio.run(play())


@pytest.mark.parametrize(("queue", "team"), [("second", "second"), ("Etage 3", None)])
def test_a_side_call_that_a_phone_system_reports_is_the_customers_hold(
    open_shop: OpenService, clock: FixedClock, queue: str, team: str | None
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await report(service, "newCall")
            await report(service, "answer", user="Ana")
            opened = await service.launches.open(ANA, parameters=CALL)
            assert opened.session is not None
            clock.advance(5_000)
            for _ in range(2):
                await report(service, "consult", queue=queue)
                around = await service.sessions.states.get("acme", opened.session)
                assert around.state.consulting == team
            clock.advance(9_000)
            for _ in range(2):
                await report(service, "unconsult")
            clock.advance(60_000)
            await report(service, "hangup")

            warm = await service.sessions.admit(ANA, opened.session)
            assert (warm.state.consulting, set(warm.state.marks)) == (None, set())
            ledger = await service.views.timeline(ANA, warm)
            assert ledger["contacts"][0]["totals_ms"]["hold"] == 9_000

    asyncio.run(play())


def test_a_caller_is_recognised_by_a_number_without_its_plus_and_no_value_loses_a_report(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            known = await begin(service, ANA, customer={"phone": "+4930123456789"})
            assert known.session
            rung = {"event": "newCall", "callId": "z1", "from": "4930123456789", "to": "1" * 400}
            told = await service.cti.report(PBX, rung)
            contact = await service.contacts.get(ANA, told["contact"])

            customer = (await service.customers.get(ANA, "phone:+4930123456789"))["id"]
            assert contact["customer"] == customer

    asyncio.run(play())


@pytest.mark.parametrize(
    ("cause", "dropped"),
    [("NETWORK_OUT_OF_ORDER", True), ("41", True), (102, True), ("Media timeout", True),
     ("normalClearing", False), (None, False), ("cancel", False), ("16", False)],
)  # fmt: skip
def test_what_a_phone_system_says_of_a_hangup_tells_a_line_that_broke(
    cause: object, dropped: bool
) -> None:
    assert is_drop(cause) is dropped


def test_a_call_nobody_answers_is_given_up(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await report(service, "newCall")
            assert (await report(service, "hangup"))["status"] == "abandoned"

    asyncio.run(play())


def test_a_report_that_is_none_is_refused_and_a_key_may_do_this_alone(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            for body in ({"event": "dance", "callId": "1"}, {"event": "answer"}, {}):
                with pytest.raises(WrongReference):
                    await service.cti.report(PBX, body)
            with pytest.raises(Forbidden):
                await service.launches.announce(PBX, CALL)
            with pytest.raises(Forbidden):
                await service.launches.open(SERVER, parameters=CALL)

    asyncio.run(play())


REPORTS = st.lists(
    st.sampled_from(["newCall", "answer", "hangup", "hold", "consult", "unconsult"]), max_size=8
)


@given(REPORTS)
@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_reports_in_any_order_and_number_give_one_contact_that_only_goes_forward(
    tmp_path_factory: pytest.TempPathFactory, events: list[str]
) -> None:
    order = ["offered", "answered", "ended", "abandoned"]

    async def play(service: Service) -> None:
        reached = [(await report(service, event))["status"] for event in events]
        assert [order.index(one) for one in reached] == sorted(order.index(one) for one in reached)
        assert len(await service.contacts.newest(ANA)) == min(len(events), 1)
        if reached:
            again = [(await report(service, event))["status"] for event in set(events)]
            if reached[-1] in {"ended", "abandoned"}:
                assert set(again) == {reached[-1]}

    asyncio.run(_in_a_shop(tmp_path_factory, play))


async def _in_a_shop(folders: pytest.TempPathFactory, play: Any) -> None:
    from runtime.settings import Settings
    from runtime.wiring import open_service

    told = Settings(
        database=str(folders.mktemp("calls") / "s.db"), background=False, fsync_off_allowed=True
    )
    async with open_service(told, connectors={}) as service:
        await play(service)


def test_erasing_a_customer_erases_what_their_calls_said(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            opened = await show(service, await ring(service, queue="SAV"))
            contact = await service.contacts.get(ANA, opened.contact)
            await service.erasing.customer(ADMIN, contact["customer"])

            said: Mapping[str, Any] = (
                await service.launches.open(ANA, parameters={"call_id": "c-1"})
            ).said
            assert not {"caller", "queue"} & set(said)

    asyncio.run(play())


def test_calls_are_forgotten_after_a_month(open_shop: OpenService, clock: FixedClock) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await service.launches.announce(SERVER, CALL)
            clock.advance(KEPT)
            await service.calls.purge()
            again = await service.launches.announce(SERVER, CALL)

            assert again.launch != first.launch

    asyncio.run(play())
