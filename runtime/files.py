"""Files sent for a question: kept apart from the events, under an id that the answer refers to.

A file is erased with what was said in its session. What it is is read off its content where that
can be told, whatever its name claims; nobody is ever given one to look at in a page of ours, only
to save. Looking for viruses is not done here: whoever opens one does it with a scanner of theirs.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from runtime.access import Actor
from runtime.clock import Clock
from runtime.errors import NotFound
from runtime.file_errors import (
    FileTooLarge,
    NoSuchQuestion,
    OtherContent,
    OtherFileType,
    TooManyFiles,
)
from runtime.sessions import Sessions
from runtime.store import people as s
from runtime.store.port import Store, Unit

LARGEST: Final = 10_485_760
"""Bytes a file may have, whatever its question says."""
MOST: Final = 20
"""Files a session keeps."""
UNTOLD: Final = "application/octet-stream"
"""What a file is whose type nobody can tell."""

_SIGNS: Final = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
)
"""Where in a file which bytes say what it is."""
_TOLD: Final = frozenset(media_type for _, _, media_type in _SIGNS)
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""How programs begin: never what a customer is asked for."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it is sent: for which question, what it is called and said to be, its bytes."""

    question: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is given back."""

    name: str
    content: bytes


def media_type_of(content: bytes, declared: str) -> str:
    """Return what a file is, by its content where that tells, else by what was declared.

    Raises:
        OtherContent: it is empty or a program, or lacks the sign of the type it was declared to be.
    """
    if not content or content.startswith(_PROGRAMS):
        raise OtherContent
    for at, sign, media_type in _SIGNS:
        if content[at : at + len(sign)] == sign:
            return media_type
    if declared in _TOLD:
        raise OtherContent(declared=declared)
    return declared or UNTOLD


@dataclass(slots=True, kw_only=True)
class Files:
    """The files of all tenants' sessions; each call stays within its actor's."""

    store: Store
    clock: Clock
    sessions: Sessions

    async def send(self, actor: Actor, session: str, sent: Sent) -> dict[str, Any]:
        """Keep a file for a question that is asked now; return the reference that answers it.

        Sent again, the same file under the same name has the same reference.

        Raises:
            NotFound, Forbidden: no such session for this actor.
            NoSuchQuestion, FileTooLarge, OtherFileType, OtherContent, TooManyFiles: it is not kept.
        """
        await self.sessions.admit(actor, session, "session.file.send")
        shown = await self.sessions.view(actor, session)
        fields = msgspec.json.decode(shown.body)["view"]["fields"]
        form = _form_of(fields, sent.question)
        if form is None:
            raise NoSuchQuestion(question=sent.question)
        limit = min(form.get("max_bytes") or LARGEST, LARGEST)
        if len(sent.content) > limit:
            raise FileTooLarge(limit=limit)
        media_type = media_type_of(sent.content, sent.media_type)
        allowed = form.get("media_types") or ()
        if allowed and not {media_type, media_type.partition("/")[0] + "/*"} & set(allowed):
            raise OtherFileType(allowed=list(allowed))
        digest = hashlib.sha256(sent.content).hexdigest()
        named = hashlib.sha256(f"{session}/{sent.name}/{digest}".encode()).hexdigest()
        file = f"fil_{named[:26]}"
        known = [row[0] for row in await self.store.read(s.FILES_OF, actor.tenant, session)]
        if file not in known:
            if len(known) >= MOST:
                raise TooManyFiles(limit=MOST)
            unit = Unit()
            unit.add(
                s.NEW_FILE, actor.tenant, session, file, sent.name, media_type, len(sent.content),
                actor.by, self.clock.now(), base64.b64encode(sent.content).decode("ascii"),
            )  # fmt: skip
            await self.store.commit(unit)
        return {
            "id": file,
            "name": sent.name,
            "media_type": media_type,
            "size": len(sent.content),
            "sha256": digest,
        }

    async def read(self, actor: Actor, session: str, file: str) -> Kept:
        """Return a file of a session.

        Raises:
            NotFound, Forbidden: none such for this actor, or erased.
        """
        await self.sessions.admit(actor, session, "session.file.read")
        rows = await self.store.read(s.FILE, actor.tenant, session, file)
        if not rows:
            raise NotFound
        name, content = rows[0]
        return Kept(name, base64.b64decode(content))


def _form_of(fields: Sequence[Mapping[str, Any]], question: str) -> Mapping[str, Any] | None:
    """Return the settings of a question that asks for a file, in a group or by itself."""
    for field in fields:
        form: Mapping[str, Any] = field.get("form") or {}
        if field.get("type") == "file" and field.get("name") == question:
            return form
        part = (form.get("fields") or {}).get(question)
        if field.get("type") == "group" and part is not None and part["type"] == "file":
            inner: Mapping[str, Any] = part["form"] or {}
            return inner
    return None
