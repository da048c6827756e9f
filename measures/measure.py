"""One measure: everything that is said of it, once; API, files, documents and screens read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from measures.cut import Cut, Span
from measures.policy import LIBRARY, Policy
from measures.shapes import Shape


@dataclass(frozen=True, slots=True)
class Setting:
    """A named setting of a measure: its default, what it means, what it may be.

    One of `allowed`, or a name of the form of `pattern`, or else a number from `least` to `most`.
    `says` names what the library says of it (`contacts`, `target`, `minute` …), with `otherwise`
    where it says nothing; such a setting is `library` unless the question gives a number.
    """

    default: Any
    doc: str
    allowed: tuple[str, ...] = ()
    least: float = 0
    most: float = 1e9
    pattern: str = ""
    says: str = ""
    otherwise: float | None = None


class Words(Protocol):
    """What a measure makes of the library's word, its settings and its period: SQL, or numbers."""

    def __call__(self, policy: Policy, settings: Mapping[str, Any], /) -> Mapping[str, Any]:
        """Return SQL, or a number, by the name it has in the measure's texts."""
        ...


NEVER: Final = 7_258_118_400_000
"""The year 2200: the present moment of rows that it changes nothing for any more."""
QUANTILES: Final = Setting(
    "rounded", "rounded: of more than 500 values, median and P90 are off by 0.8 per cent at most; "
    "exact takes longer", ("rounded", "exact")
)  # fmt: skip
"""What every measure with a median or a ninetieth percentile may be asked with."""
COHORT: Final = Setting("closed", "tickets of the period by their close or opening",
                        ("closed", "opened"))  # fmt: skip


BUDGET: Final = Setting(
    LIBRARY, "contacts that a well-organised process needs", least=1, says="contacts", otherwise=1
)  # fmt: skip
MINUTE: Final = Setting(LIBRARY, "what a minute of an advisor costs", says="minute")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure over many contacts, tickets or visits.

    Attributes:
        slug: its name in addresses. `label`: in each language. `unit`: s, share, count, bits …
        formula, includes, edges: how it is worked out, over what, and what happens at the edges.
        source: where its definition comes from.
        table: whose rows it is over. `at`: their column that places them in a period.
        rows: a query in place of the table, when rows need `more` columns; {since}, {until} and
            {at} say of which period they are.
        during: the condition of a period in place of `at`, with {since} and {until}.
        keep: which rows count; the others are told as `excluded`.
        settled: where {now} is used, from when on it changes nothing for a row: a column, and a
            number of milliseconds after it, by the settings.
        shape: how it is worked out.
        settings: its named settings.
        marks: doubts that always stand beside it, such as `not_calibrated`.
        is_compared_by_mix: whether two periods are compared on the same mix of motives.
        words: what it makes of the library's word, as SQL.
        not_by: dimensions that would make no sense of it.
        is_money: whether it is told in the library's currency, and needs its unit costs.
        needs_map: whether it needs to know which qualifications a declaration corresponds to.
    """

    slug: str
    label: Mapping[str, str]
    unit: str
    formula: str
    includes: str
    edges: str
    source: str
    shape: Shape
    table: str = "contact"
    at: str = "closed"
    rows: str | None = None
    more: tuple[str, ...] = ()
    during: str | None = None
    keep: str = "TRUE"
    settled: Callable[[Mapping[str, Any]], tuple[str, int]] | None = None
    settings: Mapping[str, Setting] = field(default_factory=dict)
    is_compared_by_mix: bool = False
    marks: tuple[str, ...] = ()
    words: Words | None = None
    not_by: tuple[str, ...] = ()
    is_money: bool = False
    needs_map: bool = False

    @property
    def unit_column(self) -> str:
        """The column that names a row's contact or ticket."""
        return "ticket" if self.table == "ticket" else "contact"

    def told(self, settings: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
        """Return its settings as its texts take them: the library's word in its place."""
        known = {name: one.default for name, one in self.settings.items()} | dict(settings)
        for name, one in self.settings.items():
            if known[name] == LIBRARY and one.says:
                known[name] = policy.value(one.says, one.otherwise)
        return known | dict(self.words(policy, known) if self.words else {})

    def cut(self, *, since: int, until: int, filters: str, settings: Mapping[str, Any],
            now: int, policy: Policy) -> Cut:  # fmt: skip
        """Return the rows of a period, in milliseconds UTC, `until` left out."""
        known = self.told({**settings, "since": since, "until": until}, policy)
        at = known.get("cohort", self.at)
        during = self.during or f"{at} >= {{since}} AND {at} < {{until}}"
        told = {**known, "now": now, "since": since, "until": until, "at": at}
        source = self.table if self.rows is None else f"({self.rows.format(**told)})"
        period = during.format(**told)
        made = Cut(
            source=source, table=self.table, more=self.more, period=period,
            where=f"({period}) AND ({filters})",
            keep=self.keep.format(**told), unit=self.unit_column, now=now,
            settings=known,
        )  # fmt: skip
        if self.rows is not None or self.during is not None:
            return made
        if self._asks_the_moment and self.settled is None:
            return made
        settled = self.settled and self.settled(known)
        lasting = replace(
            made, period=f"{at} IS NOT NULL", where=f"({at} IS NOT NULL) AND ({filters})",
            keep=self.keep.format(**{**told, "now": NEVER}), now=NEVER,
        )  # fmt: skip
        return replace(made, span=Span(at, since, until, settled), lasting=lasting)

    @property
    def _asks_the_moment(self) -> bool:
        wanted = self.shape.wanted
        texts = (self.keep, wanted.over or "", wanted.under, *wanted.also.values())
        return any("{now}" in text for text in texts)


def with_quantiles(measure: Measure) -> Measure:
    """Return a measure that may be asked for exact quantiles, where it has any."""
    if not any("quantile_cont(" in text for text in measure.shape.wanted.also.values()):
        return measure
    return replace(measure, settings={**measure.settings, "quantiles": QUANTILES})
