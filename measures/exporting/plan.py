"""The file that says which reports and measures are written by the clock, and where.

```toml
[committee]
report = true             # the report of a period; or measure = "duc_experienced", by = "channel"
                          # or value_stream = "parcel", a journey's
format = "html"           # html, xlsx, json of a report; csv, json, parquet, xlsx of another
folder = "exports"        # from this file's folder
on = "monday"             # that day alone, or a day of the month from 1 to 28
at = "06:30"              # in the library's time zone; or every = "4h"
period = "week"           # the last whole day, week or month; or up to when it is due: "30 days"
compare = "previous"
keep = 12                 # the latest so many files stay; all of them without it
```
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from connectors.faults import Misconfigured
from connectors.named_tables import Kind, read_named
from connectors.reading import Reading
from engine.expressions.units import parse_duration
from measures.asking.question import Asked, question
from measures.registry import MEASURES
from measures.reporting.forms import ANSWERS, REPORTS
from runtime.deploying import told
from runtime.errors import Failure
from runtime.schedule import Schedule, filled, read_schedule
from runtime.settings import Settings

NAME: Final = "exports.toml"
WHOLE: Final = ("day", "week", "month")
_LONGEST_S: Final = 10 * 366 * 86_400
_AT_START: Final = 1_767_225_600_000
"""A moment at which questions are held against the measures before any is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export: a measure's answer, a `journey`'s value stream, or the report without either."""

    name: str
    tenant: str
    measure: str | None
    journey: str | None
    form: str
    folder: Path
    when: Schedule
    period: str
    asked: Asked
    language: str = "fr"
    keep: int | None = None

    def question(self, due: int, zone: tzinfo) -> Asked:
        """Return what is asked when it is due, in milliseconds UTC: always the same for one due."""
        moment = datetime.fromtimestamp(due / 1000, UTC).astimezone(zone)
        since, until = _period(self.period, moment)
        one = self.asked
        return Asked(
            by=one.by, where=one.where, settings=one.settings, compare=one.compare, since=since,
            until=until,
        )  # fmt: skip


def _period(named: str, due: datetime) -> tuple[str, str]:
    if named not in WHOLE:
        seconds = parse_duration(named) or 0
        return (due - timedelta(seconds=seconds)).isoformat(), due.isoformat()
    end: date = due.date()
    if named == "week":
        end -= timedelta(days=end.weekday())
    elif named == "month":
        end = end.replace(day=1)
    if named == "month":
        begun = (end - timedelta(days=1)).replace(day=1)
    else:
        begun = end - timedelta(days=7 if named == "week" else 1)
    return begun.isoformat(), end.isoformat()


def exports_told(settings: Settings) -> list[Export]:
    """Return the exports that the settings have written by the clock.

    Raises:
        WrongDeployment: everything wrong in their file, at once, each at its place.
    """
    if settings.exports is None:
        return []
    try:
        return read_exports(Path(settings.exports))
    except Misconfigured as wrong:
        raise told(wrong) from wrong


def read_exports(path: Path) -> list[Export]:
    """Return the exports of a file, in its order.

    Raises:
        Misconfigured: everything wrong in the file, at once.
    """
    return read_named(path, _EXPORTS)[0]


def _export(name: str, read: Reading) -> Export:
    _refuse_several(read)
    measure, journey = _measure(read), filled(read, "value_stream", None)
    forms = REPORTS if measure is None and journey is None else ANSWERS
    asked = Asked(
        by=None if measure is None else filled(read, "by", None),
        where=None if journey is not None else filled(read, "where", None),
        settings=None if measure is None else filled(read, "with", None),
        compare=filled(read, "compare", None),
    )
    _refuse_unfit(read, measure or "contacts", asked)
    return Export(
        name=name,
        tenant=filled(read, "tenant", "default"),
        measure=measure,
        journey=journey,
        form=read.text("format", forms[0], among=forms),
        folder=read.source.folder / filled(read, "folder"),
        when=read_schedule(read, has_days=True),
        period=_named_period(read),
        asked=asked,
        language=read.text("language", "fr", among=("fr", "en")),
        keep=read.number("keep", None, least=1, most=10_000),
    )


_EXPORTS: Final = Kind(
    fr="export ; nom = lettres, chiffres, - et _",
    en="export; name = letters, digits, - and _",
    read=_export,
)


def _refuse_several(read: Reading) -> None:
    if sum(one in read for one in ("report", "measure", "value_stream")) != 1:
        read.refuse(
            None, "deployment.wrong-value",
            fr="l'un de report = true, measure et value_stream est nécessaire.",
            en="one of report = true, measure and value_stream is needed.",
        )  # fmt: skip


def _measure(read: Reading) -> str | None:
    measure: str | None = filled(read, "measure", None)
    if "report" in read and not read.flag("report"):
        read.wrong("report", fr="true", en="true")
    if measure is not None and measure not in MEASURES:
        read.wrong("measure", fr="un indicateur : `parcours measures` les liste",
                   en="a measure: `parcours measures` lists them")  # fmt: skip
        return None
    return measure


def _named_period(read: Reading) -> str:
    period: str = filled(read, "period", "30 days")
    seconds = parse_duration(period)
    if period not in WHOLE and (seconds is None or not 3_600 <= seconds <= _LONGEST_S):
        listed = ", ".join(WHOLE)
        read.wrong("period", fr=f"{listed}, ou une durée comme 30 days",
                   en=f"{listed}, or a duration such as 30 days")  # fmt: skip
        return WHOLE[0]
    return period


def _refuse_unfit(read: Reading, measure: str, asked: Asked) -> None:
    """Remember what the measure could not be asked with."""
    try:
        question(measure, asked, zone="UTC", now=_AT_START)
    except Failure as refused:
        key = str(refused.params.get("field", "measure"))
        said = refused.message
        read.refuse(key, refused.code, fr=said["fr"], en=said["en"])
