"""E-mails as they come, and a connector that keeps what it is asked to send."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from connectors.port import Described, Outcome
from runtime.access import Actor
from runtime.post.mail import read_mail
from runtime.post.replies import Reply
from runtime.wiring import Service
from tests.runtime.conftest import ANA, answers

BOB = Actor("acme", "advisor", "bob")
GATE = Actor("acme", "robot", "gate")
ZOE = "Zoe Durand <zoe@example.org>"
TEXT = """Hello,

My parcel has not arrived. Order: F-1042

Regards,
Zoe
"""


def mail(text: str = TEXT, **headers: str) -> bytes:
    """Return an e-mail as it comes."""
    made = EmailMessage(SMTP)
    written = {"From": ZOE, "To": "shop@shop.example", "Subject": "My parcel",
               "Message_ID": "<one@example.org>", **headers}  # fmt: skip
    for name, value in written.items():
        if value:
            made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


class Postman:
    """A connector that keeps what it is asked to send, and says what it is told to say."""

    def __init__(self, *outcomes: Outcome, operation: str = "mail.reply") -> None:
        self.operation = operation
        self.sent: list[tuple[dict[str, Any], str]] = []
        self.outcomes = list(outcomes)

    def operations(self) -> Mapping[str, Described] | None:
        return None

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        assert operation == self.operation
        assert timeout_ms > 0
        self.sent.append((dict(inputs), key))
        return self.outcomes.pop(0) if self.outcomes else Outcome("succeeded", {"message": "<x>"})

    async def close(self) -> None:
        """Have nothing to let go of."""


def posting(postman: Postman) -> dict[str, Any]:
    return {"mail": postman, "*": answers()}


async def take(service: Service, content: bytes, actor: Actor = GATE) -> dict[str, Any]:
    return await service.post.messages.take_mail(actor, read_mail(content))


async def asked(service: Service) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take a message in that says little, open it, and ask what lacks."""
    message = await take(service, mail("Hello, where is my parcel?\n"))
    opened = await service.post.messages.open(ANA, message["id"], journey="parcel")
    read = await service.post.replies.read(ANA, message["id"])
    sent = await service.post.replies.reply(
        ANA, message["id"],
        Reply(subject=read["reply"]["subject"], body=read["reply"]["body"],
              questions=tuple(one["name"] for one in read["missing"])),
    )  # fmt: skip
    return opened, sent
