"""E-mails and letters as they are posted and read."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from api.around import SaidIncident
from api.schemas import Body, Limit, Milliseconds, Name
from runtime.post.rows import STATES

Text = Annotated[str, msgspec.Meta(max_length=65_536)]
Line = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
State = Annotated[str, msgspec.Meta(pattern=f"^({'|'.join(STATES)})$")]


class ScannedFile(Body):
    """A file that came with a letter: its name, what it is said to be, its bytes in base64."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
    content: bytes
    media_type: Annotated[
        str, msgspec.Meta(pattern=r"^([a-z0-9.+-]{1,100}/[a-z0-9.+-]{1,100})?$")
    ] = ""


class WrittenLetter(Body):
    """A letter: its text as it was scanned or typed.

    `reference` is what the scanner calls it, so that it is taken in once; `customer` an id or keys;
    `answers` the id of the message of ours that it answers.
    """

    text: Text
    name: Line = ""
    subject: Line = ""
    reference: Name | None = None
    customer: str | dict[str, str] | None = None
    answers: Name | None = None
    received_at: Milliseconds | None = None
    files: Annotated[list[ScannedFile], msgspec.Meta(max_length=20)] = msgspec.field(
        default_factory=list
    )


class TakeMessage(Body):
    """One message: `mail`, the bytes of an e-mail (RFC 5322) in base64, or `letter`."""

    mail: bytes | None = None
    letter: WrittenLetter | None = None


class OpenMessage(Body):
    """Which journey to begin, where no session waits for the message."""

    journey: Name | None = None


class JudgeMessage(Body):
    """Answers accepted, by question, as they are or as they were corrected; and those refused."""

    accept: dict[str, Any] = msgspec.field(default_factory=dict)
    refuse: Annotated[list[Name], msgspec.Meta(max_length=100)] = msgspec.field(
        default_factory=list
    )


class ReplyToMessage(Body):
    """A reply: its texts, the questions it asks in its order, and who sends it.

    `by`: mail, through the e-mail connector; hand, when it was sent otherwise.
    """

    subject: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    body: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
    questions: Annotated[list[Name], msgspec.Meta(max_length=100)] = msgspec.field(
        default_factory=list
    )
    by: Annotated[str, msgspec.Meta(pattern="^(mail|hand)$")] = "mail"


class MessageQuery(msgspec.Struct):
    """Which messages: those of a `status`, `new` by default; and which page."""

    status: State = "new"
    cursor: str | None = None
    limit: Limit = 50


class MessageFile(msgspec.Struct):
    """A file that a message carries: a reference that answers a question which asks for one."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str


class ListedMessage(msgspec.Struct, rename={"from_": "from"}):
    """A message in a list. Times are milliseconds UTC.

    `status` of one that came: new, open, answered, closed, ignored (`machine` says why: bounce,
    auto-reply, list); of one of ours: ready, sending, sent, failed, unknown, bounced (`reason`).
    `answers` is the message it answers. `own_advisor` is the customer's own, by the name they sign
    in with: theirs to answer first, in a list and where it is read.
    """

    id: str
    direction: str
    kind: str
    status: str
    subject: str
    contact: str | None
    customer: str | None
    session: str | None
    at: int
    from_: str
    name: str
    to: str
    answers: str | None
    own_advisor: str | None
    machine: str | None
    reason: str | None
    language: str | None
    files: list[MessageFile]
    excerpt: str


class InThread(ListedMessage, rename={"from_": "from"}):
    """A message written with the one that is read."""

    text: str


class WholeMessage(ListedMessage, rename={"from_": "from"}):
    """A message with its whole text, and those it was written with.

    `lost` names the files that were not kept: empty, too large, or programs.
    """

    text: str
    lost: list[str]
    thread: list[InThread]


class FoundAnswer(msgspec.Struct, rename={"from_": "from"}):
    """An answer that a message gives, and its sentence: from `from` to `to` in its text.

    `how`: below its quoted question, numbered, named, told by its form or an option's words,
    motive (in the customer's words); sender and attached have no sentence.
    """

    name: str
    label: str
    type: str
    value: Any
    shown: str
    how: str
    sentence: str
    from_: int
    to: int


class MissingQuestion(msgspec.Struct):
    """A question that a reply is to ask, as it asks it."""

    name: str
    label: str
    text: str


class DraftReply(msgspec.Struct):
    """A reply, to be edited; `by` is how it can go out: mail or hand.

    `incidents` are said below its text once it goes out by mail, in these very words.
    """

    to: str
    subject: str
    body: str
    language: str
    by: str
    incidents: list[SaidIncident]


class ReadMessage(WholeMessage, rename={"from_": "from"}):
    """A message with what it answers, what was accepted and refused, what lacks, and a reply."""

    answers_found: list[FoundAnswer]
    accepted: dict[str, Any]
    refused: list[str]
    missing: list[MissingQuestion]
    reply: DraftReply
