"""A question about a measure, checked: what to work out, cut how, over which period."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from measures.asking.dimensions import (
    MOST_DIMENSIONS,
    WORKPLACES,
    Dimension,
    condition,
    dimension,
    filtered,
)
from measures.asking.periods import Period, compared, period
from measures.cut import Cut
from measures.errors import UnknownMeasure, WrongQuestion
from measures.measure import Measure, Setting
from measures.policy import LIBRARY, Policy
from measures.registry import MEASURES


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was written: see `GET /v1/measures/{slug}`."""

    by: str | None = None
    where: str | None = None
    since: str | None = None
    until: str | None = None
    compare: str | None = None
    settings: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, checked and in our terms."""

    measure: Measure
    asked: Asked
    dims: tuple[Dimension, ...]
    filters: str
    period: Period
    before: Period | None
    zone: str
    now: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)

    def cut(self, of: Period | None = None) -> Cut:
        """Return the rows of a period, the one asked for by default, not yet grouped."""
        when = of or self.period
        return self.measure.cut(
            since=when.since, until=when.until, filters=self.filters, settings=self.settings,
            now=self.now, policy=self.policy,
        )  # fmt: skip

    @property
    def by_library(self) -> dict[str, Mapping[str, float]]:
        """What the library says by motive or channel, for each setting that is its word."""
        return {
            name: self.policy.said(one.says)
            for name, one in self.measure.settings.items()
            if one.says in {"contacts", "target", "answer_within"}
            and self.settings[name] == LIBRARY
        }

    @property
    def lacks(self) -> str | None:
        """Why no library lets it be answered: what things cost is not said, or what corresponds."""
        if self.measure.is_money and self.cut().settings["minute"] is None:
            return "no_costs"
        return "no_map" if self.measure.needs_map and self.policy.corresponds() is None else None

    @property
    def at(self) -> str:
        """The column that places its rows in time."""
        return str(self.settings.get("cohort", self.measure.at))

    @property
    def is_narrowed(self) -> bool:
        """Whether the facts are cut or filtered, so that few may be left in a group."""
        return bool(self.dims or self.asked.where)

    @property
    def names_teams(self) -> bool:
        """Whether the figures of a team, a site or a provider are asked for."""
        named = {one.name for one in self.dims} | filtered(self.asked.where)
        return not named.isdisjoint(WORKPLACES)


def measure_named(slug: str) -> Measure:
    """Return a measure by its name. Raises UnknownMeasure when there is none."""
    found = MEASURES.get(slug)
    if found is None:
        raise UnknownMeasure(slug=slug)
    return found


def question(
    slug: str, asked: Asked, *, zone: str, now: int, policy: Policy | None = None
) -> Question:
    """Return a question, checked; `policy` is what the tenant's libraries say.

    Raises:
        UnknownMeasure, WrongQuestion, PeopleAreNotRanked: as it says.
    """
    measure = measure_named(slug)
    settings = _settings(measure, asked.settings)
    when = period(asked.since, asked.until, zone=zone, now=now)
    at = str(settings.get("cohort", measure.at))
    names = [name for name in (asked.by or "").split(",") if name]
    if len(names) > MOST_DIMENSIONS or len(set(names)) < len(names):
        raise WrongQuestion(
            {
                "fr": f"Au plus {MOST_DIMENSIONS} dimensions, chacune une fois.",
                "en": f"At most {MOST_DIMENSIONS} dimensions, each of them once.",
            },
            field="by",
        )
    return Question(
        measure=measure,
        asked=asked,
        dims=tuple(dimension(measure, name, zone=zone, at=at) for name in names),
        filters=condition(measure, asked.where or ""),
        period=when,
        before=compared(asked.compare, when, zone=zone, now=now),
        zone=zone,
        now=now,
        settings=settings,
        policy=policy or Policy(),
    )


def _settings(measure: Measure, text: str | None) -> dict[str, Any]:
    """Return the settings of a question, `window:14,cohort:opened`, over the measure's own."""
    found = {name: one.default for name, one in measure.settings.items()}
    for part in (text or "").split(","):
        if not part:
            continue
        name, _, value = part.partition(":")
        setting = measure.settings.get(name)
        if setting is None:
            raise WrongQuestion(
                {
                    "fr": f"« {name} » n'est pas un réglage de cet indicateur.",
                    "en": f"`{name}` is not a setting of this measure.",
                },
                field="with",
                allowed=sorted(measure.settings),
            )
        found[name] = _value(name, setting, value)
    return found


def _value(name: str, setting: Setting, text: str) -> Any:
    if setting.says and text == LIBRARY:
        return text
    if setting.pattern:
        if re.fullmatch(setting.pattern, text):
            return text
        allowed: Any = setting.pattern
    elif setting.allowed:
        if text in setting.allowed:
            return text
        allowed = list(setting.allowed)
    else:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if setting.least <= value <= setting.most:
            return int(value) if value.is_integer() else value
        allowed = f"{setting.least:g} … {setting.most:g}" + (f", {LIBRARY}" if setting.says else "")
    raise WrongQuestion(
        {
            "fr": f"Le réglage « {name} » n'a pas cette valeur.",
            "en": f"The setting `{name}` does not take that value.",
        },
        field="with",
        allowed=allowed,
    )
