"""Values as people of a language write them: money, dates, numbers; French and English.

A language other than French is written the English way, until its rows are added to the tables
below. Everything takes values in their JSON form; what has not the expected form is returned as
plain text, never an error.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from engine.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.events import Json

NARROW_SPACE = "\u202f"
HARD_SPACE = "\u00a0"
MISSING = "…"

_FRENCH_MONTHS = """
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
"""
_ENGLISH_MONTHS = """
January February March April May June July August September October November December
"""
WEEKDAYS = {
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
MONTHS = {"fr": _FRENCH_MONTHS.split(), "en": _ENGLISH_MONTHS.split()}
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF", "JPY": "¥", "CAD": "CA$"}
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES
VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
CURRENCIES = frozenset(_CODES.split())
"""The currencies in use. Source: ISO 4217."""
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_DIGITS = dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_THREE.split(), 3)
_SPANS = (
    (86_400, {"fr": ("jour", "jours"), "en": ("day", "days")}),
    (3_600, {"fr": ("h", "h"), "en": ("h", "h")}),
    (60, {"fr": ("min", "min"), "en": ("min", "min")}),
    (1, {"fr": ("s", "s"), "en": ("s", "s")}),
)


def base(language: str) -> str:
    """Return the language whose habits are followed: `fr` for `fr` and `fr-CA`, else `en`."""
    return "fr" if language.partition("-")[0].lower() == "fr" else "en"


def digits(currency: str) -> int:
    """Return how many decimals an amount of a currency has. Source: ISO 4217."""
    return _DIGITS.get(currency, 2)


def number(
    value: Json, language: str, *, decimals: int | None = None, unit: str | None = None
) -> str:
    """Return a number with the language's decimal mark and groups of three: `1 234,5`, `1,234.5`.

    A `{value, unit}` object shows its unit. `decimals` fixes how many there are.
    """
    if isinstance(value, dict):
        unit = str(value.get("unit", "")) or unit
        value = value.get("value")
    exact = _decimal(value)
    if exact is None:
        return str(value)
    shown = f"{exact:,.{decimals}f}" if decimals is not None else f"{exact:,f}"
    if base(language) == "fr":
        shown = shown.replace(",", NARROW_SPACE).replace(".", ",")
    return f"{shown}{HARD_SPACE}{unit}" if unit else shown


def money(value: Json, language: str, *, short: bool = False) -> str:
    """Return an amount: `12,50 €`, `€12.50`; `short` drops decimals that are zero."""
    if not isinstance(value, dict):
        return str(value)
    currency = str(value.get("currency", ""))
    amount = _decimal(value.get("amount"))
    if amount is None:
        return str(value.get("amount"))
    whole = short and amount == amount.to_integral_value()
    places = 0 if whole else digits(currency)
    symbol = SYMBOLS.get(currency, currency)
    if base(language) == "fr":
        return f"{number(amount, language, decimals=places)}{HARD_SPACE}{symbol}"
    sign = "-" if amount < 0 else ""
    gap = HARD_SPACE if symbol.isalpha() else ""
    return f"{sign}{symbol}{gap}{number(abs(amount), language, decimals=places)}"


def date(value: Json, language: str, *, short: bool = False) -> str:
    """Return a day: `4 octobre 2026`, `4 October 2026`; short `04/10/2026` in both."""
    try:
        day = dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return str(value)
    if short:
        return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
    habit = base(language)
    first = "1er" if habit == "fr" and day.day == 1 else str(day.day)
    return f"{first} {MONTHS[habit][day.month - 1]} {day.year}"


def day_and_hour(moment: dt.datetime, language: str) -> str:
    """Return a day with its name, and an hour: `lundi 5 octobre 2026, 14 h 30`."""
    named = WEEKDAYS[base(language)][moment.weekday()]
    hour = time_of_day(f"{moment:%H:%M}", language)
    return f"{named} {date(moment.date().isoformat(), language)}, {hour}"


def time_of_day(value: Json, language: str) -> str:
    """Return an hour of the day: `14 h 30`, `14:30`."""
    shown = str(value)
    if base(language) == "fr" and len(shown) == 5 and shown[2] == ":":
        return f"{shown[:2]}{HARD_SPACE}h{HARD_SPACE}{shown[3:]}"
    return shown


def period(value: Json, language: str, *, short: bool = False) -> str:
    """Return two days: `du 4 octobre 2026 au 6 octobre 2026`, `4 October 2026 to …`."""
    if not isinstance(value, dict):
        return str(value)
    first = date(value.get("from"), language, short=short)
    last = date(value.get("to"), language, short=short)
    return f"du {first} au {last}" if base(language) == "fr" else f"{first} to {last}"


def duration(value: Json, language: str) -> str:
    """Return a span of time by its two largest parts: `2 jours 3 h`; of seconds or `{seconds}`."""
    seconds = _decimal(value.get("seconds") if isinstance(value, dict) else value)
    if seconds is None:
        return str(value)
    habit = base(language)
    left = int(abs(seconds))
    parts: list[str] = []
    for size, words in _SPANS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{HARD_SPACE}{words[habit][0 if count == 1 else 1]}")
    shown = " ".join(parts[:2]) or f"0{HARD_SPACE}s"
    return f"-{shown}" if seconds < 0 else shown


def yes_no(value: Json, language: str) -> str:
    """Return `oui`/`non`, `yes`/`no`."""
    words = ("oui", "non") if base(language) == "fr" else ("yes", "no")
    return words[0] if value else words[1]


def listed(items: Sequence[str], language: str) -> str:
    """Return things in a row: `a, b et c`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    last = " et " if base(language) == "fr" else " and "
    return ", ".join(items[:-1]) + last + items[-1]


def show(value: Json, kind: Kind, *, language: str, short: bool = False) -> str:
    """Return any value as people write it, by its kind, or by its form where that is not known.

    What is missing shows as `…`.
    """
    if value is None:
        return MISSING
    match kind.name:
        case "money":
            return money(value, language, short=short)
        case "date":
            return date(value, language, short=short)
        case "time":
            return time_of_day(value, language)
        case "period":
            return period(value, language, short=short)
        case "duration":
            return duration(value, language)
        case "number":
            return number(value, language, unit=kind.unit)
        case "text" | "choice":
            return value if isinstance(value, str) else _show_by_form(value, language, short=short)
    if isinstance(value, list):
        item = kind.item or Kind("any")
        return listed([show(one, item, language=language, short=short) for one in value], language)
    if kind.name == "record" and isinstance(value, dict) and kind.fields:
        return _show_parts(value, kind, language=language, short=short)
    return _show_by_form(value, language, short=short)


def _show_parts(value: dict[str, Json], kind: Kind, *, language: str, short: bool) -> str:
    fields = kind.fields or {}
    return ", ".join(
        show(value[name], part, language=language, short=short)
        for name, part in fields.items()
        if value.get(name) is not None
    )


def _show_by_form(value: Json, language: str, *, short: bool) -> str:
    if isinstance(value, bool):
        return yes_no(value, language)
    if isinstance(value, int | float | Decimal):
        return number(value, language)
    if isinstance(value, dict):
        forms: Iterable[tuple[set[str], str]] = (
            ({"amount", "currency"}, "money"),
            ({"value", "unit"}, "number"),
            ({"seconds"}, "duration"),
            ({"from", "to"}, "period"),
        )
        for keys, name in forms:
            if set(value) == keys:
                return show(value, Kind(name), language=language, short=short)
        return ", ".join(
            str(part) for part in value.values() if isinstance(part, str | int | float)
        )
    return str(value)


def _decimal(value: Json) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() and exact.adjusted() < 30 else None
