"""Teams that the library does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from authoring.checks.base import Check
from engine.steps.consult import Consult
from engine.steps.transfer import Transfer

if TYPE_CHECKING:
    from authoring.checks.survey import Subject
    from authoring.findings import Finding
from authoring.checks.nearest import near


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
