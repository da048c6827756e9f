"""An advisor's private view of their own figures, to learn from: off unless a deployment opens it.

Nobody else may ask for it; it ranks nobody. A figure is shown from 30 contacts on, on the mix of
motives that all advisors have, with its interval, beside quality and beside what at least five
advisors come to together. Each look is kept with its purpose. Source: measures.md A14.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from measures.asking.answer import described
from measures.asking.question import Asked, Question
from measures.asking.withheld import SMALLEST
from measures.cut import Reader
from measures.desk import Desk
from measures.errors import OwnFiguresOff
from measures.parts import Wanted
from measures.sql import quoted
from measures.statistics.estimate import FEW, Estimate, nothing
from measures.statistics.ratio import Stratum, Sums, stratified
from measures.sweep import Swept, sweep
from runtime.access import Actor, authorize
from runtime.decided import note_decision
from runtime.idempotency import Keep, keep_nothing
from runtime.json_text import from_text
from runtime.store import statements as s
from runtime.store.port import Unit
from runtime.wiring import Service

SLUGS: Final = ("duc_experienced", "handling_time", "once_and_done", "satisfaction")
"""What is shown, all of it together: never time without usefulness and quality beside it."""
PURPOSES: Final = ("learning", "coaching", "review")
STREAM: Final = "own_figures"
LOOKS: Final = 20
"""How many earlier looks are listed."""
_ENDLESS: Final = 1_000_000
"""A stratum's size counts as a weight, and not as a population of which a part was drawn."""


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """The private views of all tenants' advisors; each sees one, their own."""

    desk: Desk
    service: Service

    async def look(
        self, actor: Actor, asked: Asked, *, purpose: str, language: str, keep: Keep = keep_nothing
    ) -> dict[str, Any]:
        """Return an advisor's own figures over a period, and keep that they were looked at.

        Raises:
            OwnFiguresOff: the deployment does not open them.
            Forbidden: it is no advisor.
            WrongQuestion: a period that cannot be.
        """
        authorize(actor, "measure.own")
        if not self.service.settings.own_figures:
            raise OwnFiguresOff
        period = Asked(since=asked.since, until=asked.until)
        questions = [await self.desk.question(actor, slug, period) for slug in SLUGS]
        name = await self.desk.facts.advisor(actor.tenant, actor.by)

        def work_out(reader: Reader) -> list[dict[str, Any]]:
            return [own_figure(reader, one, advisor=name, language=language) for one in questions]

        figures, at = await self.desk.facts.ask(actor.tenant, work_out)
        about = (STREAM, actor.by)
        ((last,),) = await self.service.store.read(s.LAST_OF_STREAM, actor.tenant, *about)
        looks = await self.service.store.read(s.EVENTS, actor.tenant, *about, last - LOOKS, LOOKS)
        unit = Unit()
        now = self.service.clock.now()
        await note_decision(
            self.service.store, unit, actor, about=about, what="looked", at=now, purpose=purpose
        )
        found = {
            "period": questions[0].period.shown(questions[0].zone),
            "purpose": purpose,
            "figures": figures,
            "as_of": at,
            "looks": [_look(row) for row in looks],
        }
        keep(unit, found)
        await self.service.store.commit(unit)
        return found


def _look(row: Any) -> dict[str, Any]:
    _, _, at, _, header, _ = row
    return {"at": at, "purpose": from_text(header)["purpose"]}


def own_figure(
    reader: Reader, asked: Question, *, advisor: str | None, language: str
) -> dict[str, Any]:  # fmt: skip
    """Return an advisor's figure beside everybody's; `advisor` is a pseudonym of the facts."""
    wanted = Wanted(asked.measure.shape.wanted.over, asked.measure.shape.wanted.under)
    cut = asked.cut().grouped("motive")
    every = sweep(reader, cut, wanted)
    mine = sweep(
        reader, replace(cut, where=f"{cut.where} AND advisor = {quoted(advisor or '')}"), wanted
    )
    told = described(asked.measure, language)
    return {
        **{name: told[name] for name in ("slug", "label", "unit", "formula")},
        **_both(every, mine),
    }


def _both(
    every: Mapping[tuple[Any, ...], Swept], mine: Mapping[tuple[Any, ...], Swept]
) -> dict[str, Any]:
    """Return an advisor's figure and everybody's, both on everybody's mix of the same motives."""
    whole = every.get(())
    if whole is None or whole.advisors < SMALLEST:
        # Nothing is told that would be a colleague's figure with one's own taken away.
        return {"own": _shown(nothing("team_too_small")), "everyone": None, "covered": None}
    sizes = {key: one.simple.n for key, one in every.items() if key and one.simple}
    own: dict[Any, Sums] = {key: one.simple for key, one in mine.items()
                            if key and one.simple and one.simple.n > 1}  # fmt: skip
    n = sum(one.n for one in own.values())
    covered = sum(sizes[key] for key in own) / sum(sizes.values())
    if n < FEW:
        return {"own": _shown(nothing("few", n)), "everyone": None, "covered": covered}
    found = stratified([Stratum(one, sizes[key] * _ENDLESS) for key, one in own.items()])
    others = stratified([
        Stratum(one.simple, sizes[key] * _ENDLESS) for key, one in every.items()
        if key in own and one.simple
    ])  # fmt: skip
    are_enough = min(one.advisors for key, one in every.items() if key in own) >= SMALLEST
    return {
        "own": _shown(found),
        # With a colleague or two, everybody's figure would tell theirs.
        "everyone": _shown(others if are_enough else nothing("team_too_small")),
        "covered": covered,
    }


def _shown(one: Estimate) -> dict[str, Any]:
    names = ("value", "low", "high", "n", "reason")
    return {**{name: getattr(one, name) for name in names}, "marks": list(one.marks)}
