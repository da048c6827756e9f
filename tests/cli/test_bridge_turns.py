"""A message is taken to the service until it is answered, and to whom no service would answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from connectors.answering import Written
from parcours.bridge.channels import check_channel
from parcours.bridge.turns import UNREADABLE, Turns
from parcours.client import Answer, Client, NoAnswer
from parcours.stops import Stop

REPLY = Answer(200, {}, {"messages": [{"text": "Yes?"}, {"text": ""}]})


class Service(Client):
    """Answers what is written, in turn."""

    def __init__(self, *answers: Answer | None) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Any]] = []

    def send(
        self, path: str, body: Any = None, *, key: str | None = None, etag: str | None = None
    ) -> Answer:
        assert (key, etag) == (None, None)
        self.asked.append((path, dict(body)))
        answer = self.answers.pop(0)
        if answer is None:
            raise NoAnswer("service:1", OSError("refused"))
        return answer

    def get(self, path: str, *, expect: int = 200) -> Answer:
        return self.send(path, {"expect": expect})


def refused(status: int, code: str) -> Answer:
    """Return a refusal."""
    return Answer(status, {}, {"code": code})


def taken(service: Service, written: Written, **told: Any) -> tuple[list[str], list[str]]:
    """Return the texts that answer a message, and what was told meanwhile."""
    said: list[str] = []
    turns = Turns(open_client=lambda: service, told=said.append, **told)
    return asyncio.run(turns.take(written)), said


def test_a_message_becomes_a_turn_of_its_senders_conversation() -> None:
    service = Service(REPLY)

    texts, told = taken(service, Written("claire@x", "m-1", "hello", "en-GB"), journey="parcel")

    assert (texts, told) == (["Yes?"], [])
    assert service.asked == [
        (
            "/v1/channels/chat/turns",
            {
                "conversation": "claire@x", "user": "claire@x", "message": "m-1", "text": "hello",
                "locale": "en-GB", "limits": {"buttons": 0, "rows": 0}, "journey": "parcel",
            },
        )
    ]  # fmt: skip


def test_it_is_taken_again_while_the_service_cannot_answer() -> None:
    service = Service(None, refused(503, "service.busy"), REPLY)

    texts, told = taken(service, Written("claire@x", "m-1", "hello"))

    assert (texts, told) == (["Yes?"], ["no-answer", "service.busy"])
    assert service.asked[0] == service.asked[1] == service.asked[2]


def test_an_id_that_its_sender_used_for_another_message_is_told_apart_by_the_archives() -> None:
    service = Service(refused(422, "idempotency.reused"), REPLY)

    texts, _ = taken(service, Written("claire@x", "1", "hello", mark="a-9"))

    assert texts == ["Yes?"]
    assert [body["message"] for _, body in service.asked] == ["1", "1#a-9"]


def test_a_message_that_no_service_would_read_is_answered_all_the_same() -> None:
    service = Service(refused(422, "request.wrong"), refused(413, "request.too-large"))

    english, told = taken(service, Written("claire@x", "1", "x" * 9_000, "en"))
    french, _ = taken(service, Written("claire@x", "2", "x" * 9_000), language="fr")

    assert (english, french) == ([UNREADABLE["en"]], [UNREADABLE["fr"]])
    assert told == ["request.wrong"]


def test_names_that_are_too_long_for_a_turn_stand_for_themselves_by_their_sum() -> None:
    service = Service(REPLY)

    taken(service, Written("claire@" + "x" * 900, "1" * 900, "hello", "l" * 99))

    body = service.asked[0][1]
    assert {len(body[name]) for name in ("conversation", "user", "message")} == {64}
    assert body["locale"] == "fr"


def listed(*journeys: tuple[str, str, list[str]], following: str | None = None) -> Answer:
    """Return a page of journeys: id, library, channels."""
    items = [{"id": one, "library": name, "channels": known} for one, name, known in journeys]
    return Answer(200, {}, {"items": items, "next": following})


def test_a_library_without_the_channel_is_named_where_another_has_it() -> None:
    service = Service(
        listed(("a.b", "shop", ["phone", "chat"]), following="n=x"),
        listed(("c.d", "bank", ["phone"]), ("c.e", "bank", ["phone"])),
    )

    [said] = check_channel(service, channel="chat", journey=None)

    assert said["en"] == "the library “bank” has no channel “chat”: its journeys do not begin there"
    assert [path for path, _ in service.asked] == ["/v1/journeys", "/v1/journeys?cursor=n%3Dx"]


def test_only_the_library_of_the_journey_a_bridge_begins_counts() -> None:
    both = listed(("a.b", "shop", ["phone", "chat"]), ("c.d", "bank", ["phone"]))

    assert check_channel(Service(both), channel="chat", journey="a.b") == []
    with pytest.raises(Stop, match="“chat”"):
        check_channel(Service(both), channel="chat", journey="c.d")


def test_a_service_without_a_journey_has_nothing_to_hold_a_channel_against() -> None:
    assert check_channel(Service(listed()), channel="chat", journey=None) == []
