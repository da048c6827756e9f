"""E-mails to a team that is asked for: where the session is, and nothing that anybody said.

The address is the team's (`mail` in `runtime.team_file`); one e-mail for each request, whichever
process sends it and however often it is tried. Source: promises.md 2.4, 3.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from connectors.listeners import NotHeard
from connectors.registry import Registry
from runtime.settings import Settings
from runtime.team_file import Teams

TYPES: Final = frozenset({"session.transferred", "session.passed_on", "consult.asked"})
TIMEOUT: Final = 20_000
_WORDS: Final = {
    "fr": {
        "consult.asked": "{team} : un conseiller vous consulte, le client attend",
        "other": "{team} : un client attend d'être repris",
        "body": "Parcours : {journey}\nCanal : {channel}\nMotif : {motives}\n\nOuvrir : {url}\n\n"
        "Ce message ne dit rien du client : ce qu'il a dit se lit dans la session.",
        "none": "pas encore dit",
    },
    "en": {
        "consult.asked": "{team}: an advisor consults you, the customer waits",
        "other": "{team}: a customer waits to be taken over",
        "body": "Journey: {journey}\nChannel: {channel}\nMotive: {motives}\n\nOpen: {url}\n\n"
        "This message says nothing of the customer: what they said is read in the session.",
        "none": "not said yet",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMail:
    """Hears that a team of one tenant is asked for, and writes to it by a connector's operation.

    `address` is the service's, as people reach it.
    """

    tenant: str
    registry: Registry
    operation: str
    teams: Teams
    address: str
    language: str
    types: frozenset[str] = TYPES

    @property
    def id(self) -> str:
        """Its id among those who hear: the operation that it sends by."""
        return f"teams-{self.operation}"

    @property
    def host(self) -> str:
        """Where it is told: by which operation."""
        return self.operation

    async def hear(self, identity: str, content: Mapping[str, Any]) -> None:
        """Write to the team that is asked for; nothing where the file gives it no address.

        Raises:
            NotHeard: the e-mail did not go, or nobody knows whether it did.
        """
        data = content["data"]
        team = str(data.get("to") or data.get("team"))
        to = self.teams.mail(self.tenant, team)
        if to is None:
            return
        connector = self.registry.find(self.operation)
        if connector is None:
            raise NotHeard("connector.not-configured")
        words, kind = _WORDS[self.language], str(content["type"])
        inputs = {
            "to": to,
            "subject": words.get(kind, words["other"]).format(team=team),
            "body": words["body"].format(
                journey=data["journey"], channel=data.get("channel") or "-",
                motives=", ".join(data.get("motives") or ()) or words["none"],
                url=f"{self.address}/s/{data['session']}",
            ),
        }  # fmt: skip
        outcome = await connector.call(self.operation, inputs, key=identity, timeout_ms=TIMEOUT)
        if outcome.status != "succeeded":
            raise NotHeard(outcome.reason or outcome.status)

    async def close(self) -> None:
        """Have nothing of its own to let go of."""


def mails_of(settings: Settings, registry: Registry, teams: Teams) -> list[TeamMail]:
    """Return who writes to the teams that have an address, one for each tenant that has some."""
    operation = settings.alert_operation
    if operation is None:
        return []
    address = settings.public_url or settings.address
    tenants = {team.tenant for team in teams.teams.values() if team.mail is not None}
    return [
        TeamMail(
            tenant=tenant, registry=registry, operation=operation, teams=teams,
            address=address.rstrip("/"), language=settings.language or "fr",
        )
        for tenant in sorted(tenants)
    ]  # fmt: skip
