"""The file that says who is in the teams and skills that libraries name.

```toml
[seller]                          # a team or a skill
members = ["ana", "paul"]         # advisors, by the name they sign in with or their key has
mail = "seller@shop.example"      # who is written to when it is asked for, if anybody
skills = ["seals"]                # what all of them can do
overflow = "support"              # who is asked when nobody of them answers in time
overflow_after = "2 min"
site = "lyon"                     # where they work, and for whom, if figures are to tell it
provider = "acme"
tenant = "default"
[seller.slots]                    # when it calls back and gives appointments: `runtime.team_slots`
length = "30 min"
```
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from connectors.email_message import WrongMessage, address_of
from connectors.faults import Misconfigured
from connectors.fields import Fields
from connectors.named_tables import Kind, read_named
from connectors.reading import Reading, Source
from connectors.secret import Secrets
from runtime.access import Actor
from runtime.team_slots import TeamSlots, read_slots
from runtime.workplaces import Workplace, is_code

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MEMBER: Final = re.compile(r"[^\x00-\x20:]{1,255}")
PEOPLE: Final = ("advisor", "supervisor")
"""Roles that may be in a team."""
AFTER: Final = 120_000
"""Milliseconds after which the next team is asked, unless the file says otherwise."""

LONGEST: Final = 7 * 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMembers:
    """Who is in a team or has a skill."""

    name: str
    tenant: str
    members: tuple[str, ...]
    skills: tuple[str, ...] = ()
    mail: str | None = None
    overflow: str | None = None
    overflow_after_ms: int = AFTER
    slots: TeamSlots | None = None
    site: str | None = None
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class Teams:
    """The teams of all tenants, by (tenant, name)."""

    teams: Mapping[tuple[str, str], TeamMembers] = field(default_factory=dict)

    def of(self, actor: Actor) -> list[str]:
        """Return the teams and skills somebody is in, in the file's order, teams first."""
        if actor.role not in PEOPLE:
            return []
        his = [
            team
            for team in self.teams.values()
            if team.tenant == actor.tenant and actor.id in team.members
        ]
        skills = (skill for team in his for skill in team.skills)
        return list(dict.fromkeys([*(team.name for team in his), *skills]))

    def members(self, tenant: str, name: str) -> list[str]:
        """Return who is in a team or has a skill, each once, in the file's order."""
        found = [
            member
            for team in self.teams.values()
            if team.tenant == tenant and name in (team.name, *team.skills)
            for member in team.members
        ]
        return list(dict.fromkeys(found))

    def mail(self, tenant: str, name: str) -> str | None:
        """Return the address of a team, or of the first one with a skill; None where none has."""
        found = (
            team.mail
            for team in self.teams.values()
            if team.tenant == tenant and name in (team.name, *team.skills)
        )
        return next((one for one in found if one is not None), None)

    def workplaces(self) -> dict[tuple[str, str], Workplace]:
        """Return where everybody works, by (tenant, actor): the first team that has them."""
        found: dict[tuple[str, str], Workplace] = {}
        for team in self.teams.values():
            place = Workplace(team.name, team.site, team.provider)
            for role in PEOPLE:
                for member in team.members:
                    found.setdefault((team.tenant, f"{role}:{member}"), place)
        return found

    def giving_slots(self, tenant: str) -> list[str]:
        """Return the teams that give slots, in the file's order."""
        teams = self.teams.values()
        return [one.name for one in teams if one.tenant == tenant and one.slots is not None]

    def slots(self, tenant: str, name: str) -> TeamSlots | None:
        """Return what slots a team gives; None when it gives none, or is no team."""
        team = self.teams.get((tenant, name))
        return None if team is None else team.slots


def read_teams(path: Path, *, secrets: Secrets | None = None) -> Teams:
    """Return the teams of a file; `secrets` holds the addresses of calendars.

    Raises:
        Misconfigured: everything wrong in the file, at once.
    """
    teams, source = read_named(path, _TEAMS, secrets=secrets)
    found = {(team.tenant, team.name): team for team in teams}
    for team in found.values():
        _refuse_circle(team, found, source)
    return Teams(found)


def _refuse_circle(
    team: TeamMembers, found: Mapping[tuple[str, str], TeamMembers], source: Source
) -> None:
    """Refuse an overflow that comes back to a team: the customer would wait for ever."""
    passed, name = [team.name], team.overflow
    while name is not None:
        if name in passed:
            way = " → ".join((*passed, name))
            fault = Reading({}, (team.name,), source).fault(
                "overflow", "deployment.wrong-value",
                fr=f"attendu : une équipe qui ne revient pas à celle-ci ; {way} tourne en rond.",
                en=f"expected: a team that does not lead back; {way} goes in a circle.",
            )  # fmt: skip
            raise Misconfigured([fault])
        passed.append(name)
        following = found.get((team.tenant, name))
        name = None if following is None else following.overflow


def _is_address(text: str) -> bool:
    try:
        address_of(text)
    except WrongMessage:
        return False
    return True


def _team(name: str, read: Fields) -> TeamMembers:
    members = read.texts("members")
    if not all(_MEMBER.fullmatch(one) for one in members):
        read.wrong(
            "members",
            fr="des noms de conseillers, sans espace ni « : »",
            en="advisors' names, without spaces and `:`",
        )
    mail = read.text("mail", None)
    if mail is not None and not _is_address(mail):
        read.wrong("mail", fr="une adresse e-mail simple", en="one plain e-mail address")
    tenant = read.text("tenant", "default")
    skills, overflow = read.texts("skills"), read.text("overflow", None)
    after_ms = read.span("overflow_after", AFTER, most_ms=LONGEST)
    site, provider = read.text("site", None), read.text("provider", None)
    for named, given in (("site", site), ("provider", provider)):
        if given is not None and not is_code(given):
            read.wrong(named, fr="un nom court, sans espace", en="a short name without spaces")
    inside = read.table("slots", None)
    slots = None if inside is None else read_slots(inside)
    return TeamMembers(
        name=name, tenant=tenant, members=members, skills=skills, mail=mail,
        overflow=overflow, overflow_after_ms=after_ms, slots=slots, site=site, provider=provider,
    )  # fmt: skip


_TEAMS: Final = Kind(
    fr="équipe ou compétence ; nom = celui de library.yaml",
    en="team or skill; name = that of library.yaml",
    read=_team,
    name=_NAME,
)
