"""Conversations of Chatwoot are answered by journeys: what it tells is proved, answered once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.chatwoot import Chatwoot
from parcours.commands.bridge import TOKEN as TOKEN_VARIABLE
from tests.api.modelling import desk
from tests.api.service import Shop
from tests.cli.conftest import Cli
from tests.support.bridging import Bridge
from tests.support.chatwoot import ACCOUNT, SECRET, TOKEN, Chatting, Conversation, signed

__all__ = ["desk"]


@pytest.fixture(scope="module")
def chatting() -> Iterator[Chatting]:
    """Give a Chatwoot."""
    with Chatting() as found:
        yield found


class Chats(Bridge):
    """A bridge from a Chatwoot."""

    def hear(self, conversation: Conversation, text: str) -> str:
        """Have a customer write and be answered; return the reply."""
        before = len(conversation.replies())
        assert self.tell(conversation.told(conversation.add(text, 0))) == 200
        replies = conversation.replies()
        assert len(replies) == before + 1
        return replies[-1]

    def tell(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """Tell something, signed if nothing else is said."""
        return super().tell(body, signed(body) if headers is None else headers)


@pytest.fixture
def bridge(chatting: Chatting, desk: Shop) -> Chats:
    """Give a bridge."""
    account = Chatwoot(url=chatting.url, account=ACCOUNT, token=TOKEN)
    return Chats(account, desk, secret=SECRET)


def test_a_conversation_is_answered_until_it_goes_to_people(
    chatting: Chatting, bridge: Chats
) -> None:
    chat = chatting.begin()

    assert "e-mail address" in bridge.hear(chat, "My parcel arrived damaged")
    assert "postcode" in bridge.hear(chat, "claire.dubois@example.org")
    assert "Which order" in bridge.hear(chat, "69003")
    assert "1. The item is broken or scratched\n" in bridge.hear(chat, "F-1090")
    assert chat.status == "pending"
    assert "putting you through to an advisor" in bridge.hear(chat, "an advisor please")
    assert chat.status == "open"

    late = chat.add("Are you there?", 0)
    assert bridge.tell(chat.told(late)) == 200
    assert "Are you there?" not in bridge.said
    assert len(chat.replies()) == 5


def test_what_is_told_twice_or_broke_off_is_answered_once(
    chatting: Chatting, bridge: Chats
) -> None:
    chat = chatting.begin()
    bridge.hear(chat, "My parcel arrived damaged")
    address = chat.add("claire.dubois@example.org", 0)
    chatting.failing = True

    broken = bridge.tell(chat.told(address))
    missed = chat.add("69003", 0)
    told = [bridge.tell(chat.told(missed)) for _ in range(3)]

    assert (broken, told) == (503, [200, 200, 200])
    assert [reply.splitlines()[0] for reply in chat.replies()[1:]] == [
        "Understood: E-mail: claire.dubois@example.org.",
        "Understood: Postcode: 69003.",
    ]


def test_a_hand_over_that_broke_off_is_made_up_for(chatting: Chatting, bridge: Chats) -> None:
    chat = chatting.begin()
    bridge.hear(chat, "My parcel arrived damaged")
    told = chat.told(chat.add("an advisor please", 0))
    chatting.failing = True

    assert [bridge.tell(told), chat.status, len(chat.replies())] == [503, "pending", 1]
    assert [bridge.tell(told), chat.status, len(chat.replies())] == [200, "open", 2]


def test_what_a_person_answered_or_was_written_long_ago_is_left_alone(
    chatting: Chatting, bridge: Chats
) -> None:
    chat = chatting.begin()
    chat.add("Hello from last week", 0, created_at=1_000)
    chat.add("Is anybody there?", 0)
    chat.add("Yes, I am", 1)
    chat.add("Not for them", 0, private=True)

    bridge.hear(chat, "My parcel arrived damaged")

    assert len(chat.replies()) == 2


@pytest.mark.parametrize(
    ("secret", "ago_s", "of", "expected"),
    [
        ("guessed", 0, b"{}", 401),
        (SECRET, 400, b"{}", 401),
        (SECRET, 0, b"[]", 401),
        (SECRET, 0, b"{}", 200),
    ],
)
def test_what_is_not_signed_for_us_now_is_refused(
    bridge: Chats, secret: str, ago_s: int, of: bytes, expected: int
) -> None:
    assert bridge.tell(b"{}", signed(of, secret=secret, ago_s=ago_s)) == expected
    assert bridge.tell(b"{}", {}) == 401


def test_what_says_nothing_of_a_customer_is_taken_and_left(
    chatting: Chatting, bridge: Chats
) -> None:
    chat = chatting.begin()
    ours, theirs = chat.add("Ours", 1), chat.add("Secret", 0, private=True)

    statuses = [bridge.tell(chat.told(one)) for one in (ours, theirs)]

    assert statuses == [200, 200]
    assert bridge.tell(b"{", signed(b"{")) == 400
    assert bridge.tell(b" " * (Chatwoot.largest + 1)) == 413
    assert chat.replies() == ["Ours"]


def test_a_bridge_without_its_token_says_so(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, desk: Shop
) -> None:
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)

    nobody = cli("bridge", "chatwoot", "http://127.0.0.1:1", "--account", "1", "--to", desk.url)

    assert (nobody.code, "$PARCOURS_CHATWOOT_TOKEN is not set." in nobody.err) == (2, True)
