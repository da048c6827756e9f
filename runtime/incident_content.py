"""What an incident says, and of whom: checked when it is written, worded when it is read.

One text a language, with variants a channel: a variant may leave something out, but says no figure
that the text does not. `{next_update}` stands for the time of the next update, which is written
once and so is the same everywhere. Decision 0027.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine import localise
from runtime.errors import WrongReference
from runtime.incident_errors import Contradiction
from runtime.json_text import plain

HOLE: Final = "{next_update}"
LONGEST: Final = 2_000
"""Most characters of a text."""
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CHANNEL: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_HOLES: Final = re.compile(r"[{}]")
_FIGURE: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whom an incident concerns. What is named must all fit; what is not named, anybody.

    `motives` are declarations and all below them; `customers` what is known of the customer, as
    fact or answer → the texts it may be, `69*` for all that begin so; `area` is for people to read.
    """

    motives: Sequence[str] = ()
    journeys: Sequence[str] = ()
    channels: Sequence[str] = ()
    customers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    area: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One version of an incident. Times are milliseconds UTC; `texts` by language.

    Each text is `{text, channels: {channel: variant}}`. `branch` is the journey that is offered,
    the library's own incident journey when it is None.
    """

    title: str
    scope: Scope
    texts: Mapping[str, Mapping[str, Any]]
    begins: int
    ends: int | None = None
    next_update: int | None = None
    timezone: str = "UTC"
    branch: str | None = None

    def stored(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return asdict(self)


def restored(data: Mapping[str, Any]) -> Content:
    """Return the content that `stored` made data of."""
    return Content(**{**data, "scope": Scope(**data["scope"])})


def check(content: Content) -> None:
    """Refuse what could not be said.

    Raises:
        WrongReference: a text, name or time is not in its form; `field` says which.
        Contradiction: a variant says a figure that its text does not.
    """
    plain(content.title, "title")
    if content.ends is not None and content.ends <= content.begins:
        raise _wrong("ends", "La fin vient après le début.", "The end comes after the beginning.")
    try:
        ZoneInfo(content.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise _wrong("timezone", "Fuseau horaire inconnu.", "Unknown time zone.") from None
    _check_scope(content.scope)
    if not content.texts:
        raise _wrong("texts", "Il faut un texte.", "A text is needed.")
    for language, said in content.texts.items():
        if not _LANGUAGE.fullmatch(language):
            raise _wrong("texts", "Langue inconnue.", "Not a language.")
        _check_text(said["text"], f"texts.{language}", content)
        figures = set(_FIGURE.findall(said["text"]))
        for channel, variant in said["channels"].items():
            name = f"texts.{language}.{channel}"
            if not _CHANNEL.fullmatch(channel):
                raise _wrong(name, "Canal mal nommé.", "Not a channel's name.")
            _check_text(variant, name, content)
            if more := sorted(set(_FIGURE.findall(variant)) - figures):
                raise Contradiction(field=name, figures=more)


def _check_scope(scope: Scope) -> None:
    for kind in ("motives", "journeys", "channels"):
        for name in getattr(scope, kind):
            plain(name, f"scope.{kind}")
    for name, values in scope.customers.items():
        plain(name, "scope.customers")
        for value in values:
            plain(value, f"scope.customers.{name}")
    if scope.area is not None:
        plain(scope.area, "scope.area")


def _check_text(text: str, name: str, content: Content) -> None:
    bare = text.replace(HOLE, "")
    if not text.strip() or len(text) > LONGEST or not bare.replace("\n", "").isprintable():
        raise _wrong(
            name,
            f"Il faut un texte de 1 à {LONGEST} caractères imprimables.",
            f"A text of 1 to {LONGEST} printable characters is needed.",
        )
    if _HOLES.search(bare):
        raise _wrong(
            name, f"La seule valeur à insérer est {HOLE}.", f"The only value to insert is {HOLE}."
        )
    if HOLE in text and content.next_update is None:
        raise _wrong(
            "next_update",
            f"Le texte dit {HOLE} : donnez l'heure du prochain point.",
            f"The text says {HOLE}: give the time of the next update.",
        )


def _wrong(name: str, fr: str, en: str) -> WrongReference:
    return WrongReference({"fr": fr, "en": en}, field=name)


def worded(content: Content, *, language: str, channel: str | None, now: int) -> tuple[str, str]:
    """Return the language and the text to say on a channel: the one asked for, else the first."""
    spoken = language if language in content.texts else localise.base(language)
    if spoken not in content.texts:
        spoken = next(iter(content.texts))
    said = content.texts[spoken]
    text = said["channels"].get(channel, said["text"])
    if content.next_update is None:
        return spoken, text
    return spoken, text.replace(HOLE, moment(content, spoken, now))


def moment(content: Content, language: str, now: int) -> str:
    """Return the time of the next update as people say it, with its day when it is another one."""
    zone = ZoneInfo(content.timezone)
    due, today = (
        dt.datetime.fromtimestamp(at / 1000, zone) for at in (content.next_update or 0, now)
    )
    hour = localise.time_of_day(f"{due:%H:%M}", language)
    if due.date() == today.date():
        return hour
    return f"{hour} ({localise.date(due.date().isoformat(), language)})"


def is_on(content: Content, now: int) -> bool:
    """Return whether its period has begun and is not over."""
    return content.begins <= now and (content.ends is None or now < content.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of whoever may be concerned. None: not known, which excludes nobody."""

    motives: Sequence[str] | None = None
    journeys: Sequence[str] | None = None
    channel: str | None = None
    known: Mapping[str, str] | None = None


def concerns(scope: Scope, who: Circumstances) -> bool:
    """Return whether an incident concerns somebody."""
    if scope.motives and who.motives is not None:
        below = any(
            code == motive or code.startswith(f"{motive}.")
            for code in who.motives
            for motive in scope.motives
        )
        if not below:
            return False
    if scope.journeys and who.journeys is not None and not set(scope.journeys) & set(who.journeys):
        return False
    if scope.channels and who.channel is not None and who.channel not in scope.channels:
        return False
    if who.known is None:
        return True
    return all(_fits(who.known.get(name), values) for name, values in scope.customers.items())


def _fits(value: str | None, wanted: Sequence[str]) -> bool:
    if value is None:
        return False
    said = value.casefold()
    return any(
        said.startswith(one[:-1].casefold()) if one.endswith("*") else said == one.casefold()
        for one in wanted
    )
