"""Periods: days in the tenant's zone, from the first to before the last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from measures.errors import WrongQuestion

DEFAULT_DAYS = 30
_LEAST_DAY_MS = 20 * 3_600_000
"""Of what is shorter no day is whole, however the clock was changed."""
LAST = 7_258_118_400_000
"""The year 2200: what lies beyond it, or before 1970, is a slip of the keyboard."""
_BOUNDS = {
    "fr": "La période doit tenir entre 1970 et 2200.",
    "en": "The period must lie between 1970 and 2200.",
}
_FORMS = {
    "fr": "Une date se dit AAAA-MM-JJ, ou AAAA-MM-JJTHH:MM avec son décalage.",
    "en": "A date is said as YYYY-MM-DD, or YYYY-MM-DDTHH:MM with its offset.",
}


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` until before `until`, milliseconds UTC."""

    since: int
    until: int

    def shown(self, zone: str) -> dict[str, str]:
        """Return the period as people write it, in a zone."""
        return {"from": _shown(self.since, zone), "to": _shown(self.until, zone)}


def period(since: str | None, until: str | None, *, zone: str, now: int) -> Period:
    """Return the period asked for; the last 30 days up to now where nothing is said.

    Raises:
        WrongQuestion: a date that is none, or an end that does not come after its beginning.
    """
    end = now + 1 if until is None else _moment(until, zone, field="to")
    if since is None:
        begun = datetime.fromtimestamp(end / 1000, ZoneInfo(zone)) - timedelta(days=DEFAULT_DAYS)
        start = _ms(begun)
    else:
        start = _moment(since, zone, field="from")
    if not 0 <= start <= LAST or end > LAST:
        raise WrongQuestion(_BOUNDS, field="from")
    if end <= start:
        raise WrongQuestion(
            {
                "fr": "La période finit avant de commencer : `to` doit venir après `from`.",
                "en": "The period ends before it begins: `to` must come after `from`.",
            },
            field="to",
        )
    return Period(start, end)


def compared(text: str | None, asked: Period, *, zone: str, now: int) -> Period | None:
    """Return the period to compare with: `previous`, or `FROM..TO`.

    `previous` is as many months as were asked for where they are whole, else as many days by the
    zone's clock: a day of 23 or 25 hours is compared with a whole day.

    Raises:
        WrongQuestion: it is neither.
    """
    if text is None:
        return None
    if text == "previous":
        begun = _before(asked, zone)
        if begun < 0:
            raise WrongQuestion(_BOUNDS, field="compare")
        return Period(begun, asked.since)
    since, dots, until = text.partition("..")
    if not dots or not since or not until:
        raise WrongQuestion(
            {
                "fr": "On compare avec `previous`, ou avec une période AAAA-MM-JJ..AAAA-MM-JJ.",
                "en": "Compare with `previous`, or with a period YYYY-MM-DD..YYYY-MM-DD.",
            },
            field="compare",
        )
    return period(since, until, zone=zone, now=now)


def _before(asked: Period, zone: str) -> int:
    place = ZoneInfo(zone)
    start = datetime.fromtimestamp(asked.since / 1000, place)
    end = datetime.fromtimestamp(asked.until / 1000, place)
    if all(one.day == 1 and one.time() == time() for one in (start, end)):
        month = 2 * (start.year * 12 + start.month) - (end.year * 12 + end.month) - 1
        return _ms(start.replace(year=month // 12, month=month % 12 + 1))
    if asked.until - asked.since < _LEAST_DAY_MS:
        return 2 * asked.since - asked.until
    # Both are of one zone, so that Python takes what its clock shows from each other.
    return _ms(start - (end - start))


def _moment(text: str, zone: str, *, field: str) -> int:
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            return _ms(datetime.combine(day, time(), ZoneInfo(zone)))
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
        return _ms(moment)
    except (ValueError, OverflowError, OSError):
        raise WrongQuestion(_FORMS, field=field, given=text) from None


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _shown(ms: int, zone: str) -> str:
    moment = datetime.fromtimestamp(ms / 1000, ZoneInfo(zone))
    is_midnight = moment.time() == time()
    return moment.date().isoformat() if is_midnight else moment.isoformat(timespec="seconds")
