"""Whatever actors do in whatever order, what is stored holds together."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.mock import Mock
from engine.refusals import Refused
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Failure
from runtime.idempotency import Answer
from runtime.ids import CountedIds
from runtime.settings import Settings
from runtime.verify import verify
from runtime.wiring import Service, open_service
from tests.runtime.conftest import AUTHOR
from tests.runtime.library import FILES
from tests.runtime.walks import assert_sound, begin, keyed

ACTORS = [Actor("acme", "advisor", "ana"), Actor("acme", "supervisor", "sam")]
CONNECTORS = {
    "*": Mock(
        {
            "operations": {
                "oms.get_order": [
                    {"when": {"id": "late"}, "result": {"status": "late"}},
                    {"when": {"id": "lost"}, "result": {"status": "lost"}},
                    {"when": {"id": "none"}, "refused": "not_found"},
                    {"failed": True},
                ],
                "oms.resend": [{"unknown": True}],
            }
        }
    )
}
COMMANDS = st.one_of(
    st.builds(
        lambda order: {"type": "answer", "values": {"order_id": order}},
        st.sampled_from(["late", "lost", "none", "other"]),
    ),
    st.builds(
        lambda visit, order: {"type": "amend", "visit": visit, "values": {"order_id": order}},
        st.integers(1, 8),
        st.sampled_from(["late", "lost", "none", "other"]),
    ),
    st.builds(
        lambda visit, who: {"type": "amend", "visit": visit, "values": {"email": who}},
        st.integers(1, 3),
        st.sampled_from(["zoe@example.org", "max@example.org", "ana@example.org"]),
    ),
    st.sampled_from(
        [
            {"type": "answer", "values": {"email": "zoe@example.org"}},
            {"type": "answer", "values": {"email": "max@example.org"}},
            {"type": "answer", "values": {"order.status": "late"}},
            {"type": "answer", "values": {"arrived": True}},
            {"type": "answer", "values": {"nonsense": 1}},
            {"type": "provide", "values": {"email": "max@example.org", "order_id": "late"}},
            {"type": "acknowledge"},
            {"type": "back"},
            {"type": "pause"},
            {"type": "resume", "channel": "chat"},
            {"type": "hold"},
            {"type": "unhold"},
            {"type": "note", "text": "x"},
            {"type": "not_done"},
            {"type": "take_over"},
            {"type": "retry"},
            {"type": "later"},
            {"type": "use_result"},
            {"type": "transfer", "team": "supervisor"},
            {"type": "accept"},
            {"type": "none_of_these", "category": "other"},
            {"type": "cancel"},
            {"type": "rewind", "visit": 1},
        ]
    ),
)
MOVES = st.one_of(
    st.tuples(st.just("command"), COMMANDS, st.integers(0, 1), st.booleans()),
    st.tuples(st.sampled_from(["twice", "stale"]), COMMANDS, st.just(0), st.booleans()),
    st.tuples(st.sampled_from(["wait", "reopen"])),
    st.tuples(st.just("begin"), st.booleans()),
)


class Walker:
    """One actor after another, on the session begun last; what they were answered is kept."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.count = 0
        self.sessions: list[str] = []
        self.latest: Answer | None = None

    async def move(self, service: Service, move: tuple[Any, ...]) -> None:
        """Make one move; refusals are answers too."""
        self.clock.advance(1_000)
        if move[0] == "begin" or self.latest is None:
            is_known = move[0] != "begin" or move[1]
            customer = {"number": "c-1"} if is_known else None
            self.latest = await begin(service, ACTORS[0], customer=customer)
            self.sessions.append(self.latest.session)
        elif move[0] == "wait":
            self.clock.advance(3 * 3_600_000)
            await service.timers.fire()
        else:
            await self.command(service, *move)

    async def command(
        self, service: Service, how: str, body: dict[str, Any], who: int, has_key: bool
    ) -> None:
        assert self.latest is not None
        self.count += 1
        actor = ACTORS[who]
        key = keyed(f"k{self.count}", body) if has_key or how == "twice" else None
        current = await service.sessions.view(actor, self.latest.session)
        match = current.version - 1 if how == "stale" else current.version
        try:
            answer = await service.sessions.command(
                actor, current.session, body, match=match, key=key
            )
        except (Failure, Refused):
            after = await service.sessions.view(actor, current.session)
            assert after.version == current.version
            return
        if how == "twice":
            again = await service.sessions.command(
                actor, current.session, body, match=match, key=key
            )
            assert again.body == answer.body
            assert again.is_replay


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moves=st.lists(MOVES, max_size=25))
def test_any_moves_leave_a_sound_database(moves: list[tuple[Any, ...]]) -> None:
    async def play(database: str) -> None:
        clock, ids = FixedClock(), CountedIds()
        walker = Walker(clock)
        told = Settings(database=database, background=False)
        remaining = list(moves)
        while True:
            async with open_service(told, clock=clock, ids=ids, connectors=CONNECTORS) as service:
                if not walker.sessions:
                    await service.revisions.publish(AUTHOR, FILES)
                while remaining and (move := remaining.pop(0)) != ("reopen",):
                    await walker.move(service, move)
                await service.outbox.drain_now()
                for session in walker.sessions:
                    await assert_sound(service, "acme", session)
                assert [fault async for fault in verify(service.store)] == []
                await service.projector.catch_up()
                for contact in await service.contacts.newest(ACTORS[0]):
                    row = await service.contacts.row("acme", contact["id"])
                    _, parts = await service.projector.of_contact("acme", row)
                    ends = [part.end for part in parts]
                    assert [part.start for part in parts[1:]] == ends[:-1]
            if not remaining:
                return

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(str(Path(folder) / "store.db")))
