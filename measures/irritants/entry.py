"""One irritant: what it is about, whose it is, what they committed to, how it will be seen.

Source: measures.md A18 (register of irritants).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from measures.asking.dimensions import filtered
from runtime.errors import WrongReference
from runtime.json_text import plain

AXES: Final = ("motive", "qualification", "action", "journey", "step")
"""What an irritant may be: a code of the three axes, a journey, or a step of one."""
MOST_WEEKS: Final = 26
_WORDS: Final = ("code", "title", "owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is kept of an irritant; dates are written YYYY-MM-DD, in the tenant's zone.

    `owner`: a department or a role, often outside customer service. `action`, `due`: what it
    committed to, and by when; `done_on`: the day it was done. `measure`, `settings`, `where`: what
    its effect is seen on, over at most `weeks` before and after. `expected`: by how much the
    measure should change, in its unit: negative for less. `revision`: the hash of the revision
    that carries what was done; what is seen is then of the walks before it, and since.
    """

    axis: str
    code: str
    title: str
    owner: str
    action: str | None = None
    due: str | None = None
    done_on: str | None = None
    measure: str = "contacts"
    settings: str | None = None
    where: str | None = None
    expected: float | None = None
    weeks: int = 4
    revision: str | None = None
    is_closed: bool = False

    @property
    def status(self) -> str:
        """Where it stands: `open`, `committed`, `done` or `closed`."""
        if self.is_closed:
            return "closed"
        if self.done_on is not None:
            return "done"
        return "open" if self.action is None or self.due is None else "committed"

    @property
    def filters(self) -> str:
        """What its figures are filtered by, as `where` of a measure."""
        return ",".join(filter(None, (f"{self.axis}:{self.code}", self.where)))

    def overdue_at(self, zone: str) -> int | None:
        """Return from when on it is overdue, in milliseconds UTC; None where nothing is due."""
        if self.status != "committed":
            return None
        day = _day(self.due, "due") + timedelta(days=1)
        return round(datetime.combine(day, time(), ZoneInfo(zone)).timestamp() * 1000)

    def changed(self, change: Mapping[str, Any]) -> Entry:
        """Return it with some of its fields changed, checked."""
        made = replace(self, **change)
        made.refuse_unfit()
        return made

    def told(self) -> dict[str, Any]:
        """Return it as it is kept, and shown."""
        return asdict(self)

    def refuse_unfit(self) -> None:
        """Refuse what is not in its form.

        Raises:
            WrongReference: an axis, a text, a date or a number that cannot be; `field` says which.
        """
        if self.axis not in AXES:
            raise WrongReference(field="axis", allowed=list(AXES))
        for name in _WORDS:
            plain(getattr(self, name), name)
        if set(",|") & set(self.code):
            raise WrongReference(field="code", given=self.code)
        if self.action is not None:
            plain(self.action, "action", longest=1_000)
        for name in ("due", "done_on"):
            if getattr(self, name) is not None:
                _day(getattr(self, name), name)
        if self.due is not None and self.action is None:
            raise WrongReference(
                {"fr": "Une échéance va avec une action : donnez action.",
                 "en": "A date goes with an action: give action."},
                field="action",
            )  # fmt: skip
        if not 1 <= self.weeks <= MOST_WEEKS:
            raise WrongReference(field="weeks", allowed=f"1..{MOST_WEEKS}")
        if self.revision is not None and "revision" in filtered(self.where):
            raise WrongReference(
                {"fr": "Avec une révision, le filtre n'en nomme pas d'autre.",
                 "en": "With a revision, the filter names no other one."},
                field="where",
            )  # fmt: skip
        if self.expected is not None and (not math.isfinite(self.expected) or not self.expected):
            raise WrongReference(field="expected", allowed="a number other than 0")


def entry_of(kept: Mapping[str, Any]) -> Entry:
    """Return an irritant from what is kept of it; what it was written without is as by default."""
    return Entry(**{one.name: kept[one.name] for one in fields(Entry) if one.name in kept})


def _day(text: str | None, field: str) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise WrongReference(
            {"fr": "Une date se dit AAAA-MM-JJ.", "en": "A date is said as YYYY-MM-DD."},
            field=field, given=text,
        ) from None  # fmt: skip
