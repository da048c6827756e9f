"""Replies that go out, or do not; messages and replies that are wrong."""

import asyncio

import pytest

from connectors.port import Outcome
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Forbidden, NotFound, WrongReference
from runtime.post.messages import KEPT, Letter
from runtime.post.replies import Reply
from runtime.post.sending import LEASE
from runtime.post.words import NoSender, NotOpen
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.posting import Postman, asked, mail, posting, take


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome("failed", reason="mail.refused", sent=False), "failed"),
        (Outcome("unknown", reason="connector.timeout"), "unknown"),
    ],
)
def test_a_reply_that_did_not_go_or_of_which_nobody_knows_says_so_and_is_not_sent_again(
    open_shop: OpenService, clock: FixedClock, outcome: Outcome, status: str
) -> None:
    async def play() -> None:
        postman = Postman(outcome)
        async with open_shop(posting(postman), reply_operation="mail.reply") as service:
            _, sent = await asked(service)
            clock.advance(3_600_000)
            await service.post.sending.deliver()

            row = await service.post.messages.row("acme", sent["id"])
            assert row["status"] == status
            assert row["content"]["reason"] == outcome.reason
            assert len(postman.sent) == 1

    asyncio.run(play())


def test_a_reply_that_surely_did_not_go_is_sent_later_under_the_same_key(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        postman = Postman(Outcome("failed", reason="down", sent=False, again=True, after_ms=5_000))
        async with open_shop(posting(postman), reply_operation="mail.reply") as service:
            _, sent = await asked(service)
            assert sent["status"] == "ready"
            assert await service.post.sending.deliver() == 0
            clock.advance(5_000)
            assert await service.post.sending.deliver() == 1
            assert len({key for _, key in postman.sent}) == 1

    asyncio.run(play())


def test_a_reply_whose_sender_vanished_while_sending_is_one_of_which_nobody_knows(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        postman = Postman(Outcome("failed", reason="down", sent=False, again=True))
        async with open_shop(posting(postman), reply_operation="mail.reply") as service:
            _, sent = await asked(service)
            row = await service.post.messages.row("acme", sent["id"])
            await service.post.sending._change(row, status="sending", due=clock.now() + LEASE)
            clock.advance(LEASE)
            await service.post.sending.deliver()

            assert (await service.post.messages.row("acme", sent["id"]))["status"] == "unknown"
            assert len(postman.sent) == 1

    asyncio.run(play())


def test_what_is_wrong_with_a_message_or_a_reply_is_said_and_nothing_is_done(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            with pytest.raises(NoSender):
                await take(service, b"")
            with pytest.raises(NoSender):
                await service.post.messages.take_letter(ANA, Letter(text=" "))
            with pytest.raises(WrongReference):
                await service.post.messages.take_letter(
                    ANA, Letter(text="x", received_at=clock.now() + 1)
                )
            with pytest.raises(NotFound):
                await service.post.messages.take_letter(ANA, Letter(text="x", answers="msg_none"))
            with pytest.raises(Forbidden):
                await take(service, mail(), Actor("acme", "customer", "zoe"))
            message = (await take(service, mail()))["id"]
            with pytest.raises(NotFound):
                await service.post.messages.get(Actor("globex", "advisor", "x"), message)
            with pytest.raises(NotOpen):
                await service.post.replies.judge(ANA, message, accept={"a": 1}, refuse=[])
            with pytest.raises(WrongReference):
                await service.post.replies.reply(
                    ANA, message, Reply(subject="a\nb", body="x", by="hand")
                )
            await service.post.messages.close(ANA, message)
            with pytest.raises(NotOpen):
                await service.post.replies.reply(
                    ANA, message, Reply(subject="a", body="x", by="hand")
                )
            assert (await service.post.messages.get(ANA, message))["status"] == "closed"
            clock.advance(KEPT)
            await service.post.messages.purge()
            with pytest.raises(NotFound):
                await service.post.messages.get(ANA, message)

    asyncio.run(play())
