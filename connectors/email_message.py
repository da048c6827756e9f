"""One e-mail: plain text, a fixed sender, one addressee, and the same Message-ID at every attempt.

What a person wrote is only ever text of its body or its subject: it cannot add a header, an
addressee or a line of HTML. Source: promises.md 3.1 (e-mail connector), T37.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

LONGEST_SUBJECT: Final = 200
LONGEST_BODY: Final = 65_536
MOST_REFERENCES: Final = 20
_REFERENCE: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~@\[\]:-]{1,250}")
_METHOD: Final = re.compile(r"^METHOD:(REQUEST|CANCEL)\r$", re.MULTILINE)
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]"
)
_SENDER: Final = re.compile(r"(?:(?P<name>[^<>@]{1,100}?) *<(?P<named>[^<> ]+)>|(?P<bare>[^<> ]+))")


class WrongMessage(ValueError):
    """A part of a message is not what it may be; which one says `part`."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent, and the two addresses that the servers speak of."""

    sender: str
    to: str
    id: str
    content: bytes


def address_of(text: str, part: str = "to") -> str:
    """Return one address as it is sent: its domain in small letters, in ASCII.

    Raises:
        WrongMessage: it is not exactly one address.
    """
    local, at, domain = text.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise WrongMessage(part) from None
    fits = at and len(local) <= 64 and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)
    if not fits:
        raise WrongMessage(part)
    return f"{local}@{domain}"


def sender_of(text: str) -> tuple[str, str]:
    """Return the name and the address of `Name <address>`, or of an address alone.

    Raises:
        WrongMessage: it is neither.
    """
    found = _SENDER.fullmatch(text)
    if found is None or not text.isprintable():
        raise WrongMessage("from")
    return (found["name"] or "").strip(' "'), address_of(found["named"] or found["bare"], "from")


@dataclass(frozen=True, slots=True)
class Written:
    """How a message is written beside its texts.

    `key` is what every attempt at it has alike: its Message-ID follows from it; `at` seconds since
    1970, UTC; `references` the ids of the messages before it, the one it answers last;
    `is_a_persons` whether a person wrote it, so that it is not marked as a machine's; `invitation`
    an iCalendar text that goes with it, for calendars to take.
    """

    key: str
    at: float
    references: tuple[str, ...] = ()
    is_a_persons: bool = False
    invitation: str | None = None


def write(sender: tuple[str, str], to: str, *, subject: str, body: str, written: Written) -> Letter:
    """Return a message ready to be sent.

    Args:
        sender: a name, which may be empty, and an address.
        to: one address.
        subject: one line.
        body: plain text.
        written: its key, when, and what it answers.

    Raises:
        WrongMessage: the addressee is not one address, the subject not one line, one of both
            texts is empty or too long, a reference is no message's id, or the invitation is none.
    """
    addressee = address_of(to)
    if not subject.strip() or len(subject) > LONGEST_SUBJECT or not _is_line(subject):
        raise WrongMessage("subject")
    if not body.strip() or len(body) > LONGEST_BODY or not _is_text(body):
        raise WrongMessage("body")
    if not all(map(is_reference, written.references)):
        raise WrongMessage("references")
    name, address = sender
    domain = address.rpartition("@")[2]
    made = EmailMessage(SMTP)
    made["From"] = Address(name, addr_spec=address)
    made["To"] = Address(addr_spec=addressee)
    made["Subject"] = subject.strip()
    made["Date"] = datetime.fromtimestamp(written.at, UTC)
    identity = f"<{hashlib.sha256(written.key.encode()).hexdigest()[:40]}@{domain}>"
    made["Message-ID"] = identity
    if written.references:
        made["In-Reply-To"] = f"<{written.references[-1]}>"
        made["References"] = " ".join(f"<{one}>" for one in written.references[-MOST_REFERENCES:])
    if not written.is_a_persons:
        # RFC 3834: nobody's absence answers a machine.
        made["Auto-Submitted"] = "auto-generated"
    made.set_content("\n".join(body.splitlines()) + "\n", charset="utf-8", cte="base64")
    if written.invitation is not None:
        _invite(made, written.invitation)
    return Letter(address, addressee, identity, made.as_bytes())


def _invite(made: EmailMessage, invitation: str) -> None:
    """Add an invitation as mail programs look for it (RFC 6047), and as a file for the others."""
    method = _METHOD.search(invitation)
    if method is None or not invitation.startswith("BEGIN:VCALENDAR\r\n"):
        raise WrongMessage("invitation")
    made.add_alternative(
        invitation, subtype="calendar", charset="utf-8", cte="base64",
        params={"method": method[1], "component": "VEVENT"},
    )  # fmt: skip
    made.add_attachment(
        invitation.encode(), maintype="application", subtype="ics", filename="invitation.ics"
    )


def is_reference(text: str) -> bool:
    """Return whether a text may stand in References as a message's id, without its brackets."""
    return _REFERENCE.fullmatch(text) is not None


def _is_line(text: str) -> bool:
    # Neither a line's end, in whatever script, nor what could hide or turn what follows.
    return all(
        unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in text
    )


def _is_text(text: str) -> bool:
    return all(
        letter in "\n\r\t" or unicodedata.category(letter) not in {"Cc", "Cs"} for letter in text
    )
