"""What an identity provider's claims mean here: who somebody is, their role, their tenant."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from runtime.entry_errors import NoRole
from runtime.errors import WrongSetting
from runtime.settings import Settings
from runtime.sign_ins import LANGUAGES, Person
from runtime.workplaces import NAMES, Workplace, is_code

ROLES: Final = ("supervisor", "advisor", "author", "admin")
"""Roles a provider may give, the first that somebody has counting: people, and never programs."""
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a provider's claims mean here: `roles` by the claim's value, a tenant or its claim.

    `places`: the claims that say somebody's team, site and provider, as far as there are any.
    """

    role_claim: str
    roles: Mapping[str, str]
    tenant: str
    tenant_claim: str | None
    places: Mapping[str, str] = field(default_factory=dict)

    def needed(self) -> tuple[str, ...]:
        """Return the claims that are asked for."""
        named = [self.role_claim, *filter(None, [self.tenant_claim]), *self.places.values()]
        return ("name", *(name.partition(".")[0] for name in named))

    def person(self, claims: Mapping[str, Any], issuer: str, *, language: str) -> Person:
        """Return who the claims of an issuer are about, in their language or this one.

        Raises:
            NoRole: they give no role here, or no tenant.
        """
        role = self._role(_claim(claims, self.role_claim))
        tenant: Any = self.tenant
        if self.tenant_claim is not None:
            tenant = _claim(claims, self.tenant_claim)
        if role is None or not _is_plain(tenant):
            raise NoRole
        subject = str(claims["sub"])
        known = [claims.get(name) for name in ("name", "preferred_username", "email")]
        identity = person_id(issuer, subject)
        locale = str(claims.get("locale", ""))[:2].lower()
        return Person(
            tenant=tenant,
            role=role,
            id=identity,
            name=next((str(name) for name in known if _is_plain(name)), identity),
            language=locale if locale in LANGUAGES else language,
            way="oidc",
            identity=f"{issuer} {subject}",
            workplace=Workplace(
                **{name: _code(_claim(claims, path)) for name, path in self.places.items()}
            ),
        )

    def _role(self, said: Any) -> str | None:
        values = said if isinstance(said, list) else [said]
        given = {self.roles.get(value) for value in values if isinstance(value, str)}
        return next((role for role in ROLES if role in given), None)


def make_rules(settings: Settings) -> Rules:
    """Return the rules that the settings say.

    Raises:
        WrongSetting: a value stands for no role a provider may give.
    """
    roles = {}
    for pair in settings.oidc_roles or tuple(f"{role}={role}" for role in ROLES):
        value, _, role = pair.rpartition("=")
        if not value or role not in ROLES:
            raise WrongSetting(
                {
                    "fr": f"Réglage « oidc_roles » : « {pair} » n'est pas valeur=rôle, le rôle "
                    f"parmi {', '.join(ROLES)}.",
                    "en": f"Setting `oidc_roles`: `{pair}` is not value=role, the role one of "
                    f"{', '.join(ROLES)}.",
                },
                setting="oidc_roles",
            )
        roles[value] = role
    return Rules(
        role_claim=settings.oidc_role_claim,
        roles=roles,
        tenant=settings.oidc_tenant,
        tenant_claim=settings.oidc_tenant_claim,
        places={name: path for name in NAMES
                if (path := getattr(settings, f"oidc_{name}_claim")) is not None},
    )  # fmt: skip


def person_id(issuer: str, subject: str) -> str:
    """Return what somebody is called in events: the same for ever, and for nobody else."""
    number = int.from_bytes(hashlib.sha256(f"{issuer}\0{subject}".encode()).digest()[:17])
    return "usr_" + "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -5, -5))


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """Return a claim by its name, or by its path with dots where no claim has that very name."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _code(said: Any) -> str | None:
    """Return the first value of a claim that is a short name; what is written otherwise is none."""
    return next((one for one in (said if isinstance(said, list) else [said]) if is_code(one)), None)


def _is_plain(text: Any) -> bool:
    return isinstance(text, str) and 0 < len(text) <= 255 and text.isprintable()
