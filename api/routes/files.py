"""Files for questions that ask for one: sent before the answer that refers to them, and saved."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.replies import as_json
from api.schemas import Body
from runtime.files import LARGEST, UNTOLD, Sent

_LIMIT: Final = LARGEST * 4 // 3 + 4_096
"""Bytes of a body that holds the largest file, in base64."""


class SendFile(Body):
    """A file: the question it is for, its name and media type, and its bytes in base64."""

    question: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
    content: bytes
    media_type: Annotated[
        str, msgspec.Meta(pattern=r"^([a-z0-9.+-]{1,100}/[a-z0-9.+-]{1,100})?$")
    ] = ""


class SentFile(msgspec.Struct):
    """What answers the question: the reference of a file that is kept."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str


async def send(call: Call) -> Reply:
    """Send a file for a question that is asked now; what comes back is the answer to give.

    The limits of the question hold, and 10 MiB. What the file is is read off its content. Sent
    again, it is the same file. It is erased with what was said in its session.
    """
    asked: SendFile = call.body
    sent = Sent(asked.question, asked.name, asked.media_type, asked.content)
    kept = await call.context.service.files.send(call.actor, call.params["session"], sent)
    return as_json(SentFile(**kept), status=201)


async def read(call: Call) -> Reply:
    """Save a file of a session. It comes as an attachment, never to be shown in a page of ours.

    Nobody looked for viruses in it: do, before it is opened.
    """
    kept = await call.context.service.files.read(
        call.actor, call.params["session"], call.params["file"]
    )
    told = f"attachment; filename*=UTF-8''{quote(kept.name, safe='')}"
    headers = (
        (b"content-disposition", told.encode("ascii")),
        (b"cache-control", b"no-store"),
    )
    return Reply(200, kept.content, headers, UNTOLD.encode("ascii"))


_PATH = "/v1/sessions/{session}/files"
OPERATIONS = (
    Operation(
        id="session.file.send", method="POST", path=_PATH, permission="session.file.send",
        handler=send, body=SendFile, answer=SentFile, status=201, tag="sessions", limit=_LIMIT,
        problems=("not-found", "file.no-question", "file.too-large", "file.other-type",
                  "file.other-content", "file.too-many"),
        examples=(
            Example(
                summary="A picture of the damage",
                request={"question": "photo", "name": "box.png", "media_type": "image/png",
                         "content": "iVBORw0KGgo="},
                answer={"id": "fil_4c94485e0c21ae6c41ce1dfe7b", "name": "box.png",
                        "media_type": "image/png", "size": 8,
                        "sha256": ("4c4b6a3be1314ab86138bef4314dde02"
                                   "2e600960d8689a2c8f8631802d20dab6")},
            ),
        ),
    ),
    Operation(
        id="session.file.read", method="GET", path=_PATH + "/{file}",
        permission="session.file.read", handler=read, answer=UNTOLD, tag="sessions",
        problems=("not-found",),
    ),
)  # fmt: skip
