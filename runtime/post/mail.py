"""An e-mail as it came (RFC 5322, MIME): who wrote, what it says, what it answers, what it carries.

Everything in it is somebody's claim: nothing here believes a header further than that. Machines'
messages are told apart, so that nothing answers them. Source: RFC 5322, RFC 3834, RFC 3464.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Final

LONGEST_TEXT: Final = 65_536
"""Most characters of a message that are kept and read."""
MOST_FILES: Final = 20
MOST_PARTS: Final = 200
_ID: Final = re.compile(r"<([^<>\s]{1,250})>")
_CITED: Final = re.compile(rb"^Message-ID:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)
_ENCODED: Final = re.compile(
    r"=\?[^?\s]+\?[bq]\?[^?]*\?=(?:\s+=\?[^?\s]+\?[bq]\?[^?]*\?=)*", re.IGNORECASE
)
_MACHINES: Final = ("mailer-daemon", "postmaster", "no-reply", "noreply", "ne-pas-repondre")
_LISTS: Final = ("bulk", "junk", "list", "auto_reply")
_BLOCKS: Final = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "table", "ul", "ol"})


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that a message carries."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What an e-mail says.

    Attributes:
        mark: the same for the same message, however often it comes: from its Message-ID, or from
            its bytes where it has none.
        sender: an address, empty where there is none; `name` what they call themselves.
        answers: ids of the messages it answers, the nearest first; of a bounce, what bounced.
        machine: why nobody is to be answered: bounce, auto-reply or list; None for a person's.
        text: what it says as plain text, at most 65,536 characters.
    """

    mark: str
    id: str | None
    sender: str
    name: str
    to: str
    subject: str
    text: str
    answers: tuple[str, ...] = ()
    machine: str | None = None
    files: tuple[Attached, ...] = field(default=(), repr=False)


def read_mail(content: bytes) -> Mail:
    """Return what an e-mail says; whatever the bytes are, there is something."""
    message = message_from_bytes(content)
    own = _ID.search(_header(message, "Message-ID"))
    name, sender = next(iter(_addresses(message, "From")), ("", ""))
    machine = _machine(message, sender)
    answers = [*_ids(message, "In-Reply-To"), *reversed(_ids(message, "References"))]
    if machine == "bounce":
        cited = [one.decode("ascii", "replace") for one in _CITED.findall(content)]
        answers += [one for one in cited if own is None or one != own[1]]
    body = _body(message)
    return Mail(
        mark=mark_of(own[1]) if own else hashlib.sha256(content).hexdigest(),
        id=own[1] if own else None,
        sender=sender,
        name=name,
        to=next(iter(_addresses(message, "To")), ("", ""))[1],
        subject=" ".join(_header(message, "Subject").split())[:200],
        text="" if body is None else _text_of(body),
        answers=tuple(dict.fromkeys(answers)),
        machine=machine,
        files=tuple(_files(message, body)),
    )


def mark_of(identity: str) -> str:
    """Return what a message is known by of its Message-ID: one of ours by the part that is ours.

    The domain of a sender may change, and some servers write it anew.
    """
    local = identity.partition("@")[0]
    if re.fullmatch(r"[0-9a-f]{40}", local):
        return local
    return hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()


def _header(message: Message, name: str) -> str:
    return _decoded(next(_raw(message, name), ""))


def _raw(message: Message, name: str) -> Iterator[str]:
    """Yield a header's values; bytes that nobody encoded are UTF-8 (RFC 6532), else Latin-1."""
    for one, value in message.raw_items():
        if one.lower() == name.lower():
            written = str(value).encode("utf-8", "surrogateescape")
            try:
                yield written.decode("utf-8")
            except UnicodeDecodeError:
                yield written.decode("latin-1")


def _decoded(raw: str) -> str:
    """Return the words of a header, as they are where they are wrongly encoded."""
    return _plain(_ENCODED.sub(_words, raw))


def _words(encoded: re.Match[str]) -> str:
    """Return what encoded words say (RFC 2047): together, since a letter may be cut in two."""
    try:
        return str(make_header(decode_header(encoded[0])))
    except (HeaderParseError, UnicodeError, LookupError, ValueError):
        return encoded[0]


def _plain(text: str) -> str:
    """Return a text that can be stored: neither NUL nor half a character."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _addresses(message: Message, name: str) -> Iterator[tuple[str, str]]:
    # Addresses are told apart before words are decoded: a name may hold anything.
    for shown, address in getaddresses(list(_raw(message, name))):
        if "@" in address:
            yield " ".join(_decoded(shown).split())[:100], _plain(address).strip().lower()[:254]


def _ids(message: Message, name: str) -> list[str]:
    return _ID.findall(_header(message, name))[:50]


def _machine(message: Message, sender: str) -> str | None:
    local = sender.partition("@")[0]
    if (
        message.get_content_type() == "multipart/report"
        or "<>" in (_header(message, "Return-Path").strip(), _header(message, "From")[-2:])
        or local in _MACHINES[:2]
    ):
        return "bounce"
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    precedence = _header(message, "Precedence").strip().lower()
    if (
        submitted not in {"", "no"}
        or precedence == "auto_reply"
        or message.get("X-Autoreply") is not None
        or message.get("X-Autorespond") is not None
        or local in _MACHINES[2:]
    ):
        return "auto-reply"
    if message.get("List-Id") is not None or precedence in _LISTS:
        return "list"
    return None


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts that hold something; a message inside a message is one part."""
    todo, seen = [message], 0
    while todo and seen < MOST_PARTS:
        part = todo.pop(0)
        seen += 1
        # What is no list is not read here: it would be decoded by whatever charset it names.
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            todo[:0] = [one for one in part.get_payload() if isinstance(one, Message)]
        else:
            yield part


def _body(message: Message) -> Message | None:
    told = [p for p in _leaves(message) if p.get_content_maintype() == "text" and not _named(p)]
    for kind in ("text/plain", "text/html"):
        for part in told:
            if part.get_content_type() == kind:
                return part
    return told[0] if told else None


def _named(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _bytes(part: Message) -> bytes:
    if part.get_content_maintype() == "message":
        inner = part.get_payload()
        try:
            held = inner[0] if isinstance(inner, list) and inner else None
            return held.as_bytes() if isinstance(held, Message) else b""
        except (MessageError, UnicodeError, LookupError, ValueError, TypeError):
            return b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text_of(part: Message) -> str:
    content = _bytes(part)
    try:
        text = content.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        text = content.decode("latin-1")
    if part.get_content_type() == "text/html":
        text = plain_of(text)
    return tidy(text)


def tidy(text: str) -> str:
    """Return a text with one kind of line's end, no blanks at them, and at most one empty line."""
    lines = [line.rstrip() for line in _plain(text).replace("\xa0", " ").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST_TEXT]


def _files(message: Message, body: Message | None) -> Iterator[Attached]:
    count = 0
    for part in _leaves(message):
        if part is body or (part.get_content_maintype() == "text" and not _named(part)):
            continue
        content = _bytes(part)
        if content and count < MOST_FILES:
            count += 1
            yield Attached(_file_name(part, count), part.get_content_type(), content)


def _file_name(part: Message, number: int) -> str:
    given = part.get_filename() or ""
    name = _plain(given).replace("\\", "/").rpartition("/")[2]
    name = "".join(letter for letter in name if letter.isprintable()).strip()[:255]
    kind = "eml" if part.get_content_maintype() == "message" else "bin"
    return name or f"{number}.{kind}"


class _Words(HTMLParser):
    """The words of a page, a line for each block; what was quoted keeps its mark."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._quoted = 0
        self._mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in {"script", "style", "head", "title"}:
            self._mute += 1
        if tag == "blockquote":
            self._quoted += 1
        if tag in _BLOCKS or tag == "blockquote":
            self._end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "head", "title"}:
            self._mute = max(0, self._mute - 1)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if (tag in _BLOCKS or tag == "blockquote") and tag != "br":
            self._end_line()

    def handle_data(self, data: str) -> None:
        if self._mute == 0:
            self.lines[-1] += re.sub(r"\s+", " ", data)

    def _end_line(self) -> None:
        self.lines[-1] = self.lines[-1].strip()
        if self.lines[-1]:
            self.lines.append("> " * min(self._quoted, 3))
        else:
            self.lines[-1] = "> " * min(self._quoted, 3)


def plain_of(html: str) -> str:
    """Return the words of an HTML text, `>` before what it quotes."""
    parser = _Words()
    parser.feed(html[: 8 * LONGEST_TEXT])
    parser.close()
    return "\n".join(line for line in parser.lines if line.strip(" >"))
