"""Names of journeys and teams that the library does not have."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from authoring.checks.base import Check
from engine.steps.call import Call
from engine.steps.consult import Consult
from engine.steps.goto_journey import GotoJourney
from engine.steps.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from authoring.checks.survey import Subject, Survey
    from authoring.findings import Finding


class UnknownJourney(Check):
    """A call, a jump, a digression or a declaration leads to a journey the library does not have.

    Wrong:
    ```yaml
    - {id: identify, call: client.identificaton}
    ```
    Right:
    ```yaml
    - {id: identify, call: client.identification}
    ```
    """

    code = "graph.unknown-journey"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the calls and jumps to nowhere."""
        for step in subject.flow.steps:
            if (
                isinstance(step, (Call, GotoJourney))
                and step.journey not in subject.library.journeys
            ):
                yield self.found(
                    subject,
                    step.id,
                    step.KIND,
                    message=f"The library has no journey '{step.journey}'.",
                    hint=near(step.journey, subject.library.journeys),
                )

    def library(self, survey: Survey) -> Iterator[Finding]:
        """Yield the entries of library.yaml that name no journey."""
        journeys = survey.library.journeys
        for code, journey in survey.library.declarations.items():
            if journey not in journeys:
                yield self._entry(survey, journey, "declarations", code)
        for place, journey in enumerate(survey.library.digressions):
            if journey not in journeys:
                yield self._entry(survey, journey, "digressions", place)
        for role, journey in survey.library.system.items():
            if journey not in journeys:
                yield self._entry(survey, journey, "system", role)

    def _entry(self, survey: Survey, journey: str, *keys: str | int) -> Finding:
        return self.found_in(
            survey,
            "library.yaml",
            *keys,
            message=f"The library has no journey '{journey}'.",
            hint=near(journey, survey.library.journeys),
        )


class UnknownTeam(Check):
    """A transfer, a consultation or a promise names a team the library does not declare.

    Nobody would be alerted. Teams are declared in library.yaml.

    Wrong:
    ```yaml
    - {id: expert, transfer: {team: seler}}
    ```
    Right:
    ```yaml
    - {id: expert, transfer: {team: seller}}
    ```
    """

    code = "graph.unknown-team"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the teams that are not declared."""
        teams = subject.library.teams
        skills = {skill for team in teams.values() for skill in team.skills}
        for step in subject.flow.steps:
            named: list[tuple[str, tuple[str, ...]]] = []
            if isinstance(step, (Transfer, Consult)):
                named.append((step.team, (step.KIND, "team")))
            if step.promise is not None and step.promise.by is not None:
                named.append((step.promise.by, ("promise", "by")))
            for team, keys in named:
                if team not in teams and team not in skills:
                    yield self.found(
                        subject,
                        step.id,
                        *keys,
                        message=f"The library declares no team or skill '{team}'.",
                        hint=near(team, teams),
                    )


def near(name: str, among: Iterable[str]) -> str:
    """Return the hint for a name that does not exist: the nearest one, or all of them when they are few."""
    names = sorted(among)
    close = get_close_matches(name, names, 1)
    if close:
        return f"Did you mean '{close[0]}'?"
    if 0 < len(names) <= 8:
        return f"There are: {', '.join(names)}."
    return "Declare it, or correct the name."
