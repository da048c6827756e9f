"""What phone systems say of a call, each in its own words, read into ours.

Whatever is not understood is kept as `unmapped`: a screen pop never fails for a word too many.
Source: experience.md 3.1 (the parameters of VICIdial, Wildix, Global IP phones, ServiceNow,
Genesys Cloud, Twilio Flex, Cisco Webex and Zammad, and our own).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from runtime.customers import normalise
from runtime.errors import WrongReference
from runtime.json_text import plain

ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "call": (
        "call_id",
        "callid",
        "callsid",
        "uniqueid",
        "callguid",
        "gcconversationid",
        "pcconversationid",
        "gcinteractionid",
        "task_sid",
        "i",
    ),
    "direction": ("direction", "calltype", "call_type", "t"),
    "caller": (
        "from",
        "phone_number",
        "callernum",
        "remoteparty",
        "sysparm_caller_phone",
        "ani",
        "caller",
        "callerid",
        "caller_id",
        "c",
    ),
    "called": ("to", "did_extension", "dnis", "did", "localparty", "dialed_number"),
    "agent": ("agent", "user", "agent_user", "agent_id", "worker", "usernum"),
    "queue": ("queue", "skill", "campaign", "camp_script"),
    "channel": ("channel", "gcinteractiontype", "media"),
    "language": ("lang", "language", "pclangtag", "gclangtag"),
    "journey": ("journey",),
    "customer": ("customer_id",),
    "phone": ("customer_phone",),
    "email": ("customer_email", "email"),
    "ticket": ("ticket_id",),
    "record": ("lead_id", "vendor_lead_code", "vendor_id", "sysparm_task_id", "case_id", "ticket"),
    "recording": ("recording_id", "recording_filename"),
    "back": ("return_url",),
    "source": ("source",),
}
"""Each of our words and, in order of preference, the names it goes by; case does not count."""
OUT: Final = frozenset({"out", "o", "outbound", "outgoing", "outbound-api", "outbound-dial", "s"})
IN: Final = frozenset({"in", "i", "inbound", "incoming", "n", ""})
NOBODY: Final = frozenset(
    {"anonymous", "unknown", "private", "withheld", "restricted", "unavailable", "anonyme", ""}
)
"""What phone systems say in place of a number that is withheld."""
CHANNELS: Final[Mapping[str, str]] = {
    "call": "phone", "voice": "phone", "phone": "phone", "callback": "phone", "email": "email",
    "chat": "chat", "message": "chat", "webmessaging": "chat", "sms": "sms",
}  # fmt: skip
ENCODED: Final = frozenset({"globalip"})
"""Sources whose values come in base64."""
VARIABLE: Final = "v."
LONGEST: Final = 255
"""Most characters of a value that are kept."""
INTERNATIONAL: Final = 11
"""Digits from which a number without zero or plus is surely one with its country's prefix."""
NATIONAL: Final = 8
"""Fewest digits after this country's prefix: what begins like it and is shorter is another."""
_DIGITS: Final = re.compile(r"[1-9][0-9]{7,14}")
_NAMES: Final = {alias: name for name, aliases in ALIASES.items() for alias in aliases}
_TEMPLATE: Final = re.compile(r"(\{\{?[^{}]*\}?\}|\$[A-Za-z]+|--A--\w+--B--)")


@dataclass(frozen=True, slots=True)
class _Written:
    """How a phone system writes numbers."""

    country: str
    is_without_plus: bool

    def number(self, given: str | None) -> str | None:
        """Return a number in E.164, None for one withheld or malformed."""
        if not given or given.lower() in NOBODY:
            return None
        bare = given.removeprefix("tel:").removeprefix("sip:").partition("@")[0].partition(";")[0]
        if _DIGITS.fullmatch(bare) and (
            (self.is_without_plus and len(bare) >= INTERNATIONAL)
            or (bare.startswith(self.country) and len(bare) >= len(self.country) + NATIONAL)
        ):
            bare = f"+{bare}"
        try:
            return normalise("phone", bare, country=self.country)
        except WrongReference:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is known of a call from its parameters.

    Attributes:
        caller, called: E.164 numbers; None when withheld or not one.
        is_withheld: whether the caller's number was said to be unknown.
        values: inputs of the journey (`v.<name>`).
        unmapped: what was said and not understood, as it was said.
    """

    source: str = "phone"
    call: str | None = None
    direction: str = "inbound"
    caller: str | None = None
    called: str | None = None
    is_withheld: bool = False
    agent: str | None = None
    queue: str | None = None
    channel: str = "phone"
    language: str | None = None
    journey: str | None = None
    customer: str | None = None
    phone: str | None = None
    email: str | None = None
    ticket: str | None = None
    record: str | None = None
    recording: str | None = None
    back: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    unmapped: Mapping[str, str] = field(default_factory=dict)

    @property
    def outside(self) -> str | None:
        """The number of the person outside: who calls, or who is called."""
        return self.caller if self.direction == "inbound" else self.called


def tidy(name: str, value: str) -> str:
    """Return a parameter's value as one line that can be kept, cut at 255 characters.

    Raises:
        WrongReference: the call's id is longer: cut, it could be another call's.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    if _NAMES.get(name.lower()) == "call":
        return line and plain(line, name)
    return line[:LONGEST]


def read(
    parameters: Mapping[str, str], *, country: str = "33", is_without_plus: bool = False
) -> Said:
    """Return what a call's parameters say.

    A template the phone system left unfilled (`{CALLERNUM}`, `$RemoteParty`) says nothing, as an
    empty text does.

    Args:
        parameters: name -> value, as the phone system sends them.
        country: prefix of numbers written with a leading zero.
        is_without_plus: whether it writes E.164 without its plus, as Zammad's CTI has it. Of other
            systems only this country's numbers are read so.
    """
    source = next((v for k, v in parameters.items() if k.lower() == "source" and v), "phone")
    found: dict[str, str] = {}
    ranks: dict[str, int] = {}
    values: dict[str, str] = {}
    unmapped: dict[str, str] = {}
    for name, given in parameters.items():
        encoded = source in ENCODED and name != "source"
        value = tidy(name, _decoded(given.strip())) if encoded else given.strip()
        alias = name.lower()
        word = _NAMES.get(alias)
        if _TEMPLATE.fullmatch(value):
            continue
        if alias.startswith(VARIABLE) and len(name) > len(VARIABLE):
            values[name[len(VARIABLE) :]] = value
        elif word is None:
            unmapped[name] = value
        elif value or word == "caller":
            rank = ALIASES[word].index(alias)
            if word not in ranks or rank < ranks[word]:
                if word in found and found[word] != value:
                    unmapped[ALIASES[word][ranks[word]]] = found[word]
                found[word], ranks[word] = value, rank
            elif found[word] != value:
                unmapped[name] = value
    written = _Written(country, is_without_plus)
    return _said(found, source=source, values=values, unmapped=unmapped, written=written)


def _said(
    found: dict[str, str], *, source: str, values: dict[str, str], unmapped: dict[str, str],
    written: _Written,
) -> Said:  # fmt: skip
    is_withheld = found.get("caller", "x").lower() in NOBODY
    numbers: dict[str, str | None] = {}
    for word in ("caller", "called", "phone"):
        given = found.pop(word, None)
        numbers[word] = written.number(given)
        if given and numbers[word] is None and given.lower() not in NOBODY:
            unmapped[ALIASES[word][0]] = given
    email = found.pop("email", None)
    address = _email(email)
    if email and address is None:
        unmapped["customer_email"] = email
    direction = found.pop("direction", "").lower()
    if direction not in OUT | IN:
        unmapped["direction"] = direction
    channel = found.pop("channel", "phone").lower()
    language = found.pop("language", "")[:2].lower()
    found.pop("source", None)
    return Said(
        source=source,
        direction="outbound" if direction in OUT else "inbound",
        channel=CHANNELS.get(channel, channel),
        language=language if language.isalpha() else None,
        is_withheld=is_withheld,
        email=address,
        values=values,
        unmapped=unmapped,
        **numbers,
        **found,
    )


def _email(given: str | None) -> str | None:
    if not given:
        return None
    try:
        return normalise("email", given)
    except WrongReference:
        return None


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return value
