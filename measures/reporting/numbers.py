"""Figures as a committee reads them, in French or English: shares, times, counts, money."""

from __future__ import annotations

from typing import Final

_COUNTS: Final = frozenset({"count", "points"})
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def said(value: float | None, unit: str, language: str) -> str:
    """Return a value in its unit, as people read it; a dash for none."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{_number(100 * value, 1, language)}\u00a0%"
    if unit == "s":
        return time_said(value, language)
    if unit in _COUNTS and float(value).is_integer():
        return _number(value, 0, language)
    shown = _number(value, 2, language)
    return f"{shown}\u00a0{unit}" if unit in {"min", "bits"} or unit.isupper() else shown


def changed(value: float | None, unit: str, language: str) -> str:
    """Return a difference as people read it, with its sign; that of two shares is in points."""
    if value is None:
        return "–"
    text = (
        f"{_number(100 * value, 1, language)}\u00a0pt" if unit == "share"
        else said(value, unit, language)
    )  # fmt: skip
    return f"+{text}" if value > 0 else text


def time_said(seconds: float, language: str) -> str:
    """Return seconds in the two units that tell them best: `4 min 12 s`, `3 h 05`, `2,1 j`."""
    sign, size = ("−" if seconds < 0 else ""), abs(seconds)
    if size < _MINUTE:
        return f"{sign}{_number(size, 1, language)}\u00a0s"
    if size < _HOUR:
        minutes, rest = divmod(round(size), _MINUTE)
        return f"{sign}{minutes}\u00a0min\u00a0{rest:02}\u00a0s"
    if size < 4 * _DAY:
        hours, rest = divmod(round(size / _MINUTE), _MINUTE)
        return f"{sign}{hours}\u00a0h\u00a0{rest:02}"
    day = {"fr": "j", "en": "d"}[language]
    return f"{sign}{_number(size / _DAY, 1, language)}\u00a0{day}"


def _number(value: float, digits: int, language: str) -> str:
    text = f"{value:,.{digits}f}"
    if language == "fr":
        return text.replace(",", "\u202f").replace(".", ",").replace("-", "−")
    return text.replace("-", "−")
