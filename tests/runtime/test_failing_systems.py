"""Whatever another system does wrong, the advisor is led on by hand with what is known. T19."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from engine.events import FellBack, Left, Requested, Settled
from runtime.errors import LibraryRefused
from runtime.idempotency import Answer
from runtime.sessions import StartRequest
from runtime.settings import Settings
from runtime.states import read_events
from runtime.verify import verify
from runtime.wiring import Service, open_service
from tests.connectors.systems import says, system
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.failing import EIGHT, MISFITS, Fault, deployed, files, hostile
from tests.runtime.test_deploying import told_of
from tests.runtime.walks import assert_sound, reply, say, seen, step

PROMISED_MS = 15_000
"""How long an advisor waits at most, on a busy machine too (promises.md 1.6)."""
CHECK_FIRST = "It is not known whether this was done"
KNOWN = {"email": "zoe@example.org", "order_id": "F-1"}


async def to_the_robot(service: Service, journey: str) -> Answer:
    """Come to the first action, both questions answered."""
    first = await service.sessions.start(ANA, StartRequest(journey, channel="phone"))
    which = await reply(service, ANA, first, email=KNOWN["email"])
    return await reply(service, ANA, which, order_id=KNOWN["order_id"])


async def by_hand(service: Service, answer: Answer, where: str) -> Answer:
    """Return what the advisor sees once a step is theirs."""
    async with asyncio.timeout(PROMISED_MS / 1_000):
        async for _ in service.feed.follow("acme", answer.session):
            found = await service.sessions.view(ANA, answer.session)
            if step(found) == where and seen(found)["step"]["by_hand"]:
                said = found.body.decode()
                assert "Traceback" not in said
                assert ".py" not in said
                return found
    raise AssertionError("the feed ended")


def led(view: dict[str, Any], fields: list[str]) -> str:
    """Return the manual procedure of a view; it asks for what the robot would have found alone."""
    assert view["status"] == "active"
    assert [one["name"] for one in view["fields"]] == fields
    return str(view["do"])


async def walk(service: Service, fault: Fault) -> None:
    """Walk the journey of a system in trouble to its end."""
    asked = await to_the_robot(service, fault.name)
    looked = await by_hand(service, asked, "order")
    assert led(seen(looked), ["order.status"]) == (
        "Open order F-1 of zoe@example.org and read its status."
    )
    sent = await say(service, ANA, looked, {"type": "answer", "values": {"order.status": "lost"}})
    unsent = await by_hand(service, sent, "resend")
    procedure = led(seen(unsent), ["sent.parcel"])
    assert procedure.endswith("Send order F-1 (lost) again to zoe@example.org.")
    assert procedure.startswith(CHECK_FIRST) is not fault.sure
    solved = await say(service, ANA, unsent, {"type": "answer", "values": {"sent.parcel": "P-2"}})
    assert step(solved) == "solved"
    await recorded(service, fault, solved.session)
    await booked(service, solved.session)
    await assert_sound(service, "acme", solved.session)


async def recorded(service: Service, fault: Fault, session: str) -> None:
    """Each action ended within its time, with its stable code, and fell back for that reason."""
    events = [event for _, event in await read_events(service.store, "acme", session)]
    asked = [event for event in events if isinstance(event, Requested)]
    ended = [event for event in events if isinstance(event, Settled)]
    fallen = [event for event in events if isinstance(event, FellBack)]
    changed = "failed" if fault.sure else "unknown"
    assert [(one.status, one.reason) for one in ended] == [
        ("failed", fault.reason), (changed, fault.reason),
    ]  # fmt: skip
    assert [one.reason for one in fallen] == [fault.reason, fault.reason]
    for request, end in zip(asked, ended, strict=True):
        assert end.at - request.at < PROMISED_MS
    warm = await service.sessions.admit(ANA, session)
    trace = await service.views.trace(ANA, warm)
    (action,) = trace["action"]
    assert (action["code"], action["by_hand"], action["after_failure"]) == ("resent", True, True)


async def booked(service: Service, session: str) -> None:
    """What the customer waited for the robot and for the hand is in the ledger, and adds up."""
    warm = await service.sessions.admit(ANA, session)
    (contact,) = (await service.views.timeline(ANA, warm))["contacts"]
    assert sum(contact["totals_ms"].values()) == contact["duration_ms"]
    by_hand: dict[str, int] = {}
    for one in contact["segments"]:
        if one["category"] == "procedure":
            by_hand[one["step"]] = by_hand.get(one["step"], 0) + one["end"] - one["start"]
    assert by_hand == await taken_by_hand(service, session)


async def taken_by_hand(service: Service, session: str) -> dict[str, int]:
    """Return the milliseconds from each failure to its answer by hand, where there was one."""
    events = [event for _, event in await read_events(service.store, "acme", session)]
    fallen = [event for event in events if isinstance(event, FellBack)]
    left = [event.at for event in events if isinstance(event, Left)]
    taken = [min(at for at in left if at >= one.at) - one.at for one in fallen]
    return {step: ms for step, ms in zip(("order", "resend"), taken, strict=True) if ms}


def test_no_library_is_published_whose_action_would_leave_the_advisor_alone(
    open_shop: OpenService,
) -> None:
    without = files(EIGHT[:1])
    name = f"journeys/{EIGHT[0].name}.yaml"
    head, _, rest = without[name].partition("    by_hand:\n")
    without[name] = head + rest.partition("[order.status]\n")[2]

    async def play() -> None:
        async with open_shop() as service:
            with pytest.raises(LibraryRefused) as refused:
                await service.revisions.publish(AUTHOR, without)
            assert [one.code for one in refused.value.findings] == ["safety.no-manual"]

    asyncio.run(play())


def test_whatever_the_other_system_does_wrong_the_advisor_goes_on_by_hand(
    database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        async with system(says()) as elsewhere:
            faults = EIGHT + hostile(elsewhere.url)
            async with deployed(faults, tmp_path):
                told = Settings(
                    database=database,
                    connectors=str(tmp_path / "connectors.toml"),
                    fsync_off_allowed=True,
                )
                async with open_service(told) as service:
                    await service.revisions.publish(AUTHOR, files(faults))
                    await asyncio.gather(*(to_the_robot(service, "down") for _ in range(20)))
                    await asyncio.gather(*(walk(service, fault) for fault in faults))
                    assert [fault async for fault in verify(service.store)] == []
            assert elsewhere.calls == []

    asyncio.run(play())

    assert "Traceback" not in caplog.text


def test_what_a_deployment_lacks_is_recorded_by_its_code_and_done_by_hand(
    database: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "bare").write_text("s3cr3t", encoding="utf-8")

    async def play() -> None:
        async with deployed(MISFITS, tmp_path) as systems:
            told = Settings(
                database=database,
                connectors=str(tmp_path / "connectors.toml"),
                secrets=str(secrets),
                fsync_off_allowed=True,
            )
            async with open_service(told) as service:
                await service.revisions.publish(AUTHOR, files(MISFITS))
            # What the library asks and the deployment lacks is said when a service starts with it.
            heard = asyncio.Event()
            monkeypatch.setattr(caplog.handler, "emit", told_of(heard, caplog.handler.emit))
            async with open_service(told) as service, asyncio.timeout(PROMISED_MS / 1_000):
                await heard.wait()
                (secrets / "bare").unlink()
                await asyncio.gather(*(walk(service, fault) for fault in MISFITS))
                assert [fault async for fault in verify(service.store)] == []
                letters = await service.letters.states()
            assert {name: len(one.calls) for name, one in systems.items() if one.calls} == {}
            assert letters == {"by_hand": len(MISFITS)}

    with caplog.at_level(logging.WARNING, logger="parcours"):
        asyncio.run(play())

    gaps = {(vars(one)["operation"], vars(one)["code"]) for one in caplog.records
            if one.msg == "deployment_gap"}  # fmt: skip
    assert {
        ("absent.get_order", "deployment.no-connector"),
        ("unoffered.get_order", "deployment.no-operation"),
        ("unnamed.get_order", "deployment.unknown-parameter"),
        ("unnamed.get_order", "deployment.missing-parameter"),
    } <= gaps
